//! Products beside one another: the attributes that are asked for, in one unit, and which product wins.

use auskunft_model::{Attribute, ComparedValue, ComparisonFact, Fact, ProductId, Value};
use auskunft_store::facts::{ProductFacts, ProductFactsRow};
use auskunft_text::{number, unit};

use super::{Finding, price};
use crate::product_index::Mention;
use crate::understand::{Better, Part, direction};

/// The key of the attribute that is no property of a product, but today's price in a region.
const PRICE: &str = "Preis";
/// The most products that are compared at once.
const MOST: usize = 4;

/// The products that a part names, by what it asks for or by all that differs; `None` when it names fewer than two, or the
/// catalog states nothing of the kind.
pub(super) fn find(part: &Part, read: &ProductFacts) -> Option<Finding> {
    let Mention::Named(named) = &part.mention else { return None };
    let rows: Vec<&ProductFactsRow> = named
        .iter()
        .take(MOST)
        .filter_map(|product| read.products.iter().find(|row| row.sku == product.as_str()))
        .collect();
    if rows.len() < 2 {
        return None;
    }
    let asked = part.comparison.as_ref().filter(|comparison| !comparison.aspects.is_empty());
    if asked.is_some_and(|comparison| comparison.aspects.iter().any(|aspect| aspect.keys.contains(&PRICE))) {
        return price::find(part, read);
    }
    let facts: Vec<Fact> = match asked {
        Some(comparison) => {
            let aspects = comparison.aspects.iter();
            aspects.filter_map(|aspect| compare(aspect.keys, aspect.better, &rows)).collect()
        }
        None => {
            let keys = shared_keys(&rows).into_iter();
            keys.filter_map(|key| compare(&[key], direction(key), &rows)).filter(differs).collect()
        }
    };
    (!facts.is_empty()).then(|| Finding::of(facts))
}

fn differs(fact: &Fact) -> bool {
    let Fact::Comparison(comparison) = fact else { return false };
    comparison.values.windows(2).any(|pair| pair[0].value != pair[1].value)
}

/// What names a product is no property of it.
const NAMES: &[&str] = &[
    "name",
    "maker",
    "category",
    "family",
    "ean",
    "sku",
    "discontinued",
    "successor",
    "marke",
    "hersteller",
    "modell",
    "artikelnummer",
    "artikelnr.",
    "preis",
    "brand",
    "manufacturer",
    "model",
    "price",
    "gtin",
    "mpn",
];

/// Keys that at least two of the products state, in the order of their pages.
fn shared_keys<'a>(rows: &[&'a ProductFactsRow]) -> Vec<&'a str> {
    let keys = rows.iter().flat_map(|row| row.attributes.iter().map(|stated| stated.attribute.key.as_str()));
    let mut shared: Vec<&str> = Vec::new();
    for key in keys {
        let holders = rows.iter().filter(|row| attribute(&[key], row).is_some()).count();
        let is_known = shared.iter().any(|known| known.to_lowercase() == key.to_lowercase());
        if holders > 1 && !is_known && !NAMES.contains(&key.to_lowercase().as_str()) {
            shared.push(key);
        }
    }
    shared
}

/// The first of the keys that a product has counts; `None` when no product has any.
fn compare(keys: &[&str], better: Better, rows: &[&ProductFactsRow]) -> Option<Fact> {
    let stated: Vec<Option<&Attribute>> = rows.iter().map(|row| attribute(keys, row)).collect();
    let columns = Column::of(&stated)?;
    let values = rows.iter().zip(&columns.shown).filter_map(|(row, shown)| {
        Some(ComparedValue { product_id: ProductId::parse(&row.sku).ok()?, value: shown.clone() })
    });
    let values: Vec<ComparedValue> = values.collect();
    let best = best(better, &columns.amounts).and_then(|place| values.get(place));
    let best = best.map(|value| value.product_id.clone());
    let better = match better {
        Better::Lower => Some("lower".to_owned()),
        Better::Higher => Some("higher".to_owned()),
        Better::None => None,
    };
    let attribute = keys.first().copied().unwrap_or_default().to_owned();
    Some(Fact::Comparison(ComparisonFact { attribute, unit: columns.unit, better, values, best }))
}

