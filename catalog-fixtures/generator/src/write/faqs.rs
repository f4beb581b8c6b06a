//! Answers to frequent questions, in every format that shops keep them in.

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::json;

use super::pages::product_slots;
use super::{Output, SHOP};
use crate::language::phrase::{Slots, fill, sentence};
use crate::language::{Both, Tongue};
use crate::random::Random;
use crate::world::World;

/// A question with its answer and its place.
#[derive(Debug, Clone)]
pub(crate) struct Faq {
    /// Path, and anchor where the format has ids.
    pub(crate) source: String,
    id: String,
    tongue: Tongue,
    question: String,
    pub(crate) answer: String,
    /// The product that it is about.
    pub(crate) product: Option<usize>,
    sku: Option<String>,
    pub(crate) topic: Topic,
}

/// What it was written from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    /// Place in the shop's own questions.
    Shop(usize),
    /// Place in the kind's questions.
    Kind(usize),
}

/// The shop's own questions (`data/shop.toml`).
#[derive(Debug, Deserialize)]
pub(crate) struct ShopFaq {
    pub(crate) ask: Both,
    pub(crate) answer: Both,
    /// In customers' words.
    pub(crate) other: Both,
}

#[derive(Deserialize)]
struct ShopText {
    faq: Vec<ShopFaq>,
}

/// Reads the shop's own questions.
pub(crate) fn shop_faqs() -> Result<Vec<ShopFaq>> {
    let text: ShopText = toml::from_str(include_str!("../../data/shop.toml")).context("data/shop.toml")?;
    Ok(text.faq)
}

/// Answers of a shop of that size.
fn count(products: usize) -> usize {
    (products * 400 / 8_500).max(60)
}

/// Writes all answers and tells where they stand.
pub(super) fn write(world: &World, output: Output<'_>) -> Result<Vec<Faq>> {
    let mut faqs = shop(world, &shop_faqs()?);
    faqs.extend(of_products(world, count(world.products.len()).saturating_sub(faqs.len())));
    // Files of about thirty answers, each in one language and one format.
    let mut placed = Vec::new();
    for tongue in [Tongue::German, Tongue::English] {
        let of_tongue: Vec<Faq> = faqs.iter().filter(|faq| faq.tongue == tongue).cloned().collect();
        for (nth, group) in of_tongue.chunks(30).enumerate() {
            placed.extend(file(group, nth, tongue, output)?);
        }
    }
    Ok(placed)
}

fn shop(world: &World, texts: &[ShopFaq]) -> Vec<Faq> {
    let both = [Tongue::German, Tongue::English];
    let each = texts.iter().enumerate().flat_map(|(place, text)| both.map(|tongue| (place, text, tongue)));
    each.map(|(place, text, tongue)| {
        // The same numbers in both languages.
        let mut random = Random::new(world.seed, "shop faq", place);
        let slots =
            ["kg", "minutes", "euro", "years", "days"].iter().fold(Slots::default(), |slots, name| {
                let value = match *name {
                    "kg" => random.between(12, 30),
                    "minutes" => random.between(3, 12) * 5,
                    "euro" => random.between(3, 15),
                    "years" => random.between(4, 10),
                    _ => random.between(2, 14),
                };
                slots.word(name, value.to_string())
            });
        let slots = slots.word("shop", SHOP);
        Faq {
            source: String::new(),
            id: format!("shop-{}-{:02}", tongue.code(), place + 1),
            tongue,
            question: fill(text.ask.of(tongue), &slots, &mut random),
            answer: fill(text.answer.of(tongue), &slots, &mut random),
            product: None,
            sku: None,
            topic: Topic::Shop(place),
        }
    })
    .collect()
}

