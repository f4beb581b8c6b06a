//! Questions about a customer's own things: parcels, returns, warranties.

use chrono::Days;
use serde_json::{Value, json};

use super::{Asking, Draft, State, ask, code, phrases};
use crate::random::Random;
use crate::world::World;
use crate::world::kinds::Domain;
use crate::world::orders::{Order, shop_day};
use crate::world::policies::{Topic, valid};
use crate::world::regions::REGIONS;
use crate::world::serials::luhn;
use crate::write::money;
use crate::write::tables::{moment, part_id};

/// Orders that wait for something.
fn is_open(order: &Order) -> bool {
    !matches!(order.status, "delivered" | "cancelled")
}

/// An order and its parcels.
fn parcel_facts(order: &Order) -> Vec<Value> {
    let mut facts = vec![json!({
        "kind": "order", "source": format!("orders/{}", order.id), "order_id": order.id, "status": order.status,
    })];
    for (nth, shipment) in order.shipments.iter().enumerate() {
        let id = part_id('S', order, nth);
        let last = shipment.events.last();
        facts.push(json!({
            "kind": "shipment", "source": format!("shipments/{id}"), "order_id": order.id, "shipment_id": id,
            "status": shipment.status, "carrier": shipment.carrier, "tracking_number": shipment.tracking,
            "last_event": last.map(|event| event.text), "last_event_at": last.map(|event| moment(event.at)),
            "expected_on": shipment.expected_on.to_string(),
        }));
    }
    let mut payments = order.payments.iter().enumerate();
    let unpaid = payments.find(|(_, payment)| matches!(payment.status, "pending" | "failed"));
    facts.extend(unpaid.map(|(nth, payment)| {
        json!({
            "kind": "payment", "source": format!("payments/{}", part_id('P', order, nth)), "order_id": order.id, "status": payment.status, "method": payment.method,
            "amount": money(payment.amount), "currency": REGIONS[order.region].currency,
        })
    }));
    facts
}

