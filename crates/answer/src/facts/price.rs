//! What a product costs today, and what is sold instead of one that is no longer sold.

use auskunft_model::{Fact, PriceFact, ProductId};
use auskunft_store::facts::{ProductFacts, SoldProduct};

use super::Finding;
use super::orders::products;
use crate::product_index::Mention;
use crate::understand::Part;

/// Prices of the products that a part names; `None` when it names none, or data hold nothing about them.
pub(super) fn find(part: &Part, read: &ProductFacts) -> Option<Finding> {
    if matches!(part.mention, Mention::Ambiguous(_)) {
        return None;
    }
    let region = read.region.as_deref()?;
    let asked = products(&part.mention);
    let facts: Vec<Fact> = asked.iter().flat_map(|product| of_product(product, read, region)).collect();
    (!facts.is_empty()).then(|| Finding::of(facts))
}

fn of_product(product: &ProductId, read: &ProductFacts, region: &str) -> Vec<Fact> {
    let Some(row) = read.products.iter().find(|row| row.sku == product.as_str()) else { return Vec::new() };
    if let Some(price) = price(&row.sold, region) {
        return vec![price];
    }
    let source = format!("products/{product}");
    if !row.obsolete {
        return vec![Fact::NotSold { source, product_id: product.clone(), region: region.to_owned() }];
    }
    let successor = row.successor.as_ref();
    let gone = Fact::Discontinued {
        source,
        product_id: product.clone(),
        since: row.since,
        successor: successor.and_then(|heir| ProductId::parse(&heir.sku).ok()),
    };
    std::iter::once(gone).chain(successor.and_then(|heir| price(heir, region))).collect()
}

fn price(sold: &SoldProduct, region: &str) -> Option<Fact> {
    let price = sold.price.as_ref()?;
    Some(Fact::Price(PriceFact {
        source: format!("products/{}", sold.sku),
        product_id: ProductId::parse(&sold.sku).ok()?,
        region: region.to_owned(),
        currency: price.currency.clone(),
        amount: price.amount.clone(),
        vat_included: price.vat_included,
        stock: sold.stock,
    }))
}
