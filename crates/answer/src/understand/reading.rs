//! Names, numbers, wishes and what they lean on, read from words and the conversation alone.

use auskunft_model::ProductId;

use super::names::{Known, unknown_number};
use super::parts::{Part, Stretch, split};
use super::references::SerialMention;
use super::{Conversation, Intent, References, Talk, follow_up, off_topic};
use crate::analysis::words;
use crate::product_index::Mention;

/// What a question asks, before anything is looked up in texts.
#[derive(Debug, Clone)]
pub(super) struct Reading {
    /// What is asked at once; never empty.
    pub(super) parts: Vec<Part>,
    /// Set when nothing is asked.
    pub(super) talk: Option<Talk>,
    /// Folded words that name products.
    pub(super) naming: Vec<String>,
    /// A number that looks like a product's and that nobody knows.
    pub(super) unknown: Option<String>,
    /// Set when it goes on about the last question.
    pub(super) is_follow_up: bool,
    /// Set when no shop can know.
    pub(super) is_off_topic: bool,
    /// Set when another conversation would give it another meaning.
    pub(super) leans: bool,
    /// The question that it goes on about.
    pub(super) earlier: Option<String>,
}

/// Reads a question.
pub(super) fn read(text: &str, conversation: &Conversation, known: &Known<'_>) -> Reading {
    let all = words(text);
    let talk = Talk::of(text, &all);
    if let Some(talk) = talk {
        return talked(text, talk, conversation, known);
    }
    let stretches = split(text, known);
    let whole = match stretches.as_slice() {
        [only] => only.clone(),
        _ => Stretch::read(text, known),
    };
    if !whole.names() && follow_up::has_no_topic(&all) {
        return followed(text, conversation, known, stretches);
    }
    let naming = stretches.iter().flat_map(|stretch| stretch.naming().words.clone()).collect();
    let mut unknown = None;
    let mut leans = false;
    let mut parts = Vec::new();
    for stretch in stretches {
        let compares = stretch.compares();
        let number = unknown_number(stretch.text(), &stretch.naming().mention, compares, known);
        unknown = unknown.or(number).or_else(|| stretch.naming().unknown.clone());
        let mut part = stretch.into_part();
        leans |= lean(&mut part, conversation);
        parts.push(part);
    }
    let names_own = leans && conversation.product_id.is_some()
        || parts.iter().any(is_of_shop)
        || all.iter().any(|word| known.products.is_kind(word));
    let is_off_topic = off_topic::holds(whole.wording(), names_own);
    if is_off_topic {
        parts.truncate(1);
        parts.iter_mut().for_each(|part| part.intents = vec![Intent::Other]);
    }
    Reading { parts, talk, naming, unknown, is_follow_up: false, is_off_topic, leans, earlier: None }
}

fn is_of_shop(part: &Part) -> bool {
    let is_own = |intent: &Intent| matches!(intent, Intent::Parcel | Intent::Returns | Intent::Warranty);
    part.mention != Mention::Nothing || part.references.has_number() || part.intents.iter().any(is_own)
}

/// Talk is about nothing, but for "anders formulieren": that is about the last question.
fn talked(text: &str, talk: Talk, conversation: &Conversation, known: &Known<'_>) -> Reading {
    let mut reading = match (talk, &conversation.question) {
        (Talk::Rephrase, Some(earlier)) => again(earlier, conversation, known),
        _ => {
            let mut part = Stretch::read(text, known).into_part();
            part.intents = vec![Intent::Other];
            alone(vec![part])
        }
    };
    reading.talk = Some(talk);
    reading.leans = talk == Talk::Rephrase;
    reading
}

fn alone(parts: Vec<Part>) -> Reading {
    Reading {
        parts,
        talk: None,
        naming: Vec::new(),
        unknown: None,
        is_follow_up: false,
        is_off_topic: false,
        leans: true,
        earlier: None,
    }
}

/// The question before, understood once more.
fn again(earlier: &str, conversation: &Conversation, known: &Known<'_>) -> Reading {
    let before = Conversation { question: None, ..conversation.clone() };
    let mut reading = read(earlier, &before, known);
    reading.is_follow_up = true;
    reading.leans = true;
    reading.earlier = Some(earlier.to_owned());
    reading
}

