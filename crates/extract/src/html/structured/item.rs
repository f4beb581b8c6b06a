//! A typed thing with properties: the form that JSON-LD, microdata and RDFa share.

/// Longer values are cut: no name, number or description of a product is longer.
pub(super) const MAX_CHARS: usize = 20_000;

/// What things of one page may take, in bytes: a page that names the same text again and again must not fill the memory.
pub(super) const MAX_BYTES: usize = 32 * 1024 * 1024;

/// A thing that a page describes for machines.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Item {
    /// Its types, e.g. `http://schema.org/Product`.
    pub(crate) types: Vec<String>,
    /// Its address, where it has one.
    pub(crate) id: Option<String>,
    /// Each with its names: one value may be several properties.
    properties: Vec<(Vec<String>, Property)>,
}

/// What a property holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Property {
    /// Words that are shown to people, an address.
    Text(String),
    /// Words or a number for machines, in which a point parts decimals.
    Data(String),
    /// Another thing.
    Item(Item),
}

impl Item {
    /// A thing of these types.
    pub(crate) fn new(types: Vec<String>, id: Option<String>) -> Self {
        Self { types, id, properties: Vec::new() }
    }

    /// Adds a property. Names are compared without prefix (`schema:name`, `gr:name`) and case (`pricecurrency`).
    pub(crate) fn push<'a>(&mut self, names: impl IntoIterator<Item = &'a str>, property: Property) {
        let names = names.into_iter().map(|name| super::term(name).to_ascii_lowercase());
        self.properties.push((names.collect(), property));
    }

    /// Whether one of its types passes.
    pub(crate) fn is(&self, test: &dyn Fn(&str) -> bool) -> bool {
        self.types.iter().any(|kind| test(kind))
    }

    /// The properties of these names (in lower case), name by name; one of several names stands under the first.
    fn of<'a>(&'a self, names: &'a [&'a str]) -> impl Iterator<Item = &'a Property> {
        let has = |keys: &[String], name: &str| keys.iter().any(|key| key == name);
        let under = move |(at, name): (usize, &'a &'a str)| {
            let earlier = &names[..at];
            let is_new = move |keys: &[String]| !earlier.iter().any(|name| has(keys, name));
            self.properties.iter().filter(move |(keys, _)| has(keys, name) && is_new(keys))
        };
        names.iter().enumerate().flat_map(under).map(|(_, property)| property)
    }

    /// The things under these names.
    pub(crate) fn items<'a>(&'a self, names: &'a [&'a str]) -> impl Iterator<Item = &'a Item> {
        self.of(names).filter_map(Property::item)
    }

    /// All things directly below, with the names of their properties.
    pub(crate) fn children(&self) -> impl Iterator<Item = (&[String], &Item)> {
        self.properties.iter().filter_map(|(names, property)| Some((names.as_slice(), property.item()?)))
    }

    /// The first words under the first of these names that has any; a thing stands for its name or value.
    pub(crate) fn text(&self, names: &[&str]) -> Option<String> {
        self.of(names).find_map(Property::text)
    }

    /// As [`Item::text`], and whether it is data for machines.
    pub(crate) fn value(&self, names: &[&str]) -> Option<(String, bool)> {
        self.of(names).find_map(|property| match property {
            Property::Item(item) => item.value(&["name", "value"]),
            _ => Some((property.text()?, matches!(property, Property::Data(_)))),
        })
    }

    /// All words under these names.
    pub(crate) fn texts<'a>(&'a self, names: &'a [&'a str]) -> impl Iterator<Item = String> + 'a {
        self.of(names).filter_map(Property::text)
    }

    /// The address or words under these names: terms such as availabilities are given as either.
    pub(crate) fn term(&self, names: &[&str]) -> Option<String> {
        let one = |property: &Property| match property {
            Property::Item(item) => item.id.clone().or_else(|| property.text()),
            Property::Text(text) | Property::Data(text) => Some(text.clone()),
        };
        self.of(names).find_map(one).map(|text| super::term(&text)).filter(|text| !text.is_empty())
    }
}

impl Property {
    /// The words themselves; of a thing its name, else its value.
    pub(crate) fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Data(text) => (!text.is_empty()).then(|| text.clone()),
            Self::Item(item) => item.text(&["name", "value"]),
        }
    }

    fn item(&self) -> Option<&Item> {
        match self {
            Self::Item(item) => Some(item),
            Self::Text(_) | Self::Data(_) => None,
        }
    }

    /// About what it takes in memory without the things inside it, in bytes.
    pub(super) fn size(&self) -> usize {
        const OWN: usize = 128;
        match self {
            Self::Text(text) | Self::Data(text) => OWN + text.len(),
            Self::Item(_) => OWN,
        }
    }
}
