//! Folders of lexical indexes: opened, made and removed. All of it is blocking.

use std::path::Path;

use auskunft_model::{Generation, Revision};
use tantivy::{Index, TantivyDocument};

use super::{LexicalIndex, Mark, WRITER_MEMORY, schema};
use crate::error::{AnswerError, Result};

/// Opens an index that is whole and of this version, with the revision that it holds.
pub(super) fn open(folder: &Path, generation: Generation) -> Result<(LexicalIndex, Revision)> {
    let index = Index::open_in_dir(folder)?;
    let payload = index.load_metas()?.payload.unwrap_or_default();
    let mark: Mark =
        serde_json::from_str(&payload).map_err(|_| AnswerError::Index("it is unfinished".to_owned()))?;
    if mark.schema != schema::version()
        || mark.generation != generation.0
        || index.schema() != schema::schema().0
    {
        return Err(AnswerError::Index("another version built it".to_owned()));
    }
    let damaged = index.validate_checksum()?;
    if let Some(file) = damaged.iter().next() {
        return Err(AnswerError::Index(format!("`{}` is damaged", file.display())));
    }
    let opened = LexicalIndex::of(&index, generation, Some(folder.to_owned()))?;
    Ok((opened, Revision(mark.revision)))
}

/// Makes an empty one in place of what is there.
pub(super) fn create(folder: &Path, generation: Generation) -> Result<(LexicalIndex, Revision)> {
    let unusable = |error: std::io::Error| AnswerError::Index(format!("`{}`: {error}", folder.display()));
    // A running process keeps its lock in the folder: deleting it under that process would take its index away.
    if let Ok(index) = Index::open_in_dir(folder) {
        drop(index.writer_with_num_threads::<TantivyDocument>(1, WRITER_MEMORY)?);
    }
    if folder.exists() {
        std::fs::remove_dir_all(folder).map_err(unusable)?;
    }
    std::fs::create_dir_all(folder).map_err(unusable)?;
    let index = Index::create_in_dir(folder, schema::schema().0)?;
    Ok((LexicalIndex::of(&index, generation, Some(folder.to_owned()))?, Revision(0)))
}

/// Deletes the folders of generations that are not kept; what can't be deleted stays. Blocking.
pub(crate) fn remove_others(root: &Path, kept: &[Generation]) {
    let Ok(entries) = std::fs::read_dir(root) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let number = name.to_str().and_then(|name| name.parse::<i32>().ok());
        if number.is_some_and(|number| !kept.contains(&Generation(number)))
            && let Err(error) = std::fs::remove_dir_all(entry.path())
        {
            tracing::debug!(%error, "an old lexical index stays");
        }
    }
}
