//! A decision in words.

use auskunft_model::{Citation, Fact, ProductId, State};

use crate::asked::Asked;
use crate::compose::{Draft, list, phrases};
use crate::decide::{Decision, Handover};
use crate::evidence::Evidence;
use crate::product_index::{Mention, ProductIndex};
use crate::understand::Understood;

/// The most suggestions.
const SUGGESTIONS: usize = 3;
/// Names in a question back.
const NAMES: usize = 6;
/// Titles of evidence that holds less of the question than this help nobody.
const NEAR: f64 = 0.2;

/// What the answer says.
#[derive(Debug, Clone)]
pub(crate) struct Written {
    pub(crate) state: State,
    pub(crate) text: String,
    pub(crate) product: Option<ProductId>,
    pub(crate) facts: Vec<Fact>,
    pub(crate) citations: Vec<Citation>,
    pub(crate) suggestions: Vec<String>,
}

impl Default for Written {
    fn default() -> Self {
        Self {
            state: State::Handoff,
            text: String::new(),
            product: None,
            facts: Vec::new(),
            citations: Vec::new(),
            suggestions: Vec::new(),
        }
    }
}

/// Writes the answer; a decision to answer that ends without a verified citation becomes a handover.
pub(crate) fn write(
    decision: &Decision,
    understood: &Understood,
    evidence: &[Evidence],
    asked: &[Asked<'_>],
    products: &ProductIndex,
) -> Written {
    let mut draft = Draft::default();
    let mut facts = Vec::new();
    match decision {
        Decision::Clarify { products: candidates } => return clarify(candidates, understood, products),
        Decision::HandOver { reason } => return hand_over(reason, understood, evidence),
        Decision::Answer { evidence: places } => {
            say_facts(&mut draft, &mut facts, asked, None);
            quote_evidence(&mut draft, understood, evidence, places);
        }
        Decision::Compare { products: named } => {
            say_facts(&mut draft, &mut facts, asked, Some(products));
            if draft.is_empty() {
                quote_each(&mut draft, understood, evidence, named, products);
            }
        }
    }
    if draft.is_empty() {
        return hand_over(&Handover::NoEvidence, understood, evidence);
    }
    let product = bound(understood);
    let (text, citations) = draft.finish();
    Written { state: State::Answered, text, product, facts, citations, suggestions: Vec::new() }
}

fn bound(understood: &Understood) -> Option<ProductId> {
    match &understood.mention {
        Mention::Bound(product) => Some(product.clone()),
        _ => None,
    }
}

/// Says the attributes that were asked for, each with the line that states it.
fn say_facts(draft: &mut Draft, facts: &mut Vec<Fact>, asked: &[Asked<'_>], names: Option<&ProductIndex>) {
    for asked in asked {
        let (hit, line) = asked.place;
        let name = names.map(|products| products.name_of(&asked.product));
        if draft.cite(hit, line, name.as_deref()) {
            facts.push(asked.fact.clone());
        }
    }
}

fn quote_evidence(draft: &mut Draft, understood: &Understood, evidence: &[Evidence], places: &[usize]) {
    let has_fact = !draft.is_empty();
    let how_to = understood.is_how_to();
    for place in places.iter().take(if has_fact { 0 } else { places.len() }) {
        if let Some(one) = evidence.get(*place) {
            draft.quote(one, &understood.content, how_to, None);
        }
    }
}

fn quote_each(
    draft: &mut Draft,
    understood: &Understood,
    evidence: &[Evidence],
    named: &[ProductId],
    products: &ProductIndex,
) {
    for product in named {
        if let Some(one) = evidence.iter().find(|one| one.is_about(product)) {
            let name = products.name_of(product);
            draft.quote(one, &understood.content, false, Some(&name));
        }
    }
}

fn clarify(candidates: &[ProductId], understood: &Understood, products: &ProductIndex) -> Written {
    let names: Vec<String> = candidates.iter().take(NAMES).map(|id| products.name_of(id)).collect();
    let words = phrases(&understood.language);
    let text = match names.as_slice() {
        [] => words.name_product.to_owned(),
        names => format!("{}{}?", words.which_product, list(names, words.or)),
    };
    plain(State::Clarify, text, names, None)
}

fn hand_over(reason: &Handover, understood: &Understood, evidence: &[Evidence]) -> Written {
    let words = phrases(&understood.language);
    let text = match reason {
        Handover::NoEvidence => words.handoff.to_owned(),
        Handover::TextsAway => words.texts_away.to_owned(),
        Handover::Unknown(number) => format!("{}{number}.", words.unknown_product),
        Handover::NeedsOrder => words.needs_order.to_owned(),
    };
    let mut titles: Vec<String> = Vec::new();
    for one in evidence.iter().filter(|one| one.coverage.share >= NEAR) {
        if titles.len() < SUGGESTIONS && !titles.contains(&one.found.hit.title) {
            titles.push(one.found.hit.title.clone());
        }
    }
    plain(State::Handoff, text, titles, bound(understood))
}

fn plain(state: State, text: String, suggestions: Vec<String>, product: Option<ProductId>) -> Written {
    Written { state, text, product, facts: Vec::new(), citations: Vec::new(), suggestions }
}
