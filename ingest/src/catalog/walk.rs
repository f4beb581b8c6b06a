//! Finds the sources of a catalog folder and hashes their bytes.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use auskunft_extract::classify;
use auskunft_model::{Digest, Failure, Reason, Source, SourceKind};
use ignore::{DirEntry, WalkBuilder};
use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

/// Bytes that tell what a file holds.
const HEAD_BYTES: u64 = 8 * 1024;

/// The longest path that is taken, in bytes: longer ones fit no database index.
const LONGEST_PATH: usize = 1_024;

/// A source as it lies in the folder.
#[derive(Debug, Clone)]
pub struct Found {
    /// Path relative to the catalog, and kind.
    pub source: Source,
    /// Where to read it.
    pub absolute: PathBuf,
    /// Size.
    pub bytes: u64,
    /// SHA-256 of its bytes.
    pub digest: Digest,
}

impl Found {
    /// Whether it is read as a PDF, whatever its name says.
    pub fn is_pdf(&self) -> bool {
        self.source.kind == SourceKind::Manual || self.source.extension() == "pdf"
    }
}

/// What a walk found.
#[derive(Debug, Default)]
pub struct Walk {
    /// Sources, in order of their paths.
    pub found: Vec<Found>,
    /// Files that are left alone because no reader takes them, with their reason.
    pub skipped: Vec<(Found, Failure)>,
    /// Files and folders that the operating system refused; the path is a prefix of what is unknown.
    pub unreadable: Vec<(String, Failure)>,
    /// The catalog's own files (`shop.toml`, `manuals.csv`, `attributes.*`), relative, in order.
    pub inputs: Vec<String>,
}

/// Walks the folder, following symbolic links (a loop is reported once), leaving out dot files, `~$*`, README, LICENSE,
/// `.auskunftignore` patterns and the catalog's own files. Hashes on all cores.
pub fn walk(folder: &Path) -> Walk {
    let (mut walk, files) = list(folder);
    let looked: Vec<Looked> = files.par_iter().map(|(path, absolute)| look(path, absolute)).collect();
    for one in looked {
        match one {
            Looked::Source(found) => walk.found.push(found),
            Looked::Skipped(found, failure) => walk.skipped.push((found, failure)),
            Looked::Unreadable(path, failure) => walk.unreadable.push((path, failure)),
            Looked::NotASource => {}
        }
    }
    walk.found.sort_by(|one, other| one.source.path.cmp(&other.source.path));
    walk.skipped.sort_by(|one, other| one.0.source.path.cmp(&other.0.source.path));
    walk.unreadable.sort_by(|one, other| one.0.cmp(&other.0));
    walk
}

/// The catalog's own files alone; nothing is hashed.
pub(super) fn inputs(folder: &Path) -> Vec<String> {
    list(folder).0.inputs
}

/// The catalog's own files and what could not be listed; and the files that may be sources, relative and absolute.
fn list(folder: &Path) -> (Walk, Vec<(String, PathBuf)>) {
    let mut walk = Walk::default();
    let mut files = Vec::new();
    let mut builder = WalkBuilder::new(folder);
    builder.standard_filters(false).hidden(true).follow_links(true).parents(false);
    builder.add_custom_ignore_filename(".auskunftignore");
    builder.filter_entry(|entry| !is_left_out(&entry.file_name().to_string_lossy()));
    for entry in builder.build() {
        match entry {
            Ok(entry) => sort_entry(folder, &entry, &mut walk, &mut files),
            Err(error) => walk.unreadable.push(unreadable_entry(folder, &error)),
        }
    }
    walk.inputs.sort();
    (walk, files)
}

/// Names that never are sources.
fn is_left_out(name: &str) -> bool {
    let upper = name.to_uppercase();
    let is_about_the_folder = |word: &str| upper == word || upper.starts_with(&format!("{word}."));
    name.starts_with("~$") || is_about_the_folder("README") || is_about_the_folder("LICENSE")
}

