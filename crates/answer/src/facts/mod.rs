//! Facts of the shop's own data, beside the texts: where a parcel is, what something costs, until when it can go back.
//!
//! [`plan`] says what must be read, [`read`] reads it in at most two statements, [`find`] computes what is asked for, and
//! [`say`] puts it into words. A fact is never taken from similar text, and nothing is said that no fact holds.

mod comparison;
mod orders;
mod parcel;
mod plan;
mod price;
mod returns;
mod say;
mod warranty;

use auskunft_model::{Asker, Fact, State};
use auskunft_store::facts::{
    CustomerAnswer, CustomerQuery, ProductFacts, ProductQuery, customer_facts, product_facts,
};
use chrono::NaiveDate;

use crate::Desk;
use crate::error::Result;
use crate::rule::Rule;
use crate::trace::Trace;
use crate::understand::{Intent, Part, Understood};
use plan::{CustomerPlan, Plan, asks_of_customer};

pub(crate) use say::{Message, Tongue, fact, message};

/// What was read for a question.
#[derive(Debug, Default)]
pub(crate) struct Read {
    /// Of the customer on the line; `None` when nothing of theirs is asked for, or nobody is on the line.
    pub(crate) customer: Option<CustomerAnswer>,
    /// Of products; `None` when none is asked for.
    pub(crate) products: Option<ProductFacts>,
}

/// What the data say to one part of a question.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Finding {
    /// Whether that answers it.
    pub(crate) state: State,
    /// The facts, each of which is said.
    pub(crate) facts: Vec<Fact>,
    /// What is said beside them.
    pub(crate) message: Option<Message>,
    /// What to choose from.
    pub(crate) suggestions: Vec<String>,
    /// Rules that the facts follow.
    pub(crate) rules: Vec<Rule>,
}

impl Finding {
    /// These facts answer.
    fn of(facts: Vec<Fact>) -> Self {
        Self { state: State::Answered, facts, message: None, suggestions: Vec::new(), rules: Vec::new() }
    }

    /// A person must answer.
    fn hand_over(message: Message) -> Self {
        Self { state: State::Handoff, message: Some(message), ..Self::of(Vec::new()) }
    }
}

/// Reads what a question needs: of the customer, of products, both or nothing; a statement each.
pub(crate) async fn read(
    desk: &Desk,
    understood: &Understood,
    asker: &Asker,
    trace: &mut Trace,
) -> Result<Read> {
    let Plan { customer, products } = plan::plan(understood, asker);
    let mut read = Read::default();
    if let Some(plan) = &customer {
        trace.operations.postgres += 1;
        let query = customer_query(plan, &asker.request_id);
        read.customer = Some(customer_facts(&desk.stores.database, &query).await?);
    }
    if !products.is_empty() {
        trace.operations.postgres += 1;
        let query = ProductQuery {
            skus: &products,
            agent: asker.agent.as_ref(),
            customer: asker.customer.as_ref(),
            today: desk.settings.today,
        };
        read.products = Some(product_facts(&desk.stores.database, &query).await?);
    }
    Ok(read)
}

fn customer_query<'a>(plan: &'a CustomerPlan, request_id: &'a str) -> CustomerQuery<'a> {
    CustomerQuery {
        agent: &plan.agent,
        customer: &plan.customer,
        request_id,
        orders: &plan.orders,
        tracking: &plan.tracking,
        serials: &plan.serials,
        wants: plan.wants,
    }
}

/// What the data say to each part, in the order of the question; `None` where texts must answer.
pub(crate) fn find(understood: &Understood, read: &Read, today: NaiveDate) -> Vec<Option<Finding>> {
    understood.parts.iter().map(|part| of_part(part, read, today)).collect()
}

/// Several things may be wished of the same products ("Preis und Garantie vom KM-2400"): what the data know is said.
fn of_part(part: &Part, read: &Read, today: NaiveDate) -> Option<Finding> {
    let found = part.intents.iter().filter_map(|intent| of_intent(*intent, part, read, today));
    found.reduce(|mut all, one| {
        // One answer is an answer: what else is known is said beside it.
        if one.state == State::Answered || all.state == State::Handoff && one.state == State::Clarify {
            all.state = one.state;
        }
        all.facts.extend(one.facts);
        all.message = all.message.or(one.message);
        all.suggestions.extend(one.suggestions);
        all.rules.extend(one.rules);
        all
    })
}

fn of_intent(intent: Intent, part: &Part, read: &Read, today: NaiveDate) -> Option<Finding> {
    match intent {
        Intent::Price => price::find(part, read.products.as_ref()?),
        Intent::Comparison => comparison::find(part, read.products.as_ref()?),
        Intent::Parcel | Intent::Returns | Intent::Warranty => of_customer(intent, part, read, today),
        Intent::Fault | Intent::Technical | Intent::Other => None,
    }
}

fn of_customer(intent: Intent, part: &Part, read: &Read, today: NaiveDate) -> Option<Finding> {
    if intent == Intent::Warranty
        && let Some(wrong) = warranty::wrong_serial(&part.references.serials)
    {
        return Some(wrong);
    }
    if !asks_of_customer(part) {
        return None;
    }
    match (read.customer.as_ref()?, intent) {
        (CustomerAnswer::NotPermitted, _) => Some(Finding::hand_over(Message::NotPermitted)),
        (CustomerAnswer::Record(record), Intent::Parcel) => Some(parcel::find(part, record)),
        (CustomerAnswer::Record(record), Intent::Returns) => Some(returns::find(part, record, today)),
        (CustomerAnswer::Record(record), _) => Some(warranty::find(part, record, today)),
    }
}

#[cfg(test)]
mod tests;
