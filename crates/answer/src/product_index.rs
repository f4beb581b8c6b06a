//! Which product a question names: by number (SKU, EAN, model, part), or by the words of its name.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use auskunft_model::{Asker, Identifier, ProductId};
use auskunft_store::products::ProductRow;

use crate::analysis::words;
use crate::function_words;

mod categories;
mod names;
mod numbers;
mod spelling;

use categories::Categories;
use names::Name;
use numbers::{Numbers, Span};

/// More candidates than this are none: the question names a maker or a kind of product, not a product.
const MOST_CANDIDATES: usize = 24;
/// Between these words several products may be named.
const BETWEEN: &[&str] = &["oder", "or", "und", "and", "vs", "versus", "als", "than", "statt"];

/// Which products a question names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mention {
    /// None.
    Nothing,
    /// Exactly one.
    Bound(ProductId),
    /// Several, each by itself: a comparison.
    Named(Vec<ProductId>),
    /// One of several that the words fit alike.
    Ambiguous(Vec<ProductId>),
}

impl Mention {
    /// Leaves out the products that are not to be seen.
    pub(crate) fn keep(&mut self, is_seen: impl Fn(&ProductId) -> bool) {
        let all = match self {
            Self::Nothing => return,
            Self::Bound(product) => std::slice::from_ref(product),
            Self::Named(products) | Self::Ambiguous(products) => products.as_slice(),
        };
        let seen: Vec<ProductId> = all.iter().filter(|product| is_seen(product)).cloned().collect();
        if seen.len() == all.len() {
            return;
        }
        *self = match (seen.as_slice(), &self) {
            ([], _) => Self::Nothing,
            ([only], _) => Self::Bound(only.clone()),
            (_, Self::Named(_)) => Self::Named(seen),
            _ => Self::Ambiguous(seen),
        };
    }
}

/// A mention with what it was read from.
#[derive(Debug, Clone)]
pub(crate) struct Naming {
    /// The products.
    pub(crate) mention: Mention,
    /// Folded words of the question that name them.
    pub(crate) words: Vec<String>,
    /// A number behind a known name that no product has.
    pub(crate) unknown: Option<String>,
}

/// Names and numbers of all products.
#[derive(Debug, Default)]
pub(crate) struct ProductIndex {
    products: Vec<ProductRow>,
    /// Their numbers beside the SKU, as stated.
    stated: Vec<(ProductId, Identifier)>,
    known: Arc<Known>,
}

/// What questions are compared with. Places are those of the products in their order.
#[derive(Debug, Default)]
struct Known {
    places: HashMap<ProductId, usize>,
    numbers: Numbers,
    names: names::Names,
    categories: Categories,
}

impl Known {
    fn of(products: &[ProductRow], stated: &[(ProductId, Identifier)]) -> Self {
        let places: HashMap<ProductId, usize> =
            products.iter().enumerate().map(|(place, product)| (product.id.clone(), place)).collect();
        let names: Vec<Name> = products.iter().map(Name::of).collect();
        let mut numbers = Numbers::default();
        for (place, (product, name)) in products.iter().zip(&names).enumerate() {
            numbers.add(product.id.as_str(), place, true);
            if let Some(called) = name.called() {
                numbers.add(&called, place, true);
            }
        }
        for (id, number) in stated {
            if let Some(place) = places.get(id) {
                numbers.add(&number.text, *place, false);
            }
        }
        let names = names::Names::new(names, names::kinds_of(products));
        let categories = Categories::of(products);
        Self { places, numbers, names, categories }
    }
}

/// All of a product that [`Known`] is made of.
fn naming(product: &ProductRow) -> impl PartialEq + '_ {
    (&product.id, &product.name, &product.maker, &product.category, &product.product_family)
}

impl ProductIndex {
    /// The index of these products.
    pub(crate) fn new(products: Vec<ProductRow>, stated: Vec<(ProductId, Identifier)>) -> Self {
        let known = Arc::new(Known::of(&products, &stated));
        Self { products, stated, known }
    }

    /// The index of the products as they are now. Where all are called what they were called it costs next to nothing: most changes of a
    /// shop's pages are of other things.
    pub(crate) fn with(&self, products: Vec<ProductRow>, stated: Vec<(ProductId, Identifier)>) -> Self {
        let are_called_alike =
            self.stated == stated && self.products.iter().map(naming).eq(products.iter().map(naming));
        if are_called_alike {
            return Self { products, stated, known: Arc::clone(&self.known) };
        }
        Self::new(products, stated)
    }

    /// How many products it knows.
    pub(crate) fn len(&self) -> usize {
        self.products.len()
    }

    /// All of them.
    pub(crate) fn all(&self) -> &[ProductRow] {
        &self.products
    }

    /// A product.
    pub(crate) fn get(&self, id: &ProductId) -> Option<&ProductRow> {
        self.known.places.get(id).map(|place| &self.products[*place])
    }

    /// Whether a product is for all regions or for one of the asker's, as far as these are known here; guests see all.
    pub(crate) fn is_seen(&self, id: &ProductId, asker: &Asker) -> bool {
        let region = self.get(id).and_then(|product| product.region.as_deref());
        let (Some(region), Some(regions)) = (region, &asker.regions) else { return true };
        regions.iter().any(|own| own.as_str() == region)
    }

