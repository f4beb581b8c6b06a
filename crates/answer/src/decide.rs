//! Answer, ask back, or hand over.

use auskunft_model::ProductId;
use auskunft_store::facts::ProductFacts;

use crate::asked::{self, Asked};
use crate::evidence::Evidence;
use crate::product_index::{Mention, ProductIndex};
use crate::signal::Signals;
use crate::texts;
use crate::understand::{Intent, Understood};

/// Evidence about another product that is worth this share of the best makes the question ambiguous,
const RIVAL: f64 = 0.5;
/// when it holds this share of what the best holds of the question.
const RIVAL_COVERAGE: f64 = 0.9;
/// Evidence about no product that is worth this share of the best answers for all products.
const GENERAL_VALUE: f64 = 0.78;
/// Products of a comparison whose attributes are said.
const COMPARED: usize = 2;
/// From this coverage on, a text answers even a question about the asker's own order.
const GENERAL: f64 = 0.8;

/// What to do.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Decision {
    /// Quote the evidence at these places, the first of which answers.
    Answer {
        /// Places in the evidence.
        evidence: Vec<usize>,
    },
    /// Quote one piece of evidence for each product.
    Compare {
        /// The products.
        products: Vec<ProductId>,
    },
    /// Ask which of these products is meant.
    Clarify {
        /// The products.
        products: Vec<ProductId>,
    },
    /// A person must answer.
    HandOver {
        /// Why.
        reason: Handover,
    },
}

/// Why a person must answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Handover {
    /// Nothing that was found answers.
    NoEvidence,
    /// Nothing that was found answers, and not all could be read.
    TextsAway,
    /// The question names a product or number that nobody knows.
    Unknown(String),
    /// The data of an order are needed.
    NeedsOrder,
}

impl Decision {
    /// The same, knowing what was missing for it: that nothing answers can't be said of texts that nobody read.
    pub(crate) fn knowing(self, degraded: &[String]) -> Self {
        match self {
            Self::HandOver { reason: Handover::NoEvidence }
                if degraded.iter().any(|missing| missing == texts::DEGRADED) =>
            {
                Self::HandOver { reason: Handover::TextsAway }
            }
            decision => decision,
        }
    }
}

/// Attributes that the question asks for, of the products that it names.
pub(crate) fn asked_attributes<'a>(
    understood: &Understood,
    read: Option<&ProductFacts>,
    evidence: &'a [Evidence],
) -> Vec<Asked<'a>> {
    let Some(read) = read else { return Vec::new() };
    let products: &[ProductId] = match &understood.mention {
        // What is wrong with a device is no attribute of it, nor how something is done with it.
        _ if understood.intent() == Intent::Fault || understood.is_how_to() => &[],
        Mention::Bound(product) => std::slice::from_ref(product),
        Mention::Named(products) => products.get(..COMPARED).unwrap_or(products),
        Mention::Nothing | Mention::Ambiguous(_) => &[],
    };
    let asked =
        products.iter().filter_map(|product| asked::asked(read, product, &understood.content, evidence));
    let mut found: Vec<Asked<'_>> = asked.collect();
    // A sentence that holds more of the question than the attribute's line answers more.
    let best = evidence.iter().map(|one| one.units.closest()).fold(0.0, f64::max);
    found.retain(|asked| asked.share >= best);
    found
}

