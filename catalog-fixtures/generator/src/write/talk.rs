//! Dialogs with customers, and their tickets.

use anyhow::{Context, Result};
use chrono::{NaiveDateTime, TimeDelta};
use rayon::prelude::*;
use serde::Deserialize;
use serde_json::{Value, json};

use super::pages::product_slots;
use super::{Output, tables::moment};
use crate::language::grammar::capitalised;
use crate::language::phrase::{Slots, one_of};
use crate::language::{Phrases, Tongue};
use crate::random::Random;
use crate::world::World;
use crate::world::kinds::Domain;
use crate::world::orders::Order;
use crate::world::people::Customer;
use crate::world::products::Product;
use crate::world::series::{COLOURS, RHYTHMS, Row, Signal};

/// How people talk (`data/talk.toml`).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    greet: Phrases,
    person: Phrases,
    light: Phrases,
    code: Phrases,
    symptom: Phrases,
    ask_back: Phrases,
    answer_back: Phrases,
    advise: Phrases,
    solved: Phrases,
    unsolved: Phrases,
    close: Phrases,
    escalate: Phrases,
    parcel: Phrases,
    parcel_fix: Phrases,
    money: Phrases,
    money_fix: Phrases,
    subject_fault: Phrases,
    subject_parcel: Phrases,
    subject_money: Phrases,
    ticket_end: Phrases,
    resolution: Phrases,
    resolution_parcel: Phrases,
    resolution_money: Phrases,
    first_try: Phrases,
    no_luck: Phrases,
}

/// A dialog that solved something, for the questions.
#[derive(Debug, Clone)]
pub(crate) struct Solved {
    /// Path and id.
    pub(crate) source: String,
    pub(crate) product: usize,
    /// The fault's place in the kind.
    pub(crate) fault: usize,
}

/// What a talk is about.
enum Matter {
    /// A row of the product's troubleshooting table.
    Fault(Row),
    /// A trouble that only agents know.
    Field(usize),
    Parcel,
    Money,
}

/// A customer with an order and a matter.
struct Case<'a> {
    world: &'a World,
    words: &'a Words,
    customer: &'a Customer,
    order: &'a Order,
    product: usize,
    matter: Matter,
    tongue: Tongue,
    slots: Slots,
}

/// How many dialogs and tickets were written, and the dialogs that solved a fault.
#[derive(Debug)]
pub(crate) struct Written {
    pub(crate) dialogs: usize,
    pub(crate) tickets: usize,
    pub(crate) solved: Vec<Solved>,
}

/// Dialogs in a file.
const A_FILE: usize = 250;

/// Writes dialogs and tickets.
pub(super) fn write(world: &World, output: Output<'_>) -> Result<Written> {
    let words: Words = toml::from_str(include_str!("../../data/talk.toml")).context("data/talk.toml")?;
    let dialogs = (world.products.len() * 2_500 / 8_500).max(120);
    let tickets = (world.products.len() * 5_000 / 8_500).max(120);
    let drawn: Vec<(String, Option<Solved>)> =
        (0..dialogs).into_par_iter().map(|index| dialog(world, &words, index)).collect();
    for (nth, file) in drawn.chunks(A_FILE).enumerate() {
        let text: String = file.iter().map(|(line, _)| line.as_str()).collect();
        output.write(&dialog_file(nth), text)?;
    }
    let lines: Vec<Value> = (0..tickets).into_par_iter().map(|index| ticket(world, &words, index)).collect();
    // A few lie alone, as exports do.
    let (alone, together) = lines.split_at(5);
    for ticket in alone {
        let name = ticket["id"].as_str().unwrap_or_default();
        output.write(&format!("tickets/{name}.json"), serde_json::to_string_pretty(ticket)? + "\n")?;
    }
    for (nth, file) in together.chunks(1_000).enumerate() {
        let text: String = file.iter().map(|ticket| format!("{ticket}\n")).collect();
        output.write(&format!("tickets/tickets-{:02}.jsonl", nth + 1), text)?;
    }
    Ok(Written { dialogs, tickets, solved: drawn.into_iter().filter_map(|(_, solved)| solved).collect() })
}

fn dialog_file(nth: usize) -> String {
    format!("dialogs/dialoge-{:02}.jsonl", nth + 1)
}

