//! Warranty: a serial number or an ordered thing, and how long it is covered.

use auskunft_model::{DocumentId, Fact, ProductId, State, WarrantyFact};
use auskunft_store::facts::{CustomerRecord, OrderRow, OrderedProduct, SerialRow, StatedWarranty, Subject};
use auskunft_text::normal;
use chrono::{Months, NaiveDate};

use super::orders::{chosen, holds_any, products};
use super::parcel::order;
use super::returns::returned;
use super::{Finding, Message};
use crate::rule::{Rule, Says};
use crate::understand::{Intent, Part, SerialMention};

/// How long what a part names is covered.
pub(super) fn find(part: &Part, record: &CustomerRecord, today: NaiveDate) -> Finding {
    if record.withheld.contains(&Subject::Warranty) {
        return Finding::hand_over(Message::Withheld);
    }
    let mut found = if part.references.serials.is_empty() {
        by_order(part, record, today)
    } else {
        by_serial(&part.references.serials, record, today)
    };
    let is_covered = found.facts.iter().any(|fact| matches!(fact, Fact::Warranty(_)));
    if is_covered && record.withheld.contains(&Subject::Returns) {
        found.messages.push(Message::ReturnsWithheld);
    }
    found
}

/// Numbers whose check digit is wrong: known without asking the database, so that it can be said to guests, too.
pub(super) fn wrong_serials(serials: &[SerialMention]) -> Option<Finding> {
    let wrong = serials.iter().filter(|serial| !serial.checks);
    let facts: Vec<Fact> = wrong.map(|serial| Fact::SerialInvalid { serial: serial.text.clone() }).collect();
    (!facts.is_empty()).then(|| Finding { state: State::Clarify, ..Finding::of(facts) })
}

fn by_serial(asked: &[SerialMention], record: &CustomerRecord, today: NaiveDate) -> Finding {
    let mut facts: Vec<Fact> = Vec::new();
    for serial in asked {
        let row = record.serials.iter().find(|row| serial.checks && row.serial == serial.text);
        let told = row.and_then(|row| of_piece(record, row, today));
        let unknown = || match serial.checks {
            true => Fact::SerialUnknown { serial: serial.text.clone() },
            false => Fact::SerialInvalid { serial: serial.text.clone() },
        };
        for fact in told.unwrap_or_else(|| vec![unknown()]) {
            if !facts.contains(&fact) {
                facts.push(fact);
            }
        }
    }
    let is_nothing = |fact: &Fact| matches!(fact, Fact::SerialUnknown { .. } | Fact::SerialInvalid { .. });
    let state = if facts.iter().any(|fact| !is_nothing(fact)) {
        State::Answered
    } else if asked.iter().any(|serial| !serial.checks) {
        State::Clarify
    } else {
        State::Handoff
    };
    Finding { state, rules: rules(&facts, record), ..Finding::of(facts) }
}

/// What became of a numbered piece; `None` when no rule is known for it.
fn of_piece(record: &CustomerRecord, piece: &SerialRow, today: NaiveDate) -> Option<Vec<Fact>> {
    let of = record.orders.iter().find(|order| order.order_id == piece.order_id)?;
    let facts = of_thing(record, of, &piece.sku, Some(&piece.serial), today);
    (!facts.is_empty()).then_some(facts)
}

