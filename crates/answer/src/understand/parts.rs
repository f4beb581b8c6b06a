//! Which part of a question asks for what: "Wo ist O-511842? Ach ja: Was kostet das Brise 11?"

use super::Intent;
use super::comparison::Comparison;
use super::names::Known;
use super::pattern::{Sign, Wording};
use super::references::References;
use crate::analysis::words;
use crate::product_index::{Mention, Naming};

/// One of the things that are asked at once.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// Its words.
    pub(crate) text: String,
    /// What is wished, in order of mention; several when they are about the same ("Preis und Garantie vom KM-2400").
    pub(crate) intents: Vec<Intent>,
    /// The products of this part; the question's or the conversation's when it names none.
    pub(crate) mention: Mention,
    /// Its orders, parcels and serial numbers.
    pub(crate) references: References,
    /// What products are to be compared by.
    pub(crate) comparison: Option<Comparison>,
    /// Set when a return is asked for that is under way ("Habt ihr meine Rücksendung bekommen?"), as opposed to whether
    /// something can still go back.
    pub(crate) running_return: bool,
}

/// Beginnings of a further question, folded, the longer ones first.
const CONNECTORS: &[&[&str]] = &[
    &["und", "noch", "eine", "frage"],
    &["und", "noch", "was"],
    &["und", "noch", "etwas"],
    &["noch", "eine", "frage"],
    &["one", "more", "thing"],
    &["one", "more", "question"],
    &["another", "question"],
    &["by", "the", "way"],
    &["und", "ausserdem"],
    &["ach", "ja"],
    &["ach", "und"],
    &["ausserdem"],
    &["nebenbei"],
    &["uebrigens"],
    &["zweitens"],
    &["additionally"],
    &["besides"],
];

/// Words that two wishes in one sentence are joined by.
const JOINTS: &[&str] = &["und", "and", "sowie"];

/// A stretch of a question, read by itself.
#[derive(Debug, Clone)]
pub(super) struct Stretch {
    text: String,
    naming: Naming,
    references: References,
    wording: Wording,
    /// The wording without names: "Regensteig" says nothing of rain, "Watt 18" nothing of power.
    unnamed: Wording,
    intents: Vec<Intent>,
}

