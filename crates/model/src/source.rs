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

    /// The kind of that name; `None` for a name of none.
    pub fn parse(name: &str) -> Option<Self> {
        let all = [Self::Product, Self::Manual, Self::Faq, Self::Policy, Self::Dialog, Self::Ticket];
        all.into_iter().find(|kind| kind.as_str() == name)
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

    /// The media type of the file as it is shown to whoever follows a citation; `None` for what is not shown: dialogs and tickets, which hold
    /// personal data, and what is no page.
    pub fn original_type(&self) -> Option<&'static str> {
        if matches!(self.kind, SourceKind::Dialog | SourceKind::Ticket) {
            return None;
        }
        match self.extension().as_str() {
            "pdf" => Some("application/pdf"),
            "html" | "htm" | "xhtml" => Some("text/html"),
            _ => (self.kind == SourceKind::Manual).then_some("application/pdf"),
        }
    }

    /// The file's name without folders and ending.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or("");
        name.rsplit_once('.').map_or(name, |(stem, _)| stem)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_and_manuals_are_shown_as_they_are_and_personal_data_never() {
        let shown = |path: &str, kind| Source { path: path.to_owned(), kind }.original_type();
        assert_eq!(shown("manuals/km.PDF", SourceKind::Manual), Some("application/pdf"));
        assert_eq!(shown("manuals/km", SourceKind::Manual), Some("application/pdf"));
        assert_eq!(shown("products/km.htm", SourceKind::Product), Some("text/html"));
        assert_eq!(shown("faqs/all.jsonl", SourceKind::Faq), None);
        for kind in [SourceKind::Dialog, SourceKind::Ticket] {
            assert_eq!(shown("dialogs/scan.pdf", kind), None);
            assert_eq!(SourceKind::parse(kind.as_str()), Some(kind));
        }
        assert_eq!(SourceKind::parse("page"), None);
    }
}
