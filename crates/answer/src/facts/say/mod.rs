//! Facts in words, German and English. Every other language gets English ones.
//!
//! A sentence is made of one fact alone, so nothing is said that no fact holds.

mod states;
mod values;

use auskunft_model::{
    ComparisonFact, Fact, Language, PriceFact, ProductId, ReturnFact, ReturnWindowFact, ShipmentFact,
    WarrantyFact,
};
use chrono::NaiveDate;

use states::{order_state, payment_method, payment_state, return_state, shipment_state};
use values::{day, moment, money, number};

/// The language of the fixed words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tongue {
    German,
    English,
}

impl Tongue {
    /// That of an answer.
    pub(crate) fn of(language: &Language) -> Self {
        if *language == Language::german() { Self::German } else { Self::English }
    }

    /// The German or the English form.
    pub(crate) fn pick<T>(self, german: T, english: T) -> T {
        match self {
            Self::German => german,
            Self::English => english,
        }
    }
}

/// What is said where facts do not answer, or not alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Message {
    /// This agent may not see this customer, or there is none: which one is not told.
    NotPermitted,
    /// The agent's role may not see this.
    Withheld,
    /// The role may not see the payment that the order waits for.
    PaymentWithheld,
    /// The role may not see whether something of it was sent back.
    ReturnsWithheld,
    /// The customer has no order or parcel of these numbers.
    NoOrder(Vec<String>),
    /// The product that is named is not in this order.
    NotInOrder(String),
    /// The customer has no order with that product, or none at all.
    NoSuchOrder,
    /// No policy counts for the day and region of the order.
    NoPolicy,
    /// Several orders may be meant: numbers and days.
    WhichOrder(Vec<(String, NaiveDate)>),
}

/// A message in words.
pub(crate) fn message(message: &Message, tongue: Tongue) -> String {
    match message {
        Message::NotPermitted => tongue.pick(
            "Zu dieser Kundin oder diesem Kunden kann ich nichts zeigen: unbekannt oder nicht in Ihrem Bereich.",
            "There is nothing that I can show about this customer: unknown, or not within your regions.",
        ),
        Message::Withheld => tongue.pick(
            "Das darf Ihre Rolle nicht einsehen. Bitte übergeben Sie an die zuständigen Kolleginnen und Kollegen.",
            "Your role may not see this. Please hand over to the colleagues in charge.",
        ),
        Message::PaymentWithheld => tongue.pick(
            "Die Zahlung dazu darf Ihre Rolle nicht einsehen.",
            "Your role may not see the payment for it.",
        ),
        Message::ReturnsWithheld => tongue.pick(
            "Ob davon etwas zurückgeschickt wurde, darf Ihre Rolle nicht einsehen.",
            "Your role may not see whether something of it was sent back.",
        ),
        Message::NoOrder(numbers) => return no_order(numbers, tongue),
        Message::NotInOrder(order) => {
            return tongue.pick(
                format!("Das genannte Produkt ist nicht in der Bestellung {order}."),
                format!("The product that is named is not in the order {order}."),
            );
        }
        Message::NoSuchOrder => tongue.pick(
            "Dazu gibt es bei dieser Kundin oder diesem Kunden keine Bestellung.",
            "This customer has no order of that kind.",
        ),
        Message::NoPolicy => tongue.pick(
            "Für diese Bestellung ist keine Regelung hinterlegt. Bitte übergeben Sie an eine Kollegin oder einen Kollegen.",
            "No policy is known for this order. Please hand over to a colleague.",
        ),
        Message::WhichOrder(orders) => return which_order(orders, tongue),
    }
    .to_owned()
}

fn no_order(numbers: &[String], tongue: Tongue) -> String {
    let (listed, is_one) = (numbers.join(", "), numbers.len() == 1);
    tongue.pick(
        format!(
            "{listed} {} zu keiner Bestellung dieser Kundin oder dieses Kunden.",
            if is_one { "gehört" } else { "gehören" }
        ),
        format!("{listed} {} to no order of this customer.", if is_one { "belongs" } else { "belong" }),
    )
}

fn which_order(orders: &[(String, NaiveDate)], tongue: Tongue) -> String {
    let named = |(order, on): &(String, NaiveDate)| {
        let on = day(*on, tongue);
        tongue.pick(format!("{order} vom {on}"), format!("{order} of {on}"))
    };
    let orders: Vec<String> = orders.iter().map(named).collect();
    let ask = tongue.pick("Welche Bestellung ist gemeint", "Which order is meant");
    format!("{ask}: {}?", orders.join(", "))
}

