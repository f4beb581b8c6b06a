//! Warranty: a serial number or an ordered thing, and how long it is covered.

use auskunft_model::{DocumentId, Fact, ProductId, State, WarrantyFact};
use auskunft_store::facts::{CustomerRecord, OrderRow, SerialRow, Subject};
use chrono::{Months, NaiveDate};

use super::orders::{Choice, choose, products};
use super::parcel::which_order;
use super::{Finding, Message};
use crate::rule::{Rule, Says};
use crate::understand::{Part, SerialMention};

/// How long what a part names is covered.
pub(super) fn find(part: &Part, record: &CustomerRecord, today: NaiveDate) -> Finding {
    if record.withheld.contains(&Subject::Warranty) {
        return Finding::hand_over(Message::Withheld);
    }
    if let Some(wrong) = wrong_serial(&part.references.serials) {
        return wrong;
    }
    if !part.references.serials.is_empty() {
        return by_serial(&part.references.serials, record, today);
    }
    by_order(part, record, today)
}

/// A number whose check digit is wrong: known without asking the database, so that it can be said to guests, too.
pub(super) fn wrong_serial(serials: &[SerialMention]) -> Option<Finding> {
    let wrong: Vec<&SerialMention> = serials.iter().filter(|serial| !serial.checks).collect();
    let facts = wrong.iter().map(|serial| Fact::SerialInvalid { serial: serial.text.clone() }).collect();
    (!wrong.is_empty()).then(|| Finding { state: State::Clarify, ..Finding::of(facts) })
}

fn by_serial(asked: &[SerialMention], record: &CustomerRecord, today: NaiveDate) -> Finding {
    let known = |serial: &SerialMention| {
        let row = record.serials.iter().find(|row| row.serial == serial.text)?;
        covered_piece(record, row, today)
    };
    let facts: Vec<Fact> = asked
        .iter()
        .map(|serial| known(serial).unwrap_or_else(|| Fact::SerialUnknown { serial: serial.text.clone() }))
        .collect();
    let rules = rules(&facts, record);
    let is_known = facts.iter().any(|fact| matches!(fact, Fact::Warranty(_)));
    let state = if is_known { State::Answered } else { State::Handoff };
    Finding { state, rules, ..Finding::of(facts) }
}

/// What the policies behind these facts say, also where the product's own months are more.
fn rules(facts: &[Fact], record: &CustomerRecord) -> Vec<Rule> {
    let mut rules = Vec::new();
    for fact in facts {
        let Fact::Warranty(warranty) = fact else { continue };
        let of = record.orders.iter().find(|order| order.order_id == warranty.order_id);
        let Some(policy) = of.and_then(|order| order.warranty_policy.as_ref()) else { continue };
        let Ok(document) = DocumentId::parse(&policy.document_id) else { continue };
        let rule = Rule { document, says: Says::Months(policy.warranty_months) };
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    rules
}

/// Without a number: the pieces of the product that is named, or of the order.
fn by_order(part: &Part, record: &CustomerRecord, today: NaiveDate) -> Finding {
    let orders = match choose(part, record, |order| order.status != "cancelled") {
        Choice::Orders(orders) => orders,
        Choice::Several(orders) => return which_order(&orders),
        Choice::Unknown(number) => return Finding::hand_over(Message::NoOrder(number)),
        Choice::None => return Finding::hand_over(Message::NoSuchOrder),
    };
    let asked = products(&part.mention);
    let is_asked = |sku: &str| asked.is_empty() || asked.iter().any(|product| product.as_str() == sku);
    let mut facts = Vec::new();
    for order in orders {
        let pieces: Vec<&SerialRow> = record
            .serials
            .iter()
            .filter(|row| row.order_id == order.order_id && is_asked(&row.sku))
            .collect();
        facts.extend(pieces.iter().filter_map(|piece| covered_piece(record, piece, today)));
        let unnumbered = order.items.iter().filter(|item| is_asked(&item.sku));
        let unnumbered = unnumbered.filter(|item| pieces.iter().all(|piece| piece.sku != item.sku));
        facts.extend(unnumbered.filter_map(|item| covered(record, order, &item.sku, None, today)));
    }
    if facts.is_empty() {
        return Finding::hand_over(Message::NoPolicy);
    }
    let rules = rules(&facts, record);
    Finding { rules, ..Finding::of(facts) }
}

fn covered_piece(record: &CustomerRecord, piece: &SerialRow, today: NaiveDate) -> Option<Fact> {
    let order = record.orders.iter().find(|order| order.order_id == piece.order_id)?;
    covered(record, order, &piece.sku, Some(&piece.serial), today)
}

/// From the day of the order: the months of the region's policy of that day, or the product's own when these are more. The
/// same day of the month is the last day, the end of the month where that day is missing.
fn covered(
    record: &CustomerRecord,
    order: &OrderRow,
    sku: &str,
    serial: Option<&str>,
    today: NaiveDate,
) -> Option<Fact> {
    let policy = order.warranty_policy.as_ref().map(|policy| policy.warranty_months);
    let own = record.products.iter().find(|product| product.sku == sku)?.warranty_months;
    let months = policy.max(own)?;
    let purchased_on = order.ordered_on();
    let ends_on = purchased_on.checked_add_months(Months::new(u32::try_from(months).ok()?))?;
    let source =
        serial.map_or_else(|| format!("orders/{}", order.order_id), |serial| format!("serials/{serial}"));
    Some(Fact::Warranty(WarrantyFact {
        source,
        serial: serial.map(str::to_owned),
        product_id: ProductId::parse(sku).ok()?,
        order_id: order.order_id.clone(),
        purchased_on,
        region: order.region.clone(),
        months,
        ends_on,
        active: today <= ends_on,
    }))
}