impl Asking<'_> {
    fn any_order(&self, random: &mut Random, fits: impl Fn(&Order) -> bool) -> Option<usize> {
        (0..600).map(|_| random.below(self.world.orders.len())).find(|order| fits(&self.world.orders[*order]))
    }

    fn of_order(&self, order: &Order, question: String) -> Draft {
        let customer = &self.world.customers[order.customer];
        let mut draft = Draft::new(question, customer.tongue);
        draft.customer = Some(order.customer);
        draft.region = Some(order.region);
        draft.kept.push(order.id.clone());
        draft
    }

    pub(super) fn parcel(&self, random: &mut Random) -> Option<Draft> {
        if random.chance(10) {
            let several =
                self.any_order(random, |order| is_open(order) && self.open_of(order.customer).len() > 1);
            if let Some(index) = several {
                return self.open_parcel(index, random);
            }
        }
        let wants_open = random.chance(80);
        let index = self.any_order(random, |order| is_open(order) == wants_open)?;
        let order = &self.world.orders[index];
        let tongue = self.world.customers[order.customer].tongue;
        let own = &self.orders[order.customer];
        let item = random.pick(&order.items).product;
        let product = &self.world.products[item];
        let (slots, mut kept) = self.slots(product, random);
        let mut slots = slots.word("order", order.id.clone());
        let tracking = order.shipments.first().map(|shipment| shipment.tracking.clone());
        let name = match random.below(5) {
            0 if own.last() == Some(&index) => "last",
            1 if own.iter().filter(|order| self.has(**order, item)).count() == 1 => "product",
            2 if tracking.is_some() && order.shipments.len() == 1 => "tracking",
            3 | 4 if !self.open_of(order.customer).is_empty() => {
                return self.open_parcel(index, random);
            }
            _ => "number",
        };
        if let Some(tracking) = tracking {
            kept.push(tracking.clone());
            slots.set("tracking", tracking);
        }
        let mut draft = self.of_order(order, ask(phrases(&self.words.parcel, name, tongue), &slots, random));
        draft.kept.extend(kept);
        draft.facts = parcel_facts(order);
        Some(draft)
    }

    /// A customer's orders that wait for something.
    fn open_of(&self, customer: usize) -> Vec<&Order> {
        self.orders[customer]
            .iter()
            .map(|own| &self.world.orders[*own])
            .filter(|order| is_open(order))
            .collect()
    }

    /// `Where is my parcel?`: the one open order, or a choice of several.
    fn open_parcel(&self, index: usize, random: &mut Random) -> Option<Draft> {
        let order = &self.world.orders[index];
        let tongue = self.world.customers[order.customer].tongue;
        let open = self.open_of(order.customer);
        let question = ask(phrases(&self.words.parcel, "open", tongue), &Default::default(), random);
        let mut draft = self.of_order(open[0], question);
        if let [only] = open.as_slice() {
            draft.facts = parcel_facts(only);
        } else {
            draft.state = State::Clarify;
            let candidate = |order: &&Order| json!({ "kind": "candidate", "source": format!("orders/{}", order.id), "order_id": order.id });
            draft.facts = open.iter().map(candidate).collect();
        }
        Some(draft)
    }

    fn has(&self, order: usize, product: usize) -> bool {
        self.world.orders[order].items.iter().any(|item| item.product == product)
    }

    pub(super) fn returns(&self, random: &mut Random) -> Option<Draft> {
        if random.chance(35) {
            return self.running_return(random);
        }
        // Old orders are many: half of the questions are about those of the last weeks.
        let is_recent = random.chance(55);
        let today = self.world.today;
        let index = self.any_order(random, |order| {
            let days = order.arrived_on().map(|day| (today - day).num_days());
            order.returns.is_empty() && days.is_some_and(|days| (days < 70) == is_recent)
        })?;
        let order = &self.world.orders[index];
        let tongue = self.world.customers[order.customer].tongue;
        let product = &self.world.products[random.pick(&order.items).product];
        let policy = valid(&self.world.policies, Topic::Returns, order.region, order.ordered_on())?;
        let delivered = order.arrived_on()?;
        let deadline = delivered + Days::new(u64::from(policy.amount));
        let excluded = policy.excludes.contains(&self.world.kind(product).family);
        let (slots, kept) = self.slots(product, random);
        let slots = slots.word("order", order.id.clone());
        let mut draft =
            self.of_order(order, ask(phrases(&self.words.returns, "window", tongue), &slots, random));
        draft.kept.extend(kept);
        draft.relevant = vec![policy.source.clone()];
        draft.facts = vec![json!({
            "kind": "return_window", "source": format!("orders/{}", order.id), "order_id": order.id, "product_id": product.sku,
            "days": policy.amount, "delivered_on": delivered.to_string(), "deadline": deadline.to_string(),
            "excluded": excluded, "open": !excluded && self.world.today <= deadline, "policy": policy.source,
        })];
        Some(draft)
    }

    fn running_return(&self, random: &mut Random) -> Option<Draft> {
        let index = self.any_order(random, |order| order.returns.len() == 1)?;
        let order = &self.world.orders[index];
        let tongue = self.world.customers[order.customer].tongue;
        let back = &order.returns[0];
        let product = &self.world.products[order.items[back.line].product];
        let (slots, kept) = self.slots(product, random);
        let slots = slots.word("order", order.id.clone());
        let mut draft =
            self.of_order(order, ask(phrases(&self.words.returns, "running", tongue), &slots, random));
        draft.kept.extend(kept);
        draft.facts = vec![self.return_fact(order)];
        Some(draft)
    }

    /// The only return of an order.
    fn return_fact(&self, order: &Order) -> Value {
        let (back, id) = (&order.returns[0], part_id('R', order, 0));
        let product = &self.world.products[order.items[back.line].product];
        json!({
            "kind": "return", "source": format!("returns/{id}"), "return_id": id, "order_id": order.id, "product_id": product.sku,
            "status": back.status, "requested_on": shop_day(back.requested_at).to_string(),
            "received_on": back.received_at.map(|at| shop_day(at).to_string()),
            "refunded_on": back.refunded_at.map(|at| shop_day(at).to_string()),
            "refund_amount": money(back.refund), "currency": REGIONS[order.region].currency,
        })
    }

    pub(super) fn warranty(&self, random: &mut Random) -> Option<Draft> {
        let index = self.any_order(random, |order| order.items.iter().any(|item| item.serials.len() == 1))?;
        let order = &self.world.orders[index];
        let tongue = self.world.customers[order.customer].tongue;
        let item = order.items.iter().find(|item| item.serials.len() == 1)?;
        let (product, serial) = (&self.world.products[item.product], &item.serials[0]);
        let own = &self.orders[order.customer];
        let is_only = own.iter().filter(|order| self.has(**order, item.product)).count() == 1;
        let wrong = random.below(100);
        if wrong < 12 {
            return self.wrong_serial(order, serial, wrong, random);
        }
        let name = if is_only && random.chance(35) { "product" } else { "serial" };
        let (slots, mut kept) = self.slots(product, random);
        kept.push(serial.clone());
        let slots = slots.word("serial", serial.clone());
        let mut draft =
            self.of_order(order, ask(phrases(&self.words.warranty, name, tongue), &slots, random));
        draft.kept.extend(kept);
        // Nothing of what was cancelled or paid back is covered.
        if order.status == "cancelled" {
            draft.facts = parcel_facts(order).into_iter().take(1).collect();
            return Some(draft);
        }
        let line = order.items.iter().position(|other| std::ptr::eq(other, item))?;
        let back = order.returns.iter().find(|back| back.line == line);
        draft.facts.extend(back.map(|_| self.return_fact(order)));
        if back.is_some_and(|back| back.status == "refunded") {
            return Some(draft);
        }
        let bought = order.ordered_on();
        let months = self.world.warranty_months(product, order.region, bought);
        let end = World::warranty_end(bought, months);
        debug_assert!(self.world.kind(product).domain != Domain::Mode);
        draft.relevant = valid(&self.world.policies, Topic::Warranty, order.region, bought)
            .map(|policy| policy.source.clone())
            .into_iter()
            .collect();
        draft.facts.push(json!({
            "kind": "warranty", "source": format!("serials/{serial}"), "serial": serial, "product_id": product.sku,
            "order_id": order.id, "purchased_on": bought.to_string(), "region": code(order.region), "months": months,
            "ends_on": end.to_string(), "active": self.world.today <= end,
        }));
        Some(draft)
    }

    /// A number with a slip in it, one that was never given, or that of somebody else.
    fn wrong_serial(&self, order: &Order, serial: &str, draw: usize, random: &mut Random) -> Option<Draft> {
        let tongue = self.world.customers[order.customer].tongue;
        let (prefix, digits) = serial.split_once('-')?;
        let body = &digits[..digits.len() - 1];
        let (shown, fact, state) = match draw {
            0..=4 => {
                let check = (luhn(body) + 1 + random.below(8) as u32) % 10;
                let shown = if check == luhn(body) {
                    format!("{prefix}-{body}")
                } else {
                    format!("{prefix}-{body}{check}")
                };
                (shown, "serial_invalid", State::Clarify)
            }
            5..=8 => {
                // Week 77 never was.
                let body = format!("{}77{}", &body[..2], &body[4..]);
                (format!("{prefix}-{body}{}", luhn(&body)), "serial_unknown", State::Handoff)
            }
            _ => {
                let other = self.any_order(random, |other| {
                    other.customer != order.customer
                        && other.items.iter().any(|item| !item.serials.is_empty())
                })?;
                let items = &self.world.orders[other].items;
                let serial = items.iter().find_map(|item| item.serials.first())?;
                (serial.clone(), "serial_unknown", State::Handoff)
            }
        };
        let slots = crate::language::phrase::Slots::default().word("serial", shown.clone());
        let mut draft =
            self.of_order(order, ask(phrases(&self.words.warranty, "serial", tongue), &slots, random));
        draft.kept.push(shown.clone());
        draft.state = state;
        draft.facts = vec![json!({ "kind": fact, "serial": shown })];
        Some(draft)
    }
}
