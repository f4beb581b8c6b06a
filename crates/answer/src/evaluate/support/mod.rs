//! Whether all that an answer says stands in its facts or citations: each number, each name, each word.
//!
//! Three nets, one behind the other: numbers, however they are written; the names of the shop's world, from its own tables; and
//! every word that is neither given nor one of the few that this program says by itself.

mod names;
mod numbers;
mod vocabulary;

use std::collections::{BTreeSet, HashSet};

use auskunft_model::{Answer, Fact};
use serde::Serialize;
use serde_json::Value;

pub(super) use names::Dictionary;

use crate::analysis::words;

/// What an answer says without having been given it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum What {
    /// A number, an amount, a day.
    Number,
    /// The name of a product, or of the series that it belongs to.
    Product,
    /// The name of a maker.
    Maker,
    /// The name of a carrier.
    Carrier,
    /// The name of a customer or an agent.
    Person,
    /// Any other word.
    Word,
}

impl What {
    /// Its word in reports.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Number => "number",
            Self::Product => "product",
            Self::Maker => "maker",
            Self::Carrier => "carrier",
            Self::Person => "person",
            Self::Word => "word",
        }
    }
}

/// Something that an answer says and was not given.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Unsupported {
    /// What it is.
    pub what: What,
    /// Its words, folded; of a number its digits.
    pub text: String,
}

/// What the text says and was not given: by its facts, their products' names, the citations' quotes, titles and sections, the
/// products that it suggests, and the question.
pub(super) fn unsupported(
    answer: &Answer,
    question: &str,
    names: &[String],
    dictionary: &Dictionary,
) -> Vec<Unsupported> {
    let given = given(answer, question, names, dictionary);
    let text = without_marks(&answer.text);
    let mut found = BTreeSet::new();
    let known: BTreeSet<String> = given.iter().flat_map(|piece| numbers::numbers(piece)).collect();
    let unknown = numbers::numbers(&text).into_iter().filter(|number| !known.contains(number));
    found.extend(unknown.map(|text| Unsupported { what: What::Number, text }));

    let given: Vec<String> = given.iter().map(|piece| format!(" {} ", words(piece).join(" "))).collect();
    let is_given = |name: &str| given.iter().any(|piece| piece.contains(&format!(" {name} ")));
    // A name ends with its line at the latest.
    let lines: Vec<Vec<String>> = text.lines().map(words).collect();
    for line in &lines {
        let unknown = dictionary.found_in(line).into_iter().filter(|(_, name)| !is_given(name));
        found.extend(unknown.map(|(what, text)| Unsupported { what, text }));
    }
    let given: HashSet<&str> = given.iter().flat_map(|piece| piece.split(' ')).collect();
    let own = vocabulary::vocabulary();
    let has_digit = |word: &str| word.bytes().any(|byte| byte.is_ascii_digit());
    let unknown = lines.iter().flatten().filter(|word| {
        let word = word.as_str();
        !has_digit(word) && !given.contains(word) && !own.contains(word)
    });
    found.extend(unknown.map(|word| Unsupported { what: What::Word, text: word.clone() }));
    found.into_iter().collect()
}

/// The texts that an answer may repeat.
fn given(answer: &Answer, question: &str, names: &[String], dictionary: &Dictionary) -> Vec<String> {
    let mut given = vec![question.to_owned()];
    given.extend(names.iter().cloned());
    for citation in &answer.citations {
        given.extend([citation.quote.clone(), citation.title.clone()]);
        given.extend(citation.section.iter().cloned());
    }
    // Asking back names products that the shop has.
    given.extend(answer.suggestions.iter().filter(|text| dictionary.is_product(text)).cloned());
    answer.facts.iter().for_each(|fact| values(fact, &mut given));
    given
}

/// The values of a fact.
fn values(fact: &Fact, given: &mut Vec<String>) {
    let value = serde_json::to_value(fact).unwrap_or_default();
    let mut open = vec![&value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(fields) => open.extend(fields.values()),
            Value::Array(items) => open.extend(items),
            Value::String(text) => given.push(text.clone()),
            Value::Number(number) => given.push(number.to_string()),
            Value::Null | Value::Bool(_) => {}
        }
    }
}

/// The text without the marks of citations, `[1]`.
fn without_marks(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        plain.push_str(&rest[..open]);
        rest = &rest[open..];
        let close = rest.find(']').filter(|close| rest[1..*close].bytes().all(|byte| byte.is_ascii_digit()));
        let skipped = close.map_or(1, |close| close + 1);
        rest = &rest[skipped..];
    }
    plain + rest
}

#[cfg(test)]
mod tests;