fn attribute<'a>(keys: &[&str], row: &'a ProductFactsRow) -> Option<&'a Attribute> {
    let of_key = |key: &&str| {
        let same = |known: &str| known.to_lowercase() == key.to_lowercase();
        row.attributes.iter().map(|stated| &stated.attribute).find(|attribute| same(&attribute.key))
    };
    keys.iter().find_map(of_key)
}

/// The place of the winner; `None` when a value is missing, or several are alike at the top.
fn best(better: Better, amounts: &[Option<f64>]) -> Option<usize> {
    let amounts: Vec<f64> = amounts.iter().copied().collect::<Option<_>>()?;
    let wins = |left: f64, right: f64| match better {
        Better::Lower => left < right,
        Better::Higher => left > right,
        Better::None => false,
    };
    let beats_all = |place: &usize| {
        amounts.iter().enumerate().all(|(other, amount)| other == *place || wins(amounts[*place], *amount))
    };
    (0..amounts.len()).find(beats_all)
}

/// The values of one attribute, in one unit.
struct Column {
    unit: String,
    shown: Vec<Option<String>>,
    /// In the base unit; `None` for what is missing or no number.
    amounts: Vec<Option<f64>>,
}

impl Column {
    /// `None` when nothing is stated.
    fn of(stated: &[Option<&Attribute>]) -> Option<Self> {
        let known = || stated.iter().copied().flatten();
        known().next()?;
        let amounts: Vec<Option<f64>> = stated.iter().map(|one| amount(one.as_ref()?)).collect();
        if known().any(|attribute| amount(attribute).is_none()) {
            let shown = stated.iter().map(|one| one.map(|attribute| attribute.text.clone())).collect();
            return Some(Self { unit: String::new(), shown, amounts: vec![None; stated.len()] });
        }
        let unit = Shown::of(known());
        let shown = amounts.iter().map(|amount| amount.map(|amount| unit.number(amount))).collect();
        Some(Self { unit: unit.name, shown, amounts })
    }
}

/// A single number; ranges have none to compare by.
fn amount(attribute: &Attribute) -> Option<f64> {
    match attribute.value {
        Value::Quantity { amount, upper: None, .. } | Value::Number { amount } => Some(amount),
        _ => None,
    }
}

/// The unit that values are shown in: the printed one where all print the same, else the base unit.
struct Shown {
    name: String,
    /// Base units in one of it.
    factor: f64,
}

impl Shown {
    fn of<'a>(mut attributes: impl Iterator<Item = &'a Attribute>) -> Self {
        let Some(first) = attributes.next() else { return Self { name: String::new(), factor: 1.0 } };
        let printed = printed_unit(first);
        let factor = unit::find(printed).map_or(1.0, |unit| unit.factor);
        let is_same = |attribute: &Attribute| {
            let other = printed_unit(attribute);
            other == printed
                || unit::find(other).is_some_and(|unit| (unit.factor - factor).abs() < f64::EPSILON)
        };
        if attributes.all(is_same) {
            return Self { name: printed.to_owned(), factor };
        }
        let name = match &first.value {
            Value::Quantity { unit, .. } => unit.clone(),
            _ => String::new(),
        };
        Self { name, factor: 1.0 }
    }

    /// Rounded to four decimals: what was printed, without the hair that the conversion adds.
    fn number(&self, amount: f64) -> String {
        const DECIMALS: f64 = 1e4;
        ((amount / self.factor * DECIMALS).round() / DECIMALS).to_string()
    }
}

/// What stands behind the number: `dB(A)` of `ca. 59 dB(A)`.
fn printed_unit(attribute: &Attribute) -> &str {
    let text = attribute.text.as_str();
    let Some(start) = text.find(|sign: char| sign.is_ascii_digit()) else { return "" };
    let rest = &text[start..];
    number::at_start(rest).map_or("", |(_, length)| rest[length..].trim())
}
