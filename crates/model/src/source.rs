//! A file of the catalog before it is read.

use serde::{Deserialize, Serialize};

/// What a source holds, by its place and content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SourceKind {
    /// A product page (HTML).
    Product,
    /// A manual (PDF).
    Manual,
    /// Questions with answers (HTML, Markdown, JSON, JSONL, CSV).
    Faq,
    /// Rules and law texts (Markdown, HTML, text, PDF).
    Policy,
    /// Support dialogs (JSONL).
    Dialog,
    /// Tickets (JSON, JSONL): customer data, never knowledge.
    Ticket,
}

impl SourceKind {
    /// Name in stores and reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Manual => "manual",
            Self::Faq => "faq",
            Self::Policy => "policy",
            Self::Dialog => "dialog",
            Self::Ticket => "ticket",
        }
    }
}

/// A file that will be read: where it lies and what it should hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Path relative to the catalog, `/` between parts.
    pub path: String,
    /// What it should hold.
    pub kind: SourceKind,
}

impl Source {
    /// The file's ending in lower case, without the dot; empty when it has none.
    pub fn extension(&self) -> String {
        let name = self.path.rsplit('/').next().unwrap_or("");
        name.rsplit_once('.').map_or_else(String::new, |(_, extension)| extension.to_ascii_lowercase())
    }

    /// The file's name without folders and ending.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or("");
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }
}
