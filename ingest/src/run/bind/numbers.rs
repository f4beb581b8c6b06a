//! Products by the numbers that a text prints: whole ones, lists of variants (`KM-2400 S/M`), the beginning that a series
//! has in common, and numbers glued to other words.

use std::collections::{BTreeMap, BTreeSet};

use auskunft_model::ProductId;
use auskunft_text::{identifier, normal};

/// The shortest normal form that may bind a document by appearing in a file name or title: shorter ones are words.
const SHORTEST_MODEL: usize = 4;
/// The most words of a printed number (`SR Q35 PRO`).
const NUMBER_WORDS: usize = 5;
/// The longest that variants of a series may add to what they have in common, in bytes (`KM-2400` and `KM-2400-S`).
const LONGEST_VARIANT: usize = 8;

/// Normal forms of SKUs, EANs, model and part numbers with their products.
#[derive(Debug, Default)]
pub(super) struct Numbers<'a> {
    known: BTreeMap<String, Known<'a>>,
    /// How long the known numbers are, in bytes.
    lengths: BTreeSet<usize>,
}

#[derive(Debug, Default)]
struct Known<'a> {
    products: BTreeSet<&'a ProductId>,
    /// Where the printed number has a joint, in bytes of the normal form: `KM-2400-S` after `km` and `km2400`.
    joints: BTreeSet<usize>,
}

impl<'a> Numbers<'a> {
    pub(super) fn add(&mut self, printed: &str, product: &'a ProductId) {
        let form = identifier::normal_form(printed);
        self.lengths.insert(form.len());
        let known = self.known.entry(form).or_default();
        known.products.insert(product);
        let mut length = 0;
        for word in words(printed) {
            length += word.len();
            known.joints.insert(length);
        }
    }

    /// The products of a number as a person wrote it; a series' common beginning names all of its variants.
    pub(super) fn of(&self, written: &str) -> BTreeSet<&'a ProductId> {
        let form = identifier::normal_form(written);
        self.whole(&form).cloned().unwrap_or_else(|| self.series(&form))
    }

    /// The products of a number in normal form.
    pub(super) fn whole(&self, form: &str) -> Option<&BTreeSet<&'a ProductId>> {
        self.known.get(form).map(|known| &known.products)
    }

    /// The products of all numbers in a text, each taken as long as it goes: `KM-2400-S` is not `KM-2400`.
    pub(super) fn in_text(&self, text: &str) -> BTreeSet<&'a ProductId> {
        let words = words(text);
        let mut found = BTreeSet::new();
        // What stands before the last part of the number before: `km2400` of `KM-2400 S`, for `/M` behind it.
        let mut stem: Option<String> = None;
        let mut place = 0;
        while place < words.len() {
            let variant = stem.as_ref().and_then(|stem| self.known.get(&format!("{stem}{}", words[place])));
            if let Some(length) = self.number_at(&words[place..]) {
                found.extend(self.of(&words[place..place + length].concat()));
                stem = (length > 1).then(|| words[place..place + length - 1].concat());
                place += length;
            } else {
                found.extend(variant.iter().flat_map(|known| known.products.iter().copied()));
                stem = stem.filter(|_| variant.is_some());
                place += 1;
            }
        }
        found
    }

    /// How many words the number takes that begins at the first one; whole numbers before beginnings of series.
    fn number_at(&self, words: &[String]) -> Option<usize> {
        let lengths = || (1..=NUMBER_WORDS.min(words.len())).rev();
        let is_number =
            |form: &str| form.len() >= SHORTEST_MODEL && form.contains(|sign: char| sign.is_ascii_digit());
        let whole = lengths().find(|length| {
            let form = words[..*length].concat();
            is_number(&form) && self.known.contains_key(&form)
        });
        whole.or_else(|| lengths().find(|length| !self.series(&words[..*length].concat()).is_empty()))
    }

    /// The products whose numbers begin with this, up to a joint: at least two, else it is just another number.
    fn series(&self, form: &str) -> BTreeSet<&'a ProductId> {
        let mixes = form.contains(|sign: char| sign.is_ascii_digit())
            && form.contains(|sign: char| sign.is_ascii_alphabetic());
        if form.len() < SHORTEST_MODEL || !mixes {
            return BTreeSet::new();
        }
        let beginning =
            self.known.range(form.to_owned()..).take_while(|(number, _)| number.starts_with(form));
        let variants = beginning.filter(|(number, known)| {
            number.len() <= form.len() + LONGEST_VARIANT && known.joints.contains(&form.len())
        });
        let products: BTreeSet<&ProductId> =
            variants.flat_map(|(_, known)| known.products.iter().copied()).collect();
        if products.len() > 1 { products } else { BTreeSet::new() }
    }

    /// The products of the longest number that stands anywhere in a text, glued to other words or not.
    pub(super) fn glued_in(&self, text: &str) -> BTreeSet<&'a ProductId> {
        let form = identifier::normal_form(text);
        let pieces = |length: usize| {
            (0..form.len()).filter_map(move |start| Some((start, start.checked_add(length)?)))
        };
        let lengths = self.lengths.range(SHORTEST_MODEL..=form.len().max(SHORTEST_MODEL)).rev();
        let known = |length: &usize| {
            let pieces = pieces(*length).filter_map(|(start, end)| form.get(start..end));
            pieces.filter(|piece| self.known.contains_key(*piece)).max()
        };
        let longest = lengths.filter_map(known).next();
        longest.and_then(|number| self.whole(number)).cloned().unwrap_or_default()
    }
}

