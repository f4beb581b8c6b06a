//! Orders and what became of them: payments, parcels, returns, serial numbers.

use chrono::{Days, NaiveDate, NaiveDateTime, TimeDelta};

use super::kinds::{Domain, Kind};
use super::makers::Maker;
use super::parcels::route;
use super::people::Customer;
use super::products::Product;
use super::regions::REGIONS;
use super::serials::serial;
use crate::random::Random;

/// The day of a moment of UTC where the shop is: what answers must say.
pub(crate) fn shop_day(at: NaiveDateTime) -> NaiveDate {
    at.and_utc().with_timezone(&chrono_tz::Europe::Berlin).date_naive()
}

/// An order with everything that hangs on it.
#[derive(Debug)]
pub(crate) struct Order {
    pub(crate) id: String,
    pub(crate) customer: usize,
    pub(crate) ordered_at: NaiveDateTime,
    /// Place in `REGIONS`.
    pub(crate) region: usize,
    pub(crate) status: &'static str,
    pub(crate) items: Vec<Item>,
    pub(crate) payments: Vec<Payment>,
    pub(crate) shipments: Vec<Shipment>,
    pub(crate) returns: Vec<Return>,
}

/// A line of an order.
#[derive(Debug)]
pub(crate) struct Item {
    pub(crate) product: usize,
    pub(crate) quantity: u32,
    /// In cents.
    pub(crate) unit_price: i64,
    /// One for each piece that has left, of products that carry one.
    pub(crate) serials: Vec<String>,
}

/// Money that came or went back.
#[derive(Debug)]
pub(crate) struct Payment {
    pub(crate) method: &'static str,
    /// In cents.
    pub(crate) amount: i64,
    pub(crate) status: &'static str,
    pub(crate) at: NaiveDateTime,
}

/// A parcel.
#[derive(Debug)]
pub(crate) struct Shipment {
    pub(crate) carrier: &'static str,
    pub(crate) tracking: String,
    pub(crate) status: &'static str,
    pub(crate) shipped_at: NaiveDateTime,
    pub(crate) expected_on: NaiveDate,
    pub(crate) events: Vec<Event>,
    /// Places of the items in it.
    pub(crate) lines: Vec<usize>,
}

/// What a carrier told of a parcel.
#[derive(Debug)]
pub(crate) struct Event {
    pub(crate) at: NaiveDateTime,
    pub(crate) status: &'static str,
    pub(crate) text: &'static str,
    pub(crate) place: String,
}

/// A piece that came back.
#[derive(Debug)]
pub(crate) struct Return {
    /// Place of the item.
    pub(crate) line: usize,
    pub(crate) reason: &'static str,
    pub(crate) status: &'static str,
    pub(crate) requested_at: NaiveDateTime,
    pub(crate) received_at: Option<NaiveDateTime>,
    pub(crate) refunded_at: Option<NaiveDateTime>,
    /// In cents: what is or will be paid back.
    pub(crate) refund: i64,
}

impl Order {
    /// The sum of its items in cents.
    pub(crate) fn total(&self) -> i64 {
        self.items.iter().map(|item| item.unit_price * i64::from(item.quantity)).sum()
    }

    /// The shop's day on which it was placed.
    pub(crate) fn ordered_on(&self) -> NaiveDate {
        shop_day(self.ordered_at)
    }

    /// The shop's day on which the last parcel arrived, when all have.
    pub(crate) fn arrived_on(&self) -> Option<NaiveDate> {
        self.last_arrival().map(shop_day)
    }

    /// The day of UTC on which the last parcel arrived, when all have.
    fn delivered_on(&self) -> Option<NaiveDate> {
        self.last_arrival().map(|at| at.date())
    }

    fn last_arrival(&self) -> Option<NaiveDateTime> {
        let all = self.shipments.iter().all(|shipment| shipment.status == "delivered");
        let last =
            self.shipments.iter().filter_map(|shipment| shipment.events.last()).map(|event| event.at).max();
        last.filter(|_| all && self.status == "delivered")
    }
}

/// What becomes of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fate {
    AwaitingPayment,
    Paid,
    Cancelled,
    InTransit,
    OutForDelivery,
    Split,
    Delayed,
    Lost,
    SentBack,
    Delivered,
}

/// What orders are drawn from.
pub(super) struct Drawing<'a> {
    pub(super) seed: u64,
    pub(super) now: NaiveDateTime,
    pub(super) kinds: &'a [Kind],
    pub(super) makers: &'a [Maker],
    pub(super) products: &'a [Product],
    pub(super) customers: &'a [Customer],
}

/// Orders of a shop of that size.
pub(super) fn count(products: usize) -> usize {
    (products * 80_000).div_ceil(8_500).max(400)
}

