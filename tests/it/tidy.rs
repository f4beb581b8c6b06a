//! Manners that no compiler checks.

use std::path::{Path, PathBuf};

use e2e::repository;

/// The most lines of a source file.
const MOST_LINES: usize = 500;

/// All Rust files of the repository, build results left out.
fn sources() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for folder in ["crates", "ingest", "serve", "tests", "catalog-fixtures"] {
        collect(&repository(folder), &mut files);
    }
    assert!(files.len() > 50, "the walk over the sources sees {} files", files.len());
    files.into_iter().map(|path| (path.clone(), std::fs::read_to_string(path).unwrap())).collect()
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let is_built = path.ends_with("target");
        if path.is_dir() && !is_built {
            collect(&path, files);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            files.push(path);
        }
    }
}

#[test]
fn no_file_is_too_long_to_be_read() {
    for (path, text) in sources() {
        let lines = text.lines().count();
        assert!(lines <= MOST_LINES, "{} has {lines} lines: split it", path.display());
    }
}

#[test]
fn every_crate_says_what_it_is() {
    for (path, text) in sources() {
        let is_root = ["lib.rs", "main.rs"].iter().any(|name| path.ends_with(format!("src/{name}")));
        assert!(!is_root || text.starts_with("//! "), "{} must begin with `//!`", path.display());
    }
}

#[test]
fn nothing_is_left_unfinished_or_switched_off() {
    // Put together here, so that this file does not find itself.
    let calls = ["todo", "unimplemented", "dbg"].map(|name| format!("{name}!("));
    let ignored = ["#[ig", "nore"].concat();
    for (path, text) in sources() {
        for word in calls.iter().chain([&ignored]) {
            assert!(!text.contains(word.as_str()), "{} holds `{word}`", path.display());
        }
    }
}