/// Decides by the evidence.
pub(crate) fn decide(
    understood: &Understood,
    evidence: &[Evidence],
    asked: &[Asked<'_>],
    products: &ProductIndex,
) -> Decision {
    // "Mein JW-417 zeigt E04": which device it is is said, and none is known.
    if understood.unknown.is_none()
        && let Some(products) = signal_of_unknown(understood, evidence)
    {
        return Decision::Clarify { products };
    }
    if let Some(reason) = handover(understood, evidence, asked) {
        return Decision::HandOver { reason };
    }
    if let Mention::Named(named) = &understood.mention
        && compares(named, evidence)
    {
        return Decision::Compare { products: named.clone() };
    }
    let asked_back = ask_back(understood, evidence, products);
    if asked_back.is_empty() {
        return Decision::Answer { evidence: supporting(understood, evidence, 0) };
    }
    // What all orders cost is no product's price, what any parcel may weigh no product's weight.
    let asks_value = understood.intent() == Intent::Price || understood.asks_quantity();
    let asks_of_product = asks_value && understood.mention != Mention::Nothing;
    match general(evidence).filter(|_| !asks_of_product) {
        Some(place) => Decision::Answer { evidence: supporting(understood, evidence, place) },
        None => Decision::Clarify { products: asked_back },
    }
}

/// What a light or a code means differs from product to product: where none is named, the ones to choose from, if that kind of
/// product is named that they are; `None` when something else is asked, or one kind of product is named of which there is only one.
fn signal_of_unknown(understood: &Understood, evidence: &[Evidence]) -> Option<Vec<ProductId>> {
    let signals = Signals::of_words(&understood.all_words, &understood.naming);
    if understood.mention != Mention::Nothing || !signals.are_shown(&understood.all_words) {
        return None;
    }
    let names_kind = understood.category.is_some() || evidence.iter().any(|one| one.names_kind);
    if names_kind { None } else { Some(Vec::new()) }
}

/// The products to choose from, when the best evidence is about one of several that the question may mean.
fn ask_back(understood: &Understood, evidence: &[Evidence], products: &ProductIndex) -> Vec<ProductId> {
    let rivals = rivals(understood, evidence, products);
    match &understood.mention {
        _ if rivals.len() > 1 => rivals,
        Mention::Ambiguous(candidates)
            if evidence.first().is_some_and(|best| is_partial(best, candidates)) =>
        {
            candidates.clone()
        }
        _ => Vec::new(),
    }
}

/// Evidence about no product in particular that is nearly as good: it answers for all of them.
fn general(evidence: &[Evidence]) -> Option<usize> {
    let best = evidence.first()?;
    let is_general = |one: &Evidence| {
        one.answers && one.found.products.is_empty() && one.value >= GENERAL_VALUE * best.value
    };
    evidence.iter().position(is_general)
}

fn handover(understood: &Understood, evidence: &[Evidence], asked: &[Asked<'_>]) -> Option<Handover> {
    if understood.is_off_topic {
        return Some(Handover::NoEvidence);
    }
    if let Some(number) = &understood.unknown {
        return Some(Handover::Unknown(number.clone()));
    }
    if !asked.is_empty() {
        return None;
    }
    let best = evidence.first().map_or(0.0, |best| best.coverage.share);
    if asks_for_own_order(understood) && best < GENERAL {
        return Some(Handover::NeedsOrder);
    }
    let answers = evidence.first().is_some_and(|best| best.answers);
    (!answers).then_some(Handover::NoEvidence)
}

/// "Wo ist mein Paket?", "meine letzte Lieferung", an order's number.
fn asks_for_own_order(understood: &Understood) -> bool {
    const OWN: &[&str] = &["mein", "meine", "meiner", "meinem", "meinen", "my"];
    const WHERE: &[&str] = &["wo", "wann", "where", "when", "status"];
    let says = |list: &[&str]| understood.all_words.iter().any(|word| list.contains(&word.as_str()));
    understood.intent() == Intent::Parcel && says(OWN) && says(WHERE)
}

/// Whether there is evidence about each of at least two of the products.
fn compares(named: &[ProductId], evidence: &[Evidence]) -> bool {
    named.iter().filter(|product| evidence.iter().any(|one| one.is_about(product))).count() > 1
}

/// The products that the best evidence could be about, when others say something else; the best one's first.
fn rivals(understood: &Understood, evidence: &[Evidence], products: &ProductIndex) -> Vec<ProductId> {
    let (Some(best), Mention::Nothing | Mention::Ambiguous(_)) = (evidence.first(), &understood.mention)
    else {
        return Vec::new();
    };
    let Some(own) = best.found.products.first() else { return Vec::new() };
    let passage = best.passage(&understood.content, false);
    let mut found = best.found.products.clone();
    let mut has_rival = false;
    for other in evidence.iter().skip(1).filter(|other| is_rival(best, other)) {
        let Some(product) = other.found.products.first() else { continue };
        let says_other = other.passage(&understood.content, false) != passage;
        if !found.contains(product) && is_candidate(understood, own, product, products) && says_other {
            found.extend(other.found.products.iter().cloned());
            has_rival = true;
        }
    }
    if has_rival { found } else { vec![own.clone()] }
}

/// Whether evidence is about some of the candidates only: the others may differ.
fn is_partial(best: &Evidence, candidates: &[ProductId]) -> bool {
    !best.found.products.is_empty() && !candidates.iter().all(|candidate| best.is_about(candidate))
}

fn is_rival(best: &Evidence, other: &Evidence) -> bool {
    let is_own = best.found.products.iter().any(|product| other.is_about(product));
    !is_own
        && other.value >= RIVAL * best.value
        && other.coverage.share >= RIVAL_COVERAGE * best.coverage.share
}

/// Whether the question may be about the other product as well.
fn is_candidate(
    understood: &Understood,
    own: &ProductId,
    other: &ProductId,
    products: &ProductIndex,
) -> bool {
    match &understood.mention {
        Mention::Ambiguous(candidates) => candidates.contains(other),
        _ => {
            let family =
                |id: &ProductId| products.get(id).and_then(|product| product.product_family.as_deref());
            family(own).is_some() && family(own) == family(other)
        }
    }
}

/// The evidence at a place, and one more that holds what it lacks.
fn supporting(understood: &Understood, evidence: &[Evidence], first: usize) -> Vec<usize> {
    /// A further quote must hold at least this share of the question that the first lacks.
    const LACKING: f64 = 0.25;
    /// And be worth at least this share of the first.
    const WORTH: f64 = 0.7;
    let Some(best) = evidence.get(first) else { return Vec::new() };
    let whole: f64 = understood.content.iter().map(|word| word.weight).sum();
    let gain = |other: &Evidence| {
        let gains = best.coverage.held.iter().zip(&other.coverage.held).zip(&understood.content);
        gains.map(|((had, held), word)| word.weight * (held - had).max(0.0)).sum::<f64>()
    };
    let adds = |other: &(usize, &Evidence)| {
        let other = other.1;
        let is_other_product = !other.found.products.is_empty()
            && !other.found.products.iter().any(|product| best.is_about(product));
        !is_other_product && other.value >= WORTH * best.value && gain(other) >= LACKING * whole
    };
    let further = evidence.iter().enumerate().skip(first + 1).find(adds).map(|(place, _)| place);
    std::iter::once(first).chain(further).collect()
}