impl Drawing<'_> {
    /// Draws one order.
    pub(super) fn order(&self, index: usize) -> Order {
        let mut random = Random::new(self.seed, "order", index);
        let customer = random.below(self.customers.len());
        let region = self.customers[customer].region;
        let (ordered_at, items) = self.basket(region, &mut random);
        let age = (self.now.date() - ordered_at.date()).num_days();
        let fate = fate(age, items.len(), &mut random);
        let mut order = Order {
            id: format!("O-{}", 500_000 + index),
            customer,
            ordered_at,
            region,
            status: status(fate),
            items,
            payments: Vec::new(),
            shipments: Vec::new(),
            returns: Vec::new(),
        };
        self.ship(&mut order, fate, &mut random);
        self.pay(&mut order, fate, &mut random);
        self.number(&mut order, index);
        self.send_back(&mut order, &mut random);
        order
    }

    /// A time and things that were sold then.
    fn basket(&self, region: usize, random: &mut Random) -> (NaiveDateTime, Vec<Item>) {
        let mut ordered_at = self.moment(random);
        loop {
            let wanted = random.weighted(&[0, 62, 24, 10, 4]);
            let mut items: Vec<Item> = Vec::new();
            for _ in 0..30 {
                let product = random.below(self.products.len());
                let Some(price) = self.products[product].price(region, ordered_at.date()) else { continue };
                if items.len() < wanted && items.iter().all(|item| item.product != product) {
                    let quantity = if random.chance(8) { 2 } else { 1 };
                    items.push(Item { product, quantity, unit_price: price.amount, serials: Vec::new() });
                }
            }
            if !items.is_empty() {
                return (ordered_at, items);
            }
            // Long ago a small shop sold little: look nearer to today.
            let age = (self.now - ordered_at).num_minutes() / 2;
            ordered_at = self.now - TimeDelta::minutes(age.max(60));
        }
    }

    fn moment(&self, random: &mut Random) -> NaiveDateTime {
        let days = match random.below(100) {
            0..=9 => random.between(0, 13),
            10..=27 => random.between(14, 70),
            28..=60 => random.between(71, 365),
            _ => random.between(366, 1090),
        };
        let minutes = days * 1440 + random.between(30, 1430);
        self.now - TimeDelta::minutes(minutes)
    }

    fn pay(&self, order: &mut Order, fate: Fate, random: &mut Random) {
        let methods = REGIONS[order.region].methods;
        let amount = order.total();
        let at = order.ordered_at;
        let is_late = fate == Fate::AwaitingPayment;
        let method =
            if is_late && methods.contains(&"prepayment") { "prepayment" } else { random.pick(methods) };
        if is_late {
            let status = if method == "prepayment" { "pending" } else { "failed" };
            order.payments.push(Payment { method, amount, status, at });
            return;
        }
        order.payments.push(Payment { method, amount, status: "paid", at });
        let is_over = matches!(fate, Fate::Cancelled | Fate::SentBack);
        if is_over {
            let last =
                order.shipments.iter().flat_map(|shipment| &shipment.events).map(|event| event.at).max();
            let back = (last.unwrap_or(at) + TimeDelta::hours(random.between(4, 40))).min(self.now);
            order.payments.push(Payment { method, amount, status: "refunded", at: back });
        }
    }

    fn ship(&self, order: &mut Order, fate: Fate, random: &mut Random) {
        let all: Vec<usize> = (0..order.items.len()).collect();
        match fate {
            Fate::AwaitingPayment | Fate::Paid | Fate::Cancelled => {}
            Fate::Split => {
                let (first, second) = all.split_at(all.len() / 2);
                let one = self.parcel(order, Fate::Delivered, first.to_vec(), random);
                let late =
                    random.chance(60).then(|| self.parcel(order, Fate::InTransit, second.to_vec(), random));
                order.shipments = std::iter::once(one).chain(late).collect();
            }
            Fate::Delivered if order.items.len() > 1 && random.chance(15) => {
                let (first, second) = all.split_at(1);
                let parcels = [first, second].map(|lines| self.parcel(order, fate, lines.to_vec(), random));
                order.shipments = parcels.into();
            }
            _ => order.shipments = vec![self.parcel(order, fate, all, random)],
        }
    }

    fn parcel(&self, order: &Order, fate: Fate, lines: Vec<usize>, random: &mut Random) -> Shipment {
        let carrier = random.pick(REGIONS[order.region].carriers);
        let tracking = format!("{}{}", carrier.prefix, random.digits(carrier.digits));
        let shipped_at = (order.ordered_at + TimeDelta::minutes(random.between(240, 1700)))
            .min(self.now - TimeDelta::minutes(40));
        let home = self.customers[order.customer].city;
        let is_german = super::policies::tongue(order.region) == crate::language::Tongue::German;
        let events = route(fate, shipped_at, self.now, home, is_german, random);
        let status = events.last().map_or("announced", |event| event.status);
        let end = events.last().map_or(shipped_at, |event| event.at).date();
        let today = self.now.date();
        let expected_on = match fate {
            Fate::InTransit => today + Days::new(random.between(1, 4) as u64),
            Fate::OutForDelivery => today,
            Fate::Delayed => today - Days::new(random.between(1, 3) as u64),
            Fate::Delivered if random.chance(80) => end,
            _ => shipped_at.date() + Days::new(random.between(2, 5) as u64),
        };
        Shipment { carrier: carrier.name, tracking, status, shipped_at, expected_on, events, lines }
    }

    /// Serial numbers for the pieces that have left.
    fn number(&self, order: &mut Order, index: usize) {
        let mut random = Random::new(self.seed, "serial", index);
        let left: Vec<usize> = order.shipments.iter().flat_map(|shipment| shipment.lines.clone()).collect();
        let mut nth = 0;
        for (_, item) in order.items.iter_mut().enumerate().filter(|(line, _)| left.contains(line)) {
            let product = &self.products[item.product];
            if self.kinds[product.kind].domain == Domain::Mode {
                continue;
            }
            for _ in 0..item.quantity {
                let week = order.ordered_at.date() - Days::new(random.between(20, 200) as u64);
                let prefix = &self.makers[product.maker].serial_prefix;
                // Eight pieces of an order at most carry numbers: the last digit keeps them apart.
                item.serials.push(serial(prefix, week, index * 8 + nth % 8));
                nth += 1;
            }
        }
    }

    fn send_back(&self, order: &mut Order, random: &mut Random) {
        let Some(delivered) = order.delivered_on().filter(|_| random.chance(11)) else { return };
        let line = random.below(order.items.len());
        let requested_at =
            delivered.and_time(order.ordered_at.time()) + TimeDelta::hours(random.between(20, 24 * 13));
        if requested_at > self.now {
            return;
        }
        let product = &self.products[order.items[line].product];
        let reason =
            *random.pick(reasons(self.kinds[product.kind].domain, self.customers[order.customer].tongue));
        let age = (self.now - requested_at).num_days();
        let status = match age {
            0..=2 => *random.pick(&["requested", "label_sent"]),
            3..=9 => *random.pick(&["label_sent", "received", "received", "refunded"]),
            10..=16 => *random.pick(&["received", "refunded", "rejected"]),
            _ => *random.pick(&["refunded", "refunded", "refunded", "replaced", "rejected"]),
        };
        let arrived = requested_at + TimeDelta::hours(random.between(40, 70));
        let received_at = (!matches!(status, "requested" | "label_sent")).then_some(arrived.min(self.now));
        let refunded_at = (status == "refunded")
            .then_some((arrived + TimeDelta::hours(random.between(2, 70))).min(self.now));
        let refund = if matches!(status, "replaced" | "rejected") { 0 } else { order.items[line].unit_price };
        if let Some(at) = refunded_at {
            let method = order.payments[0].method;
            order.payments.push(Payment { method, amount: refund, status: "refunded", at });
        }
        order.returns.push(Return { line, reason, status, requested_at, received_at, refunded_at, refund });
    }
}

