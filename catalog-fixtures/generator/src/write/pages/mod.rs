//! Product pages in five templates, as shops of different age and care have them.

mod frame;
mod markup;
mod plain;

use anyhow::Result;
use rayon::prelude::*;

use super::{Output, printed_day, printed_money};
use crate::language::Tongue;
use crate::language::grammar::capitalised;
use crate::language::phrase::{Slots, fill, sentence};
use crate::random::Random;
use crate::world::World;
use crate::world::kinds::Kind;
use crate::world::products::{Edition, Price, Product};
use crate::world::regions::REGIONS;

/// What a page is written from.
pub(super) struct Page<'a> {
    pub(super) world: &'a World,
    pub(super) product: &'a Product,
    pub(super) kind: &'a Kind,
    pub(super) tongue: Tongue,
    pub(super) name: String,
    pub(super) lead: String,
    pub(super) paragraphs: Vec<String>,
    /// Labels and values of the data sheet.
    pub(super) facts: Vec<(String, String)>,
    /// Today's price in the page's region; none when it is sold no more.
    pub(super) price: Option<&'a Price>,
    pub(super) stock: Stock,
}

/// Whether it can be bought.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stock {
    Here,
    Out,
    Discontinued,
}

/// Writes all pages.
pub(super) fn write(world: &World, output: Output<'_>) -> Result<()> {
    world.products.par_iter().enumerate().try_for_each(|(index, product)| {
        let mut random = Random::new(world.seed, "page", index);
        let page = Page::new(world, product, &mut random);
        // A maker's pages come out of one system, apart from strays.
        let of_maker = Random::new(world.seed, "template", product.maker).below(9) / 2;
        let template = if random.chance(85) { of_maker } else { random.below(5) };
        output.write(&product.page, encoded(&page, template, &mut random))
    })
}

fn encoded(page: &Page<'_>, template: usize, random: &mut Random) -> Vec<u8> {
    match template {
        0 => markup::json_ld(page, random).into_bytes(),
        1 => markup::microdata(page, random).into_bytes(),
        2 => plain::tables(page, "iso-8859-1", random).pipe(|html| latin(&html)),
        3 => plain::list(page, random).into_bytes(),
        // Declared as one encoding, saved in another.
        _ if random.chance(50) => plain::tables(page, "utf-8", random).pipe(|html| latin(&html)),
        _ => plain::tables(page, "iso-8859-1", random).into_bytes(),
    }
}

/// In Windows-1252; what it lacks becomes a character reference.
fn latin(html: &str) -> Vec<u8> {
    encoding_rs::WINDOWS_1252.encode(html).0.into_owned()
}

trait Pipe {
    fn pipe<T>(self, next: impl FnOnce(Self) -> T) -> T
    where
        Self: Sized,
    {
        next(self)
    }
}

impl Pipe for String {}

impl<'a> Page<'a> {
    fn new(world: &'a World, product: &'a Product, random: &mut Random) -> Self {
        let (kind, tongue) = (world.kind(product), product.tongue);
        let region = usize::from(product.edition == Edition::America) * (REGIONS.len() - 1);
        let price = product.price(region, world.today);
        let stock = match product.stock[region] {
            _ if product.discontinued.is_some() => Stock::Discontinued,
            Some(pieces) if pieces > 0 => Stock::Here,
            _ => Stock::Out,
        };
        let slots = product_slots(world, product);
        let mut pitches = kind.pitch.of(tongue).to_vec();
        random.shuffle(&mut pitches);
        let lead = pitches.pop().map(|pitch| capitalised(&fill(&pitch, &slots, random))).unwrap_or_default();
        let mut paragraphs: Vec<String> =
            pitches.iter().map(|pitch| capitalised(&fill(pitch, &slots, random))).collect();
        paragraphs.extend(sibling_words(world, product, random));
        paragraphs.extend(end_words(world, product));
        Self {
            world,
            product,
            kind,
            tongue,
            name: product.name(kind, tongue),
            lead,
            paragraphs,
            facts: facts(product, kind, tongue),
            price,
            stock,
        }
    }

