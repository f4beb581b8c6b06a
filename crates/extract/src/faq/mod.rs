//! Questions with answers: lists of records, pages, Markdown. One document per question.

mod accordion;
mod found;
mod markup;
mod page;
mod prose;
mod record;

use std::collections::HashMap;

use auskunft_model::{Document, Failure, Reason, Source};

use crate::markdown::Dialect;
use crate::{Defaults, Extracted, Record, RecordOutcome, records};

/// Reads a FAQ file of any format.
pub(crate) fn extract(source: &Source, bytes: &[u8], defaults: &Defaults) -> Result<Extracted, Failure> {
    match source.extension().as_str() {
        "json" | "jsonl" | "ndjson" | "csv" => from_records(source, bytes, defaults),
        "html" | "htm" | "xhtml" | "md" | "markdown" | "txt" => page::extract(source, bytes, defaults),
        other => {
            let detail = format!(
                "{}: FAQs are read from html, md, json, jsonl and csv, not from `{other}`",
                source.path
            );
            Err(Failure::new(Reason::Unsupported, detail))
        }
    }
}

/// How many questions a page holds.
pub(crate) fn count_on_page(text: &str) -> usize {
    page::count(text, None)
}

/// How many questions a Markdown or text file holds.
pub(crate) fn count_in_text(text: &str, dialect: Dialect) -> usize {
    page::count(text, Some(dialect))
}

fn from_records(source: &Source, bytes: &[u8], defaults: &Defaults) -> Result<Extracted, Failure> {
    let rows = records::rows(source, bytes)?;
    let mut claimed = Claimed::default();
    let outcomes = rows.into_iter().map(|row| match row {
        Ok(mut row) => {
            record::rename(&mut row);
            let line = row.line;
            let place = row.place.clone();
            claimed.outcome(&place, line, record::document(source, &row, defaults))
        }
        Err((line, failure)) => RecordOutcome { anchor: None, line, result: Err(failure) },
    });
    let records: Vec<RecordOutcome> = outcomes.collect();
    if records.is_empty() {
        return Err(Failure::new(Reason::NoText, format!("{} holds no records", source.path)));
    }
    Ok(Extracted { records, warnings: Vec::new() })
}

/// Which place of a file claimed an anchor first.
#[derive(Default)]
pub(crate) struct Claimed {
    places: HashMap<String, String>,
}

impl Claimed {
    /// The outcome of a record: a second claim to an anchor fails, the first is kept.
    pub(crate) fn outcome(
        &mut self,
        place: &str,
        line: Option<u32>,
        document: Result<Document, (Option<String>, Failure)>,
    ) -> RecordOutcome {
        let anchor = match &document {
            Ok(document) => document.anchor.clone(),
            Err((anchor, _)) => anchor.clone(),
        };
        let first = anchor.as_ref().and_then(|anchor| self.claim(anchor, place));
        if let (Some(anchor), Some(first)) = (&anchor, first) {
            let detail = format!("{place}: id `{anchor}` is taken by {first}; give each record its own");
            return RecordOutcome {
                anchor: None,
                line,
                result: Err(Failure::new(Reason::DuplicateId, detail)),
            };
        }
        let result = document.map(Record::Document).map_err(|(_, failure)| failure);
        RecordOutcome { anchor, line, result }
    }

    /// Claims an anchor; returns the place that has it already.
    pub(crate) fn claim(&mut self, anchor: &str, place: &str) -> Option<String> {
        if let Some(first) = self.places.get(anchor) {
            return Some(first.clone());
        }
        self.places.insert(anchor.to_owned(), place.to_owned());
        None
    }
}

#[cfg(test)]
mod tests;
