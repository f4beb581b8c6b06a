//! The rule behind a fact, quoted from the policy that states it.

mod quotes;

use std::collections::HashMap;

use auskunft_model::{AgentId, ChunkId, DocumentId, Hit};
use auskunft_store::{Reader, search};
use auskunft_text::{normal, sentence};

use crate::Desk;
use crate::compose::Draft;
use crate::error::Result;
use crate::retrieve::{Found, Fused, join};
use crate::texts::ReadTexts;
use crate::trace::Trace;
use crate::view::View;
use crate::write::Written;

pub(crate) use quotes::Quotes;
use quotes::{Key, Quote};

/// What is missing where no rule could be read.
const DEGRADED: &str = "rules";
/// The most policies that are quoted in one answer.
const POLICIES: usize = 2;
/// The most texts of them that are looked through.
const TEXTS: i64 = 40;

/// What a policy grants or excludes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Rule {
    /// The policy.
    pub(crate) document: DocumentId,
    /// What its sentence says: days or months, or a kind of product.
    pub(crate) says: Says,
}

/// What the sentence of a rule says.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) enum Says {
    /// So many days.
    Days(i64),
    /// So many months.
    Months(i64),
    /// This kind of product.
    Kind(String),
}

/// Quotes each rule's sentence behind the answer; a rule whose sentence is not found, or that stands in a text of a region
/// that is not the agent's, is left out. No operation where the quotes were read a
/// moment ago, else two. Facts are complete without: where the policies' texts can't be read, `degraded` says so.
pub(crate) async fn quote(
    desk: &Desk,
    view: &View,
    rules: &[Rule],
    agent: Option<&AgentId>,
    written: &mut Written,
    trace: &mut Trace,
) -> Option<&'static str> {
    let rules = &rules[..rules.len().min(POLICIES)];
    if rules.is_empty() {
        return None;
    }
    let (quotes, degraded) = match quotes_of(desk, view, rules, agent, trace).await {
        Ok((quotes, is_partial)) => (quotes, is_partial.then_some(DEGRADED)),
        Err(error) => {
            tracing::warn!(%error, "the rules behind facts are left out");
            (Vec::new(), Some(DEGRADED))
        }
    };
    let mut draft = Draft::after(std::mem::take(&mut written.citations));
    for Quote { hit, sentence } in quotes.into_iter().flatten() {
        draft.cite(&hit, &sentence, None);
    }
    let (text, citations) = draft.finish();
    written.citations = citations;
    if !text.is_empty() {
        written.text = format!("{}\n\n{text}", written.text);
    }
    degraded
}

/// The rules' sentences, from memory or from the stores; `None` where a policy has no such sentence. And whether texts are missing.
async fn quotes_of(
    desk: &Desk,
    view: &View,
    rules: &[Rule],
    agent: Option<&AgentId>,
    trace: &mut Trace,
) -> Result<(Vec<Option<Quote>>, bool)> {
    let key = |rule: &Rule| Key {
        generation: view.info.generation,
        revision: view.info.revision,
        agent: agent.cloned(),
        rule: rule.clone(),
    };
    let held: Option<Vec<Option<Quote>>> = rules.iter().map(|rule| desk.quotes.get(&key(rule))).collect();
    if let Some(held) = held {
        return Ok((held, false));
    }
    let (texts, is_partial) = texts(desk, view, rules, agent, trace).await?;
    let read = |rule: &Rule| {
        let mut own = texts.iter().filter(|found| found.hit.document_id == rule.document);
        let quote = own.find_map(|found| quote_of(&found.hit, &rule.says));
        // What was not found in a part of the texts may stand in the others.
        if !is_partial {
            desk.quotes.put(key(rule), quote.clone());
        }
        quote
    };
    Ok((rules.iter().map(read).collect(), is_partial))
}

fn quote_of(hit: &Hit, says: &Says) -> Option<Quote> {
    let sentence = sentence_of(&hit.text, says)?.to_owned();
    Some(Quote { hit: hit.clone(), sentence })
}

async fn texts(
    desk: &Desk,
    view: &View,
    rules: &[Rule],
    agent: Option<&AgentId>,
    trace: &mut Trace,
) -> Result<(Vec<Found>, bool)> {
    let mut documents: Vec<DocumentId> = rules.iter().map(|rule| rule.document.clone()).collect();
    documents.dedup();
    trace.operations.postgres += 1;
    // The order's region counts, which need not be the customer's any more.
    let reader = Reader { agent, customer: None };
    let database = &desk.stores.database;
    let rows = search::rows_of(database, view.info.generation, &documents, TEXTS, &reader).await?;
    let ids: Vec<ChunkId> = rows.iter().map(|row| row.chunk_id.clone()).collect();
    let ReadTexts { texts, is_partial } = desk.texts(&ids, trace).await?;
    // In order of the text: the first sentence that states a rule is the rule.
    let fused = |(place, id): (usize, &ChunkId)| Fused {
        id: id.clone(),
        score: 1.0 / (1.0 + place as f64),
        dense: None,
        lexical: None,
    };
    let fused = ids.iter().enumerate().map(fused).collect();
    let rows: HashMap<_, _> = rows.into_iter().map(|row| (row.chunk_id.clone(), row)).collect();
    Ok((join(fused, &rows, &texts, |_| false, ids.len()), is_partial))
}

