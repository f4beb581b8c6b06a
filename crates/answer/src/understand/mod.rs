//! What a question asks: its language, the product it names, the kind of wish, and the words that an answer must hold.

mod intent;
mod nouns;
mod related;

use std::collections::BTreeSet;

use auskunft_model::{Language, ProductId, Question};
use auskunft_text::{identifier, language};

use crate::analysis::{Word, words};
use crate::compound;
use crate::desk::Settings;
use crate::function_words;
use crate::product_index::Mention;
use crate::quantity;
use crate::view::View;

pub(crate) use intent::Intent;
pub(crate) use related::related_to;

/// What a session remembers of its earlier questions.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Conversation {
    /// The product of the last answer, for "es" and "das Gerät".
    pub product_id: Option<ProductId>,
    /// The language of the last answer, for questions that don't tell theirs.
    pub language: Option<Language>,
}

/// A question, understood.
#[derive(Debug, Clone)]
pub(crate) struct Understood {
    /// Language of the answer.
    pub(crate) language: Language,
    /// What is wished.
    pub(crate) intent: Intent,
    /// Products named.
    pub(crate) mention: Mention,
    /// A number that looks like a product's and that nobody knows.
    pub(crate) unknown: Option<String>,
    /// All words, folded.
    pub(crate) all_words: Vec<String>,
    /// Those that name products.
    pub(crate) naming: Vec<String>,
    /// Words with content that do not name the product, with the words that catalogs use instead.
    pub(crate) content: Vec<ContentWord>,
    /// Normal forms of possible numbers.
    pub(crate) numbers: Vec<String>,
    /// Whether the conversation filled in what the question left out.
    pub(crate) used_conversation: bool,
}

/// A word that an answer should hold.
#[derive(Debug, Clone)]
pub(crate) struct ContentWord {
    /// The asker's word.
    pub(crate) word: Word,
    /// Words of catalogs that stand for it.
    pub(crate) related: Vec<Word>,
    /// The words that it is put together from; empty when it is no compound.
    pub(crate) parts: Vec<Word>,
    /// Its rarity in the index (inverse document frequency), less when it is no noun.
    pub(crate) weight: f64,
    /// Set for the kind of quantity that is asked for: no word of the question.
    pub(crate) is_quantity: bool,
}

/// Words that refer to what was spoken of before.
const REFERENCES: &[&str] = &[
    "es", "er", "ihn", "ihm", "dieses", "diese", "dieser", "diesem", "diesen", "geraet", "damit", "davon",
    "dafuer", "it", "its", "this", "that", "device", "one",
];

/// Understands a question by rules and tables.
pub(crate) fn understand(
    question: &Question,
    conversation: &Conversation,
    view: &View,
    settings: &Settings,
) -> Understood {
    let all_words = words(&question.text);
    let numbers = identifier::candidates(&question.text);
    let named = view.products.find(&question.text, |word| view.lexical.knows_word(word));
    let mut used_conversation = false;
    let mut mention = named.mention;
    if let Some(product) = &question.product_id {
        mention = Mention::Bound(product.clone());
    } else if matches!(mention, Mention::Nothing)
        && refers_back(&all_words)
        && let Some(product) = &conversation.product_id
    {
        mention = Mention::Bound(product.clone());
        used_conversation = true;
    }
    let language = language_of(question, conversation, settings);
    let mut content = content_words(&question.text, &all_words, &named.words, &language, view);
    let asked = quantity::asked(&all_words);
    content.retain(|word| !quantity::is_unit_of(&word.word.text, &asked));
    content.extend(asked_quantity(&asked, &content));
    let unknown = unknown_number(question, &mention, view).or(named.unknown);
    let intent = Intent::of(&all_words);
    let naming = named.words;
    Understood { language, intent, mention, unknown, all_words, naming, content, numbers, used_conversation }
}

fn refers_back(words: &[String]) -> bool {
    words.iter().any(|word| REFERENCES.contains(&word.as_str()))
}

fn language_of(question: &Question, conversation: &Conversation, settings: &Settings) -> Language {
    let stated = question.language.clone().or_else(|| language::detect(&question.text));
    stated.or_else(|| conversation.language.clone()).unwrap_or_else(|| settings.default_language.clone())
}