impl Stretch {
    pub(super) fn read(text: &str, known: &Known<'_>) -> Self {
        let all = words(text);
        let naming = known.products.find(text, known.is_common);
        let references = References::of(text, &all);
        let signs = signs(text, &naming.mention, &references);
        let is_odd =
            |word: &str| !naming.words.iter().any(|naming| naming == word) && !(known.is_common)(word);
        let wording = Wording::new(&all, signs, is_odd);
        let apart: Vec<String> = all.iter().filter(|word| !naming.words.contains(word)).cloned().collect();
        let unnamed = Wording::new(&apart, Vec::new(), is_odd);
        let is_own = references.own || references.latest || references.has_number();
        let intents = Intent::all(&wording, is_own);
        Self { text: text.to_owned(), naming, references, wording, unnamed, intents }
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether products are to be compared.
    pub(super) fn compares(&self) -> bool {
        self.intents.contains(&Intent::Comparison)
    }

    pub(super) fn naming(&self) -> &Naming {
        &self.naming
    }

    pub(super) fn wording(&self) -> &Wording {
        &self.wording
    }

    /// Whether it names something that a wish can be about.
    pub(super) fn names(&self) -> bool {
        self.naming.mention != Mention::Nothing || self.references.has_number()
    }

    /// Whether it says by itself what is wished.
    fn wishes(&self) -> bool {
        self.intents.iter().any(|intent| intent.is_of_facts())
    }

    pub(super) fn into_part(self) -> Part {
        let mut intents = self.intents;
        if intents.is_empty() {
            intents.push(unsaid(&self.text, &self.naming.mention, &self.references, &self.wording));
        }
        let comparison = intents.contains(&Intent::Comparison).then(|| Comparison::of(&self.unnamed));
        let running_return = intents.contains(&Intent::Returns) && Intent::is_running_return(&self.wording);
        let (text, mention, references) = (self.text, self.naming.mention, self.references);
        Part { text, intents, mention, references, comparison, running_return }
    }
}

/// What is wished by one who does not say it.
fn unsaid(text: &str, mention: &Mention, references: &References, wording: &Wording) -> Intent {
    let is_told = !text.contains('?') && Intent::is_told(wording);
    if !references.orders.is_empty() || !references.tracking.is_empty() {
        Intent::Parcel
    } else if matches!(mention, Mention::Named(_)) && wording.length() <= SHORT {
        Intent::Comparison
    } else if is_told && *mention != Mention::Nothing {
        Intent::Fault
    } else {
        Intent::Technical
    }
}

/// Products in so few words are to be compared.
const SHORT: usize = 6;

fn signs(text: &str, mention: &Mention, references: &References) -> Vec<Sign> {
    let mut found = Vec::new();
    if !references.orders.is_empty() || !references.tracking.is_empty() {
        found.push(Sign::Order);
    }
    if !references.serials.is_empty() {
        found.push(Sign::Serial);
    }
    match mention {
        Mention::Nothing => {}
        Mention::Named(_) => found.extend([Sign::Product, Sign::Products]),
        Mention::Bound(_) | Mention::Ambiguous(_) => found.push(Sign::Product),
    }
    if super::number_forms::has_fault_code(text) {
        found.push(Sign::Code);
    }
    if text.contains(|sign: char| sign.is_ascii_digit()) {
        found.push(Sign::Number);
    }
    found
}

/// The stretches of a question that ask for different things, in order; never empty.
pub(super) fn split(text: &str, known: &Known<'_>) -> Vec<Stretch> {
    let mut found: Vec<Stretch> = Vec::new();
    let mut is_open = false;
    let (sentences, rest) = bounded(sentences(text));
    for (sentence, begins_anew) in sentences {
        let read = Stretch::read(&sentence, known);
        let last = found.pop_if(|last| is_open || !begins_anew && !asks_anew(last, &read));
        // Only what leads up to a wish is open: "Mein KM-2400 gefällt mir nicht. Kann ich ihn zurückgeben?"
        is_open = (is_open || last.is_none()) && !read.wishes() && !is_question(&read);
        found.push(match last {
            Some(last) => Stretch::read(&format!("{} {sentence}", last.text), known),
            None => read,
        });
    }
    let mut found: Vec<Stretch> = found.into_iter().flat_map(|stretch| at_joints(stretch, known)).collect();
    if let Some((rest, last)) = rest.zip(found.last_mut()) {
        *last = Stretch::read(&format!("{} {rest}", last.text), known);
    }
    found
}

/// Sentences that are read one by one. Each is read together with those before it that it may belong to: the time for all grows
/// with the square of their number.
const MOST_SENTENCES: usize = 12;

/// The first sentences, and the others in one.
fn bounded(mut sentences: Vec<(String, bool)>) -> (Vec<(String, bool)>, Option<String>) {
    let rest = sentences.split_off(sentences.len().min(MOST_SENTENCES));
    let rest: Vec<String> = rest.into_iter().map(|(sentence, _)| sentence).collect();
    (sentences, (!rest.is_empty()).then(|| rest.join(" ")))
}

fn is_question(stretch: &Stretch) -> bool {
    stretch.text.trim_end().ends_with('?')
}

/// Whether a sentence asks for something else than what stands before it: it says what, and of what.
fn asks_anew(last: &Stretch, next: &Stretch) -> bool {
    let differs = last.naming.mention != next.naming.mention || last.intents != next.intents;
    next.wishes() && next.names() && differs && (last.wishes() || last.names() && is_question(last))
}

/// The sentences of a question, and whether each begins with a connector.
fn sentences(text: &str) -> Vec<(String, bool)> {
    let mut found: Vec<(String, bool)> = Vec::new();
    let mut current: Vec<&str> = Vec::new();
    let mut begins_anew = false;
    let tokens: Vec<&str> = text.split_whitespace().collect();
    let mut place = 0;
    while place < tokens.len() {
        let length = connector(&tokens[place..]);
        if length > 0 && !current.is_empty() {
            found.push((std::mem::take(&mut current).join(" "), begins_anew));
        }
        begins_anew |= length > 0;
        place += length;
        let Some(token) = tokens.get(place).filter(|_| length == 0) else { continue };
        current.push(token);
        if token.ends_with(['.', '?', '!', ';']) {
            found.push((std::mem::take(&mut current).join(" "), begins_anew));
            begins_anew = false;
        }
        place += 1;
    }
    if !current.is_empty() || found.is_empty() {
        found.push((current.join(" "), begins_anew));
    }
    found
}

/// How many tokens a connector takes that begins at the first one; 0 when none does.
fn connector(tokens: &[&str]) -> usize {
    let folded: Vec<String> = tokens.iter().take(4).map(|token| words(token).concat()).collect();
    let fits = |connector: &&&[&str]| {
        folded.len() >= connector.len() && connector.iter().zip(&folded).all(|(word, token)| word == token)
    };
    CONNECTORS.iter().find(fits).map_or(0, |connector| connector.len())
}

/// A sentence that joins two wishes, cut between them: "Wo ist O-1 und was kostet die KM-2400?"
fn at_joints(stretch: Stretch, known: &Known<'_>) -> Vec<Stretch> {
    if !stretch.wishes() || !stretch.names() {
        return vec![stretch];
    }
    let tokens: Vec<&str> = stretch.text.split_whitespace().collect();
    let joints = (1..tokens.len()).filter(|place| {
        let is_joint = JOINTS.contains(&tokens[*place].to_lowercase().as_str());
        is_joint || tokens[*place - 1].ends_with(',')
    });
    for joint in joints.take(MOST_JOINTS) {
        let before = Stretch::read(&tokens[..joint].join(" "), known);
        if !before.wishes() || !before.names() && !before.references.own {
            continue;
        }
        let after = Stretch::read(&tokens[joint..].join(" "), known);
        if after.wishes() && after.names() && before.intents != after.intents {
            return vec![before, after];
        }
    }
    vec![stretch]
}

/// More joints than these are looked at in no sentence.
const MOST_JOINTS: usize = 4;