fn sort_entry(folder: &Path, entry: &DirEntry, walk: &mut Walk, files: &mut Vec<(String, PathBuf)>) {
    if entry.file_type().is_none_or(|kind| kind.is_dir()) {
        return;
    }
    let Some(path) = relative(folder, entry.path()) else {
        let lossy = entry.path().strip_prefix(folder).unwrap_or(entry.path()).to_string_lossy().into_owned();
        let detail = format!("the name of `{lossy}` is not UTF-8; rename the file");
        walk.unreadable.push((lossy, Failure::new(Reason::Unreadable, detail)));
        return;
    };
    if !entry.file_type().is_some_and(|kind| kind.is_file()) {
        let detail = format!("`{path}` is no file but a pipe, socket or device; move it away");
        walk.unreadable.push((path, Failure::new(Reason::Unreadable, detail)));
    } else if path.len() > LONGEST_PATH {
        let detail =
            format!("the path has {} bytes, at most {LONGEST_PATH} are taken; shorten it", path.len());
        walk.unreadable.push((path, Failure::new(Reason::Unreadable, detail)));
    } else if is_input(&path) {
        walk.inputs.push(path);
    } else if !is_other_data(&path) {
        files.push((path, entry.path().to_owned()));
    }
}

fn relative(folder: &Path, path: &Path) -> Option<String> {
    let parts = path.strip_prefix(folder).ok()?.iter().map(|part| part.to_str());
    Some(parts.collect::<Option<Vec<&str>>>()?.join("/"))
}

/// The catalog's own files.
fn is_input(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or("");
    path == "shop.toml"
        || matches!(name, "manuals.csv" if path.starts_with("manuals/"))
        || (path.starts_with("products/") && matches!(name, "attributes.csv" | "attributes.json"))
}

/// Data of the shop's own systems and evaluation questions.
fn is_other_data(path: &str) -> bool {
    path == "questions.jsonl" || (path.starts_with("shop/") && path.ends_with(".csv"))
}

fn unreadable_entry(folder: &Path, error: &ignore::Error) -> (String, Failure) {
    let path = error_path(error).map(|path| relative(folder, path).unwrap_or_default()).unwrap_or_default();
    (path, Failure::new(Reason::Unreadable, error.to_string()))
}

fn error_path(error: &ignore::Error) -> Option<&Path> {
    match error {
        ignore::Error::WithPath { path, .. } => Some(path),
        ignore::Error::Loop { child, .. } => Some(child),
        ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => error_path(err),
        ignore::Error::Partial(_)
        | ignore::Error::Io(_)
        | ignore::Error::Glob { .. }
        | ignore::Error::UnrecognizedFileType(_)
        | ignore::Error::InvalidDefinition => None,
    }
}

/// What a look at one file said.
#[derive(Debug)]
pub(crate) enum Looked {
    /// It is read as this.
    Source(Found),
    /// Its folder promises another format.
    Skipped(Found, Failure),
    /// The operating system refused.
    Unreadable(String, Failure),
    /// It is nothing that is read.
    NotASource,
}

/// Looks at one file by its path relative to the catalog: kind by place, else by content.
pub(crate) fn look(path: &str, absolute: &Path) -> Looked {
    let refused = |error: std::io::Error| {
        let detail = format!("`{path}` can't be read: {error}; check its permissions");
        Looked::Unreadable(path.to_owned(), Failure::new(Reason::Unreadable, detail))
    };
    // What a file holds is asked before its bytes are hashed: a disk image beside the catalog costs nothing.
    let by_place = kind_by_place(path);
    let kind = match by_place {
        Some(kind) => Some(kind),
        None => match head(absolute) {
            Ok(head) => classify(path, &head),
            Err(error) => return refused(error),
        },
    };
    let Some(kind) = kind else { return Looked::NotASource };
    let (bytes, digest) = match hash(absolute) {
        Ok(hashed) => hashed,
        Err(error) => return refused(error),
    };
    let source = Source { path: path.to_owned(), kind };
    let is_readable = by_place.is_none() || is_readable_as(kind, &source.extension());
    let found = Found { source, absolute: absolute.to_owned(), bytes, digest };
    if is_readable { Looked::Source(found) } else { Looked::Skipped(found, unsupported(path, kind)) }
}

