//! Categories: what products have in common, and what words of a question say.

use std::collections::{BTreeMap, BTreeSet};

use auskunft_model::{Asker, ProductId};
use auskunft_store::products::ProductRow;

use super::ProductIndex;
use super::names::{SHORTEST_KIND, shares_grams};
use crate::analysis::{Word, known, words};

/// Words that say what kind of thing products are, each with the categories of those products.
#[derive(Debug, Default)]
pub(super) struct Categories {
    of_words: Vec<(Word, BTreeSet<String>)>,
}

impl Categories {
    /// Those of all products: by the words of the category itself, and of the families of products in it.
    pub(super) fn of(products: &[ProductRow]) -> Self {
        let stated: BTreeSet<(&String, Option<&String>)> = products
            .iter()
            .filter_map(|product| Some((product.category.as_ref()?, product.product_family.as_ref())))
            .collect();
        let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
        for (category, family) in stated {
            let named = std::iter::once(category).chain(family).flat_map(|text| words(text));
            for word in named.filter(|word| word.len() >= SHORTEST_KIND) {
                found.entry(word).or_default().insert(category.clone());
            }
        }
        let of_words = found.into_iter().map(|(word, categories)| (Word::new(&word), categories));
        Self { of_words: of_words.collect() }
    }

    /// The categories that a folded word says something of, in another form or put together ("Jacke", "Regenjacken").
    fn named(&self, word: &str) -> impl Iterator<Item = &String> {
        let own = (word.len() >= SHORTEST_KIND).then(|| known(word));
        let fitting = self.of_words.iter().filter(move |(kind, _)| {
            own.as_ref().is_some_and(|own| shares_grams(own, kind) || own.text.ends_with(&kind.text))
        });
        fitting.flat_map(|(_, categories)| categories)
    }
}

impl ProductIndex {
    /// The category that a product is in.
    pub(crate) fn category_of(&self, id: &ProductId) -> Option<&str> {
        self.get(id).and_then(|product| product.category.as_deref())
    }

    /// The category that all of these products are in; `None` where they are in several.
    pub(crate) fn shared_category(&self, ids: &[ProductId]) -> Option<&str> {
        let first = self.category_of(ids.first()?)?;
        ids.iter().all(|id| self.category_of(id) == Some(first)).then_some(first)
    }

    /// The one category that folded words of a question name; `None` where they name several. One without a product that the asker may
    /// see is as unknown as one that there is not.
    pub(crate) fn named_category(&self, words: &[String], asker: &Asker) -> Option<&str> {
        let named: BTreeSet<&String> =
            words.iter().flat_map(|word| self.known.categories.named(word)).collect();
        let is_seen = |category: &&String| {
            let mut products = self.products.iter();
            products.any(|product| {
                product.category.as_ref() == Some(*category) && self.is_seen(&product.id, asker)
            })
        };
        let mut seen = named.into_iter().filter(is_seen);
        let first = seen.next()?;
        seen.next().is_none().then_some(first.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auskunft_model::{AgentId, DocumentId, Region};

    fn product(id: &str, category: &str, family: &str, region: Option<&str>) -> ProductRow {
        ProductRow {
            id: ProductId::parse(id).unwrap(),
            name: id.to_owned(),
            maker: None,
            category: Some(category.to_owned()),
            product_family: Some(family.to_owned()),
            region: region.map(str::to_owned),
            obsolete: false,
            successor_id: None,
            document_id: DocumentId::derive(id, None),
            document_version: String::new(),
            source: format!("products/{id}.html"),
        }
    }

    fn index() -> ProductIndex {
        let products = vec![
            product("K-1", "Kaffeevollautomaten", "Kaffeemaschine", None),
            product("K-2", "Kaffeevollautomaten", "Kaffeemaschine", None),
            product("S-1", "Staubsauger", "Bodenstaubsauger", None),
            product("T-1", "Toaster", "Toaster", Some("US")),
        ];
        ProductIndex::new(products, Vec::new())
    }

    fn named(question: &str, asker: &Asker) -> Option<String> {
        index().named_category(&words(question), asker).map(str::to_owned)
    }

    #[test]
    fn a_category_is_named_by_its_words_and_by_those_of_its_families() {
        let guest = Asker::guest("r-1");
        for (question, expected) in [
            ("Meine Kaffeemaschine tropft", Some("Kaffeevollautomaten")),
            ("Welche Kaffeevollautomaten habt ihr?", Some("Kaffeevollautomaten")),
            ("Der Sauger zieht nicht, ein Akkustaubsauger", Some("Staubsauger")),
            ("Staubsauger oder Kaffeemaschine?", None),
            ("Wo ist mein Paket?", None),
        ] {
            assert_eq!(named(question, &guest).as_deref(), expected, "{question}");
        }
    }

    #[test]
    fn a_category_without_a_product_of_the_askers_regions_is_none() {
        let of = |region: &str| Asker {
            agent: AgentId::parse("A-1").ok(),
            regions: Some(Region::parse(region).into_iter().collect()),
            ..Asker::guest("r-1")
        };
        assert_eq!(named("Mein Toaster klemmt", &of("EU")), None);
        assert_eq!(named("Mein Toaster klemmt", &of("US")).as_deref(), Some("Toaster"));
    }

    #[test]
    fn products_share_a_category_or_none() {
        let ids = |texts: &[&str]| -> Vec<ProductId> {
            texts.iter().map(|text| ProductId::parse(text).unwrap()).collect()
        };
        assert_eq!(index().shared_category(&ids(&["K-1", "K-2"])), Some("Kaffeevollautomaten"));
        assert_eq!(index().shared_category(&ids(&["K-1", "S-1"])), None);
        assert_eq!(index().shared_category(&[]), None);
    }
}
