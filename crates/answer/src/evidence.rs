//! Hits, weighed for an answer.

use auskunft_model::{Hit, Kind, ProductId, SpaceId};

use crate::analysis::words;
use crate::confidence::{Coverage, Holding, Surroundings, answers, coverage, holding};
use crate::passage::{Measure, Units};
use crate::product_index::ProductIndex;
use crate::retrieve::Found;
use crate::signal::Signals;
use crate::understand::{ContentWord, Intent, Understood};

/// A text in the asker's language is preferred to an equal one in another.
const SAME_LANGUAGE: f64 = 0.1;
/// How much the place in the search counts; the rest is how much of the question the text holds, and how much of it one
/// sentence, step or row does: an answer stands in one place.
const SEARCH: f64 = 0.5;
/// The same among the texts of a product that the question names: all of them are read, so that the search adds little.
const SEARCH_OWN: f64 = 0.2;
/// How much of the rest is what one sentence, step or row holds, where the question names a product: all of its texts speak of the
/// same thing. Else the text as a whole counts. MRR@10 of the German FAQ sample, cross-validated, native / hashed: .672 / .708 with .5
/// also without a product, .714 / .713 with 0 (its best leg: .700 / .685); on the small catalog .916 and .918.
const CLOSEST_OWN: f64 = 0.6;
/// What a word counts that no text of the named product holds, besides others: no text can be told from another by it.
const UNHELD: f64 = 0.5;
/// What a text about no product is worth where the question asks how a product works or what is wrong with it.
const GENERAL: f64 = 0.8;
/// What a text is worth for which there is a newer version: the newer one comes first where both say it, the older one where only
/// it does.
const SUPERSEDED: f64 = 0.8;
/// A text about a product that the question names answers from this share of the question on: that it is about the product need not
/// be told by its words.
const OWN_ANSWERS: f64 = 0.3;
/// What speaks for a text of the kind that answers questions like this one.
const FITTING: f64 = 0.15;

/// What speaks for a text by its kind: troubleshooting for a fault, then proven solutions; steps for "how do I …?".
fn fitness(understood: &Understood, found: &Found, units: &Units) -> f64 {
    let is_fault = understood.intents.contains(&Intent::Fault) || units.state_signal();
    match found.hit.kind {
        Kind::Troubleshooting if is_fault => FITTING,
        Kind::Dialog | Kind::Faq if is_fault => FITTING / 2.0,
        Kind::Manual if understood.is_how_to() && units.are_steps() => FITTING,
        _ => 0.0,
    }
}

/// A hit with what it holds of the question.
#[derive(Debug, Clone)]
pub(crate) struct Evidence {
    /// The hit, with the products of its twins.
    pub(crate) found: Found,
    /// What it holds of the question.
    pub(crate) coverage: Coverage,
    /// Its sentences, steps and rows.
    pub(crate) units: Units,
    /// What it is worth for an answer.
    pub(crate) value: f64,
    /// Whether it holds enough of the question to answer it.
    pub(crate) answers: bool,
    /// Whether the question names the kind of its product ("Kaffeemaschine").
    pub(crate) names_kind: bool,
}

/// Among so many of the best, one that holds enough of the question to answer comes first.
const PROMOTED: usize = 4;

/// Weighs what was found; best first, equal ones in the order of the search.
pub(crate) fn weigh(
    found: Vec<Found>,
    understood: &Understood,
    products: &ProductIndex,
    space: &SpaceId,
) -> Vec<Evidence> {
    let about = understood.about();
    let signals = Signals::of_words(&understood.all_words, &understood.naming);
    let is_own = |found: &Found| {
        (!about.is_empty()).then(|| about.iter().any(|product| found.products.contains(product)))
    };
    let holdings: Vec<Holding> = found
        .iter()
        .map(|found| {
            let surroundings = Surroundings {
                kind: kind_of(found, products),
                with_title: tells_by_title(found, understood),
            };
            let text = (&found.hit, &found.text.parts().terms);
            holding(&understood.content, text, surroundings)
        })
        .collect();
    let own = found.iter().zip(&holdings).filter(|(found, _)| is_own(found) == Some(true));
    let own: Vec<&Holding> = own.map(|(_, holding)| holding).collect();
    let content = among_own(&understood.content, &own, &names_of(&about, products));
    let weighed = found.into_iter().zip(holdings).map(|(found, holding)| {
        let is_own = is_own(&found);
        let coverage = coverage(&content, holding, is_own);
        let measure = Measure { content: &content, signals: &signals, kind: found.hit.kind };
        let units = Units::of(&found.text.parts().sentences, measure, &coverage.in_section);
        let value = value(understood, &found, &coverage, &units, is_own);
        let answers = answers(&coverage, &found.hit, space)
            || (is_own == Some(true)
                && (units.state_signal() || coverage.most.max(units.closest()) >= OWN_ANSWERS));
        let names_kind = coverage.names_kind;
        Evidence { found, coverage, units, value, answers, names_kind }
    });
    let mut weighed: Vec<Evidence> = weighed.collect();
    weighed.sort_by(|left, right| right.value.total_cmp(&left.value));
    promote(&mut weighed);
    weighed
}

