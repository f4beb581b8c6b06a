//! What the documents of a source are made from: the catalog's tables and the PDF readers in force.

use auskunft_extract::{CHUNKER_VERSION, Defaults, EXTRACTOR_VERSION};
use auskunft_model::{Digest, Language, Reason, SourceKind};

use crate::catalog::Catalog;
use crate::catalog::manuals;
use crate::catalog::walk::Found;
use crate::pdf::PdfPool;

/// What the ledger keeps of policies: when it is more than before, they are read again.
const POLICY_ROWS: &str = "attributes";

/// What a source is read with.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// The catalog's tables.
    pub catalog: &'a Catalog,
    /// Reads PDFs.
    pub pdfs: &'a PdfPool,
}

impl Inputs<'_> {
    /// The digest of all that a source's documents are made from: its bytes, the versions of the readers, the shop's
    /// language, the rows of the catalog's tables that concern it; of a PDF also the engine that reads it, and of one that
    /// was refused as too large the limits, so that it is tried again under others. `skus` are the products of its documents.
    pub fn digest(&self, found: &Found, skus: &[String], failed: Option<Reason>) -> Digest {
        let is_product = found.source.kind == SourceKind::Product;
        let attributes = if is_product { self.catalog.attributes.digest(skus) } else { Digest::of(b"") };
        let mut parts = vec![
            found.digest.as_str(),
            found.source.kind.as_str(),
            EXTRACTOR_VERSION,
            CHUNKER_VERSION,
            self.catalog.shop.language.as_str(),
            self.manual_language(&found.source.path).unwrap_or(""),
            attributes.as_str(),
        ];
        parts.extend((found.source.kind == SourceKind::Policy).then_some(POLICY_ROWS));
        let limits = self.pdfs.size_limits();
        if found.is_pdf() {
            parts.push(self.pdfs.engine());
            parts.extend((failed == Some(Reason::TooLarge)).then_some(limits.as_str()));
        }
        Digest::of_parts(parts.into_iter().map(str::as_bytes))
    }

    /// What holds where the source says nothing itself.
    pub fn defaults(&self, path: &str) -> Defaults {
        let stated = self.manual_language(path).and_then(Language::parse);
        let stated = stated.or_else(|| manuals::language_of_name(path));
        Defaults { language: stated.unwrap_or_else(|| self.catalog.shop.language.clone()) }
    }

    fn manual_language(&self, path: &str) -> Option<&str> {
        self.catalog.manuals.of(path).iter().find_map(|row| row.language.as_deref())
    }
}
