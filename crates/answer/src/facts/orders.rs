//! Which of a customer's orders a part of a question means.

use auskunft_model::ProductId;
use auskunft_store::facts::{CustomerRecord, OrderRow};

use crate::product_index::Mention;
use crate::understand::Part;

/// The orders that are meant.
#[derive(Debug, PartialEq)]
pub(super) enum Choice<'a> {
    /// These.
    Orders(Vec<&'a OrderRow>),
    /// One of these.
    Several(Vec<&'a OrderRow>),
    /// The customer has none of that number; nothing is told of other customers.
    Unknown(String),
    /// The customer has none with that product, or none at all.
    None,
}

/// Which orders are meant: those that are named, else those that hold the product, else the newest where it is asked for,
/// else those for which `waits` holds, else the newest. `waits` also chooses among several that hold the product.
pub(super) fn choose<'a>(
    part: &Part,
    record: &'a CustomerRecord,
    waits: impl Fn(&OrderRow) -> bool,
) -> Choice<'a> {
    if let Some(named) = named(part, record) {
        return named;
    }
    let products = products(&part.mention);
    let mut orders: Vec<&OrderRow> = record.orders.iter().collect();
    if !products.is_empty() {
        orders.retain(|order| holds_any(order, &products));
    }
    if part.references.latest {
        orders.truncate(1);
    }
    let waiting: Vec<&OrderRow> = orders.iter().copied().filter(|order| waits(order)).collect();
    match (orders.as_slice(), waiting.as_slice()) {
        ([], _) => Choice::None,
        ([only], _) | (_, [only]) => Choice::Orders(vec![only]),
        (_, [_, ..]) => Choice::Several(waiting),
        ([newest, ..], []) if products.is_empty() => Choice::Orders(vec![newest]),
        _ => Choice::Several(orders),
    }
}

/// The orders of the numbers that the part names; `None` when it names none.
fn named<'a>(part: &Part, record: &'a CustomerRecord) -> Option<Choice<'a>> {
    let references = &part.references;
    let by_number = references
        .orders
        .iter()
        .map(|number| (number, record.orders.iter().find(|order| order.order_id == *number)));
    let by_parcel = references
        .tracking
        .iter()
        .map(|number| (number, record.orders.iter().find(|order| has_parcel(order, number))));
    let mut found: Vec<&OrderRow> = Vec::new();
    let mut missing = None;
    for (number, order) in by_number.chain(by_parcel) {
        match order {
            Some(order) if found.iter().any(|known| known.order_id == order.order_id) => {}
            Some(order) => found.push(order),
            None => missing = missing.or(Some(number)),
        }
    }
    match (found.is_empty(), missing) {
        (false, _) => Some(Choice::Orders(found)),
        (true, Some(number)) => Some(Choice::Unknown(number.clone())),
        (true, None) => None,
    }
}

fn has_parcel(order: &OrderRow, number: &str) -> bool {
    order.shipments.iter().any(|shipment| shipment.tracking_number.as_deref() == Some(number))
}

fn holds_any(order: &OrderRow, products: &[ProductId]) -> bool {
    order.items.iter().any(|item| products.iter().any(|product| product.as_str() == item.sku))
}

/// The products that a part may be about.
pub(super) fn products(mention: &Mention) -> Vec<ProductId> {
    match mention {
        Mention::Nothing => Vec::new(),
        Mention::Bound(product) => vec![product.clone()],
        Mention::Named(products) | Mention::Ambiguous(products) => products.clone(),
    }
}

/// Whether something is still to come.
pub(super) fn is_open(order: &OrderRow) -> bool {
    !matches!(order.status.as_str(), "delivered" | "cancelled" | "returned")
}
