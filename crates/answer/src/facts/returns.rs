//! Returns: until when something can go back, and how a return stands.

use auskunft_model::{DocumentId, Fact, ProductId, ReturnFact, ReturnWindowFact};
use auskunft_store::facts::{CustomerRecord, ItemRow, OrderRow, ReturnPolicy, ReturnRow, Subject};
use auskunft_text::normal;
use chrono::{Days, NaiveDate};

use super::orders::{Choice, choose, products};
use super::parcel::{order, source, which_order};
use super::{Finding, Message};
use crate::rule::{Rule, Says};
use crate::understand::Part;

/// What became of the things that a part asks for, or until when they can go back.
pub(super) fn find(part: &Part, record: &CustomerRecord, today: NaiveDate) -> Finding {
    if record.withheld.contains(&Subject::Returns) {
        return Finding::hand_over(Message::Withheld);
    }
    let has_return = |order: &OrderRow| !order.returns.is_empty();
    let chosen = if part.running_return {
        choose(part, record, has_return)
    } else {
        choose(part, record, |order| {
            matches!(order.status.as_str(), "delivered" | "shipped" | "partially_shipped")
        })
    };
    let orders = match chosen {
        Choice::Orders(orders) => orders,
        Choice::Several(orders) => return which_order(&orders),
        Choice::Unknown(number) => return Finding::hand_over(Message::NoOrder(number)),
        Choice::None => return Finding::hand_over(Message::NoSuchOrder),
    };
    let facts: Vec<Fact> = orders.iter().flat_map(|order| of_order(part, record, order, today)).collect();
    if facts.is_empty() {
        return Finding::hand_over(Message::NoPolicy);
    }
    let rules = rules(&orders, &facts, record);
    Finding { rules, ..Finding::of(facts) }
}

/// What the policies behind these facts say: the days, or the kind that is excluded.
fn rules(orders: &[&OrderRow], facts: &[Fact], record: &CustomerRecord) -> Vec<Rule> {
    let mut rules = Vec::new();
    for fact in facts {
        let Fact::ReturnWindow(window) = fact else { continue };
        let of = orders.iter().find(|order| order.order_id == window.order_id);
        let Some(policy) = of.and_then(|order| order.return_policy.as_ref()) else { continue };
        let Ok(document) = DocumentId::parse(&policy.document_id) else { continue };
        let kind = excluded_kind(record, policy, window.product_id.as_str());
        let says = kind.map_or(Says::Days(policy.return_days), |kind| Says::Kind(kind.clone()));
        let rule = Rule { document, says };
        if !rules.contains(&rule) {
            rules.push(rule);
        }
    }
    rules
}

fn of_order(part: &Part, record: &CustomerRecord, of: &OrderRow, today: NaiveDate) -> Vec<Fact> {
    if of.status == "cancelled" {
        return vec![order(of)];
    }
    let asked = products(&part.mention);
    let is_asked = |item: &&ItemRow| asked.iter().any(|product| product.as_str() == item.sku);
    let own: Vec<&ItemRow> = of.items.iter().filter(is_asked).collect();
    let items = if own.is_empty() { of.items.iter().collect() } else { own };
    if part.running_return && own_returns(of, &items).next().is_some() {
        return own_returns(of, &items).filter_map(|back| returned(of, back)).collect();
    }
    let found = items.into_iter().filter_map(|item| {
        let back = of.returns.iter().find(|back| back.line == item.line);
        back.and_then(|back| returned(of, back)).or_else(|| window(record, of, item, today))
    });
    found.collect()
}

fn own_returns<'a>(of: &'a OrderRow, items: &'a [&ItemRow]) -> impl Iterator<Item = &'a ReturnRow> {
    of.returns.iter().filter(|back| items.iter().any(|item| item.line == back.line))
}

fn returned(of: &OrderRow, back: &ReturnRow) -> Option<Fact> {
    Some(Fact::Return(ReturnFact {
        source: format!("returns/{}", back.return_id),
        return_id: back.return_id.clone(),
        order_id: of.order_id.clone(),
        product_id: ProductId::parse(&back.sku).ok()?,
        status: back.status.clone(),
        requested_on: back.requested_at.date_naive(),
        received_on: back.received_at.map(|at| at.date_naive()),
        refunded_on: back.refunded_at.map(|at| at.date_naive()),
        refund_amount: back.refund_amount.clone(),
        currency: back.currency.clone(),
    }))
}

/// The policy of the order's day and region together with the order's own dates.
fn window(record: &CustomerRecord, of: &OrderRow, item: &ItemRow, today: NaiveDate) -> Option<Fact> {
    let policy = of.return_policy.as_ref()?;
    let excluded = excluded_kind(record, policy, &item.sku).is_some();
    let delivered_on = delivered_on(of);
    let granted = u64::try_from(policy.return_days).unwrap_or(0);
    let deadline = delivered_on.and_then(|day| day.checked_add_days(Days::new(granted)));
    Some(Fact::ReturnWindow(ReturnWindowFact {
        source: source(of),
        order_id: of.order_id.clone(),
        product_id: ProductId::parse(&item.sku).ok()?,
        days: policy.return_days,
        delivered_on,
        deadline,
        excluded,
        open: !excluded && deadline.is_none_or(|deadline| today <= deadline),
        policy: policy.source.clone(),
    }))
}

/// The day of the last parcel's delivery; `None` while one is under way.
fn delivered_on(of: &OrderRow) -> Option<NaiveDate> {
    if of.status != "delivered" && of.status != "returned" {
        return None;
    }
    of.shipments.iter().filter_map(|shipment| shipment.delivered_at).max().map(|at| at.date_naive())
}

/// The kind of this product as the policy names it, where it excludes that kind.
fn excluded_kind<'a>(record: &CustomerRecord, policy: &'a ReturnPolicy, sku: &str) -> Option<&'a String> {
    let product = record.products.iter().find(|product| product.sku == sku)?;
    let kinds = [product.product_family.as_deref(), product.category.as_deref()];
    let folded: Vec<String> = kinds.into_iter().flatten().map(normal::fold).collect();
    policy.excludes.iter().find(|excluded| folded.contains(&normal::fold(excluded)))
}