impl<'a> Case<'a> {
    /// Draws a case: an order and what is wrong with it. One that fails has the product of the order's first line.
    fn draw(world: &'a World, words: &'a Words, random: &mut Random) -> Self {
        let order = random.pick(&world.orders);
        let customer = &world.customers[order.customer];
        let product = random.pick(&order.items).product;
        let about = &world.products[product];
        let kind = world.kind(about);
        let tongue = customer.tongue;
        let matter = match random.below(100) {
            0..=57 if !kind.faults.is_empty() => {
                Matter::Fault(random.pick(&world.series[about.series].platform.rows).clone())
            }
            0..=76 => Matter::Field(random.below(kind.fields.len())),
            77..=90 => Matter::Parcel,
            _ => Matter::Money,
        };
        let casual = random.pick(&kind.casual);
        let slots = person_slots(product_slots(world, about), customer)
            .word("order", order.id.clone())
            .noun("casual", crate::language::grammar::Noun::parse(casual).unwrap_or_else(|| kind.noun()));
        let slots = match (tongue, &matter) {
            (Tongue::English, _) => slots.word("casual", random.pick(&kind.casual_en).clone()),
            _ => slots,
        };
        Self { world, words, customer, order, product, matter, tongue, slots }
    }

    fn about(&self) -> &'a Product {
        &self.world.products[self.product]
    }

    fn say(&self, phrases: &Phrases, random: &mut Random) -> String {
        one_of(phrases.of(self.tongue), &self.slots, random)
    }

    /// What the customer complains of.
    fn complaint(&self, random: &mut Random) -> String {
        let kind = self.world.kind(self.about());
        match &self.matter {
            Matter::Parcel => self.say(&self.words.parcel, random),
            Matter::Money => self.say(&self.words.money, random),
            Matter::Field(place) => self.say(&kind.fields[*place].say, random),
            Matter::Fault(row) => {
                let (phrases, slots) = match &row.signal {
                    Signal::Code(code) => (&self.words.code, self.slots.clone().word("code", code.clone())),
                    Signal::Light(colour, rhythm) => {
                        let (colour, rhythm) = (COLOURS[*colour], RHYTHMS[*rhythm]);
                        let colour = if self.tongue == Tongue::German { colour.0 } else { colour.1 };
                        let slots =
                            self.slots.clone().word("colour", colour).word("rhythm_de", of_rhythm(rhythm.0));
                        (&self.words.light, slots)
                    }
                    Signal::Symptom => {
                        let fault = &kind.faults[row.fault];
                        // The first way to say it is that of the dialogs; questions say it otherwise.
                        let say = fault.say.of(self.tongue).first().cloned().unwrap_or_default();
                        (&self.words.symptom, self.slots.clone().word("say", say))
                    }
                };
                one_of(phrases.of(self.tongue), &slots, random)
            }
        }
    }

    /// What the agent advises.
    fn advice(&self, random: &mut Random) -> String {
        let kind = self.world.kind(self.about());
        match &self.matter {
            Matter::Parcel => self.say(&self.words.parcel_fix, random),
            Matter::Money => self.say(&self.words.money_fix, random),
            Matter::Field(place) => self.say(&kind.fields[*place].fix, random),
            Matter::Fault(row) => {
                let slots = self
                    .slots
                    .clone()
                    .word("cause", row.cause.of(self.tongue))
                    .word("remedy", row.remedy.of(self.tongue));
                one_of(self.words.advise.of(self.tongue), &slots, random)
            }
        }
    }

    /// A question of the agent with the answer that belongs to it.
    fn asked_back(&self, random: &mut Random) -> [(&'static str, String); 2] {
        let (asked, answered) = (self.words.ask_back.of(self.tongue), self.words.answer_back.of(self.tongue));
        // Only what is plugged in can be unplugged.
        let is_plugged = self.world.kind(self.about()).domain == Domain::Haushalt;
        let place = random.below(asked.len() - usize::from(!is_plugged));
        let one =
            |phrases: &[String], random: &mut Random| one_of(&phrases[place..=place], &self.slots, random);
        [("agent", one(asked, random)), ("customer", one(answered, random))]
    }

    fn opening(&self, random: &mut Random) -> String {
        let greeting = self.say(&self.words.greet, random);
        let person = self.say(&self.words.person, random);
        let complaint = self.complaint(random);
        let opening = [greeting, person].join(" ");
        let complaint = if opening.trim().is_empty() || opening.trim().ends_with('.') {
            capitalised(&complaint)
        } else {
            complaint
        };
        capitalised(format!("{} {complaint}", opening.trim()).trim())
    }
}

