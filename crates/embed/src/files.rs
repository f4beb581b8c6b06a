//! Reading a model folder: every error names the file.

use std::fs;
use std::io;
use std::path::Path;

use serde::de::DeserializeOwned;

use crate::EmbedError;

/// The bytes of a file that must be there.
pub(crate) fn read(path: &Path) -> Result<Vec<u8>, EmbedError> {
    read_optional(path)?.ok_or_else(|| EmbedError::FileMissing(path.to_owned()))
}

/// A JSON file that must be there.
pub(crate) fn read_json<T: DeserializeOwned>(path: &Path) -> Result<T, EmbedError> {
    parse(path, &read(path)?)
}

/// A JSON file, or nothing when it is not there.
pub(crate) fn read_optional_json<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, EmbedError> {
    read_optional(path)?.map(|bytes| parse(path, &bytes)).transpose()
}

/// An error about the content of a file.
pub(crate) fn damaged(path: &Path, detail: impl ToString) -> EmbedError {
    EmbedError::FileDamaged { path: path.to_owned(), detail: detail.to_string() }
}

fn read_optional(path: &Path) -> Result<Option<Vec<u8>>, EmbedError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(EmbedError::FileUnreadable { path: path.to_owned(), source }),
    }
}

fn parse<T: DeserializeOwned>(path: &Path, bytes: &[u8]) -> Result<T, EmbedError> {
    serde_json::from_slice(bytes).map_err(|error| damaged(path, error))
}
