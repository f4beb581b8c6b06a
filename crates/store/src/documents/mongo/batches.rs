//! Writing many documents: inserted first, and what was there already is updated by its id.

use std::collections::HashSet;

use mongodb::bson::{Bson as Value, Document as Bson, doc};
use mongodb::error::{Error as DriverError, ErrorKind as Kind};

use super::failure::DUPLICATE;
use super::{IDS, MongoDocuments};
use crate::documents::Collection;
use crate::error::{Error, ErrorKind, Result};
use crate::operation::Operation;

/// Bytes of one command of updates: it is one document, and those end at 16 MB.
const UPDATE_BYTES: usize = 12 << 20;

impl MongoDocuments {
    /// Inserts documents; what is there already takes their fields.
    pub(super) async fn put_or_update(
        &self,
        operation: &'static str,
        collection: Collection,
        rows: Vec<Bson>,
    ) -> Result<()> {
        let there = self.insert(operation, collection.name(), &rows).await?;
        let updates: Vec<Bson> =
            there.into_iter().filter_map(|index| rows.get(index)).map(update_of).collect();
        for updates in batches(&updates) {
            self.update(operation, collection.name(), updates).await?;
        }
        Ok(())
    }

    /// Inserts documents; those whose ids are taken stay as they are, and their indexes are returned.
    pub(super) async fn insert(
        &self,
        operation: &'static str,
        name: &'static str,
        rows: &[Bson],
    ) -> Result<Vec<usize>> {
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let collection = self.database().collection::<Bson>(name);
        let insert = || async {
            // Unordered: it goes on behind a document that is there already.
            match collection.insert_many(rows).ordered(false).await {
                Ok(_) => Ok(Vec::new()),
                Err(error) => taken(error),
            }
        };
        Operation::mongodb("insert", name).of(self.run(operation, insert)).await
    }

    async fn update(
        &self,
        operation: &'static str,
        collection: &'static str,
        updates: &[Bson],
    ) -> Result<()> {
        let milliseconds = i64::try_from(self.limits.operation.as_millis()).unwrap_or(i64::MAX);
        let command = doc! {
            "update": collection,
            "updates": updates,
            "ordered": true,
            "writeConcern": { "w": "majority", "j": true, "wtimeout": milliseconds },
        };
        let update = || async { self.database().run_command(command.clone()).await };
        let reply = Operation::mongodb("update", collection).of(self.run(operation, update)).await?;
        let failed = reply.contains_key("writeErrors") || reply.contains_key("writeConcernError");
        if failed { Err(self.not_written(operation, &reply)) } else { Ok(()) }
    }

    /// A command that was run, but not whole.
    fn not_written(&self, operation: &'static str, reply: &Bson) -> Error {
        let of_one = reply.get_array("writeErrors").ok().and_then(|errors| errors.first()?.as_document());
        let error = of_one.or_else(|| reply.get_document("writeConcernError").ok());
        let code = error.and_then(|error| error.get_i32("code").ok()).unwrap_or(0);
        let message =
            format!("MongoDB at {} did not write all (code {code}); run again, nothing is lost", self.place);
        Error::new(ErrorKind::Unavailable, operation, message)
    }
}

/// The documents that were there; an error when anything else failed.
fn taken(error: DriverError) -> mongodb::error::Result<Vec<usize>> {
    let Kind::InsertMany(failed) = error.kind.as_ref() else { return Err(error) };
    let errors = failed.write_errors.as_deref().unwrap_or_default();
    let is_all = failed.write_concern_error.is_none() && errors.iter().all(|error| error.code == DUPLICATE);
    if !is_all {
        return Err(error);
    }
    let indexes: HashSet<usize> = errors.iter().map(|error| error.index).collect();
    let mut indexes: Vec<usize> = indexes.into_iter().collect();
    indexes.sort_unstable();
    Ok(indexes)
}

/// Sets everything but what a document is found by.
fn update_of(row: &Bson) -> Bson {
    let fields = row.iter().filter(|(name, _)| !matches!(name.as_str(), "_id" | "doc_id"));
    let fields: Bson = fields.map(|(name, value)| (name.clone(), value.clone())).collect();
    let id = row.get("_id").cloned().unwrap_or(Value::Null);
    doc! { "q": { "_id": id }, "u": { "$set": fields }, "upsert": false, "multi": false }
}

/// Cuts a list into pieces that fit into a command.
fn batches(updates: &[Bson]) -> Vec<&[Bson]> {
    let size = |update: &Bson| mongodb::bson::serialize_to_vec(update).map_or(UPDATE_BYTES, |raw| raw.len());
    pieces(updates, (IDS, UPDATE_BYTES), size)
}

/// Cuts a list into pieces of at most so many items and bytes; an item that is larger by itself is a piece of its own.
pub(super) fn pieces<T>(
    items: &[T],
    (most_items, most_bytes): (usize, usize),
    size: impl Fn(&T) -> usize,
) -> Vec<&[T]> {
    let (mut pieces, mut from, mut bytes) = (Vec::new(), 0, 0);
    for (index, item) in items.iter().enumerate() {
        let size = size(item);
        if index > from && (index - from >= most_items || bytes + size > most_bytes) {
            pieces.push(&items[from..index]);
            (from, bytes) = (index, 0);
        }
        bytes += size;
    }
    if from < items.len() {
        pieces.push(&items[from..]);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_hold_no_more_than_fits() {
        let of = |sizes: &[usize]| {
            let updates: Vec<Bson> = sizes.iter().map(|size| doc! { "u": "x".repeat(*size) }).collect();
            batches(&updates).iter().map(|piece| piece.len()).collect::<Vec<_>>()
        };
        assert_eq!(of(&[]), [0; 0]);
        assert_eq!(of(&[7 << 20, 7 << 20, 1, 13 << 20, 1]), [1, 2, 1, 1]);
        assert_eq!(of(&[1; 2_001]), [1_000, 1_000, 1]);
    }
}