/// A fact as a sentence; `name` tells a product's name. Candidates are said by their question.
pub(crate) fn fact(fact: &Fact, tongue: Tongue, name: &dyn Fn(&ProductId) -> String) -> Option<String> {
    Some(match fact {
        Fact::Attribute { .. } | Fact::Candidate { .. } => return None,
        Fact::Order { order_id, status, .. } => {
            let state = order_state(status, tongue);
            tongue.pick(format!("Bestellung {order_id}: {state}."), format!("Order {order_id}: {state}."))
        }
        Fact::Shipment(shipment) => self::shipment(shipment, tongue),
        Fact::Payment { status, method, amount, currency, .. } => {
            let (amount, method) = (money(amount, currency, tongue), payment_method(method, tongue));
            let state = payment_state(status, tongue);
            tongue.pick(format!("Zahlung über {amount} ({method}): {state}."), format!("Payment of {amount} ({method}): {state}."))
        }
        Fact::ReturnWindow(window) => return_window(window, tongue, &name(&window.product_id)),
        Fact::Return(back) => self::back(back, tongue, &name(&back.product_id)),
        Fact::Price(price) => self::price(price, tongue, &name(&price.product_id)),
        Fact::Discontinued { product_id, since, successor, .. } => {
            let heir = successor.as_ref().map(name);
            discontinued(&name(product_id), *since, heir.as_deref(), tongue)
        }
        Fact::NotSold { product_id, region, .. } => {
            let name = name(product_id);
            tongue.pick(
                format!("{name} wird in der Region {region} nicht verkauft."),
                format!("{name} is not sold in the region {region}."),
            )
        }
        Fact::Warranty(warranty) => self::warranty(warranty, tongue, &name(&warranty.product_id)),
        Fact::SerialInvalid { serial } => tongue.pick(
            format!("Die Seriennummer {serial} kann nicht stimmen: Ihre Prüfziffer passt nicht. Bitte noch einmal ablesen."),
            format!("The serial number {serial} cannot be right: its check digit does not fit. Please read it again."),
        ),
        Fact::SerialUnknown { serial } => tongue.pick(
            format!("Die Seriennummer {serial} ist bei dieser Kundin oder diesem Kunden nicht bekannt."),
            format!("The serial number {serial} is not known with this customer."),
        ),
        Fact::Comparison(comparison) => self::comparison(comparison, tongue, name),
    })
}

fn shipment(of: &ShipmentFact, tongue: Tongue) -> String {
    let mut parts = vec![shipment_state(&of.status, tongue).to_owned()];
    if let Some(event) = &of.last_event {
        let at = of.last_event_at.map(|at| moment(at, tongue));
        let at = at.map(|at| tongue.pick(format!(" am {at}"), format!(" on {at}"))).unwrap_or_default();
        parts.push(tongue.pick(format!("letzte Meldung „{event}“{at}"), format!("last event “{event}”{at}")));
    }
    let is_under_way = !matches!(of.status.as_str(), "delivered" | "lost" | "returned_to_sender");
    if let Some(on) = of.expected_on.filter(|_| is_under_way) {
        let on = day(on, tongue);
        parts.push(tongue.pick(format!("erwartet am {on}"), format!("expected on {on}")));
    }
    let number = of.tracking_number.as_ref();
    let number = number.map(|number| {
        tongue.pick(format!(", Sendungsnummer {number}"), format!(", tracking number {number}"))
    });
    let (id, carrier, number) = (&of.shipment_id, &of.carrier, number.unwrap_or_default());
    let told = parts.join("; ");
    tongue.pick(
        format!("Paket {id} mit {carrier}{number}: {told}."),
        format!("Parcel {id} by {carrier}{number}: {told}."),
    )
}

fn return_window(of: &ReturnWindowFact, tongue: Tongue, name: &str) -> String {
    let (order, days) = (&of.order_id, of.days);
    if of.excluded {
        return tongue.pick(
            format!("{name} aus {order} ist von der Rückgabe ausgeschlossen."),
            format!("{name} of {order} is excluded from returns."),
        );
    }
    let (Some(delivered), Some(deadline)) = (of.delivered_on, of.deadline) else {
        return tongue.pick(
            format!("{name} aus {order} ist noch nicht ganz zugestellt; danach gelten {days} Tage für die Rückgabe."),
            format!("{name} of {order} is not fully delivered yet; {days} days for returning it count from then."),
        );
    };
    let (delivered, deadline) = (day(delivered, tongue), day(deadline, tongue));
    if of.open {
        return tongue.pick(
            format!(
                "{name} aus {order} kann bis {deadline} zurück: {days} Tage ab Zustellung am {delivered}."
            ),
            format!(
                "{name} of {order} can go back until {deadline}: {days} days from delivery on {delivered}."
            ),
        );
    }
    tongue.pick(
        format!("Die Rückgabefrist für {name} aus {order} ist am {deadline} abgelaufen: {days} Tage ab Zustellung am {delivered}."),
        format!("The return period for {name} of {order} ended on {deadline}: {days} days from delivery on {delivered}."),
    )
}

