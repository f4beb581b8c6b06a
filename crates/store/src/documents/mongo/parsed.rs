//! Parsed documents. One that is larger than a document of MongoDB may be (16 MB) lies in parts.
//!
//! Written: the further parts first, then the document that names their number. Removed: the other way round is not needed, because
//! whoever removes a document names it until it is gone; so the parts go first here, too, and nothing is left behind.

use auskunft_model::Document;
use mongodb::bson::{Document as Bson, doc};
use serde::Deserialize;

use super::{IdAndBody, MongoDocuments};
use crate::documents::Collection;
use crate::documents::jsonb::to_json;
use crate::error::{Result, corrupt};
use crate::operation::Operation;

/// Bytes of JSON in one document; half of what it may hold.
const PART_BYTES: usize = 8 << 20;

/// Where further parts lie.
const PARTS: &str = "parsed_parts";

#[derive(Debug, Deserialize)]
struct First {
    body: String,
    parts: i64,
}

#[derive(Debug, Deserialize)]
struct Number {
    #[serde(rename = "_id")]
    id: String,
    parts: i64,
}

impl MongoDocuments {
    pub(super) async fn put_parsed(&self, documents: &[(String, &Document)]) -> Result<()> {
        const OPERATION: &str = "write documents";
        let (mut first, mut further) = (Vec::with_capacity(documents.len()), Vec::new());
        for (key, document) in documents {
            let body = to_json(document)?.to_string();
            let pieces = pieces(&body);
            let number = i64::try_from(pieces.len()).unwrap_or(i64::MAX);
            let id = document.id.as_str();
            for (index, piece) in pieces.iter().enumerate() {
                match index {
                    0 => first.push(doc! { "_id": key, "doc_id": id, "parts": number, "body": piece }),
                    _ => further.push(doc! { "_id": part_key(key, index), "doc_id": id, "body": piece }),
                }
            }
        }
        // What is there already is the same: keys name content.
        self.insert(OPERATION, PARTS, &further).await?;
        self.insert(OPERATION, Collection::Parsed.name(), &first).await?;
        Ok(())
    }

    pub(super) async fn parsed(&self, key: &str) -> Result<Option<Document>> {
        const OPERATION: &str = "read document";
        let collection = self.database().collection::<First>(Collection::Parsed.name());
        let read =
            || async { collection.find_one(doc! { "_id": key }).max_time(self.limits.operation).await };
        let first =
            Operation::mongodb("find", Collection::Parsed.name()).of(self.run(OPERATION, read)).await?;
        let Some(First { mut body, parts }) = first else { return Ok(None) };
        // One at a time: together they may be more than an answer holds.
        for index in 1..usize::try_from(parts).unwrap_or(1) {
            let id = part_key(key, index);
            let mut found = self.with_ids::<IdAndBody>(OPERATION, PARTS, &[&id], doc! { "body": 1 }).await?;
            let part = found
                .pop()
                .ok_or_else(|| corrupt(OPERATION, format!("part {index} of `{key}` is missing")))?;
            body.push_str(&part.body);
        }
        serde_json::from_str(&body).map(Some).map_err(|error| corrupt(OPERATION, error))
    }

    /// Removes the further parts of documents.
    pub(super) async fn remove_parts(&self, keys: &[String]) -> Result<()> {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        let projection = doc! { "parts": 1 };
        let found = self.with_ids::<Number>("remove documents", Collection::Parsed.name(), &keys, projection);
        let of_one = |found: Number| {
            let parts = usize::try_from(found.parts).unwrap_or(1);
            (1..parts).map(move |index| part_key(&found.id, index)).collect::<Vec<_>>()
        };
        let parts: Vec<String> = found.await?.into_iter().flat_map(of_one).collect();
        let collection = self.database().collection::<Bson>(PARTS);
        for parts in parts.chunks(super::IDS) {
            let remove = || async { collection.delete_many(doc! { "_id": { "$in": parts } }).await };
            self.run("remove documents", remove).await?;
        }
        Ok(())
    }
}

fn part_key(key: &str, index: usize) -> String {
    format!("{key}#{index}")
}

/// Cuts JSON between characters; one piece at least.
fn pieces(body: &str) -> Vec<&str> {
    let (mut pieces, mut rest) = (Vec::new(), body);
    while rest.len() > PART_BYTES {
        let (piece, after) = rest.split_at(rest.floor_char_boundary(PART_BYTES));
        pieces.push(piece);
        rest = after;
    }
    pieces.push(rest);
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_are_cut_between_characters_and_lose_nothing() {
        let body = format!("x{}", "ß".repeat(PART_BYTES));
        let pieces = pieces(&body);
        assert_eq!(pieces.len(), 3);
        assert!(pieces.iter().all(|piece| piece.len() <= PART_BYTES));
        assert_eq!(pieces.concat(), body);
        assert_eq!(super::pieces(""), [""]);
    }
}
