//! One process owns a data folder at a time; a second one learns who holds it.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};

use crate::error::{Error, ErrorKind, Result};

const OPERATION: &str = "open data folder";

/// Held while the process owns the folder; the operating system gives it back when the process ends, however it ends.
#[derive(Debug)]
pub struct FolderLock {
    file: File,
    left_behind: Option<PathBuf>,
}

impl FolderLock {
    /// Takes the folder for `program`, or says which program and process holds it.
    pub fn take(folder: &Path, program: &str) -> Result<Self> {
        let path = folder.join("lock");
        let describe = |error: std::io::Error| {
            Error::new(ErrorKind::Unavailable, OPERATION, format!("can't use `{}`: {error}", path.display()))
        };
        let mut options = OpenOptions::new();
        let mut file =
            options.read(true).write(true).create(true).truncate(false).open(&path).map_err(describe)?;
        if let Err(error) = flock(&file, FlockOperation::NonBlockingLockExclusive) {
            if error == rustix::io::Errno::WOULDBLOCK {
                return Err(held_by(&mut file, folder));
            }
            return Err(describe(error.into()));
        }
        let mut before = String::new();
        // What a killed holder wrote; unreadable signs are as good as none.
        let _ = file.read_to_string(&mut before);
        file.set_len(0).map_err(describe)?;
        file.rewind().map_err(describe)?;
        writeln!(file, "{program} (process {})", std::process::id()).map_err(describe)?;
        Ok(Self { file, left_behind: before.lines().nth(1).map(PathBuf::from) })
    }

    /// The folder that the last holder noted and did not take away.
    pub(crate) fn left_behind(&self) -> Option<&Path> {
        self.left_behind.as_deref()
    }

    /// Notes a folder that is to be removed, should this process be killed.
    pub(crate) fn note(&mut self, folder: &Path) {
        if let Err(error) = writeln!(self.file, "{}", folder.display()) {
            tracing::debug!(%error, "the lock file can't be written");
        }
    }
}

fn held_by(file: &mut File, folder: &Path) -> Error {
    let mut holder = String::new();
    let known = file.read_to_string(&mut holder).is_ok() && !holder.is_empty();
    let holder = if known { holder.lines().next().unwrap_or_default() } else { "another process" };
    Error::new(
        ErrorKind::Held,
        OPERATION,
        format!("`{}` is held by {holder}; wait for it or stop it", folder.display()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_owner_learns_who_holds_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let first = FolderLock::take(folder.path(), "serve").unwrap();
        let error = FolderLock::take(folder.path(), "ingest").unwrap_err();
        assert_eq!(error.kind, ErrorKind::Held);
        let holder = format!("held by serve (process {})", std::process::id());
        assert!(error.message.contains(&holder), "{}", error.message);
        drop(first);
        FolderLock::take(folder.path(), "ingest").unwrap();
    }
}