/// Folded runs of letters and digits.
fn words(text: &str) -> Vec<String> {
    let folded = normal::fold(text);
    let words = folded.split(|sign: char| !sign.is_alphanumeric());
    words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let ids = ["KM-2400-S", "KM-2400-M", "KM-2600", "AK-500", "AK-520", "KM-2200"];
        let ids = ids.map(|id| ProductId::parse(id).unwrap());
        let mut numbers = Numbers::default();
        for id in &ids {
            numbers.add(id.as_str(), id);
        }
        numbers.in_text(text).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn every_number_of_a_text_is_taken_as_long_as_it_goes() {
        assert_eq!(found("Anleitung km 2400 s"), ["KM-2400-S"]);
        assert_eq!(found("AK500 und AK 520, Ausgabe 3"), ["AK-500", "AK-520"]);
        assert_eq!(found("KM-2600 (nicht 2400)"), ["KM-2600"]);
        assert!(found("Ausgabe 2400 und S").is_empty());
    }

    #[test]
    fn a_number_glued_to_other_words_is_found_by_the_longest_that_is_known() {
        let ids = ["KM-2400", "KM-2400-S", "AK-500"].map(|id| ProductId::parse(id).unwrap());
        let mut numbers = Numbers::default();
        ids.iter().for_each(|id| numbers.add(id.as_str(), id));
        let glued =
            |text: &str| -> Vec<String> { numbers.glued_in(text).iter().map(ToString::to_string).collect() };
        assert_eq!(glued("anleitungkm2400s"), ["KM-2400-S"]);
        assert_eq!(glued("xak500größe"), ["AK-500"]);
        assert!(glued("km").is_empty() && glued("").is_empty());
    }

    #[test]
    fn lists_of_variants_name_each() {
        assert_eq!(found("KM-2400 S/M"), ["KM-2400-M", "KM-2400-S"]);
        assert_eq!(found("AK 500/520"), ["AK-500", "AK-520"]);
        assert_eq!(found("KM-2400 S und das M-Modell"), ["KM-2400-S"]);
    }

    #[test]
    fn what_a_series_has_in_common_names_all_of_it() {
        assert_eq!(found("Kaffeevollautomaten KM-2400"), ["KM-2400-M", "KM-2400-S"]);
        assert!(found("KM-24").is_empty(), "a number is not cut between its joints");
        assert!(found("KM-2500").is_empty());
    }
}
