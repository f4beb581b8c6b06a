//! The rule behind a fact, quoted from the policy that states it.

use std::collections::HashMap;

use auskunft_model::{ChunkId, DocumentId};
use auskunft_store::search;
use auskunft_text::{normal, sentence};

use crate::Desk;
use crate::compose::Draft;
use crate::error::Result;
use crate::retrieve::{Found, Fused, join};
use crate::trace::Trace;
use crate::view::View;
use crate::write::Written;

/// The most policies that are quoted in one answer.
const POLICIES: usize = 2;
/// The most texts of them that are looked through.
const TEXTS: i64 = 40;

/// What a policy grants or excludes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    /// The policy.
    pub(crate) document: DocumentId,
    /// What its sentence says: days or months, or a kind of product.
    pub(crate) says: Says,
}

/// What the sentence of a rule says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Says {
    /// So many days.
    Days(i64),
    /// So many months.
    Months(i64),
    /// This kind of product.
    Kind(String),
}

/// Quotes each rule's sentence behind the answer; a rule whose sentence is not found is left out. Two operations.
pub(crate) async fn quote(
    desk: &Desk,
    view: &View,
    rules: &[Rule],
    written: &mut Written,
    trace: &mut Trace,
) -> Result<()> {
    let rules = &rules[..rules.len().min(POLICIES)];
    if rules.is_empty() {
        return Ok(());
    }
    let texts = texts(desk, view, rules, trace).await?;
    let mut draft = Draft::after(std::mem::take(&mut written.citations));
    for rule in rules {
        let own = texts.iter().filter(|found| found.hit.document_id == rule.document);
        let sentence =
            own.filter_map(|found| Some((found, sentence_of(&found.hit.text, &rule.says)?))).next();
        if let Some((found, sentence)) = sentence {
            draft.cite(&found.hit, sentence, None);
        }
    }
    let (text, citations) = draft.finish();
    written.citations = citations;
    if !text.is_empty() {
        written.text = format!("{}\n\n{text}", written.text);
    }
    Ok(())
}

async fn texts(desk: &Desk, view: &View, rules: &[Rule], trace: &mut Trace) -> Result<Vec<Found>> {
    let mut documents: Vec<DocumentId> = rules.iter().map(|rule| rule.document.clone()).collect();
    documents.dedup();
    trace.operations.postgres += 1;
    let rows = search::rows_of(&desk.stores.database, view.info.generation, &documents, TEXTS).await?;
    let ids: Vec<ChunkId> = rows.iter().map(|row| row.chunk_id.clone()).collect();
    trace.operations.mongodb += 1;
    let texts = desk.stores.documents.texts(&ids).await?;
    // In order of the text: the first sentence that states a rule is the rule.
    let fused = |(place, id): (usize, &ChunkId)| Fused {
        id: id.clone(),
        score: 1.0 / (1.0 + place as f64),
        dense: None,
        lexical: None,
    };
    let fused = ids.iter().enumerate().map(fused).collect();
    let rows: HashMap<_, _> = rows.into_iter().map(|row| (row.chunk_id.clone(), row)).collect();
    Ok(join(fused, &rows, texts, |_| false, ids.len()))
}

/// The first sentence or line that says it.
fn sentence_of<'a>(text: &'a str, says: &Says) -> Option<&'a str> {
    let sentences = text.lines().flat_map(|line| {
        sentence::sentences(line).into_iter().filter_map(move |range| line.get(range)).collect::<Vec<_>>()
    });
    let mut sentences = sentences.map(str::trim);
    sentences.find(|sentence| is_said(&normal::fold(sentence), says))
}

fn is_said(sentence: &str, says: &Says) -> bool {
    let is_word = |sign: char| !sign.is_alphanumeric();
    let (number, units): (i64, &[&str]) = match says {
        Says::Kind(kind) => return sentence.contains(&normal::fold(kind)),
        Says::Days(days) => (*days, &["tag", "day"]),
        Says::Months(months) => (*months, &["monat", "month"]),
    };
    let number = number.to_string();
    let has_number = sentence.split(is_word).any(|word| word == number);
    has_number && sentence.split(is_word).any(|word| units.iter().any(|unit| word.starts_with(unit)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_with_the_number_and_its_unit_is_the_rule() {
        let text = "Seit 14 Jahren am Markt.\nSie haben 14 Tage Zeit. Danach nicht mehr.\nIn-Ear-Kopfhörer sind ausgeschlossen.";
        assert_eq!(sentence_of(text, &Says::Days(14)), Some("Sie haben 14 Tage Zeit."));
        assert_eq!(
            sentence_of(text, &Says::Kind("in-ear-kopfhoerer".to_owned())),
            Some("In-Ear-Kopfhörer sind ausgeschlossen.")
        );
        assert_eq!(sentence_of(text, &Says::Days(4)), None);
        assert_eq!(sentence_of("Covered for 24 months.", &Says::Months(24)), Some("Covered for 24 months."));
    }
}
