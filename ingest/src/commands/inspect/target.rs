//! Which file is meant, where it lies in its catalog, and what it should hold.

use std::path::{Path, PathBuf};

use anyhow::anyhow;
use auskunft_model::{Digest, Failure, Reason, Source, SourceKind};

use crate::args::InspectArgs;
use crate::catalog::Catalog;
use crate::catalog::walk::{self, Found};
use crate::opening::Refusal;

/// A file, and what is known of it before it is read.
#[derive(Debug)]
pub(super) struct Target {
    /// The catalog's tables; empty ones without `--catalog`.
    pub(super) catalog: Catalog,
    /// The file as it was named, made absolute.
    pub(super) absolute: PathBuf,
    /// What the walk would say of it.
    pub(super) looked: Looked,
}

/// What becomes of the file.
#[derive(Debug)]
pub(super) enum Looked {
    /// It is read.
    Source(Found),
    /// It is left alone, for this reason.
    Skipped(Found, Failure),
    /// The operating system refuses its bytes.
    Unreadable(Found, Failure),
}

impl Target {
    /// The file in the form of the walk.
    pub(super) fn found(&self) -> &Found {
        match &self.looked {
            Looked::Source(found) | Looked::Skipped(found, _) | Looked::Unreadable(found, _) => found,
        }
    }

    /// Whether it is read as a PDF.
    pub(super) fn is_pdf(&self) -> bool {
        self.found().is_pdf()
    }
}

/// Finds the file.
pub(super) fn find(args: &InspectArgs) -> anyhow::Result<Target> {
    let name = args.file.display();
    let usage = |text: String| anyhow!(Refusal::Usage(text));
    let absolute = std::fs::canonicalize(&args.file)
        .map_err(|error| usage(format!("`{name}` can't be opened: {error}; name a file")))?;
    if !absolute.is_file() {
        return Err(usage(format!(
            "`{name}` is no file; name one, e.g. `ingest inspect catalog/manuals/a.pdf`"
        )));
    }
    let catalog = args.catalog.as_deref().map_or_else(|| Ok(Catalog::none()), Catalog::tables)?;
    let root = match &args.catalog {
        Some(folder) => Some(std::fs::canonicalize(folder)?),
        None => root_by_folder(&absolute),
    };
    let path = relative(&absolute, root.as_deref()).ok_or_else(|| match &args.catalog {
        Some(folder) => usage(format!("`{name}` does not lie in the catalog `{}`", folder.display())),
        None => usage(format!("the name of `{name}` is not UTF-8; rename the file")),
    })?;
    let looked = looked(&path, &absolute, args.kind);
    Ok(Target { catalog, absolute, looked })
}

/// Without a catalog: the folder around the nearest one whose name is that of a kind.
fn root_by_folder(file: &Path) -> Option<PathBuf> {
    let folders = file.ancestors().skip(1);
    let named = |folder: &&Path| {
        let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or("");
        walk::kind_by_place(&format!("{name}/")).is_some()
    };
    Some(folders.take_while(|folder| folder.parent().is_some()).find(named)?.parent()?.to_owned())
}

/// The path below the root, or the file's name alone where there is none.
fn relative(file: &Path, root: Option<&Path>) -> Option<String> {
    let path = match root {
        Some(root) => file.strip_prefix(root).ok()?,
        None => Path::new(file.file_name()?),
    };
    Some(path.iter().map(|part| part.to_str()).collect::<Option<Vec<&str>>>()?.join("/"))
}

fn looked(path: &str, absolute: &Path, stated: Option<SourceKind>) -> Looked {
    let found = |kind, bytes, digest| Found {
        source: Source { path: path.to_owned(), kind },
        absolute: absolute.to_owned(),
        bytes,
        digest,
    };
    let length = std::fs::metadata(absolute).map_or(0, |metadata| metadata.len());
    let unread = |kind| found(kind, length, Digest::of(&[]));
    match (stated, walk::look(path, absolute)) {
        (_, walk::Looked::Unreadable(_, failure)) => {
            Looked::Unreadable(unread(stated.unwrap_or(SourceKind::Product)), failure)
        }
        (Some(kind), walk::Looked::Source(seen) | walk::Looked::Skipped(seen, _)) => {
            Looked::Source(found(kind, seen.bytes, seen.digest))
        }
        (Some(kind), walk::Looked::NotASource) => match walk::hash(absolute) {
            Ok((bytes, digest)) => Looked::Source(found(kind, bytes, digest)),
            Err(error) => {
                let detail = format!("`{path}` can't be read: {error}; check its permissions");
                Looked::Unreadable(unread(kind), Failure::new(Reason::Unreadable, detail))
            }
        },
        (None, walk::Looked::Source(found)) => Looked::Source(found),
        (None, walk::Looked::Skipped(found, failure)) => Looked::Skipped(found, failure),
        (None, walk::Looked::NotASource) => {
            let detail = format!("`{path}` is nothing that is read; say with --kind what it holds");
            Looked::Skipped(unread(SourceKind::Product), Failure::new(Reason::Unsupported, detail))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_is_gone_is_unreadable_and_not_an_error_of_the_program() {
        let gone = looked("manuals/a.pdf", Path::new("/nowhere/a.pdf"), None);
        assert!(matches!(gone, Looked::Unreadable(_, failure) if failure.reason == Reason::Unreadable));
    }

    #[test]
    fn a_file_is_placed_below_the_nearest_folder_that_names_a_kind() {
        let root = |path: &str| root_by_folder(Path::new(path)).map(|root| root.display().to_string());
        assert_eq!(root("/shop/manuals/a/km.pdf"), Some("/shop".to_owned()));
        assert_eq!(root("/products/old/faqs/q.md"), Some("/products/old".to_owned()));
        assert_eq!(root("/home/anna/km.pdf"), None);
        assert_eq!(relative(Path::new("/a/faqs/q.md"), Some(Path::new("/a"))), Some("faqs/q.md".to_owned()));
        assert_eq!(relative(Path::new("/a/q.md"), None), Some("q.md".to_owned()));
        assert_eq!(relative(Path::new("/a/q.md"), Some(Path::new("/b"))), None);
    }
}
