//! Products: the variants of series, with attributes, prices and stock.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use chrono::{Days, NaiveDate};

use super::kinds::{Domain, Kind, Value};
use super::makers::Maker;
use super::prices::{retire, set_prices, set_stock};
use super::series::{self, Series, ascii};
use super::variants::varied;
use crate::language::Tongue;
use crate::language::grammar::Noun;
use crate::random::Random;

/// A product.
#[derive(Debug)]
pub(crate) struct Product {
    pub(crate) sku: String,
    pub(crate) ean: String,
    pub(crate) series: usize,
    pub(crate) kind: usize,
    pub(crate) maker: usize,
    /// `KM-2400 S`.
    pub(crate) model: String,
    /// `Brunnwald KM-2400 S`.
    pub(crate) short: String,
    pub(crate) edition: Edition,
    /// Values of the kind's attributes; a missing one is known to nobody.
    pub(crate) values: Vec<Option<Value>>,
    pub(crate) released: NaiveDate,
    /// The last day on which it was sold.
    pub(crate) discontinued: Option<NaiveDate>,
    pub(crate) successor: Option<usize>,
    pub(crate) prices: Vec<Price>,
    /// Pieces by region, in the order of `REGIONS`.
    pub(crate) stock: Vec<Option<u32>>,
    /// The page's path in the catalog.
    pub(crate) page: String,
    pub(crate) tongue: Tongue,
}

/// What a product was made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Edition {
    Europe,
    America,
    /// For all regions.
    World,
}

/// A price in a region for a time.
#[derive(Debug, Clone)]
pub(crate) struct Price {
    /// Place in `REGIONS`.
    pub(crate) region: usize,
    /// In cents.
    pub(crate) amount: i64,
    pub(crate) from: NaiveDate,
    /// The last day.
    pub(crate) to: Option<NaiveDate>,
}

impl Product {
    /// The price in a region on a day.
    pub(crate) fn price(&self, region: usize, day: NaiveDate) -> Option<&Price> {
        self.prices
            .iter()
            .find(|price| price.region == region && price.from <= day && price.to.is_none_or(|to| day <= to))
    }

    /// The model as a German noun, in the gender of its kind.
    pub(crate) fn model_noun(&self, kind: &Kind) -> Noun {
        Noun::name(&self.model, kind.noun().gender)
    }

    /// The full name, `Brunnwald KM-2400 S Kaffeevollautomat`.
    pub(crate) fn name(&self, kind: &Kind, tongue: Tongue) -> String {
        match tongue {
            Tongue::German => format!("{} {}", self.short, kind.noun().nominative()),
            Tongue::English => format!("{} {}", self.short, kind.noun_en),
        }
    }

    /// The value of an attribute.
    pub(crate) fn value(&self, kind: &Kind, attribute: &str) -> Option<Value> {
        self.values[kind.attribute(attribute)?]
    }
}

/// What is being drawn.
struct Draft<'a> {
    seed: u64,
    today: NaiveDate,
    kinds: &'a [Kind],
    makers: &'a [Maker],
    series: Vec<Series>,
    products: Vec<Product>,
    taken: BTreeSet<String>,
    /// Series that nothing has succeeded yet, by kind and maker, oldest first.
    current: BTreeMap<(usize, usize), VecDeque<usize>>,
}

/// Draws series and their products until there are `count` products.
pub(super) fn draw(
    seed: u64,
    today: NaiveDate,
    count: usize,
    kinds: &[Kind],
    makers: &[Maker],
) -> (Vec<Series>, Vec<Product>) {
    let mut draft = Draft {
        seed,
        today,
        kinds,
        makers,
        series: Vec::new(),
        products: Vec::new(),
        taken: BTreeSet::new(),
        current: BTreeMap::new(),
    };
    while draft.products.len() < count {
        draft.add_series(count);
    }
    (draft.series, draft.products)
}

