//! Identifiers. Each is a newtype made only by a constructor that checks or derives it, never a bare string.

use std::fmt;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

/// Why a text is no identifier.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdError {
    /// Nothing was given.
    #[error("an identifier is empty")]
    Empty,
    /// Longer than [`MAX_LENGTH`].
    #[error("the identifier `{0}…` is longer than 128 characters")]
    TooLong(String),
    /// A character outside `[A-Za-z0-9_.-]`.
    #[error("the identifier `{0}` has a character other than letters A-Z, digits, `_`, `.` and `-`")]
    Character(String),
}

/// The longest identifier that is taken, in characters.
pub const MAX_LENGTH: usize = 128;

/// Checks a text from outside against the form of every public identifier, `[A-Za-z0-9_.-]+`.
pub fn check(text: &str) -> Result<(), IdError> {
    if text.is_empty() {
        return Err(IdError::Empty);
    }
    if text.len() > MAX_LENGTH {
        return Err(IdError::TooLong(text.chars().take(24).collect()));
    }
    let allowed = |character: char| character.is_ascii_alphanumeric() || "_.-".contains(character);
    if !text.chars().all(allowed) {
        return Err(IdError::Character(text.chars().take(40).collect()));
    }
    Ok(())
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(String);

        impl $name {
            /// Takes an identifier from outside (a request, a database row, a file), checking its form.
            pub fn parse(text: &str) -> Result<Self, IdError> {
                check(text)?;
                Ok(Self(text.to_owned()))
            }

            /// The identifier as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str(&self.0)
            }
        }
    };
}

text_id!(
    /// A document: derived from its source path and, in a file of many records, the record's id.
    DocumentId
);
text_id!(
    /// A chunk: derived from its content and place, so that equal content in the same place keeps its id.
    ChunkId
);
text_id!(
    /// A product: the shop's SKU.
    ProductId
);
text_id!(
    /// Who works at the support desk.
    AgentId
);
text_id!(
    /// Who bought, or may buy.
    CustomerId
);

/// The first 24 hexadecimal digits (96 bits) of the SHA-256 over the parts, each preceded by its length.
fn derive(prefix: char, parts: &[&str]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part.as_bytes());
    }
    let digest = hasher.finalize();
    let mut text = String::with_capacity(25);
    text.push(prefix);
    for byte in &digest[..12] {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

impl DocumentId {
    /// The id of the document that `source` (path relative to the catalog, `/` between parts) holds under `anchor`.
    pub fn derive(source: &str, anchor: Option<&str>) -> Self {
        Self(derive('d', &[source, anchor.unwrap_or("")]))
    }
}

impl ChunkId {
    /// The id of a chunk from the document, its page, its heading path, its text and its ordinal among equals (0 for
    /// the first chunk of the document with all of these the same).
    pub fn derive(
        document: &DocumentId,
        page: Option<u32>,
        heading_path: &[String],
        text: &str,
        ordinal_among_equals: u32,
    ) -> Self {
        let page = page.map_or_else(String::new, |page| page.to_string());
        let path = heading_path.join("\u{1f}");
        let ordinal = ordinal_among_equals.to_string();
        Self(derive('c', &[document.as_str(), &page, &path, text, &ordinal]))
    }
}

/// A SHA-256, as 64 lower-case hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Digest(String);

impl Digest {
    /// The digest of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(hex(&Sha256::digest(bytes)))
    }

    /// The digest of several parts, each preceded by its length, so that no two lists collide by concatenation.
    pub fn of_parts<'a>(parts: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut hasher = Sha256::new();
        for part in parts {
            hasher.update((part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        Self(hex(&hasher.finalize()))
    }

    /// A digest that was stored as text by this program.
    pub fn from_stored(text: String) -> Self {
        Self(text)
    }

    /// 64 hexadecimal digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Names a vector space: vectors of different spaces must never meet. Made by an embedder from the hash of its weights,
/// tokenizer, pooling, prefixes and dimensions, e.g. `native-bert-384-53aa51172d14`.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SpaceId(String);

impl SpaceId {
    /// A space id as an embedder or the store states it.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for SpaceId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// One build of the index; readers see one generation from start to end of a request. Counted from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Generation(pub i32);

/// How many changes a generation has seen: raised by one by each publish transaction that changed something.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Revision(pub i64);

impl fmt::Display for Generation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_from_outside_is_checked() {
        assert!(ProductId::parse("KM-2400_S.de").is_ok());
        assert_eq!(ProductId::parse(""), Err(IdError::Empty));
        assert_eq!(ProductId::parse("a b"), Err(IdError::Character("a b".to_owned())));
        assert!(matches!(ProductId::parse(&"x".repeat(129)), Err(IdError::TooLong(_))));
    }

    #[test]
    fn parts_do_not_run_together() {
        assert_ne!(DocumentId::derive("ab", Some("c")), DocumentId::derive("a", Some("bc")));
        assert_ne!(Digest::of_parts([b"ab".as_slice(), b"c"]), Digest::of_parts([b"a".as_slice(), b"bc"]));
    }

    #[test]
    fn derived_ids_have_the_public_form() {
        let document = DocumentId::derive("faqs/versand.jsonl", Some("v-1"));
        check(document.as_str()).unwrap();
        let chunk = ChunkId::derive(&document, Some(3), &["Größe".to_owned()], "Text", 0);
        check(chunk.as_str()).unwrap();
        assert_ne!(chunk, ChunkId::derive(&document, Some(3), &["Größe".to_owned()], "Text", 1));
    }
}