/// A light's rhythm as people tell it.
fn of_rhythm(rhythm: &str) -> &'static str {
    if rhythm.starts_with("leuchtet") { "dauernd" } else { "blinkend" }
}

fn person_slots(slots: Slots, customer: &Customer) -> Slots {
    slots
        .word("first", customer.first)
        .word("last", customer.last)
        .word("customer", customer.id.clone())
        .word("phone", customer.phone.clone())
        .word("email", customer.email.clone())
        .word("street", customer.street.clone())
        .word("postal", customer.postal_code.clone())
        .word("city", customer.city)
}

/// A moment after the order, in the day.
fn later(case: &Case<'_>, random: &mut Random) -> NaiveDateTime {
    let now = crate::world::now(case.world.today);
    let room = (now - case.order.ordered_at).num_minutes().max(120);
    case.order.ordered_at + TimeDelta::minutes(random.between(60, room - 30))
}

fn dialog(world: &World, words: &Words, index: usize) -> (String, Option<Solved>) {
    let mut random = Random::new(world.seed, "dialog", index);
    let case = Case::draw(world, words, &mut random);
    let resolved = random.chance(60);
    let start = later(&case, &mut random);
    let mut texts = vec![("customer", case.opening(&mut random))];
    let is_thing = matches!(case.matter, Matter::Fault(_) | Matter::Field(_));
    if is_thing && random.chance(45) {
        texts.extend(case.asked_back(&mut random));
    }
    if resolved && is_thing && random.chance(25) {
        texts.push(("agent", case.say(&words.first_try, &mut random)));
        texts.push(("customer", case.say(&words.no_luck, &mut random)));
    }
    texts.push(("agent", case.advice(&mut random)));
    let (end, last) =
        if resolved { (&words.solved, &words.close) } else { (&words.unsolved, &words.escalate) };
    texts.push(("customer", case.say(end, &mut random)));
    texts.push(("agent", case.say(last, &mut random)));
    let mut at = start;
    let turns: Vec<Value> = texts
        .iter()
        .map(|(from, text)| {
            at += TimeDelta::minutes(random.between(1, 12));
            json!({ "from": from, "ts": moment(at), "text": text })
        })
        .collect();
    let id = format!("D-{:05}", index + 1);
    let line = json!({
        "id": id, "date": start.date().to_string(), "language": case.tongue.code(), "product": case.about().sku,
        "resolved": resolved, "turns": turns,
    });
    let solved = match &case.matter {
        Matter::Fault(row) if resolved => {
            let source = format!("{}#{id}", dialog_file(index / A_FILE));
            Some(Solved { source, product: case.product, fault: row.fault })
        }
        _ => None,
    };
    (format!("{line}\n"), solved)
}

fn ticket(world: &World, words: &Words, index: usize) -> Value {
    let mut random = Random::new(world.seed, "ticket", index);
    let case = Case::draw(world, words, &mut random);
    let created = later(&case, &mut random);
    let age = (crate::world::now(world.today) - created).num_days();
    let status = if age > 20 { "closed" } else { *random.pick(&["open", "pending", "closed"]) };
    let subject = match &case.matter {
        Matter::Fault(_) | Matter::Field(_) => &words.subject_fault,
        Matter::Parcel => &words.subject_parcel,
        Matter::Money => &words.subject_money,
    };
    let body = format!("{} {}", case.opening(&mut random), case.say(&words.ticket_end, &mut random));
    let mut ticket = json!({
        "id": format!("T-{}", 20_000 + index),
        "customer_id": case.customer.id,
        "order_id": case.order.id,
        "product": case.about().sku,
        "status": status,
        "subject": case.say(subject, &mut random),
        "body": body.trim(),
        "created": moment(created),
    });
    if status == "closed" {
        let resolution = match &case.matter {
            Matter::Fault(_) | Matter::Field(_) => &words.resolution,
            Matter::Parcel => &words.resolution_parcel,
            Matter::Money => &words.resolution_money,
        };
        ticket["resolution"] = json!(case.say(resolution, &mut random));
    }
    ticket
}
