//! The makers, with invented names.

use std::collections::BTreeSet;

use super::kinds::{Domain, Kind};
use crate::random::Random;

/// Who makes products.
#[derive(Debug)]
pub(crate) struct Maker {
    pub(crate) name: String,
    /// The kinds that it makes.
    pub(crate) kinds: Vec<usize>,
    /// Letters before its serial numbers.
    pub(crate) serial_prefix: String,
    /// Whether it delivers its data as a table, beside the shop's pages.
    pub(crate) delivers_table: bool,
    /// How its manuals look and speak.
    pub(crate) style: ManualStyle,
}

/// How a maker's manuals look.
#[derive(Debug, Clone, Copy)]
pub(crate) struct ManualStyle {
    pub(crate) slab: bool,
    pub(crate) two_columns: bool,
    pub(crate) small: bool,
    /// Whether error codes read `E04`, `F-4`, `Err 4` or `04`.
    pub(crate) code: usize,
}

const GERMAN: (&[&str], &[&str]) = (
    &[
        "Brunn", "Kehr", "Linden", "Falken", "Harz", "Tann", "Wester", "Oster", "Nord", "Alten", "Grün",
        "Stein", "Hoch", "Reich", "Silber", "Eschen", "Buchen", "Wolfs", "Adler", "Mühl", "Sonnen", "Winter",
        "Birken", "Felsen", "Quell",
    ],
    &["wald", "werk", "tal", "hof", "berg", "feld", "bruck", "hain", "au", "rode", "stedt", "born"],
);
const LATIN: (&[&str], &[&str]) = (
    &[
        "Sono", "Vela", "Ori", "Luma", "Kiro", "Tavi", "Nexa", "Pola", "Zeno", "Mira", "Quan", "Tera", "Vio",
        "Alti", "Cara", "Deva", "Elo", "Fino", "Hexa", "Juno",
    ],
    &["riva", "dyn", "tris", "lith", "vox", "mera", "ston", "lys", "kon", "phor", "dra", "nta"],
);
const FASHION: (&[&str], &[&str]) = (
    &[
        "Fjell", "Wander", "Küsten", "Gipfel", "Heide", "Moor", "Sturm", "Regen", "Fels", "Almen", "Weiden",
        "Skär", "Tinder", "Laufen", "Pfad",
    ],
    &["rand", "gold", "sund", "mark", "lauf", "blick", "grat", "steig", "wind", "zeug"],
);

/// How many makers a shop of that size has.
pub(crate) fn count(products: usize) -> usize {
    (products / 70).clamp(14, 120)
}

/// Draws the makers; every kind has at least two.
pub(crate) fn draw(seed: u64, products: usize, kinds: &[Kind]) -> Vec<Maker> {
    let (mut names, mut prefixes) = (BTreeSet::new(), BTreeSet::new());
    let mut makers = Vec::new();
    for index in 0..count(products) {
        let mut random = Random::new(seed, "maker", index);
        // The first ones go through the kinds in turn, so that none stays without makers.
        let domain = kinds[index % kinds.len()].domain;
        let name = distinct(&mut names, &mut random, |random| name(domain, random));
        let prefix = distinct(&mut prefixes, &mut random, |random| prefix(&name, random));
        let made = made(index, kinds, domain, &mut random);
        makers.push(Maker {
            name,
            kinds: made,
            serial_prefix: prefix,
            delivers_table: random.chance(60),
            style: ManualStyle {
                slab: random.chance(35),
                two_columns: random.chance(40),
                small: random.chance(30),
                code: random.below(4),
            },
        });
    }
    makers
}

/// Draws until something is new; the last resort is a number behind it.
pub(super) fn distinct(
    taken: &mut BTreeSet<String>,
    random: &mut Random,
    mut draw: impl FnMut(&mut Random) -> String,
) -> String {
    for _ in 0..200 {
        let drawn = draw(random);
        if taken.insert(drawn.clone()) {
            return drawn;
        }
    }
    let base = draw(random);
    let numbered = (2_usize..).map(|number| format!("{base}{number}")).find(|name| !taken.contains(name));
    let name = numbered.unwrap_or(base);
    taken.insert(name.clone());
    name
}

fn name(domain: Domain, random: &mut Random) -> String {
    let (first, last) = match domain {
        Domain::Haushalt if random.chance(75) => GERMAN,
        Domain::Mode => FASHION,
        Domain::Elektronik if random.chance(20) => GERMAN,
        _ => LATIN,
    };
    format!("{}{}", random.pick(first), random.pick(last))
}

/// Three capital letters of the name, the first always among them.
fn prefix(name: &str, random: &mut Random) -> String {
    let plain = name.replace('ü', "u").replace('ä', "a").to_uppercase();
    let letters: Vec<char> = plain.chars().collect();
    let second = random.between(1, letters.len() as i64 - 2) as usize;
    let third = random.between(second as i64 + 1, letters.len() as i64 - 1) as usize;
    [letters[0], letters[second], letters[third]].iter().collect()
}

fn made(index: usize, kinds: &[Kind], domain: Domain, random: &mut Random) -> Vec<usize> {
    let mut others: Vec<usize> = (0..kinds.len()).filter(|kind| kinds[*kind].domain == domain).collect();
    random.shuffle(&mut others);
    let mut made = vec![index % kinds.len()];
    for other in others.into_iter().take(random.between(1, 3) as usize) {
        if !made.contains(&other) {
            made.push(other);
        }
    }
    made
}
