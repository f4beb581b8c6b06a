//! The extractive composer: quotes that answer, each with its source. No model, nothing that is not in the sources.

mod phrases;

use auskunft_model::{Citation, Hit};

use crate::evidence::Evidence;
use crate::understand::ContentWord;

pub(crate) use phrases::{list, phrases};

/// An answer's text under construction.
#[derive(Debug, Default)]
pub(crate) struct Draft {
    paragraphs: Vec<String>,
    citations: Vec<Citation>,
}

impl Draft {
    /// A text that goes on behind these citations.
    pub(crate) fn after(citations: Vec<Citation>) -> Self {
        Self { paragraphs: Vec::new(), citations }
    }

    /// Quotes the passage of a text that answers best, behind an optional name ("Sonoriva Q35: …").
    pub(crate) fn quote(
        &mut self,
        evidence: &Evidence,
        content: &[ContentWord],
        is_how_to: bool,
        name: Option<&str>,
    ) {
        self.cite(&evidence.found.hit, evidence.passage(content, is_how_to), name);
    }

    /// Adds a quote with its citation; refuses one that is not verbatim in the cited text, or that is there already.
    pub(crate) fn cite(&mut self, hit: &Hit, quote: &str, name: Option<&str>) -> bool {
        let is_known = self.citations.iter().any(|known| known.quote == quote);
        if quote.trim().is_empty() || is_known || !hit.text.contains(quote) {
            return false;
        }
        let n = u32::try_from(self.citations.len() + 1).unwrap_or(u32::MAX);
        let shown = if quote.contains('\n') { quote.to_owned() } else { quote.trim().to_owned() };
        let before = name.map_or_else(String::new, |name| format!("{name}: "));
        self.paragraphs.push(format!("{before}{shown} [{n}]"));
        self.citations.push(citation(hit, quote, n));
        true
    }

    /// Whether nothing was quoted.
    pub(crate) fn is_empty(&self) -> bool {
        self.citations.is_empty()
    }

    /// The text and its citations.
    pub(crate) fn finish(self) -> (String, Vec<Citation>) {
        (self.paragraphs.join("\n\n"), self.citations)
    }
}

/// Paged sources are cited by page, lists of records by the record.
fn citation(hit: &Hit, quote: &str, n: u32) -> Citation {
    let anchor = hit.anchor.clone().or_else(|| hit.page.map(|page| format!("page={page}")));
    Citation {
        n,
        document_id: hit.document_id.clone(),
        source: hit.source.clone(),
        anchor,
        title: hit.title.clone(),
        section: hit.section.clone(),
        page: hit.page,
        quote: quote.to_owned(),
    }
}

#[cfg(test)]
mod tests;