/// A question without a topic: that of the one before, with its own wish where it says one ("und was kostet es?").
fn followed(text: &str, conversation: &Conversation, known: &Known<'_>, stretches: Vec<Stretch>) -> Reading {
    let own: Vec<Part> = stretches.into_iter().map(Stretch::into_part).collect();
    let Some(earlier) = &conversation.question else {
        let mut parts = own;
        parts.iter_mut().for_each(|part| {
            lean(part, conversation);
        });
        return alone(parts);
    };
    let mut reading = again(earlier, conversation, known);
    let wishes: Vec<Intent> =
        own.iter().flat_map(|part| &part.intents).copied().filter(|intent| intent.is_of_facts()).collect();
    // One who asks on means the last thing that was asked for.
    let last = reading.parts.pop();
    reading.parts = last.into_iter().collect();
    for part in &mut reading.parts {
        text.clone_into(&mut part.text);
        let is_other = !wishes.iter().any(|wish| part.intents.contains(wish));
        if !wishes.is_empty() && is_other {
            part.intents.clone_from(&wishes);
        }
    }
    reading
}

/// Fills in what a part leaves out and refers to. Returns whether it leaves out something.
fn lean(part: &mut Part, conversation: &Conversation) -> bool {
    let is_parcel = part.intents.contains(&Intent::Parcel);
    let says_which = part.references.own || part.references.latest;
    // "Wo bleibt mein Paket, kommt es heute?": "es" is the parcel, not the device that was spoken of.
    if is_parcel && says_which || !follow_up::refers_back(&words(&part.text)) {
        return lean_on_what_was_named(part, conversation);
    }
    let compares = part.intents.contains(&Intent::Comparison);
    match &part.mention {
        Mention::Nothing if compares && conversation.compared.len() > 1 => {
            part.mention = Mention::Named(conversation.compared.clone());
        }
        Mention::Nothing => {
            part.mention = conversation.product_id.clone().map_or(Mention::Nothing, Mention::Bound);
        }
        Mention::Bound(product) if compares => with_last(part, product.clone(), conversation),
        _ => return false,
    }
    if !part.references.has_number() {
        lean_on_numbers(part, conversation);
    }
    true
}

/// "Who is the carrier?" names no order and says of none that it is the asker's own: that of the conversation is meant.
fn lean_on_what_was_named(part: &mut Part, conversation: &Conversation) -> bool {
    let own = &part.references;
    let names_nothing = part.mention == Mention::Nothing && !own.has_number() && !own.own && !own.latest;
    if names_nothing {
        lean_on_numbers(part, conversation);
    }
    names_nothing && part.references.has_number()
}

/// "Ist er leiser als der KM-2600?": the last product and the named one.
fn with_last(part: &mut Part, named: ProductId, conversation: &Conversation) {
    if let Some(last) = conversation.product_id.clone().filter(|last| *last != named) {
        part.mention = Mention::Named(vec![last, named]);
    }
}

fn lean_on_numbers(part: &mut Part, conversation: &Conversation) {
    let wishes = |intent: Intent| part.intents.contains(&intent);
    let References { orders, tracking, serials, .. } = &mut part.references;
    if wishes(Intent::Parcel) || wishes(Intent::Returns) {
        orders.clone_from(&conversation.orders);
    }
    if wishes(Intent::Parcel) {
        tracking.clone_from(&conversation.tracking);
    }
    if wishes(Intent::Warranty) {
        *serials = conversation.serials.iter().map(|text| SerialMention::of(text)).collect();
    }
}

impl Reading {
    /// The part that evidence must answer: the first that no table of the shop answers.
    pub(super) fn evidence_part(&self) -> Option<&Part> {
        let is_of_texts = |part: &&Part| part.intents.iter().any(|intent| !intent.is_of_facts());
        self.parts.iter().find(is_of_texts).or_else(|| self.parts.first())
    }

    /// All that is wished, in order of mention, each once.
    pub(super) fn intents(&self) -> Vec<Intent> {
        let mut found = Vec::new();
        for intent in self.parts.iter().flat_map(|part| &part.intents) {
            if !found.contains(intent) {
                found.push(*intent);
            }
        }
        found
    }

    /// Orders, parcels and serial numbers of all parts.
    pub(super) fn references(&self) -> References {
        let mut found = References::default();
        for part in &self.parts {
            found.add(&part.references);
        }
        found
    }

    /// The words to search by.
    pub(super) fn search_text(&self, text: &str) -> String {
        match (&self.earlier, self.talk) {
            (Some(earlier), Some(_)) => earlier.clone(),
            (Some(earlier), None) => format!("{earlier} {text}"),
            (None, _) if self.parts.len() > 1 => {
                self.evidence_part().map_or_else(|| text.to_owned(), |part| part.text.clone())
            }
            (None, _) => text.to_owned(),
        }
    }
}
