//! The catalog folder: which files are sources, and what its own files (`shop.toml`, `manuals.csv`, `attributes.*`) say.

pub mod attributes;
pub mod manuals;
pub mod shop;
pub mod walk;

use std::path::Path;

use auskunft_store::shop::Shop;

use attributes::AttributeTable;
use manuals::ManualTable;
use walk::Walk;

/// Everything that a run needs to know of a catalog before it reads a source.
#[derive(Debug)]
pub struct Catalog {
    /// The shop.
    pub shop: Shop,
    /// Which manual belongs to which product.
    pub manuals: ManualTable,
    /// Facts about products beside their pages.
    pub attributes: AttributeTable,
    /// The sources.
    pub walk: Walk,
}

/// Why a catalog can't be used at all.
#[derive(Debug, thiserror::Error)]
pub enum CatalogError {
    /// No such folder.
    #[error(
        "the catalog folder `{0}` does not exist; name the folder that holds products/, manuals/, faqs/ …"
    )]
    Missing(String),
    /// A file where a folder should be.
    #[error("`{0}` is not a folder; name the folder that holds products/, manuals/, faqs/ …")]
    NotAFolder(String),
    /// The folder itself can't be listed.
    #[error("the catalog folder `{0}` can't be read: {1}")]
    Unreadable(String, std::io::Error),
    /// One of the catalog's own files is wrong.
    #[error("{file}, {place}: {problem}")]
    Input {
        /// Path relative to the catalog.
        file: String,
        /// Line or key.
        place: String,
        /// What is wrong and what to do.
        problem: String,
    },
}

impl Catalog {
    /// Reads the catalog's own files, then walks and hashes its sources on all cores.
    pub fn open(folder: &Path) -> Result<Self, CatalogError> {
        let name = folder.display().to_string();
        if !folder.exists() {
            return Err(CatalogError::Missing(name));
        }
        if !folder.is_dir() {
            return Err(CatalogError::NotAFolder(name));
        }
        std::fs::read_dir(folder).map_err(|error| CatalogError::Unreadable(name, error))?;
        let walk = walk::walk(folder);
        Ok(Self {
            shop: shop::read(folder)?,
            manuals: manuals::read(folder, &walk.inputs)?,
            attributes: attributes::read(folder, &walk.inputs)?,
            walk,
        })
    }
}

/// Reads one of the catalog's own files as UTF-8.
fn read_input(folder: &Path, path: &str) -> Result<String, CatalogError> {
    let bytes = std::fs::read(folder.join(path)).map_err(|error| CatalogError::Input {
        file: path.to_owned(),
        place: "the file".to_owned(),
        problem: format!("can't be read: {error}"),
    })?;
    String::from_utf8(bytes).map_err(|_| CatalogError::Input {
        file: path.to_owned(),
        place: "the file".to_owned(),
        problem: "is not UTF-8; save it as UTF-8".to_owned(),
    })
}
