//! Prices and stock of a product, and the end of its sale.

use chrono::{Days, NaiveDate};

use super::products::{Edition, Price, Product};
use super::regions::REGIONS;
use crate::random::Random;

fn sold_in(edition: Edition, region: usize) -> bool {
    match edition {
        Edition::America => REGIONS[region].code == "US",
        Edition::Europe => REGIONS[region].code != "US",
        Edition::World => true,
    }
}

/// Sets a product's prices in all regions, older and coming ones among them, from today's at home in cents.
pub(super) fn set_prices(product: &mut Product, home: i64, today: NaiveDate, random: &mut Random) {
    for (region, spec) in REGIONS.iter().enumerate() {
        if !sold_in(product.edition, region) {
            continue;
        }
        let now = ending(home * spec.price_percent / 100, random);
        let mut from = product.released;
        if random.chance(45) {
            let changed = from + Days::new(random.between(20, (today - from).num_days().max(21) - 1) as u64);
            let before = ending(now * random.between(106, 125) / 100, random);
            product.prices.push(Price { region, amount: before, from, to: changed.pred_opt() });
            from = changed;
        }
        let future = random.chance(5).then(|| today + Days::new(random.between(5, 40) as u64));
        product.prices.push(Price { region, amount: now, from, to: future.and_then(|day| day.pred_opt()) });
        if let Some(day) = future {
            let amount = ending(now * random.between(80, 95) / 100, random);
            product.prices.push(Price { region, amount, from: day, to: None });
        }
    }
}

/// Prices end as shops like them.
fn ending(cents: i64, random: &mut Random) -> i64 {
    let whole = cents / 100;
    match random.below(5) {
        0 => whole * 100 + 95,
        1 => whole * 100 + 90,
        2 => whole * 100 + 99,
        3 => (whole / 10 * 10 + 9) * 100,
        _ => whole * 100,
    }
}

/// Sets how many pieces each region has.
pub(super) fn set_stock(product: &mut Product, random: &mut Random) {
    product.stock = (0..REGIONS.len())
        .map(|region| {
            let pieces = if random.chance(8) { 0 } else { random.between(1, 140) as u32 };
            sold_in(product.edition, region).then_some(pieces)
        })
        .collect();
}

/// Ends the sale of a product.
pub(super) fn retire(product: &mut Product, today: NaiveDate, successor: Option<usize>, random: &mut Random) {
    let age = (today - product.released).num_days();
    let day = today - Days::new(random.between(10, (age * 2 / 3).max(11)) as u64);
    product.discontinued = Some(day);
    product.successor = successor;
    product.prices.retain(|price| price.from <= day);
    for price in &mut product.prices {
        price.to = Some(price.to.map_or(day, |to| to.min(day)));
    }
    product.stock.iter_mut().flatten().for_each(|pieces| *pieces = 0);
}