fn content_words(
    question: &str,
    all: &[String],
    naming: &[String],
    language: &Language,
    view: &View,
) -> Vec<ContentWord> {
    let nouns = if *language == Language::german() { nouns::of(question) } else { nouns::Nouns::default() };
    let mut found: Vec<ContentWord> = Vec::new();
    for text in all {
        let is_known = found.iter().any(|known| known.word.text == *text);
        if is_known || naming.contains(text) || function_words::holds(text) {
            continue;
        }
        let word = Word::new(text.clone());
        let related = related_to(text).map(|word| Word::new(word.to_owned())).collect();
        let parts = if *language == Language::german() { parts(text, view) } else { Vec::new() };
        let weight = view.lexical.rarity(&word) * nouns.share(text);
        found.push(ContentWord { word, related, parts, weight, is_quantity: false });
    }
    found
}

/// The words of the index that a compound is put together from.
fn parts(text: &str, view: &View) -> Vec<Word> {
    let is_word = |part: &str| view.lexical.knows_word(&Word::new(part.to_owned()));
    compound::parts(text, &is_word).into_iter().map(Word::new).collect()
}

/// The quantity that is asked for, as one more word that an answer should hold; it weighs as much as the others on average.
fn asked_quantity(kinds: &[String], content: &[ContentWord]) -> Option<ContentWord> {
    let kinds: Vec<Word> = kinds.iter().map(|kind| Word::quantity(kind)).collect();
    let (first, others) = kinds.split_first()?;
    let weights: f64 = content.iter().map(|word| word.weight).sum();
    let weight = if content.is_empty() { 1.0 } else { weights / content.len() as f64 };
    let (word, related) = (first.clone(), others.to_vec());
    Some(ContentWord { word, related, parts: Vec::new(), weight, is_quantity: true })
}

/// A model number or serial number in the question that no product and no text has.
fn unknown_number(question: &Question, mention: &Mention, view: &View) -> Option<String> {
    if matches!(mention, Mention::Bound(_) | Mention::Named(_)) {
        return None;
    }
    let is_unknown = |form: &str| !view.products.knows_number(form) && !view.lexical.knows_number(form);
    let printed = identifier::find(&question.text).into_iter();
    printed.map(|number| number.text).find(|text| is_unknown(&identifier::normal_form(text)))
}

impl Understood {
    /// "Wie entkalke ich …?" wants all steps, "wie lange …?" a quantity.
    pub(crate) fn is_how_to(&self) -> bool {
        const HOW: &[&str] = &["wie", "how", "anleitung", "schritte", "steps"];
        let asks_how = self.all_words.iter().any(|word| HOW.contains(&word.as_str()));
        let is_wish = matches!(self.intent, Intent::Technical | Intent::Fault | Intent::Returns);
        is_wish && asks_how && !self.asks_quantity()
    }

    /// Whether an amount is asked for: "wie lange", "wie schwer", "how many".
    pub(crate) fn asks_quantity(&self) -> bool {
        self.content.iter().any(|word| word.is_quantity)
    }

    /// Words of catalogs for all that was asked, folded.
    pub(crate) fn related(&self) -> Vec<String> {
        let words = self.content.iter().filter(|content| !content.is_quantity);
        distinct(words.flat_map(|content| &content.related))
    }

    /// The parts of the compounds in the question, folded.
    pub(crate) fn parts(&self) -> Vec<String> {
        distinct(self.content.iter().flat_map(|content| &content.parts))
    }

    /// Products that hits may be about beside "none"; empty when any will do.
    pub(crate) fn about(&self) -> Vec<ProductId> {
        match &self.mention {
            Mention::Nothing => Vec::new(),
            Mention::Bound(product) => vec![product.clone()],
            Mention::Named(products) | Mention::Ambiguous(products) => products.clone(),
        }
    }
}

fn distinct<'a>(words: impl Iterator<Item = &'a Word>) -> Vec<String> {
    let texts: BTreeSet<&String> = words.map(|word| &word.text).collect();
    texts.into_iter().cloned().collect()
}
