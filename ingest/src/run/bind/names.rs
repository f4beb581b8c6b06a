//! Products by their names in a title.

use std::collections::{BTreeSet, HashMap};

use auskunft_model::ProductId;
use auskunft_store::products::ProductRow;
use auskunft_text::normal;

/// The fewest words of a name that name a product by themselves: maker and number.
const FEWEST_WORDS: usize = 2;

/// Folded names.
#[derive(Debug)]
pub(super) struct Names<'a> {
    /// Longest first.
    names: Vec<(String, &'a ProductId)>,
    /// Places in `names` by first word, in their order: a text is compared only with names that begin with one of its words.
    by_first_word: HashMap<String, Vec<usize>>,
}

impl<'a> Names<'a> {
    pub(super) fn new(products: impl Iterator<Item = &'a ProductRow>) -> Self {
        let mut names: Vec<(String, &ProductId)> =
            products.map(|row| (plain(&row.name), &row.id)).filter(|(name, _)| !name.is_empty()).collect();
        names.sort_by(|one, other| (other.0.len(), &one.0, one.1).cmp(&(one.0.len(), &other.0, other.1)));
        let mut by_first_word: HashMap<String, Vec<usize>> = HashMap::new();
        for (place, (name, _)) in names.iter().enumerate() {
            by_first_word.entry(first_word(name).to_owned()).or_default().push(place);
        }
        Self { names, by_first_word }
    }

    /// The products of exactly this name.
    pub(super) fn whole(&self, text: &str) -> BTreeSet<&'a ProductId> {
        let name = plain(text);
        let places = self.by_first_word.get(first_word(&name)).into_iter().flatten();
        let known = places.filter_map(|place| self.names.get(*place));
        known.filter(|(known, _)| *known == name).map(|(_, id)| *id).collect()
    }

    /// All products whose whole names stand in a text; a longer name takes its words away from a shorter one.
    pub(super) fn in_text(&self, text: &str) -> BTreeSet<&'a ProductId> {
        let said = plain(text);
        let mut rest = format!(" {said} ");
        let mut found = BTreeSet::new();
        let mut taken = "";
        for (name, id) in self.beginning_with_words_of(&said) {
            let padded = format!(" {name} ");
            if rest.contains(&padded) || taken == name {
                rest = rest.replace(&padded, " | ");
                found.insert(*id);
                taken = name;
            }
        }
        found
    }

    /// The products of whose names the longest beginning stands in a text: "Sonoriva Q35 Pro" for "Sonoriva Q35 Pro Kopfhörer".
    /// It must hold a number. Of equal beginnings the shortest name is meant ("Q35" is no "Q35 Pro"); equal ones are a family.
    pub(super) fn beginning_in(&self, text: &str) -> BTreeSet<&'a ProductId> {
        let words = plain(text);
        let said = format!(" {words} ");
        let mut best = (0, usize::MAX);
        let mut found = BTreeSet::new();
        for (name, id) in self.beginning_with_words_of(&words) {
            let words: Vec<&str> = name.split(' ').collect();
            let Some(length) = beginning(&words, &said) else { continue };
            let is_better = length > best.0 || (length == best.0 && words.len() < best.1);
            if is_better {
                best = (length, words.len());
                found.clear();
            }
            if (length, words.len()) == best {
                found.insert(*id);
            }
        }
        found
    }

    /// The names that begin with any word of a plain text, longest first.
    fn beginning_with_words_of(&self, said: &str) -> impl Iterator<Item = &(String, &'a ProductId)> {
        let places: BTreeSet<usize> = said
            .split(' ')
            .filter_map(|word| self.by_first_word.get(word))
            .flat_map(|places| places.iter().copied())
            .collect();
        places.into_iter().filter_map(|place| self.names.get(place))
    }
}

fn first_word(plain: &str) -> &str {
    plain.split(' ').next().unwrap_or("")
}

/// How many of a name's first words stand in a text, one behind the other.
fn beginning(words: &[&str], said: &str) -> Option<usize> {
    let has_number =
        |words: &[&str]| words.iter().any(|word| word.contains(|sign: char| sign.is_ascii_digit()));
    (FEWEST_WORDS..=words.len()).rev().find(|length| {
        has_number(&words[..*length]) && said.contains(&format!(" {} ", words[..*length].join(" ")))
    })
}

/// Folded words, parted by blanks.
fn plain(text: &str) -> String {
    let folded = normal::fold(text);
    let words = folded.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use auskunft_model::DocumentId;

    fn product(id: &str, name: &str) -> ProductRow {
        ProductRow {
            id: ProductId::parse(id).unwrap(),
            name: name.to_owned(),
            maker: None,
            category: None,
            product_family: None,
            region: None,
            obsolete: false,
            successor_id: None,
            document_id: DocumentId::derive(id, None),
            document_version: String::new(),
            source: String::new(),
        }
    }

    #[test]
    fn a_name_is_meant_as_far_as_it_is_said() {
        let products = [
            product("Q35", "Sonoriva Q35 Kopfhörer"),
            product("Q35-PRO", "Sonoriva Q35 Pro Kopfhörer"),
            product("B8", "Tavaro Brise 14 Notebook, 8 GB"),
            product("B16", "Tavaro Brise 14 Notebook, 16 GB"),
        ];
        let names = Names::new(products.iter());
        let said = |title: &str| -> Vec<String> {
            names.beginning_in(title).iter().map(ToString::to_string).collect()
        };
        assert_eq!(said("Sonoriva Q35 Pro – Gebrauchsanleitung"), ["Q35-PRO"]);
        assert_eq!(said("Sonoriva Q35: Kurzanleitung"), ["Q35"]);
        assert_eq!(said("Handbuch Tavaro Brise 14"), ["B16", "B8"]);
        assert!(said("Sonoriva Gebrauchsanleitung").is_empty());
        let whole = names.in_text("Sonoriva Q35 Pro Kopfhörer und Sonoriva Q35 Kopfhörer");
        assert_eq!(whole.len(), 2);
        assert_eq!(names.in_text("Mein Sonoriva Q35 Pro Kopfhörer").len(), 1);
    }
}
