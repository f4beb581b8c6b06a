//! What the data and the texts say, as one answer.

use auskunft_model::{Fact, ProductId, State};

use crate::facts::{self, Finding, Tongue};
use crate::product_index::ProductIndex;
use crate::write::Written;

/// Joins what the data say to each part of a question with what texts say to the rest, in the order of the question. One part
/// that is answered is an answer; what stays open is said beside it. Where the data say only that nothing is stated, texts that answer
/// follow.
pub(crate) fn join(
    findings: &[Option<Finding>],
    mut texts: Option<Written>,
    tongue: Tongue,
    products: &ProductIndex,
) -> Written {
    let mut states = Vec::new();
    let mut paragraphs = Vec::new();
    let mut whole = Written::default();
    for finding in findings {
        match finding {
            Some(finding) => {
                states.push(finding.state);
                paragraphs.extend(said(finding, tongue, products));
                whole.facts.extend(finding.facts.iter().cloned());
                whole.suggestions.extend(finding.suggestions.iter().cloned());
                let answers = |texts: &mut Written| finding.looks_further && texts.state == State::Answered;
                if let Some(written) = texts.take_if(answers) {
                    paragraphs.push(add_texts(&mut whole, written));
                }
            }
            None => {
                // Texts answer once, whatever number of parts they are for.
                let Some(written) = texts.take() else { continue };
                states.push(written.state);
                paragraphs.push(add_texts(&mut whole, written));
            }
        }
    }
    whole.product = whole.product.or_else(|| only_product(&whole.facts));
    whole.state = state(&states);
    whole.text = paragraphs.join("\n\n");
    whole
}

/// Takes in what texts say; returns the words.
fn add_texts(whole: &mut Written, written: Written) -> String {
    whole.product = written.product;
    whole.facts.extend(written.facts);
    whole.citations = written.citations;
    whole.suggestions.extend(written.suggestions);
    written.text
}

fn state(states: &[State]) -> State {
    let has = |state| states.contains(&state);
    match () {
        () if has(State::Answered) => State::Answered,
        () if has(State::Clarify) => State::Clarify,
        () => State::Handoff,
    }
}

/// The facts of a part in words, and what is said beside them.
fn said(finding: &Finding, tongue: Tongue, products: &ProductIndex) -> Option<String> {
    let name = |product: &ProductId| products.name_of(product);
    let facts = finding.facts.iter().filter_map(|fact| facts::fact(fact, tongue, &name));
    let message = finding.messages.iter().map(|message| facts::message(message, tongue));
    let sentences: Vec<String> = facts.chain(message).collect();
    (!sentences.is_empty()).then(|| sentences.join("\n"))
}

/// The product that all facts are about: what "es" means in the next question.
fn only_product(facts: &[Fact]) -> Option<ProductId> {
    let mut about = facts.iter().flat_map(products_of);
    let first = about.next()?;
    about.all(|other| other == first).then(|| first.clone())
}

/// The products that a fact is about.
pub(crate) fn products_of(fact: &Fact) -> Vec<&ProductId> {
    match fact {
        Fact::Attribute { product_id, .. } | Fact::NotSold { product_id, .. } => vec![product_id],
        Fact::Discontinued { product_id, successor, .. } => {
            std::iter::once(product_id).chain(successor).collect()
        }
        Fact::ReturnWindow(window) => vec![&window.product_id],
        Fact::Return(back) => vec![&back.product_id],
        Fact::Price(price) => vec![&price.product_id],
        Fact::Warranty(warranty) => vec![&warranty.product_id],
        Fact::Comparison(comparison) => comparison.values.iter().map(|value| &value.product_id).collect(),
        Fact::Order { .. }
        | Fact::Shipment(_)
        | Fact::Payment { .. }
        | Fact::Candidate { .. }
        | Fact::SerialInvalid { .. }
        | Fact::SerialUnknown { .. } => Vec::new(),
    }
}