fn of_products(world: &World, wanted: usize) -> Vec<Faq> {
    let mut random = Random::new(world.seed, "faqs", 0);
    let mut pairs: Vec<(usize, usize)> = (0..world.series.len())
        .flat_map(|series| {
            (0..world.kinds[world.series[series].kind].faqs.len()).map(move |faq| (series, faq))
        })
        .collect();
    random.shuffle(&mut pairs);
    pairs
        .into_iter()
        .filter_map(|(series, place)| Some((*world.series[series].products.first()?, place)))
        .take(wanted)
        .enumerate()
        .map(|(nth, (product, place))| {
            let mut random = Random::new(world.seed, "faq", nth);
            let about = &world.products[product];
            let faq = &world.kind(about).faqs[place];
            let tongue = about.tongue;
            let slots = product_slots(world, about);
            Faq {
                source: String::new(),
                id: format!("faq-{:04}", nth + 1),
                tongue,
                question: sentence(faq.ask.of(tongue), &slots, &mut random),
                answer: sentence(faq.answer.of(tongue), &slots, &mut random),
                product: Some(product),
                sku: Some(about.sku.clone()),
                topic: Topic::Kind(place),
            }
        })
        .collect()
}

fn file(group: &[Faq], nth: usize, tongue: Tongue, output: Output<'_>) -> Result<Vec<Faq>> {
    let stem =
        format!("faqs/{}-{:02}", if tongue == Tongue::German { "fragen" } else { "questions" }, nth + 1);
    let (extension, text, has_ids) = match nth % 5 {
        0 => ("jsonl", lines(group), true),
        1 => ("csv", table(group)?, true),
        2 => ("json", list(group)?, true),
        3 => ("md", markdown(group, tongue), false),
        _ => ("html", page(group, tongue), true),
    };
    let path = format!("{stem}.{extension}");
    output.write(&path, text)?;
    let source = |faq: &Faq| if has_ids { format!("{path}#{}", faq.id) } else { path.clone() };
    Ok(group.iter().map(|faq| Faq { source: source(faq), ..faq.clone() }).collect())
}

fn record(faq: &Faq) -> serde_json::Value {
    let mut record = json!({ "id": faq.id, "question": faq.question, "answer": faq.answer, "language": faq.tongue.code() });
    if let Some(sku) = &faq.sku {
        record["product"] = json!(sku);
    }
    record
}

fn lines(group: &[Faq]) -> String {
    group.iter().map(|faq| format!("{}\n", record(faq))).collect()
}

fn list(group: &[Faq]) -> Result<String> {
    let records: Vec<serde_json::Value> = group.iter().map(record).collect();
    Ok(serde_json::to_string_pretty(&records)? + "\n")
}

fn table(group: &[Faq]) -> Result<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["id", "question", "answer", "product", "language"])?;
    for faq in group {
        writer.write_record([
            &faq.id,
            &faq.question,
            &faq.answer,
            faq.sku.as_deref().unwrap_or_default(),
            faq.tongue.code(),
        ])?;
    }
    let bytes = writer.into_inner().map_err(|error| error.into_error())?;
    Ok(String::from_utf8(bytes)?)
}

fn title(tongue: Tongue) -> &'static str {
    if tongue == Tongue::German { "Häufige Fragen" } else { "Frequently asked questions" }
}

fn markdown(group: &[Faq], tongue: Tongue) -> String {
    let items: String =
        group.iter().map(|faq| format!("\n## {}\n\n{}\n", faq.question, faq.answer)).collect();
    format!("---\ntitle: {0}\nlanguage: {1}\n---\n# {0}\n{items}", title(tongue), tongue.code())
}

fn page(group: &[Faq], tongue: Tongue) -> String {
    let items: String = group
        .iter()
        .map(|faq| {
            let (question, answer) =
                (super::pages::escaped(&faq.question), super::pages::escaped(&faq.answer));
            format!("<h2 id=\"{}\">{question}</h2>\n<p>{answer}</p>\n", faq.id)
        })
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{1}</title></head>\n<body>\n<nav><a href=\"/\">{SHOP}</a></nav>\n<main>\n<h1>{1}</h1>\n<section class=\"faq\">\n{items}</section>\n</main>\n<footer>© 2026 {SHOP}</footer>\n</body></html>\n",
        tongue.code(),
        title(tongue)
    )
}