/// What a hit is worth for an answer.
fn value(
    understood: &Understood,
    found: &Found,
    coverage: &Coverage,
    units: &Units,
    is_own: Option<bool>,
) -> f64 {
    let (search, closest) = match is_own {
        Some(_) => (SEARCH_OWN, CLOSEST_OWN),
        None => (SEARCH, 0.0),
    };
    let holds = (1.0 - closest) * coverage.share + closest * units.closest();
    let is_same = found.hit.language == understood.language;
    let language = if is_same { SAME_LANGUAGE } else { 0.0 };
    let version = if found.is_superseded { SUPERSEDED } else { 1.0 };
    let asks_of_product = matches!(understood.intent(), Intent::Technical | Intent::Fault | Intent::Other);
    let general = if asks_of_product && is_own == Some(false) { GENERAL } else { 1.0 };
    let fitness = fitness(understood, found, units);
    version * general * (search * found.hit.score + (1.0 - search) * holds + language + fitness)
}

/// Folded words of the names and makers of products.
fn names_of(about: &[ProductId], products: &ProductIndex) -> Vec<String> {
    let known = about.iter().filter_map(|id| products.get(id));
    known
        .flat_map(|product| words(&format!("{} {}", product.name, product.maker.as_deref().unwrap_or(""))))
        .collect()
}

/// Words as they count among the texts of the product that is asked about: one that all of them hold tells none from another
/// ("saugen" among those of a vacuum cleaner), and one that none holds may be said in other words. Without such texts, as they were.
/// The words of its name ask for nothing.
fn among_own(content: &[ContentWord], own: &[&Holding], names: &[String]) -> Vec<ContentWord> {
    /// From which share on a word counts as held.
    const HELD: f64 = 0.4;
    let all = own.len() as f64;
    let factor = |place: usize| {
        let holders = own.iter().filter(|holding| holding.held[place] >= HELD).count() as f64;
        if holders > 0.0 { (1.0 + all / holders).ln() / (1.0 + all).ln() } else { UNHELD }
    };
    let weigh = |(place, word): (usize, &ContentWord)| {
        let factor = match () {
            () if own.is_empty() || word.is_quantity => 1.0,
            () if names.contains(&word.word.text) => 0.0,
            () => factor(place),
        };
        ContentWord { weight: word.weight * factor, ..word.clone() }
    };
    content.iter().enumerate().map(weigh).collect()
}

/// Whether the title of a hit says more than the name of the product that the question names.
fn tells_by_title(found: &Found, understood: &Understood) -> bool {
    let is_name = matches!(found.hit.kind, Kind::Product | Kind::Manual | Kind::Troubleshooting);
    !is_name || found.own.is_empty() || understood.about().is_empty()
}

/// What kind of thing the hit's product is: a text about the KM-2600 is one about a coffee machine.
fn kind_of(found: &Found, products: &ProductIndex) -> String {
    let own = found.own.iter().filter_map(|id| products.get(id));
    let kinds = own.map(|product| [product.category.as_deref(), product.product_family.as_deref()]);
    kinds.flatten().flatten().collect::<Vec<_>>().join("\n")
}

/// Moves the first that answers to the front; it is worth as much as the best then, so that scores fall from hit to hit.
fn promote(weighed: &mut [Evidence]) {
    let best = weighed.first().map_or(0.0, |best| best.value);
    if let Some(place) = weighed.iter().take(PROMOTED).position(|one| one.answers) {
        weighed[..=place].rotate_right(1);
        weighed[0].value = best;
    }
}

impl Evidence {
    /// The passage that answers best.
    pub(crate) fn passage(&self, content: &[ContentWord], is_how_to: bool) -> &str {
        let hit = &self.found.hit;
        let range = self.units.best(hit.kind, content, is_how_to);
        range.and_then(|range| hit.text.get(range)).unwrap_or("")
    }

    /// The share of the question (0–1) that the sentence or row holds in which a part of the text stands.
    pub(crate) fn share_of(&self, part: &str) -> f64 {
        self.found.hit.text.find(part).map_or(0.0, |place| self.units.share_at(place))
    }

    /// The hit, scored by what it is worth for an answer.
    pub(crate) fn into_hit(self) -> Hit {
        Hit { score: self.value.clamp(0.0, 1.0), ..self.found.hit }
    }

    /// Whether it is about that product.
    pub(crate) fn is_about(&self, product: &ProductId) -> bool {
        self.found.products.contains(product)
    }
}
