//! What a question asks: its language, the product it names, the kind of wish, and the words that an answer must hold.

mod category;
mod comparison;
mod conversation;
mod follow_up;
mod intent;
mod names;
mod nouns;
mod number_forms;
mod off_topic;
mod parts;
mod pattern;
mod reading;
mod references;
mod related;
mod talk;

use std::collections::BTreeSet;

use auskunft_model::{Language, ProductId, Question};
use auskunft_text::{identifier, language};

use crate::analysis::{self, Word, phrases_of, words};
use crate::compound;
use crate::concepts;
use crate::desk::Settings;
use crate::function_words;
use crate::product_index::Mention;
use crate::quantity;
use crate::view::View;

pub(crate) use comparison::{Aspect, Better, aspect_of};
pub use conversation::Conversation;
pub use intent::Intent;
use names::Known;
pub(crate) use parts::Part;
pub(crate) use references::{References, SerialMention};
pub(crate) use related::related_to;
pub(crate) use talk::Talk;

/// A question, understood.
#[derive(Debug, Clone)]
pub(crate) struct Understood {
    /// Language of the answer.
    pub(crate) language: Language,
    /// What is wished, in order of mention; never empty.
    pub(crate) intents: Vec<Intent>,
    /// The products that evidence is looked for: those of the first part that evidence must answer.
    pub(crate) mention: Mention,
    /// The category that is gone on about where no product is named; see [`Understood::stay_within`].
    pub(crate) category: Option<String>,
    /// Orders, parcels and serial numbers of all parts.
    pub(crate) references: References,
    /// Set when nothing is asked.
    pub(crate) talk: Option<Talk>,
    /// The things that are asked at once, in order; never empty.
    pub(crate) parts: Vec<Part>,
    /// Set when the question goes on about the last one ("und um wie viel?").
    pub(crate) is_follow_up: bool,
    /// Set when the question is about the world and not about a shop (weather, trains, poems): nobody here knows.
    pub(crate) is_off_topic: bool,
    /// The words to search by: the question's own, behind those of the question that it goes on about.
    pub(crate) search_text: String,
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
    /// Whether the question leaves out what only a conversation can fill in: another conversation, another meaning.
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

/// Understands a question by rules and tables.
pub(crate) fn understand(
    question: &Question,
    conversation: &Conversation,
    view: &View,
    settings: &Settings,
) -> Understood {
    let reading = read(question, conversation, view);
    let search_text = reading.search_text(&question.text);
    let all_words = words(&search_text);
    let numbers = identifier::candidates(&search_text);
    let language = language_of(question, conversation, settings);
    let mut content = content_words(&search_text, &all_words, &reading.naming, &language, view);
    let asked = quantity::asked(&all_words);
    content.retain(|word| !quantity::is_unit_of(&word.word.text, &asked));
    content.extend(asked_quantity(&asked, &content));
    let mention = reading.evidence_part().map_or(Mention::Nothing, |part| part.mention.clone());
    Understood {
        language,
        intents: reading.intents(),
        mention,
        category: None,
        references: reading.references(),
        talk: reading.talk,
        is_follow_up: reading.is_follow_up,
        is_off_topic: reading.is_off_topic,
        used_conversation: reading.leans || !tells_language(question),
        unknown: reading.unknown,
        naming: reading.naming,
        parts: reading.parts,
        search_text,
        all_words,
        content,
        numbers,
    }
}

/// Reads the words; a product that the caller states counts for every part that names none.
fn read(question: &Question, conversation: &Conversation, view: &View) -> reading::Reading {
    let earlier = conversation.question.as_deref().unwrap_or("");
    let is_known =
        |word: &String| function_words::holds(word) || view.lexical.knows_word(&analysis::known(word));
    let asked = words(&question.text).into_iter().chain(words(earlier));
    let common: BTreeSet<String> = asked.filter(is_known).collect();
    let known = Known {
        products: &view.products,
        is_common: &|word| common.contains(word),
        is_number: &|form| view.lexical.knows_number(form),
    };
    let mut reading = reading::read(&question.text, conversation, &known);
    if let Some(product) = &question.product_id {
        reading.unknown = None;
        for part in reading.parts.iter_mut() {
            part.mention = Mention::Bound(product.clone());
        }
    }
    reading
}

fn tells_language(question: &Question) -> bool {
    question.language.is_some() || language::detect(&question.text).is_some()
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
        if is_known || naming.contains(text) || function_words::holds(text) || concepts::is_ignored(text) {
            continue;
        }
        let word = Word::new(text);
        let word = if view.lexical.knows_word(&word) { word } else { word.into_meant() };
        let related = related_to(text).map(Word::new).collect();
        let parts = if *language == Language::german() { parts(text, view) } else { Vec::new() };
        let weight = view.lexical.rarity(&word) * nouns.share(text);
        found.push(ContentWord { word, related, parts, weight, is_quantity: false });
    }
    add_phrases(&mut found, all);
    found
}

/// Adds to words what they stand for together with their neighbours: "power adapter" is a charger.
fn add_phrases(found: &mut [ContentWord], all: &[String]) {
    for (phrase, concept) in phrases_of(all) {
        for content in found.iter_mut().filter(|content| phrase.contains(&content.word.text)) {
            content.word.concepts.push(concept);
        }
    }
}

/// The words of the index that a compound is put together from.
fn parts(text: &str, view: &View) -> Vec<Word> {
    let is_word = |part: &str| view.lexical.knows_word(&analysis::known(part));
    compound::parts(text, &is_word).into_iter().map(|part| Word::new(&part)).collect()
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

impl Understood {
    /// The first thing that is wished, for logs and for the choice of evidence.
    pub(crate) fn intent(&self) -> Intent {
        self.intents.first().copied().unwrap_or(Intent::Other)
    }

    /// "Wie entkalke ich …?" wants all steps, "wie lange …?" a quantity.
    pub(crate) fn is_how_to(&self) -> bool {
        const HOW: &[&str] = &["wie", "how", "anleitung", "schritte", "steps"];
        let asks_how = self.all_words.iter().any(|word| HOW.contains(&word.as_str()));
        let is_wish = matches!(self.intent(), Intent::Technical | Intent::Fault | Intent::Returns);
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

#[cfg(test)]
mod tests;