    /// A product's name; its SKU where it has none.
    pub(crate) fn name_of(&self, id: &ProductId) -> String {
        self.get(id).map_or_else(|| id.to_string(), |known| known.name.clone())
    }

    /// Whether a number in normal form is a product's, or the beginning of one.
    pub(crate) fn knows_number(&self, form: &str) -> bool {
        self.known.numbers.knows(form)
    }

    /// Whether a folded word says what kind of thing a product is: a category or family, in another form or put together ("Jacke",
    /// "Regenjacken").
    pub(crate) fn is_kind(&self, word: &str) -> bool {
        self.known.names.is_kind(word)
    }

    /// Whether a folded word is (part of) the name of a maker.
    pub(crate) fn is_maker(&self, word: &str) -> bool {
        self.known.names.is_maker(word)
    }

    /// The products that a question names. `is_common` tells whether a folded word occurs in the texts: such words are
    /// not taken for misspelt names.
    pub(crate) fn find(&self, question: &str, is_common: impl Fn(&str) -> bool) -> Naming {
        let asked = words(question);
        let said = self.corrected(&asked, &is_common);
        let spans = self.known.numbers.spans(&said);
        if !spans.is_empty() {
            return self.by_number(&asked, &said, &spans);
        }
        let whole = self.by_name(&asked, &said);
        let parts = said.split(|word| BETWEEN.contains(&word.as_str()));
        let mut named: Vec<ProductId> = Vec::new();
        for part in parts {
            if let Mention::Bound(id) = self.by_name(part, part).mention
                && !named.contains(&id)
            {
                named.push(id);
            }
        }
        if named.len() > 1 { Naming { mention: Mention::Named(named), ..whole } } else { whole }
    }

    /// The words with misspelt names set right. What may be an ordinary word is a name only before a number that the name
    /// goes with.
    fn corrected(&self, asked: &[String], is_common: &impl Fn(&str) -> bool) -> Vec<String> {
        let begins_with_digit = |word: &&String| word.starts_with(|sign: char| sign.is_ascii_digit());
        let right = |place: usize| -> Option<String> {
            let number = asked.get(place + 1).filter(begins_with_digit);
            let may_stand_alone = asked[place].len() >= names::MISSPELT_FROM && !is_common(&asked[place]);
            if number.is_none() && !may_stand_alone {
                return None;
            }
            let near = self.known.names.nearest(&asked[place])?;
            let has_number =
                number.is_some_and(|number| self.known.numbers.knows(&format!("{near}{number}")));
            (has_number || may_stand_alone).then_some(near)
        };
        (0..asked.len()).map(|place| right(place).unwrap_or_else(|| asked[place].clone())).collect()
    }

    fn by_number(&self, asked: &[String], said: &[String], spans: &[Span]) -> Naming {
        let mut found: Vec<BTreeSet<usize>> = Vec::new();
        for span in spans {
            let is_made_by =
                |place: &&usize| said.iter().any(|word| self.known.names.is_made_by(**place, word));
            let of_maker: BTreeSet<usize> = span.places.iter().filter(is_made_by).copied().collect();
            let places = if of_maker.is_empty() { span.places.clone() } else { of_maker };
            if !found.contains(&places) {
                found.push(places);
            }
        }
        let is_naming = |place: &usize| {
            spans.iter().any(|span| (span.start..span.end).contains(place)) || self.is_maker(&said[*place])
        };
        let words = (0..asked.len()).filter(is_naming).map(|place| asked[place].clone()).collect();
        Naming { mention: self.mention(&found), words, unknown: None }
    }

    fn mention(&self, found: &[BTreeSet<usize>]) -> Mention {
        match found {
            [] => Mention::Nothing,
            [places] => self.one_of(places),
            several => {
                let mut single: Vec<usize> = Vec::new();
                for place in several.iter().filter(|places| places.len() == 1).flatten() {
                    if !single.contains(place) {
                        single.push(*place);
                    }
                }
                match single.as_slice() {
                    [] => self.one_of(&several.iter().flatten().copied().collect()),
                    [only] => Mention::Bound(self.products[*only].id.clone()),
                    named => {
                        Mention::Named(named.iter().map(|place| self.products[*place].id.clone()).collect())
                    }
                }
            }
        }
    }

    fn one_of(&self, places: &BTreeSet<usize>) -> Mention {
        let ids: Vec<ProductId> = places.iter().map(|place| self.products[*place].id.clone()).collect();
        match ids.as_slice() {
            [] => Mention::Nothing,
            [only] => Mention::Bound(only.clone()),
            many if many.len() > MOST_CANDIDATES => Mention::Nothing,
            _ => Mention::Ambiguous(ids),
        }
    }

    fn by_name(&self, asked: &[String], said: &[String]) -> Naming {
        let is_content = |word: &&String| !function_words::holds(word) || word.len() <= 2;
        let content: Vec<&String> = said.iter().filter(is_content).collect();
        let found = self.known.names.find(&content);
        let words = asked.iter().zip(said).filter(|(_, said)| found.words.contains(said));
        let words = words.map(|(asked, _)| asked.clone()).collect();
        Naming { mention: self.one_of(&found.places), words, unknown: found.unknown }
    }
}

#[cfg(test)]
mod tests;
