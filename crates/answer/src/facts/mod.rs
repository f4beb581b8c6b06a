//! Facts of the shop's own data, beside the texts: where a parcel is, what something costs, until when it can go back.
//!
//! [`plan`] says what must be read, [`read`] reads it in at most two statements, [`find`] computes what is asked for, and
//! [`say`] puts it into words. A fact is never taken from similar text, and nothing is said that no fact holds.

mod comparison;
mod orders;
mod parcel;
mod plan;
mod price;
mod properties;
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
use plan::{CustomerPlan, asks_of_customer};

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
    pub(crate) messages: Vec<Message>,
    /// What to choose from.
    pub(crate) suggestions: Vec<String>,
    /// Rules that the facts follow.
    pub(crate) rules: Vec<Rule>,
    /// Set when the facts say no more than that nothing is stated: texts are looked at, too.
    pub(crate) looks_further: bool,
}

impl Read {
    /// Whether data of a customer were read, or refused.
    pub(crate) fn is_of_customer(&self) -> bool {
        self.customer.is_some() || self.products.as_ref().is_some_and(|products| products.of_customer)
    }
}

impl Finding {
    /// These facts answer.
    fn of(facts: Vec<Fact>) -> Self {
        Self {
            state: State::Answered,
            facts,
            messages: Vec::new(),
            suggestions: Vec::new(),
            rules: Vec::new(),
            looks_further: false,
        }
    }

    /// A person must answer.
    fn hand_over(message: Message) -> Self {
        Self { state: State::Handoff, messages: vec![message], ..Self::of(Vec::new()) }
    }

    /// No fact was found, for these reasons; without one no policy is known.
    fn nothing(messages: Vec<Message>) -> Self {
        let is_mistaken = messages.iter().any(|message| matches!(message, Message::NotInOrder(_)));
        let state = if is_mistaken { State::Clarify } else { State::Handoff };
        let messages = if messages.is_empty() { vec![Message::NoPolicy] } else { messages };
        Self { state, messages, ..Self::of(Vec::new()) }
    }

    /// Takes in what is found for another wish of the same part. One answer is an answer: what else is known is said beside it, and nothing
    /// twice.
    fn and(mut self, other: Self) -> Self {
        if other.state == State::Answered || self.state == State::Handoff && other.state == State::Clarify {
            self.state = other.state;
        }
        add(&mut self.facts, other.facts);
        add(&mut self.suggestions, other.suggestions);
        add(&mut self.rules, other.rules);
        self.looks_further |= other.looks_further;
        for message in other.messages {
            let asked = self.messages.iter_mut().find_map(|known| match known {
                Message::WhichOrder(orders) => Some(orders),
                _ => None,
            });
            match (asked, message) {
                (Some(orders), Message::WhichOrder(more)) => add(orders, more),
                (_, message) => add(&mut self.messages, vec![message]),
            }
        }
        self
    }
}

fn add<T: PartialEq>(all: &mut Vec<T>, more: Vec<T>) {
    for one in more {
        if !all.contains(&one) {
            all.push(one);
        }
    }
}

/// Reads what a question needs: of the customer, of products, both or nothing; a statement each, at the same time. `today` is the day that
/// prices are judged by.
pub(crate) async fn read(
    desk: &Desk,
    understood: &Understood,
    asker: &Asker,
    today: NaiveDate,
    trace: &mut Trace,
) -> Result<Read> {
    let plan = plan::plan(understood, asker);
    let database = &desk.stores.database;
    trace.operations.postgres += u32::from(plan.customer.is_some()) + u32::from(!plan.products.is_empty());
    let customer = async {
        let Some(plan) = &plan.customer else { return Ok(None) };
        let time_zone = desk.settings.time_zone.name();
        customer_facts(database, &customer_query(plan, &asker.request_id, time_zone)).await.map(Some)
    };
    let products = async {
        if plan.products.is_empty() {
            return Ok(None);
        }
        let query = ProductQuery {
            skus: &plan.products,
            agent: asker.agent.as_ref(),
            customer: asker.customer.as_ref().filter(|_| plan.prices),
            today,
            request_id: &asker.request_id,
        };
        product_facts(database, &query).await.map(Some)
    };
    let (customer, products) = tokio::try_join!(customer, products)?;
    Ok(Read { customer, products })
}

fn customer_query<'a>(plan: &'a CustomerPlan, request_id: &'a str, time_zone: &'a str) -> CustomerQuery<'a> {
    CustomerQuery {
        agent: &plan.agent,
        customer: &plan.customer,
        request_id,
        orders: &plan.orders,
        tracking: &plan.tracking,
        serials: &plan.serials,
        wishes: &plan.wishes,
        wants: plan.wants,
        time_zone,
    }
}

/// What the data say to each part, in the order of the question; `None` where texts must answer.
pub(crate) fn find(understood: &Understood, read: &Read, today: NaiveDate) -> Vec<Option<Finding>> {
    understood.parts.iter().map(|part| of_part(part, read, today)).collect()
}

/// Several things may be wished of the same products ("Preis und Garantie vom KM-2400"): what the data know is said.
fn of_part(part: &Part, read: &Read, today: NaiveDate) -> Option<Finding> {
    let found = part.intents.iter().filter_map(|intent| of_intent(*intent, part, read, today));
    found.reduce(Finding::and)
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
    let own = read.customer.as_ref().filter(|_| asks_of_customer(part));
    let Some(own) = own else {
        let wrong = || warranty::wrong_serials(&part.references.serials);
        return (intent == Intent::Warranty).then(wrong).flatten();
    };
    match (own, intent) {
        (CustomerAnswer::NotPermitted, _) => Some(Finding::hand_over(Message::NotPermitted)),
        (CustomerAnswer::Record(record), Intent::Parcel) => Some(parcel::find(part, record)),
        (CustomerAnswer::Record(record), Intent::Returns) => Some(returns::find(part, record, today)),
        (CustomerAnswer::Record(record), _) => Some(warranty::find(part, record, today)),
    }
}

#[cfg(test)]
mod tests;
