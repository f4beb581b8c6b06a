//! Which of a customer's orders a part of a question means.

use auskunft_model::ProductId;
use auskunft_store::facts::{CustomerRecord, OrderHead, OrderRow, Wish};

use super::{Finding, Message};
use crate::product_index::Mention;
use crate::understand::{Intent, Part};

/// The orders that are meant.
#[derive(Debug, PartialEq)]
pub(super) enum Choice<'a> {
    /// These; the customer has none of the numbers beside them.
    Orders(Vec<&'a OrderRow>, Vec<String>),
    /// One of these.
    Several(Vec<&'a OrderHead>),
    /// The customer has none of these numbers; nothing is told of other customers.
    Unknown(Vec<String>),
    /// The customer has none with that product, or none at all.
    None,
}

/// What a part may mean where it names no number, for one of its intents: `None` for intents that ask for no order. The statement that
/// reads orders chooses by it what to read of them; [`choose`] chooses by the same what is told.
pub(super) fn wish(part: &Part, intent: Intent) -> Option<Wish> {
    let (statuses, returned): (&[&'static str], bool) = match intent {
        Intent::Parcel => (&["awaiting_payment", "paid", "partially_shipped", "shipped"], false),
        Intent::Returns if part.running_return => (&[], true),
        Intent::Returns => (&["delivered", "shipped", "partially_shipped"], false),
        // All but cancelled ones.
        Intent::Warranty => {
            (&["awaiting_payment", "paid", "partially_shipped", "shipped", "delivered", "returned"], false)
        }
        _ => return None,
    };
    Some(Wish {
        products: products(&part.mention).iter().map(|product| product.as_str().to_owned()).collect(),
        statuses: statuses.to_vec(),
        returned,
        latest: part.references.latest,
    })
}

/// Which orders are meant: those that are named, else those that hold the product, else the newest where it is asked for, else those
/// that wait for something, else the newest. What waits also decides among several that hold the product.
pub(super) fn choose<'a>(part: &Part, intent: Intent, record: &'a CustomerRecord) -> Choice<'a> {
    if let Some(named) = named(part, record) {
        return named;
    }
    let Some(wish) = wish(part, intent) else { return Choice::None };
    let fits = |head: &&OrderHead| {
        wish.products.is_empty() || wish.products.iter().any(|product| head.holds.contains(product))
    };
    let waits =
        |head: &&OrderHead| wish.statuses.contains(&head.status.as_str()) || wish.returned && head.has_return;
    let mut heads: Vec<&OrderHead> = record.heads.iter().filter(fits).collect();
    if wish.latest {
        heads.truncate(1);
    }
    let waiting: Vec<&OrderHead> = heads.iter().copied().filter(waits).collect();
    match (heads.as_slice(), waiting.as_slice()) {
        ([], _) => Choice::None,
        ([only], _) | (_, [only]) => with_all(record, only),
        (_, [_, ..]) => Choice::Several(waiting),
        ([newest, ..], []) if wish.products.is_empty() => with_all(record, newest),
        _ => Choice::Several(heads),
    }
}

/// The order with what was read of it; one of which nothing was read is asked for.
fn with_all<'a>(record: &'a CustomerRecord, head: &'a OrderHead) -> Choice<'a> {
    let order = record.orders.iter().find(|order| order.order_id == head.order_id);
    order.map_or_else(|| Choice::Several(vec![head]), |order| Choice::Orders(vec![order], Vec::new()))
}

/// The orders of the numbers that the part names; `None` when it names none.
fn named<'a>(part: &Part, record: &'a CustomerRecord) -> Option<Choice<'a>> {
    let references = &part.references;
    let by_number = references
        .orders
        .iter()
        .map(|number| (number, record.orders.iter().find(|order| is_numbered(order, number))));
    let by_parcel = references
        .tracking
        .iter()
        .map(|number| (number, record.orders.iter().find(|order| has_parcel(order, number))));
    let mut found: Vec<&OrderRow> = Vec::new();
    let mut missing: Vec<String> = Vec::new();
    for (number, order) in by_number.chain(by_parcel) {
        match order {
            Some(order) if found.iter().any(|known| known.order_id == order.order_id) => {}
            Some(order) => found.push(order),
            None => missing.push(number.clone()),
        }
    }
    match (found.is_empty(), missing.is_empty()) {
        (false, _) => Some(Choice::Orders(found, missing)),
        (true, false) => Some(Choice::Unknown(missing)),
        (true, true) => None,
    }
}

/// The orders that are chosen and what is said of numbers that are nobody's; else what is answered instead.
pub(super) fn chosen<'a>(
    part: &Part,
    intent: Intent,
    record: &'a CustomerRecord,
) -> Result<(Vec<&'a OrderRow>, Vec<Message>), Finding> {
    match choose(part, intent, record) {
        Choice::Orders(orders, missing) if missing.is_empty() => Ok((orders, Vec::new())),
        Choice::Orders(orders, missing) => Ok((orders, vec![Message::NoOrder(missing)])),
        Choice::Several(heads) => Err(super::parcel::which_order(&heads)),
        Choice::Unknown(numbers) => Err(Finding::hand_over(Message::NoOrder(numbers))),
        Choice::None => Err(Finding::hand_over(Message::NoSuchOrder)),
    }
}

/// Whether an order has that number; digits alone are enough: "Bestellung 511842" is `O-511842`.
fn is_numbered(order: &OrderRow, number: &str) -> bool {
    let digits = order.order_id.bytes().filter(u8::is_ascii_digit);
    order.order_id == number || digits.eq(number.bytes())
}

fn has_parcel(order: &OrderRow, number: &str) -> bool {
    order.shipments.iter().any(|shipment| shipment.tracking_number.as_deref() == Some(number))
}

/// Whether an order holds one of these products; every order does when there are none.
pub(super) fn holds_any(order: &OrderRow, products: &[ProductId]) -> bool {
    products.is_empty()
        || order.items.iter().any(|item| products.iter().any(|product| product.as_str() == item.sku))
}

/// The products that a part may be about.
pub(super) fn products(mention: &Mention) -> Vec<ProductId> {
    match mention {
        Mention::Nothing => Vec::new(),
        Mention::Bound(product) => vec![product.clone()],
        Mention::Named(products) | Mention::Ambiguous(products) => products.clone(),
    }
}