/// A thing of an order: nothing of an order that is cancelled is covered, nor is a line that was paid back; other returns are told beside the
/// warranty.
fn of_thing(
    record: &CustomerRecord,
    of: &OrderRow,
    sku: &str,
    serial: Option<&str>,
    today: NaiveDate,
) -> Vec<Fact> {
    if of.status == "cancelled" {
        return vec![order(of)];
    }
    let lines = || of.items.iter().filter(|item| item.sku == sku);
    let back: Vec<Fact> = lines().flat_map(|item| returned(of, item.line)).collect();
    let is_refunded = |fact: &&Fact| matches!(fact, Fact::Return(back) if back.status == "refunded");
    let pieces: i64 = lines().map(|item| item.quantity).sum();
    if pieces > 0 && back.iter().filter(is_refunded).count() as i64 >= pieces {
        return back;
    }
    covered(record, of, sku, serial, today).into_iter().chain(back).collect()
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
    let (orders, mut messages) = match chosen(part, Intent::Warranty, record) {
        Ok(chosen) => chosen,
        Err(instead) => return instead,
    };
    let asked = products(&part.mention);
    let is_asked = |sku: &str| asked.is_empty() || asked.iter().any(|product| product.as_str() == sku);
    let mut facts: Vec<Fact> = Vec::new();
    for of in orders {
        if !holds_any(of, &asked) {
            messages.push(Message::NotInOrder(of.order_id.clone()));
        }
        let own = |row: &&SerialRow| row.order_id == of.order_id && is_asked(&row.sku);
        let pieces: Vec<&SerialRow> = record.serials.iter().filter(own).collect();
        let unnumbered = of.items.iter().filter(|item| is_asked(&item.sku));
        let unnumbered = unnumbered.filter(|item| pieces.iter().all(|piece| piece.sku != item.sku));
        let things = pieces.iter().map(|piece| (piece.sku.as_str(), Some(piece.serial.as_str())));
        for (sku, serial) in things.chain(unnumbered.map(|item| (item.sku.as_str(), None))) {
            for fact in of_thing(record, of, sku, serial, today) {
                if !facts.contains(&fact) {
                    facts.push(fact);
                }
            }
        }
    }
    if facts.is_empty() {
        return Finding::nothing(messages);
    }
    let rules = rules(&facts, record);
    Finding { rules, messages, ..Finding::of(facts) }
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
    let own = record.products.iter().find(|product| product.sku == sku).and_then(own_months);
    let months = policy.max(own)?;
    let purchased_on = order.ordered_on;
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

/// Keys under which pages and tables state the maker's own warranty: folded, without punctuation and without the span of time that they may
/// name. What is covered in part ("Garantie auf den Akku") or costs extra is none of them.
const KEYS: &[&str] = &[
    "garantie",
    "garantiedauer",
    "garantiefrist",
    "garantielaufzeit",
    "garantiezeit",
    "garantiezeitraum",
    "herstellergarantie",
    "hersteller garantie",
    "garantie hersteller",
    "garantie des herstellers",
    "dauer der garantie",
    "warranty",
    "warranty duration",
    "warranty length",
    "warranty period",
    "warranty term",
    "limited warranty",
    "limited manufacturer warranty",
    "manufacturer warranty",
    "manufacturers warranty",
    "guarantee",
    "guarantee period",
    "manufacturer guarantee",
];

/// The longest of the warranties that a product states, in months.
fn own_months(product: &OrderedProduct) -> Option<i64> {
    product.warranties.iter().filter_map(months_of).max()
}

/// `None` where the key is of something else, and for a bare number whose key names no span of time.
fn months_of(stated: &StatedWarranty) -> Option<i64> {
    /// Beginnings of words for spans of time, with their months.
    const SPANS: [(&str, i64); 4] = [("jahr", 12), ("year", 12), ("monat", 1), ("month", 1)];
    let folded = normal::fold(&stated.key).replace('\'', "");
    let words = folded.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    let span_of = |word: &str| SPANS.iter().find(|(beginning, _)| word.starts_with(beginning));
    let (spans, words): (Vec<&str>, Vec<&str>) = words.partition(|word| span_of(word).is_some());
    let named: Vec<&str> = words.into_iter().filter(|word| *word != "in").collect();
    if !KEYS.contains(&named.join(" ").as_str()) {
        return None;
    }
    let factor = if stated.is_month { 1 } else { spans.first().and_then(|word| span_of(word))?.1 };
    stated.amount.checked_mul(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_makers_warranty_is_found_under_all_its_names() {
        let months = |key: &str, amount: i64, is_month: bool| {
            months_of(&StatedWarranty { key: key.to_owned(), amount, is_month })
        };
        for key in [
            "Garantie",
            "GARANTIEDAUER",
            "Hersteller-Garantie",
            "Garantie (Hersteller)",
            "Warranty period",
            "Limited Warranty:",
            "Manufacturer’s warranty",
            "Garantie in Jahren",
        ] {
            assert_eq!(months(key, 60, true), Some(60), "{key}");
        }
        assert_eq!(
            (months("Garantie (Jahre)", 5, false), months("Warranty (months)", 24, false)),
            (Some(60), Some(24))
        );
        assert_eq!(months("Garantie", 5, false), None, "five of what?");
        for other in ["Garantie auf den Akku", "Garantieverlängerung", "Garantiekarte", "Extended warranty"]
        {
            assert_eq!(months(other, 12, true), None, "{other}");
        }
    }
}
