//! One file, gone on with where it broke off.

use std::fs::{self, File as Disk, OpenOptions};
use std::io::{Read, Write};
use std::path::Path;
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::RANGE;
use sha2::{Digest as _, Sha256};

use super::{File, Hub, HubError, Model};

/// How often a file that breaks off is gone on with; what was had counts, so that a slow line comes to its end.
const ATTEMPTS: u32 = 5;
/// Between two attempts.
const PAUSE: Duration = Duration::from_millis(500);
/// Read at once, in bytes.
const PIECE: usize = 1 << 16;

/// Fetches a file into a folder; its SHA-256. One that is there and right is not fetched again. `progress` is told the bytes that are there.
pub(super) fn file(
    hub: &Hub,
    model: &Model,
    file: &File,
    folder: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<String, HubError> {
    let path = folder.join(&file.path);
    let part = folder.join(format!("{}.part", file.path));
    let disk = |source| HubError::Disk { path: path.clone(), source };
    fs::create_dir_all(path.parent().unwrap_or(folder)).map_err(disk)?;
    if !path.is_file() {
        let mut attempt = 1;
        loop {
            let before = length(&part);
            match append(hub, model, file, &part, progress) {
                Ok(()) => break,
                Err(error @ HubError::Unreachable { .. }) => {
                    attempt = if length(&part) > before { 1 } else { attempt + 1 };
                    if attempt > ATTEMPTS {
                        return Err(error);
                    }
                    std::thread::sleep(PAUSE);
                }
                Err(error) => return Err(error),
            }
        }
        fs::rename(&part, &path).map_err(disk)?;
    }
    let found = digest(&path).map_err(disk)?;
    match &file.sha256 {
        Some(wanted) if *wanted != found => {
            let (name, file, wanted) = (model.name.clone(), file.path.clone(), wanted.clone());
            fs::remove_file(&path).map_err(disk)?;
            Err(HubError::Changed { name, file, found, wanted })
        }
        _ => {
            progress(length(&path));
            Ok(found)
        }
    }
}

/// Adds what is missing of a file.
fn append(
    hub: &Hub,
    model: &Model,
    file: &File,
    part: &Path,
    progress: &mut dyn FnMut(u64),
) -> Result<(), HubError> {
    let place = format!("{}/{}/resolve/{}/{}", hub.settings.endpoint, model.name, model.revision, file.path);
    let mut there = length(part);
    if there > 0 && there == file.bytes {
        return Ok(());
    }
    let mut request = hub.client.get(&place);
    if there > 0 {
        request = request.header(RANGE, format!("bytes={there}-"));
    }
    let mut response = match hub.asked(&place, request) {
        // What is there is longer than the file: it is of something else.
        Err(HubError::Refused { status: StatusCode::RANGE_NOT_SATISFIABLE, .. }) => {
            let _ = fs::remove_file(part);
            there = 0;
            hub.asked(&place, hub.client.get(&place))?
        }
        other => other?,
    };
    let is_rest = response.status() == StatusCode::PARTIAL_CONTENT;
    there = if is_rest { there } else { 0 };
    let disk = |source| HubError::Disk { path: part.to_owned(), source };
    let mut target = OpenOptions::new()
        .create(true)
        .write(true)
        .append(is_rest)
        .truncate(!is_rest)
        .open(part)
        .map_err(disk)?;
    let broken = |detail: String| HubError::Unreachable { place: place.clone(), detail };
    let mut piece = vec![0; PIECE];
    loop {
        let read = response.read(&mut piece).map_err(|error| broken(error.to_string()))?;
        if read == 0 {
            break;
        }
        target.write_all(&piece[..read]).map_err(disk)?;
        there += read as u64;
        progress(there);
    }
    target.sync_all().map_err(disk)?;
    if file.bytes > 0 && there != file.bytes {
        return Err(broken(format!("{there} of {} bytes came", file.bytes)));
    }
    Ok(())
}

fn length(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |found| found.len())
}

fn digest(path: &Path) -> std::io::Result<String> {
    let (mut file, mut hasher, mut piece) = (Disk::open(path)?, Sha256::new(), vec![0; PIECE]);
    loop {
        match file.read(&mut piece)? {
            0 => return Ok(hasher.finalize().iter().map(|byte| format!("{byte:02x}")).collect()),
            read => hasher.update(&piece[..read]),
        }
    }
}
