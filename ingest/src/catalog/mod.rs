//! The catalog folder: which files are sources, and what its own files (`shop.toml`, `manuals.csv`, `attributes.*`) say.

pub mod attributes;
pub mod manuals;
pub mod shop;
pub mod shop_data;
pub mod walk;

use std::path::Path;

use auskunft_model::{Digest, Language};
use auskunft_store::shop::Shop;

use attributes::AttributeTable;
use manuals::ManualTable;
use shop_data::ShopData;
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
    /// SHA-256 over the bytes of the catalog's own files.
    pub tables_digest: String,
    /// What the shop's own systems know.
    pub shop_data: ShopData,
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
        check(folder)?;
        let shop_data = shop_data::find(folder).map_err(|error| CatalogError::Input {
            file: "shop".to_owned(),
            place: "the folder".to_owned(),
            problem: format!("can't be read: {error}"),
        })?;
        Ok(Self { shop_data, ..Self::with(folder, walk::walk(folder))? })
    }

    /// The catalog's own files alone: what is needed for one source of it.
    pub fn tables(folder: &Path) -> Result<Self, CatalogError> {
        check(folder)?;
        Self::with(folder, Walk { inputs: walk::inputs(folder), ..Walk::default() })
    }

    /// No catalog at all: a German shop without tables.
    pub fn none() -> Self {
        Self {
            shop: Shop { name: None, language: Language::german(), regions: Vec::new(), today: None },
            manuals: ManualTable::default(),
            attributes: AttributeTable::default(),
            tables_digest: String::new(),
            shop_data: ShopData::default(),
            walk: Walk::default(),
        }
    }

    fn with(folder: &Path, walk: Walk) -> Result<Self, CatalogError> {
        Ok(Self {
            shop: shop::read(folder)?,
            manuals: manuals::read(folder, &walk.inputs)?,
            attributes: attributes::read(folder, &walk.inputs)?,
            tables_digest: digest(folder, &walk.inputs)?,
            shop_data: ShopData::default(),
            walk,
        })
    }
}

/// The digest of the catalog's own files, with their names.
fn digest(folder: &Path, inputs: &[String]) -> Result<String, CatalogError> {
    let texts = inputs.iter().map(|path| read_input(folder, path)).collect::<Result<Vec<String>, _>>()?;
    let parts = inputs.iter().zip(&texts).flat_map(|(path, text)| [path.as_bytes(), text.as_bytes()]);
    Ok(Digest::of_parts(parts).to_string())
}

fn check(folder: &Path) -> Result<(), CatalogError> {
    let name = folder.display().to_string();
    if !folder.exists() {
        return Err(CatalogError::Missing(name));
    }
    if !folder.is_dir() {
        return Err(CatalogError::NotAFolder(name));
    }
    std::fs::read_dir(folder).map_err(|error| CatalogError::Unreadable(name, error))?;
    Ok(())
}

/// Reads one of the catalog's own files as UTF-8, a byte order mark left out.
fn read_input(folder: &Path, path: &str) -> Result<String, CatalogError> {
    let wrong = |problem: String| CatalogError::Input {
        file: path.to_owned(),
        place: "the file".to_owned(),
        problem,
    };
    let bytes = std::fs::read(folder.join(path)).map_err(|error| wrong(format!("can't be read: {error}")))?;
    let text = String::from_utf8(bytes).map_err(|_| wrong("is not UTF-8; save it as UTF-8".to_owned()))?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// The rows of a CSV table, separated by `,` or, as spreadsheets in German write them, `;`. A malformed row is named with
/// file and line.
fn read_rows<T: serde::de::DeserializeOwned>(path: &str, text: &str) -> Result<Vec<T>, CatalogError> {
    let header = text.lines().next().unwrap_or("");
    let separator = if header.contains(';') && !header.contains(',') { b';' } else { b',' };
    let mut builder = csv::ReaderBuilder::new();
    let mut reader =
        builder.trim(csv::Trim::All).flexible(true).delimiter(separator).from_reader(text.as_bytes());
    reader.deserialize().map(|row| row.map_err(|error| wrong_row(path, &error))).collect()
}

fn wrong_row(path: &str, error: &csv::Error) -> CatalogError {
    let line = error.position().map_or_else(|| "the header".to_owned(), |at| format!("line {}", at.line()));
    CatalogError::Input { file: path.to_owned(), place: line, problem: error.to_string() }
}
