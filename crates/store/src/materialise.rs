//! Makes an embedded database's folder whole.
//!
//! The engine (pglite-oxide 0.5.1) starts a database as an overlay over a template in the user's cache folder and copies a
//! file over when it is first written, straight to its final name. A process that is killed during such a copy leaves a
//! file of too few bytes, and the database can't be read any more. So every file is copied once, before the database is
//! used, and the overlay's mark is taken away: the folder then depends on nothing outside itself, too.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// The engine's mark of an overlay; names the template.
const MARK: &str = ".pglite-oxide-pgdata-overlay.json";
/// What the name of a file begins with that hides one of the template.
const HIDES: &str = ".wh.";
/// What the name of a copy ends with until it is whole.
const UNFINISHED: &str = ".unfinished-copy";

/// Copies what still comes from the template into the database at `root`; does nothing when it is whole. Killed at any
/// point, the next call goes on. Blocking: 60 MB are copied.
pub(crate) fn complete(root: &Path) -> io::Result<()> {
    let folder = root.join("tmp/pglite/base");
    let mark = folder.join(MARK);
    if !mark.is_file() {
        return Ok(());
    }
    let template = template(&mark)?;
    copy_missing(&template, &folder)?;
    remove_hiding(&folder)?;
    fs::remove_file(mark)
}

/// Where the engine keeps the template that a mark names.
fn template(mark: &Path) -> io::Result<PathBuf> {
    let mark: serde_json::Value = serde_json::from_slice(&fs::read(mark)?)?;
    let name = mark["templateArchiveSha256"].as_str().unwrap_or_default();
    let folders = directories::ProjectDirs::from("dev", "pglite-oxide", "pglite-oxide");
    let cache = folders.ok_or_else(|| io::Error::other("this user has no cache folder"))?;
    let template = cache.cache_dir().join("pgdata-template/v2").join(name).join("base");
    if template.join("PG_VERSION").is_file() {
        return Ok(template);
    }
    Err(io::Error::other(format!("the engine's template is not in `{}`", template.display())))
}

fn copy_missing(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let (name, target) = (entry.file_name(), to.join(entry.file_name()));
        if entry.file_type()?.is_dir() {
            copy_missing(&entry.path(), &target)?;
        } else if !target.exists() && !to.join(with_prefix(&name)).exists() {
            let mut unfinished = target.clone().into_os_string();
            unfinished.push(UNFINISHED);
            fs::copy(entry.path(), &unfinished)?;
            fs::rename(unfinished, target)?;
        }
    }
    Ok(())
}

fn with_prefix(name: &std::ffi::OsStr) -> std::ffi::OsString {
    let mut hiding = std::ffi::OsString::from(HIDES);
    hiding.push(name);
    hiding
}

/// Removes the overlay's marks of deleted files, and copies that a kill left behind.
fn remove_hiding(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if entry.file_type()?.is_dir() {
            remove_hiding(&entry.path())?;
        } else if name.starts_with(HIDES) || name.ends_with(UNFINISHED) {
            fs::remove_file(entry.path())?;
        }
    }
    Ok(())
}