fn fate(age: i64, lines: usize, random: &mut Random) -> Fate {
    use Fate::{
        AwaitingPayment, Cancelled, Delayed, Delivered, InTransit, Lost, OutForDelivery, Paid, SentBack,
        Split,
    };
    let (fates, weights): (&[Fate], &[usize]) = match age {
        0..=1 => (&[AwaitingPayment, Paid, Cancelled, InTransit], &[25, 52, 5, 18]),
        2..=6 => (
            &[AwaitingPayment, Paid, InTransit, OutForDelivery, Split, Delivered, Delayed, Cancelled],
            &[8, 8, 38, 12, 16, 8, 6, 4],
        ),
        7..=13 => (&[AwaitingPayment, Delivered, Delayed, Lost, Split, Cancelled], &[4, 72, 8, 4, 9, 3]),
        14..=40 => (&[Delivered, Lost, SentBack, Cancelled], &[90, 3, 3, 4]),
        _ => (&[Delivered, SentBack, Cancelled], &[95, 1, 4]),
    };
    match fates[random.weighted(weights)] {
        // What is one thing can't be parted.
        Split if lines < 2 => InTransit,
        fate => fate,
    }
}

fn status(fate: Fate) -> &'static str {
    match fate {
        Fate::AwaitingPayment => "awaiting_payment",
        Fate::Paid => "paid",
        Fate::Cancelled | Fate::SentBack => "cancelled",
        Fate::Split => "partially_shipped",
        Fate::Delivered => "delivered",
        Fate::InTransit | Fate::OutForDelivery | Fate::Delayed | Fate::Lost => "shipped",
    }
}

fn reasons(domain: Domain, tongue: crate::language::Tongue) -> &'static [&'static str] {
    match (domain, tongue) {
        (Domain::Mode, crate::language::Tongue::German) => {
            &["zu klein", "zu groß", "Farbe anders als gedacht", "gefällt nicht"]
        }
        (Domain::Mode, _) => &["too small", "too large", "colour differs", "changed my mind"],
        (_, crate::language::Tongue::German) => {
            &["defekt angekommen", "zu laut", "gefällt nicht", "falsch bestellt", "Teil fehlt"]
        }
        _ => &["arrived broken", "too loud", "changed my mind", "ordered by mistake", "part missing"],
    }
}