    /// The German or the English word.
    pub(super) fn word(&self, german: &'static str, english: &'static str) -> &'static str {
        if self.tongue == Tongue::German { german } else { english }
    }

    /// The price as printed.
    pub(super) fn printed_price(&self) -> Option<String> {
        self.price.map(|price| printed_money(price.amount, REGIONS[price.region].currency))
    }

    /// The button that buys, where something can be bought.
    pub(super) fn cart(&self) -> String {
        let label = self.word("In den Warenkorb", "Add to cart");
        if self.stock == Stock::Here {
            format!(" <button class=\"cart\">{label}</button>")
        } else {
            String::new()
        }
    }

    /// The maker's name.
    pub(super) fn maker(&self) -> &str {
        &self.world.makers[self.product.maker].name
    }
}

/// Slots that every phrase about a product may use.
pub(crate) fn product_slots(world: &World, product: &Product) -> Slots {
    let kind = world.kind(product);
    Slots::default()
        .noun("model", product.model_noun(kind))
        .noun("noun", kind.noun())
        .word("short", product.short.clone())
        .word("maker", world.makers[product.maker].name.clone())
        .word("noun_en", kind.noun_en.clone())
}

fn facts(product: &Product, kind: &Kind, tongue: Tongue) -> Vec<(String, String)> {
    kind.attributes
        .iter()
        .zip(&product.values)
        .filter_map(|(attribute, value)| {
            Some((attribute.label(tongue).to_owned(), attribute.shown((*value)?, tongue)))
        })
        .collect()
}

/// What sets it apart from its siblings, in words: the number itself stands in the data sheet.
fn sibling_words(world: &World, product: &Product, random: &mut Random) -> Option<String> {
    let siblings: Vec<&Product> = world.series[product.series]
        .products
        .iter()
        .map(|sibling| &world.products[*sibling])
        .filter(|sibling| sibling.sku != product.sku && sibling.edition == product.edition)
        .collect();
    if siblings.is_empty() || random.chance(30) {
        return None;
    }
    let sibling = *random.pick(&siblings);
    let kind = world.kind(product);
    let other = kind
        .attributes
        .iter()
        .zip(&product.values)
        .zip(&sibling.values)
        .find(|((_, own), other)| own != other);
    let attribute = other.map(|((attribute, _), _)| attribute.label(product.tongue))?;
    let slots = product_slots(world, product)
        .noun("other", sibling.model_noun(kind))
        .word("attribute", attribute.to_owned());
    let german = [
        "Vom [other] unterscheidet sich [der:model] {allein|nur} im Punkt „[attribute]“.".to_owned(),
        "Baugleich mit [dem:other] – bis auf einen Wert: [attribute].".to_owned(),
        "{Achten Sie auf die Variante|Bitte vergleichen Sie vor dem Kauf}: [Der:other] {sieht gleich aus|steckt im gleichen Gehäuse}, {weicht aber ab|hat aber einen anderen Wert} bei „[attribute]“.".to_owned(),
    ];
    let english = ["The [other] looks the same but has another value for “[attribute]”.".to_owned()];
    let phrases: &[String] = if product.tongue == Tongue::German { &german } else { &english };
    Some(sentence(phrases, &slots, random))
}

fn end_words(world: &World, product: &Product) -> Option<String> {
    let day = printed_day(product.discontinued?, product.tongue);
    let successor = product.successor.map(|successor| &world.products[successor].short);
    Some(match (product.tongue, successor) {
        (Tongue::German, Some(successor)) => {
            format!("Dieser Artikel ist seit dem {day} nicht mehr lieferbar. Nachfolger: {successor}.")
        }
        (Tongue::German, None) => {
            format!("Dieser Artikel ist seit dem {day} nicht mehr lieferbar; einen Nachfolger gibt es nicht.")
        }
        (Tongue::English, Some(successor)) => {
            format!("This item has been discontinued on {day}. It is succeeded by the {successor}.")
        }
        (Tongue::English, None) => {
            format!("This item has been discontinued on {day}. There is no successor.")
        }
    })
}

/// The text with the signs that mean something in HTML written out.
pub(super) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
