//! The names of the shop's world: products, makers, carriers, people. An answer may say one only where it was given it.

use std::collections::{BTreeSet, HashMap, HashSet};

use auskunft_store::names::Names;
use auskunft_store::products::ProductRow;

use super::What;
use super::vocabulary::vocabulary;
use crate::analysis::words;

/// Names by their first words, to find them in a text as whole words.
#[derive(Debug, Default)]
pub(in crate::evaluate) struct Dictionary {
    by_first: HashMap<String, BTreeSet<(Vec<String>, What)>>,
    products: HashSet<String>,
}

impl Dictionary {
    /// All names that the shop's tables hold.
    pub(in crate::evaluate) fn new(products: &[ProductRow], others: &Names) -> Self {
        let mut dictionary = Self::default();
        for product in products {
            dictionary.add_product(product);
        }
        for carrier in &others.carriers {
            dictionary.add(words(carrier), What::Carrier);
        }
        // A family name says who it is as well as the full name does; a word that this program says itself says nobody.
        let own = vocabulary();
        for person in &others.people {
            let name = words(person);
            let parts = name.iter().filter(|part| part.len() > 2 && !own.contains(part.as_str()));
            parts.for_each(|part| dictionary.add(vec![part.clone()], What::Person));
            dictionary.add(name, What::Person);
        }
        dictionary
    }

    /// Whether a text is the name of a product, whole.
    pub(super) fn is_product(&self, text: &str) -> bool {
        self.products.contains(&words(text).join(" "))
    }

    /// The names in a text of folded words.
    pub(super) fn found_in(&self, words: &[String]) -> BTreeSet<(What, String)> {
        let mut found = BTreeSet::new();
        for (place, word) in words.iter().enumerate() {
            let Some(names) = self.by_first.get(word) else { continue };
            let here = names.iter().filter(|(name, _)| words[place..].starts_with(name));
            found.extend(here.map(|(name, what)| (*what, name.join(" "))));
        }
        found
    }

    fn add(&mut self, name: Vec<String>, what: What) {
        if let Some(first) = name.first() {
            self.by_first.entry(first.clone()).or_default().insert((name, what));
        }
    }

    /// The whole name, the name without the maker, the series with its number, and the series' own name: `Polatris Nova 26 Pro
    /// Smartphone`, `Nova 26 Pro Smartphone`, `Nova 26`, `Nova`.
    fn add_product(&mut self, product: &ProductRow) {
        let name = words(&product.name);
        let maker = product.maker.as_deref().map(words).unwrap_or_default();
        let kinds: HashSet<String> = [&product.category, &product.product_family]
            .into_iter()
            .flatten()
            .flat_map(|kind| words(kind))
            .collect();
        self.products.insert(name.join(" "));
        let own: Vec<String> = name.iter().filter(|word| !maker.contains(word)).cloned().collect();
        let has_digit = |word: &String| word.bytes().any(|byte| byte.is_ascii_digit());
        if let Some(number) = own.iter().position(has_digit) {
            let series: Vec<String> =
                own[..number].iter().filter(|word| !kinds.contains(*word)).cloned().collect();
            if series.iter().any(|word| word.len() > 2) {
                self.add(series, What::Product);
            }
            self.add(own[..=number].to_vec(), What::Product);
        }
        self.add(own, What::Product);
        self.add(name, What::Product);
        self.add(maker, What::Maker);
    }
}
