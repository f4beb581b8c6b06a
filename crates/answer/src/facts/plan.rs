//! What the statements must read for a question.

use auskunft_model::{AgentId, Asker, CustomerId, ProductId};
use auskunft_store::facts::{ProductQuery, Wants};

use crate::product_index::Mention;
use crate::understand::{Intent, Part, Understood};

/// What is read for a question: nothing, of the customer, of products, or both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Of the customer; one statement.
    pub(crate) customer: Option<CustomerPlan>,
    /// Of products; one statement unless it is empty.
    pub(crate) products: Vec<ProductId>,
}

/// What is read of the customer on the line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CustomerPlan {
    pub(crate) agent: AgentId,
    pub(crate) customer: CustomerId,
    pub(crate) orders: Vec<String>,
    pub(crate) tracking: Vec<String>,
    pub(crate) serials: Vec<String>,
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
    }
}

fn of_customer(understood: &Understood, agent: &AgentId, customer: &CustomerId) -> Option<CustomerPlan> {
    let parts = || understood.parts.iter().filter(|part| asks_of_customer(part));
    parts().next()?;
    let has = |intent| parts().any(|part| part.intents.contains(&intent));
    let wants = Wants {
        payments: has(Intent::Parcel),
        returns: has(Intent::Returns),
        warranty: has(Intent::Warranty),
        addresses: false,
    };
    let references = &understood.references;
    Some(CustomerPlan {
        agent: agent.clone(),
        customer: customer.clone(),
        orders: references.orders.clone(),
        tracking: references.tracking.clone(),
        // One that is mistyped is nobody's.
        serials: references
            .serials
            .iter()
            .filter(|serial| serial.checks)
            .map(|serial| serial.text.clone())
            .collect(),
        wants,
    })
}

/// Whether a part asks for something of the customer's own: a parcel always, a return or a warranty when it names a thing.
pub(super) fn asks_of_customer(part: &Part) -> bool {
    let names_own = part.references.has_number()
        || part.references.latest
        || part.references.own
        || part.mention != Mention::Nothing;
    let asks = |intent| part.intents.contains(&intent);
    asks(Intent::Parcel) || names_own && (asks(Intent::Returns) || asks(Intent::Warranty))
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
