//! One process owns a data folder at a time; a second one learns who holds it.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use rustix::process::{Pid, test_kill_process};

use crate::error::{Error, ErrorKind, Result};

const OPERATION: &str = "open data folder";
/// How long a second process waits for the name of a holder that took the folder just now.
const NAME_WAIT: Duration = Duration::from_secs(1);
/// How long the lock of a holder that has ended is waited for. A child that it was just starting when it was killed holds
/// the lock, too, until the child runs its own program: on a busy machine for some milliseconds.
const ENDED_WAIT: Duration = Duration::from_secs(5);
const PAUSE: Duration = Duration::from_millis(5);

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
        let asked = Instant::now();
        while let Err(error) = flock(&file, FlockOperation::NonBlockingLockExclusive) {
            if error != Errno::WOULDBLOCK {
                return Err(describe(error.into()));
            }
            let holder = holder_in(&mut file);
            let patience = match &holder {
                None => NAME_WAIT,
                Some(holder) if has_ended(holder) => ENDED_WAIT,
                Some(_) => Duration::ZERO,
            };
            if asked.elapsed() >= patience {
                return Err(held_by(holder.as_deref(), folder));
            }
            std::thread::sleep(PAUSE);
        }
        let mut before = String::new();
        file.rewind().map_err(describe)?;
        // What a killed holder wrote; unreadable signs are as good as none.
        let _ = file.read_to_string(&mut before);
        file.set_len(0).map_err(describe)?;
        file.rewind().map_err(describe)?;
        // In one write: a second process never reads half a name.
        let holder = format!("{program} (process {})\n", std::process::id());
        file.write_all(holder.as_bytes()).map_err(describe)?;
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

/// The refusal with the holder's name, where it has written one.
fn held_by(holder: Option<&str>, folder: &Path) -> Error {
    let holder = holder.unwrap_or("another process");
    Error::new(
        ErrorKind::Held,
        OPERATION,
        format!("`{}` is held by {holder}; wait for it or stop it", folder.display()),
    )
}

/// Whether no process that can be seen from here has the number in a holder's name; those of another container can't.
fn has_ended(holder: &str) -> bool {
    let number = holder.rsplit_once("(process ").and_then(|(_, rest)| rest.strip_suffix(')')?.parse().ok());
    number.and_then(Pid::from_raw).is_some_and(|process| test_kill_process(process) == Err(Errno::SRCH))
}

/// The holder's name, when it is written to its end.
fn holder_in(file: &mut File) -> Option<String> {
    let mut text = String::new();
    file.rewind().ok()?;
    file.read_to_string(&mut text).ok()?;
    text.split_once('\n').map(|(holder, _)| holder.to_owned())
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

    /// The lock file of a folder, locked as by another process.
    fn locked(folder: &Path) -> File {
        let holder = File::create(folder.join("lock")).unwrap();
        flock(&holder, FlockOperation::NonBlockingLockExclusive).unwrap();
        holder
    }

    #[test]
    fn a_holder_that_has_not_written_its_name_yet_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let mut holder = locked(folder.path());
        holder.write_all(b"ingest (proc").unwrap();
        let error = std::thread::scope(|scope| {
            let second = scope.spawn(|| FolderLock::take(folder.path(), "serve").unwrap_err());
            std::thread::sleep(Duration::from_millis(100));
            holder.write_all(b"ess 1)\n").unwrap();
            second.join().unwrap()
        });
        assert!(error.message.contains("held by ingest (process 1);"), "{}", error.message);
    }

    #[test]
    fn the_lock_that_a_killed_process_left_with_its_child_is_waited_for() {
        let folder = tempfile::tempdir().unwrap();
        let mut ended = std::process::Command::new("true").spawn().unwrap();
        ended.wait().unwrap();
        let mut holder = locked(folder.path());
        writeln!(holder, "ingest (process {})\n/tmp/left", ended.id()).unwrap();
        std::thread::scope(|scope| {
            let second = scope.spawn(|| FolderLock::take(folder.path(), "ingest"));
            std::thread::sleep(Duration::from_millis(100));
            drop(holder);
            let taken = second.join().unwrap().unwrap();
            assert_eq!(taken.left_behind(), Some(Path::new("/tmp/left")));
        });
    }

    #[test]
    fn a_holder_without_a_name_is_refused_all_the_same() {
        let folder = tempfile::tempdir().unwrap();
        let _holder = locked(folder.path());
        let error = FolderLock::take(folder.path(), "serve").unwrap_err();
        assert!(error.message.contains("held by another process;"), "{}", error.message);
    }
}
