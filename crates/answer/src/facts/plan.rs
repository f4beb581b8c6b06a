//! What the statements must read for a question.

use auskunft_model::{AgentId, Asker, CustomerId, ProductId};
use auskunft_store::facts::{ProductQuery, Wants, Wish};

use super::comparison::PRICE;
use super::orders::wish;
use crate::product_index::Mention;
use crate::understand::{Intent, Part, Understood};

/// What is read for a question: nothing, of the customer, of products, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Of the customer; one statement.
    pub(crate) customer: Option<CustomerPlan>,
    /// Of products; one statement unless it is empty.
    pub(crate) products: Vec<ProductId>,
    /// Whether prices of them are asked for, which are those of the customer's region.
    pub(crate) prices: bool,
}

/// What is read of the customer on the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CustomerPlan {
    pub(crate) agent: AgentId,
    pub(crate) customer: CustomerId,
    pub(crate) orders: Vec<String>,
    pub(crate) tracking: Vec<String>,
    pub(crate) serials: Vec<String>,
    pub(crate) wishes: Vec<Wish>,
    pub(crate) wants: Wants,
}

/// Plans by what the parts of a question ask for. A guest, and an agent without a customer on the line, get nothing of customers.
pub(crate) fn plan(understood: &Understood, asker: &Asker) -> Plan {
    let mut products = Vec::new();
    for product in understood.parts.iter().flat_map(products_of) {
        if products.len() < ProductQuery::MOST && !products.contains(&product) {
            products.push(product);
        }
    }
    let customer = asker.agent.as_ref().zip(asker.customer.as_ref());
    Plan {
        customer: customer.and_then(|(agent, customer)| of_customer(understood, agent, customer)),
        products,
        prices: understood.parts.iter().any(asks_for_price),
    }
}

fn asks_for_price(part: &Part) -> bool {
    let aspects = part.comparison.iter().flat_map(|comparison| &comparison.aspects);
    part.intents.contains(&Intent::Price) || aspects.into_iter().any(|aspect| aspect.keys.contains(&PRICE))
}

fn of_customer(understood: &Understood, agent: &AgentId, customer: &CustomerId) -> Option<CustomerPlan> {
    let parts = || understood.parts.iter().filter(|part| asks_of_customer(part));
    parts().next()?;
    let has = |intent| parts().any(|part| part.intents.contains(&intent));
    let wants = Wants {
        parcels: has(Intent::Parcel),
        payments: has(Intent::Parcel),
        // What was paid back is covered no longer.
        returns: has(Intent::Returns) || has(Intent::Warranty),
        warranty: has(Intent::Warranty),
    };
    let mut plan = CustomerPlan {
        agent: agent.clone(),
        customer: customer.clone(),
        orders: Vec::new(),
        tracking: Vec::new(),
        serials: Vec::new(),
        wishes: Vec::new(),
        wants,
    };
    parts().for_each(|part| plan.take(part));
    Some(plan)
}

impl CustomerPlan {
    fn take(&mut self, part: &Part) {
        let references = &part.references;
        self.orders.extend_from_slice(&references.orders);
        self.tracking.extend_from_slice(&references.tracking);
        // One that is mistyped is nobody's.
        let right = references.serials.iter().filter(|serial| serial.checks);
        self.serials.extend(right.map(|serial| serial.text.clone()));
        let names_order = !references.orders.is_empty() || !references.tracking.is_empty();
        let is_named =
            |intent: Intent| names_order || intent == Intent::Warranty && !references.serials.is_empty();
        let open = part.intents.iter().filter(|intent| !is_named(**intent));
        self.wishes.extend(open.filter_map(|intent| wish(part, *intent)));
    }
}

/// Whether a part asks for something of the customer's own: a parcel always, a return or a warranty when it names a thing; a serial number
/// that is mistyped names none.
pub(super) fn asks_of_customer(part: &Part) -> bool {
    let references = &part.references;
    let names_own =
        references.has_number() || references.latest || references.own || part.mention != Mention::Nothing;
    let has_serial = references.serials.is_empty() || references.serials.iter().any(|serial| serial.checks);
    let asks = |intent| part.intents.contains(&intent);
    asks(Intent::Parcel) || names_own && (asks(Intent::Returns) || asks(Intent::Warranty) && has_serial)
}

/// Products whose price or attributes a part asks for.
fn products_of(part: &Part) -> Vec<ProductId> {
    let asks = |intent| part.intents.contains(&intent);
    match &part.mention {
        Mention::Bound(product) if asks(Intent::Price) || asks(Intent::Technical) || asks(Intent::Other) => {
            vec![product.clone()]
        }
        Mention::Named(products) => products.clone(),
        _ => Vec::new(),
    }
}
