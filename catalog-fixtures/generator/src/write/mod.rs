//! The sources of the shop, each written from the world. What a question needs to know of a source (its path, its pages, its ids)
//! comes back from its writer.

mod faqs;
pub(crate) mod manuals;
mod pages;
mod policies;
mod questions;
mod tables;
mod talk;

use std::path::Path;

use anyhow::{Context, Result};
use chrono::NaiveDate;

use crate::Summary;
use crate::language::Tongue;
use crate::world::World;
use crate::world::regions::REGIONS;

/// The folder that is written.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Output<'a> {
    folder: &'a Path,
}

impl Output<'_> {
    /// Writes one file, with the folders that it stands in.
    fn write(&self, path: &str, bytes: impl AsRef<[u8]>) -> Result<()> {
        let target = self.folder.join(path);
        if let Some(parent) = target.parent() {
            std::fs::create_dir_all(parent).with_context(|| format!("can't make {}", parent.display()))?;
        }
        std::fs::write(&target, bytes).with_context(|| format!("can't write {}", target.display()))
    }
}

/// Writes everything.
pub(crate) fn all(world: &World, folder: &Path) -> Result<Summary> {
    let output = Output { folder };
    output.write("shop.toml", shop_file(world.today))?;
    pages::write(world, output)?;
    tables::write(world, output)?;
    let placed = manuals::write(world, output)?;
    let faqs = faqs::write(world, output)?;
    policies::write(world, output)?;
    let talk = talk::write(world, output)?;
    let shop_faqs = faqs::shop_faqs()?;
    let sources =
        questions::Sources { manuals: &placed, faqs: &faqs, shop_faqs: &shop_faqs, solved: &talk.solved };
    let questions = questions::write(world, sources, output)?;
    Ok(Summary {
        products: world.products.len(),
        manuals: world.manuals.len(),
        pages: placed.iter().map(|manual| manual.pages).sum(),
        faqs: faqs.len(),
        policies: world.policies.len(),
        dialogs: talk.dialogs,
        tickets: talk.tickets,
        customers: world.customers.len(),
        orders: world.orders.len(),
        questions,
    })
}

fn shop_file(today: NaiveDate) -> String {
    let regions: Vec<String> = REGIONS.iter().map(|region| format!("\"{}\"", region.code)).collect();
    format!(
        "# A generated shop: people, makers, products, numbers and addresses are invented.\nname = \"{SHOP}\"\ndefault_language = \
         \"de\"\nregions = [{}]\ntoday = {today}\n",
        regions.join(", ")
    )
}

/// The shop's name.
pub(crate) const SHOP: &str = "Lindtal Versand";

/// Cents as `1299.00`.
pub(crate) fn money(cents: i64) -> String {
    format!("{}.{:02}", cents / 100, cents % 100)
}

/// Cents as shops print them: `1.299,00 €`, `$1,299.00`, `CHF 1'299.00`, `£1,299.00`.
pub(crate) fn printed_money(cents: i64, currency: &str) -> String {
    let (joint, point) = match currency {
        "EUR" => (".", ","),
        "CHF" => ("'", "."),
        _ => (",", "."),
    };
    let whole = (cents / 100).to_string();
    let mut grouped = String::new();
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push_str(joint);
        }
        grouped.push(digit);
    }
    let amount = format!("{grouped}{point}{:02}", cents % 100);
    match currency {
        "EUR" => format!("{amount} €"),
        "USD" => format!("${amount}"),
        "GBP" => format!("£{amount}"),
        other => format!("{other} {amount}"),
    }
}

/// A day as people of that language write it.
pub(crate) fn printed_day(day: NaiveDate, tongue: Tongue) -> String {
    match tongue {
        Tongue::German => day.format("%d.%m.%Y").to_string(),
        Tongue::English => day.format("%-d %B %Y").to_string(),
    }
}