impl Draft<'_> {
    fn add_series(&mut self, count: usize) {
        let place = self.series.len();
        let mut random = Random::new(self.seed, "series", place);
        let shares: Vec<usize> = self.kinds.iter().map(|kind| kind.share).collect();
        // The first series go through the kinds in turn: even a small shop has everything.
        let kind = if place < self.kinds.len() { place } else { random.weighted(&shares) };
        let series = series::draw(&mut random, self.kinds, self.makers, &mut self.taken, kind);
        self.series.push(series);
        self.add_variants(place, count, &mut random);
        self.retire_older(place, &mut random);
    }

    fn add_variants(&mut self, place: usize, count: usize, random: &mut Random) {
        let kind = &self.kinds[self.series[place].kind];
        let suffixes = random.pick(&kind.suffixes).clone();
        let common: Vec<Option<Value>> = kind
            .attributes
            .iter()
            .map(|attribute| {
                (attribute.id == "warranty" || !random.chance(3)).then(|| attribute.draw(random))
            })
            .collect();
        let (varied, drawn) = varied(kind, &suffixes, random);
        let price = random.between(kind.price.0 / 100, kind.price.1 / 100);
        let released = self.today - Days::new(random.between(60, 2200) as u64);
        let editions = editions(random, kind);
        for (variant, suffix) in suffixes.iter().enumerate() {
            let mut values = common.clone();
            values[varied] = Some(drawn[variant]);
            let price = price + variant as i64 * (price / 8 + 10);
            for edition in &editions {
                if self.products.len() < count {
                    let made =
                        Made { place, suffix, edition: *edition, values: values.clone(), price, released };
                    self.add_product(made, random);
                }
            }
        }
    }

    fn add_product(&mut self, made: Made<'_>, random: &mut Random) {
        let series = &self.series[made.place];
        let kind = &self.kinds[series.kind];
        let mut sku = series.id.clone();
        let mut model = series.base.clone();
        let american = if made.edition == Edition::America { "US" } else { "" };
        for part in [made.suffix, american].into_iter().filter(|part| !part.is_empty()) {
            sku = format!("{sku}-{}", ascii(part));
            model = format!("{model} {part}");
        }
        let mut values = made.values;
        if let Some(voltage) = kind.attribute("voltage") {
            values[voltage] = Some(Value::Choice(usize::from(made.edition == Edition::America)));
        }
        let tongue = if made.edition == Edition::America || random.chance(4) {
            Tongue::English
        } else {
            Tongue::German
        };
        let index = self.products.len();
        let page = format!("products/{}/{}.html", kind.folder, sku.to_lowercase());
        self.products.push(Product {
            ean: ean(self.seed, index),
            series: made.place,
            kind: series.kind,
            maker: series.maker,
            short: format!("{} {model}", self.makers[series.maker].name),
            model,
            edition: made.edition,
            values,
            released: made.released,
            discontinued: None,
            successor: None,
            prices: Vec::new(),
            stock: Vec::new(),
            page,
            tongue,
            sku,
        });
        let product = &mut self.products[index];
        set_prices(product, made.price * 100, self.today, random);
        set_stock(product, random);
        if random.chance(4) {
            retire(product, self.today, None, random);
        }
        self.series[made.place].products.push(index);
    }

    /// A new series takes the place of an older one of the same maker and kind now and then.
    fn retire_older(&mut self, place: usize, random: &mut Random) {
        let (kind, maker) = (self.series[place].kind, self.series[place].maker);
        let current = self.current.entry((kind, maker)).or_default();
        let older = current.front().copied();
        current.push_back(place);
        let Some(older) = older.filter(|_| random.chance(13) && !self.series[place].products.is_empty())
        else {
            return;
        };
        self.current.entry((kind, maker)).or_default().pop_front();
        self.series[older].successor = Some(place);
        let heirs = self.series[place].products.clone();
        for (nth, product) in self.series[older].products.clone().into_iter().enumerate() {
            let edition = self.products[product].edition;
            let same: Vec<usize> =
                heirs.iter().copied().filter(|heir| self.products[*heir].edition == edition).collect();
            let heir = same.get(nth).or(same.first()).or(heirs.first()).copied();
            retire(&mut self.products[product], self.today, heir, random);
        }
    }
}

struct Made<'a> {
    place: usize,
    suffix: &'a str,
    edition: Edition,
    values: Vec<Option<Value>>,
    /// In whole units of the home currency.
    price: i64,
    released: NaiveDate,
}

fn editions(random: &mut Random, kind: &Kind) -> Vec<Edition> {
    let is_plugged = kind.domain == Domain::Haushalt;
    match random.below(10) {
        0 | 1 => vec![Edition::Europe, Edition::America],
        2..=5 if is_plugged => vec![Edition::Europe],
        2 => vec![Edition::Europe],
        _ if is_plugged => vec![Edition::Europe],
        _ => vec![Edition::World],
    }
}

/// An EAN of the range for internal use (prefix 29), different for every index.
fn ean(seed: u64, index: usize) -> String {
    let start = Random::new(seed, "ean", 0).below(1_000_000_000) as u64;
    // 7,368,787 is prime to ten to the tenth: a step that meets every number once.
    let number = (start + index as u64 * 7_368_787) % 10_000_000_000;
    let digits = format!("29{number:010}");
    let sum: u32 = digits
        .bytes()
        .enumerate()
        .map(|(at, digit)| u32::from(digit - b'0') * if at % 2 == 0 { 1 } else { 3 })
        .sum();
    format!("{digits}{}", (10 - sum % 10) % 10)
}