fn back(of: &ReturnFact, tongue: Tongue, name: &str) -> String {
    let mut parts = vec![return_state(&of.status, tongue).to_owned()];
    let on = |on: NaiveDate| day(on, tongue);
    parts.push(tongue.pick(
        format!("angemeldet am {}", on(of.requested_on)),
        format!("requested on {}", on(of.requested_on)),
    ));
    if let Some(received) = of.received_on.map(on) {
        parts.push(tongue.pick(format!("eingegangen am {received}"), format!("received on {received}")));
    }
    let amount = money(&of.refund_amount, &of.currency, tongue);
    if let Some(refunded) = of.refunded_on.map(on) {
        parts.push(
            tongue.pick(
                format!("{amount} erstattet am {refunded}"),
                format!("{amount} refunded on {refunded}"),
            ),
        );
    } else if !matches!(of.status.as_str(), "replaced" | "rejected") {
        parts.push(tongue.pick(format!("Erstattung: {amount}"), format!("refund: {amount}")));
    }
    let (id, order, told) = (&of.return_id, &of.order_id, parts.join("; "));
    tongue.pick(
        format!("Rücksendung {id} ({name} aus {order}): {told}."),
        format!("Return {id} ({name} of {order}): {told}."),
    )
}

fn price(of: &PriceFact, tongue: Tongue, name: &str) -> String {
    let amount = money(&of.amount, &of.currency, tongue);
    let vat = if of.vat_included {
        tongue.pick("inkl. MwSt.", "incl. VAT")
    } else {
        tongue.pick("ohne Steuern", "plus tax")
    };
    let stock = match of.stock {
        Some(0) => tongue.pick("; nicht auf Lager", "; out of stock").to_owned(),
        Some(pieces) => tongue.pick(format!("; {pieces} Stück auf Lager"), format!("; {pieces} in stock")),
        None => String::new(),
    };
    format!("{name}: {amount} {vat} ({}){stock}.", of.region)
}

fn discontinued(name: &str, since: Option<NaiveDate>, heir: Option<&str>, tongue: Tongue) -> String {
    let since = since.map(|since| day(since, tongue));
    let gone = match since {
        Some(since) => tongue.pick(
            format!("{name} wird seit {since} nicht mehr verkauft"),
            format!("{name} has not been sold since {since}"),
        ),
        None => tongue.pick(format!("{name} wird nicht mehr verkauft"), format!("{name} is no longer sold")),
    };
    match heir {
        Some(heir) => {
            tongue.pick(format!("{gone}; Nachfolger: {heir}."), format!("{gone}; successor: {heir}."))
        }
        None => format!("{gone}."),
    }
}

fn warranty(of: &WarrantyFact, tongue: Tongue, name: &str) -> String {
    let (end, bought) = (day(of.ends_on, tongue), day(of.purchased_on, tongue));
    let (months, order, region) = (of.months, &of.order_id, &of.region);
    let thing = match &of.serial {
        Some(serial) => {
            tongue.pick(format!("{name} (Seriennummer {serial})"), format!("{name} (serial number {serial})"))
        }
        None => name.to_owned(),
    };
    let terms = tongue.pick(
        format!("{months} Monate ab Kauf am {bought}, Bestellung {order}, Region {region}"),
        format!("{months} months from purchase on {bought}, order {order}, region {region}"),
    );
    if of.active {
        tongue.pick(
            format!("{thing}: Garantie bis {end} ({terms})."),
            format!("{thing}: under warranty until {end} ({terms})."),
        )
    } else {
        tongue.pick(
            format!("{thing}: Die Garantie ist am {end} abgelaufen ({terms})."),
            format!("{thing}: the warranty ended on {end} ({terms})."),
        )
    }
}

fn comparison(of: &ComparisonFact, tongue: Tongue, name: &dyn Fn(&ProductId) -> String) -> String {
    let unit = tongue.pick(of.unit.as_str(), super::comparison::english(&of.unit));
    let unit = if unit.is_empty() { String::new() } else { format!(" {unit}") };
    let shown = |value: &Option<String>| match value {
        Some(value) => format!("{}{unit}", number(value, tongue)),
        None => tongue.pick("keine Angabe", "not stated").to_owned(),
    };
    let values: Vec<String> = of
        .values
        .iter()
        .map(|value| format!("{}: {}", name(&value.product_id), shown(&value.value)))
        .collect();
    let listed = format!("{} – {}", of.attribute, values.join("; "));
    let Some(best) = &of.best else { return format!("{listed}.") };
    let wins = match of.better.as_deref() {
        Some("lower") => tongue.pick("niedriger", "lower"),
        _ => tongue.pick("höher", "higher"),
    };
    let better = tongue.pick(format!("{wins} bei {}", name(best)), format!("{wins} with {}", name(best)));
    format!("{listed}; {better}.")
}

#[cfg(test)]
mod tests;
