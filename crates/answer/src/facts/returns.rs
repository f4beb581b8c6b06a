//! Returns: until when something can go back, and how a return stands.

use auskunft_model::{DocumentId, Fact, ProductId, ReturnFact, ReturnWindowFact};
use auskunft_store::facts::{CustomerRecord, ItemRow, OrderRow, ReturnPolicy, ReturnRow, Subject};
use auskunft_text::normal;
use chrono::{Days, NaiveDate};

use super::orders::{chosen, holds_any, products};
use super::parcel::{order, source};
use super::{Finding, Message};
use crate::rule::{Rule, Says};
use crate::understand::{Intent, Part};

/// What became of the things that a part asks for, or until when they can go back.
pub(super) fn find(part: &Part, record: &CustomerRecord, today: NaiveDate) -> Finding {
    if record.withheld.contains(&Subject::Returns) {
        return Finding::hand_over(Message::Withheld);
    }
    let (orders, mut messages) = match chosen(part, Intent::Returns, record) {
        Ok(chosen) => chosen,
        Err(instead) => return instead,
    };
    let asked = products(&part.mention);
    let (orders, others): (Vec<&OrderRow>, Vec<&OrderRow>) =
        orders.into_iter().partition(|order| holds_any(order, &asked));
    messages.extend(others.iter().map(|other| Message::NotInOrder(other.order_id.clone())));
    let facts: Vec<Fact> = orders.iter().flat_map(|order| of_order(part, record, order, today)).collect();
    if facts.is_empty() {
        return Finding::nothing(messages);
    }
    let rules = rules(&orders, &facts, record);
    Finding { rules, messages, ..Finding::of(facts) }
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
    let is_asked =
        |item: &&ItemRow| asked.is_empty() || asked.iter().any(|product| product.as_str() == item.sku);
    let items: Vec<&ItemRow> = of.items.iter().filter(is_asked).collect();
    let is_back = |item: &&ItemRow| returns_of(of, item.line).next().is_some();
    if part.running_return && items.iter().any(is_back) {
        return items.iter().flat_map(|item| returned(of, item.line)).collect();
    }
    let found = items.into_iter().flat_map(|item| {
        let mut facts = returned(of, item.line);
        // A return is of one piece: what is left of the line can still go back.
        if (facts.len() as i64) < item.quantity {
            facts.extend(window(record, of, item, today));
        }
        facts
    });
    found.collect()
}

fn returns_of(of: &OrderRow, line: i64) -> impl Iterator<Item = &ReturnRow> {
    of.returns.iter().filter(move |back| back.line == line)
}

/// What went back of a line, oldest first.
pub(super) fn returned(of: &OrderRow, line: i64) -> Vec<Fact> {
    returns_of(of, line).filter_map(|back| back_of(of, back)).collect()
}

fn back_of(of: &OrderRow, back: &ReturnRow) -> Option<Fact> {
    Some(Fact::Return(ReturnFact {
        source: format!("returns/{}", back.return_id),
        return_id: back.return_id.clone(),
        order_id: of.order_id.clone(),
        product_id: ProductId::parse(&back.sku).ok()?,
        status: back.status.clone(),
        requested_on: back.requested_on,
        received_on: back.received_on,
        refunded_on: back.refunded_on,
        refund_amount: back.refund_amount.clone(),
        currency: back.currency.clone(),
    }))
}

/// The policy of the order's day and region together with the order's own dates.
fn window(record: &CustomerRecord, of: &OrderRow, item: &ItemRow, today: NaiveDate) -> Option<Fact> {
    let policy = of.return_policy.as_ref()?;
    let excluded = excluded_kind(record, policy, &item.sku).is_some();
    let granted = u64::try_from(policy.return_days).unwrap_or(0);
    let deadline = of.delivered_on.and_then(|day| day.checked_add_days(Days::new(granted)));
    Some(Fact::ReturnWindow(ReturnWindowFact {
        source: source(of),
        order_id: of.order_id.clone(),
        product_id: ProductId::parse(&item.sku).ok()?,
        days: policy.return_days,
        delivered_on: of.delivered_on,
        deadline,
        excluded,
        open: !excluded && deadline.is_none_or(|deadline| today <= deadline),
        policy: policy.source.clone(),
    }))
}

/// The kind of this product as the policy names it, where it excludes that kind.
fn excluded_kind<'a>(record: &CustomerRecord, policy: &'a ReturnPolicy, sku: &str) -> Option<&'a String> {
    let product = record.products.iter().find(|product| product.sku == sku)?;
    let kinds = [product.product_family.as_deref(), product.category.as_deref()];
    let folded: Vec<String> = kinds.into_iter().flatten().map(normal::fold).collect();
    policy.excludes.iter().find(|excluded| folded.contains(&normal::fold(excluded)))
}