fn unsupported(path: &str, kind: SourceKind) -> Failure {
    let folder = path.split('/').next().unwrap_or("");
    let detail = format!(
        "`{path}` has no ending that a file in {folder}/ may have ({}); move it away or name it in .auskunftignore",
        endings(kind).join(", ")
    );
    Failure::new(Reason::Unsupported, detail)
}

/// The first bytes of a file.
fn head(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut head = Vec::new();
    File::open(path)?.take(HEAD_BYTES).read_to_end(&mut head)?;
    Ok(head)
}

/// Size and SHA-256 of a file, read in pieces.
pub fn hash(path: &Path) -> std::io::Result<(u64, Digest)> {
    let mut file = File::open(path)?;
    let mut hasher = Sha256::new();
    let mut bytes = 0;
    let mut buffer = vec![0; 256 * 1024];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        hasher.update(buffer.get(..read).unwrap_or_default());
        bytes += read as u64;
    }
    let digest = hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    Ok((bytes, Digest::from_stored(digest)))
}

pub(crate) fn kind_by_place(path: &str) -> Option<SourceKind> {
    match path.split_once('/')?.0 {
        "products" => Some(SourceKind::Product),
        "manuals" => Some(SourceKind::Manual),
        "faqs" => Some(SourceKind::Faq),
        "policies" => Some(SourceKind::Policy),
        "dialogs" => Some(SourceKind::Dialog),
        "tickets" => Some(SourceKind::Ticket),
        _ => None,
    }
}

fn endings(kind: SourceKind) -> &'static [&'static str] {
    match kind {
        SourceKind::Product => &["html", "htm", "xhtml"],
        SourceKind::Manual => &["pdf"],
        SourceKind::Faq => &["html", "htm", "md", "json", "jsonl", "csv"],
        SourceKind::Policy => &["md", "html", "htm", "txt", "pdf"],
        SourceKind::Dialog => &["jsonl", "json"],
        SourceKind::Ticket => &["json", "jsonl"],
    }
}

fn is_readable_as(kind: SourceKind, extension: &str) -> bool {
    endings(kind).contains(&extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_found_by_place_and_content_and_the_rest_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let write = |path: &str, text: &str| {
            let path = folder.path().join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        };
        write("products/a/km.html", "<html>");
        write("products/attributes.csv", "sku,key,value,unit");
        write("products/photo.jpg", "x");
        write("faqs/README.md", "# about");
        write("faqs/~$draft.md", "x");
        write("faqs/.hidden.md", "x");
        write("faqs/ignored.md", "x");
        write(".auskunftignore", "ignored.md\n");
        write("anything/rules.md", "# Widerruf\n\nText");
        write("questions.jsonl", "{}");
        write("shop/orders.csv", "id");
        let walk = walk(folder.path());
        let paths: Vec<&str> = walk.found.iter().map(|found| found.source.path.as_str()).collect();
        assert_eq!(paths, ["anything/rules.md", "products/a/km.html"]);
        assert_eq!(walk.found[0].source.kind, SourceKind::Policy);
        assert_eq!(walk.inputs, ["products/attributes.csv"]);
        assert_eq!(walk.skipped[0].0.source.path, "products/photo.jpg");
        assert_eq!(walk.skipped[0].1.reason, Reason::Unsupported);
        assert!(walk.unreadable.is_empty());
    }

    #[test]
    fn a_loop_of_links_is_reported_and_the_rest_is_found() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("faqs")).unwrap();
        std::fs::write(folder.path().join("faqs/a.md"), "## Was?\n\nDas.").unwrap();
        std::os::unix::fs::symlink(folder.path(), folder.path().join("faqs/loop")).unwrap();
        let walk = walk(folder.path());
        assert_eq!(walk.found.len(), 1);
        assert_eq!(walk.unreadable.len(), 1);
        assert_eq!(walk.unreadable[0].0, "faqs/loop");
    }
}