/// The first sentence or line that says it.
fn sentence_of<'a>(text: &'a str, says: &Says) -> Option<&'a str> {
    let sentences = text.lines().flat_map(|line| {
        sentence::sentences(line).into_iter().filter_map(move |range| line.get(range)).collect::<Vec<_>>()
    });
    let mut sentences = sentences.map(str::trim);
    sentences.find(|sentence| is_said(&normal::fold(sentence), says))
}

/// Beginnings of folded words that say that a span of time is one for paying back, not for giving back.
const REFUNDS: &[&str] = &["erstatt", "rueckerstatt", "rueckzahl", "refund", "reimburs"];

fn is_said(sentence: &str, says: &Says) -> bool {
    let words: Vec<&str> = words(sentence).collect();
    let has_any =
        |beginnings: &[&str]| words.iter().any(|word| beginnings.iter().any(|start| word.starts_with(start)));
    match says {
        Says::Kind(kind) => names(&words, &normal::fold(kind)),
        Says::Days(days) => has_span(&words, *days, &["tag", "taeg", "day"]) && !has_any(REFUNDS),
        Says::Months(months) => {
            let in_years = months % 12 == 0 && has_span(&words, months / 12, &["jahr", "jaehr", "year"]);
            in_years || has_span(&words, *months, &["monat", "month"])
        }
    }
}

fn words(folded: &str) -> impl Iterator<Item = &str> {
    folded.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// Whether the number stands before its unit: "14 Tage", "14-day", "30 calendar days", "30 Kalendertage".
fn has_span(words: &[&str], number: i64, units: &[&str]) -> bool {
    const BETWEEN: &[&str] = &["calendar", "full", "ganze", "ganzen", "volle", "vollen", "kalender"];
    let number = number.to_string();
    let is_unit = |word: &&str| {
        let word = word.strip_prefix("kalender").unwrap_or(word);
        units.iter().any(|unit| word.starts_with(unit))
    };
    let stands = |place: usize| {
        let mut behind = words[place + 1..].iter().skip_while(|word| BETWEEN.contains(*word));
        words[place] == number && behind.next().is_some_and(is_unit)
    };
    (0..words.len()).any(stands)
}

/// Whether the words hold those of the kind, one behind the other, the last one with any ending of a case.
fn names(words: &[&str], kind: &str) -> bool {
    /// Letters of an ending.
    const ENDING: usize = 2;
    let kind: Vec<&str> = self::words(kind).collect();
    let Some((last, front)) = kind.split_last() else { return false };
    words.windows(kind.len()).any(|window| {
        let (ending, beginning) = (window[front.len()].strip_prefix(last), &window[..front.len()]);
        beginning == front && ending.is_some_and(|ending| ending.len() <= ENDING)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sentence_with_the_number_and_its_unit_is_the_rule() {
        let text = "Unser Team ist seit 14 Jahren jeden Tag für Sie da.\nDie Erstattung erfolgt innerhalb von 14 Tagen.\nSie haben 14 Tage Zeit. Danach nicht mehr.\nIn-Ear-Kopfhörern fehlt das Siegel: sie sind ausgeschlossen.";
        assert_eq!(sentence_of(text, &Says::Days(14)), Some("Sie haben 14 Tage Zeit."));
        assert_eq!(
            sentence_of(text, &Says::Kind("in-ear-kopfhoerer".to_owned())),
            Some("In-Ear-Kopfhörern fehlt das Siegel: sie sind ausgeschlossen.")
        );
        assert_eq!(sentence_of(text, &Says::Days(4)), None);
        assert_eq!(sentence_of("Covered for 24 months.", &Says::Months(24)), Some("Covered for 24 months."));
        assert_eq!(
            sentence_of("Wir geben 2 Jahre Garantie.", &Says::Months(24)),
            Some("Wir geben 2 Jahre Garantie.")
        );
        let thirty = "Die Frist beträgt 30 Kalendertage.";
        assert_eq!(sentence_of(thirty, &Says::Days(30)), Some(thirty));
    }

    #[test]
    fn a_kind_is_no_part_of_another_word() {
        let shoes = Says::Kind("Schuhe".to_owned());
        assert_eq!(sentence_of("Handschuhe sind ausgeschlossen.", &shoes), None);
        assert_eq!(sentence_of("Getragene Schuhe nicht.", &shoes), Some("Getragene Schuhe nicht."));
    }
}
