//! Policies as texts with their fields in front.

use anyhow::{Context, Result};
use serde::Deserialize;

use super::{Output, SHOP, printed_day};
use crate::language::phrase::{Slots, fill};
use crate::language::{Both, Tongue};
use crate::random::Random;
use crate::world::World;
use crate::world::policies::{Policy, Topic};
use crate::world::regions::REGIONS;

#[derive(Deserialize)]
struct ShopText {
    policy: Texts,
}

#[derive(Deserialize)]
struct Texts {
    title: Vec<Title>,
    part: Vec<Part>,
}

#[derive(Deserialize)]
struct Title {
    topic: String,
    #[serde(flatten)]
    text: Both,
}

#[derive(Deserialize)]
struct Part {
    topic: String,
    head: Both,
    text: Both,
}

impl Topic {
    fn name(self) -> &'static str {
        match self {
            Self::Returns => "returns",
            Self::Warranty => "warranty",
            Self::Shipping => "shipping",
            Self::Payment => "payment",
            Self::Repair => "repair",
            Self::Vouchers => "vouchers",
        }
    }
}

/// Writes all policies.
pub(super) fn write(world: &World, output: Output<'_>) -> Result<()> {
    let texts: ShopText = toml::from_str(include_str!("../../data/shop.toml")).context("data/shop.toml")?;
    for (index, policy) in world.policies.iter().enumerate() {
        let mut random = Random::new(world.seed, "policy text", index);
        output.write(&policy.source, text(policy, &texts.policy, &mut random))?;
    }
    Ok(())
}

fn text(policy: &Policy, texts: &Texts, random: &mut Random) -> String {
    let tongue = policy.tongue;
    let slots = Slots::default()
        .word("region", REGIONS[policy.region].code)
        .word("year", policy.valid_from.format("%Y").to_string())
        .word("amount", policy.amount.to_string())
        .word("n1", policy.numbers[0].to_string())
        .word("n2", policy.numbers[1].to_string())
        .word("n3", policy.numbers[2].to_string());
    let title = texts.title.iter().find(|title| title.topic == policy.topic.name());
    let title = title.map_or(String::new(), |title| fill(title.text.of(tongue), &slots, random));
    let mut parts: Vec<(String, String)> = texts
        .part
        .iter()
        .filter(|part| part.topic == policy.topic.name())
        .map(|part| (fill(part.head.of(tongue), &slots, random), fill(part.text.of(tongue), &slots, random)))
        .collect();
    if !policy.excludes.is_empty() {
        let head = if tongue == Tongue::German { "Was ausgeschlossen ist" } else { "What is excluded" };
        let list = policy.excludes.join(if tongue == Tongue::German { " und " } else { " and " });
        let text = match tongue {
            Tongue::German => format!("Nicht zurückgeben lassen sich {list}."),
            Tongue::English => format!("These cannot be returned: {list}."),
        };
        parts.push((head.to_owned(), text));
    }
    let since = printed_day(policy.valid_from, tongue);
    let since = match tongue {
        Tongue::German => format!("Für Bestellungen ab dem {since}."),
        Tongue::English => format!("For orders placed from {since}."),
    };
    fields(policy, &title) + &body(policy, &title, &since, &parts)
}

fn fields(policy: &Policy, title: &str) -> String {
    let mut fields = format!(
        "---\ntitle: {title}\nregion: {}\nlanguage: {}\nvalid_from: {}\n",
        REGIONS[policy.region].code,
        policy.tongue.code(),
        policy.valid_from
    );
    if let Some(to) = policy.valid_to {
        fields.push_str(&format!("valid_to: {to}\n"));
    }
    match policy.topic {
        Topic::Returns => fields.push_str(&format!("return_days: {}\n", policy.amount)),
        Topic::Warranty => fields.push_str(&format!("warranty_months: {}\n", policy.amount)),
        _ => {}
    }
    if !policy.excludes.is_empty() {
        fields.push_str(&format!("excludes: [{}]\n", policy.excludes.join(", ")));
    }
    fields + "---\n"
}

fn body(policy: &Policy, title: &str, since: &str, parts: &[(String, String)]) -> String {
    let is = |extension: &str| policy.source.ends_with(extension);
    if is(".html") {
        let parts: String =
            parts.iter().map(|(head, text)| format!("<h2>{head}</h2>\n<p>{text}</p>\n")).collect();
        return format!(
            "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{title}</title></head><body>\n<nav><a href=\"/\">{SHOP}</a></nav>\n<main>\n<h1>{title}</h1>\n<p>{since}</p>\n{parts}</main><footer>© 2026 {SHOP}</footer></body></html>\n",
            policy.tongue.code()
        );
    }
    let sign = if is(".md") { "## " } else { "" };
    let parts: String = parts.iter().map(|(head, text)| format!("\n{sign}{head}\n\n{text}\n")).collect();
    format!("{}{title}\n\n{since}\n{parts}", if is(".md") { "# " } else { "" })
}
