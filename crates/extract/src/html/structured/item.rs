//! A typed thing with properties: the form that JSON-LD, microdata and RDFa share.

/// A thing that a page describes for machines.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Item {
    /// Its types, e.g. `http://schema.org/Product`.
    pub(crate) types: Vec<String>,
    /// Its address, where it has one.
    pub(crate) id: Option<String>,
    properties: Vec<(String, Property)>,
}

/// What a property holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Property {
    /// Words, a number, an address.
    Text(String),
    /// Another thing.
    Item(Item),
}

impl Item {
    /// A thing of these types.
    pub(crate) fn new(types: Vec<String>, id: Option<String>) -> Self {
        Self { types, id, properties: Vec::new() }
    }

    /// Adds a property. Names are compared without prefix (`schema:name`, `gr:name`) and case (`pricecurrency`).
    pub(crate) fn push(&mut self, name: &str, property: Property) {
        self.properties.push((super::term(name).to_ascii_lowercase(), property));
    }

    /// Whether one of its types passes.
    pub(crate) fn is(&self, test: &dyn Fn(&str) -> bool) -> bool {
        self.types.iter().any(|kind| test(kind))
    }

    /// The properties of a name (in lower case).
    fn of<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Property> {
        self.properties.iter().filter(move |(key, _)| key == name).map(|(_, property)| property)
    }

    /// The things under these names.
    pub(crate) fn items<'a>(&'a self, names: &'a [&'a str]) -> impl Iterator<Item = &'a Item> {
        let all = names.iter().flat_map(|name| self.of(name));
        all.filter_map(|property| match property {
            Property::Item(item) => Some(item),
            Property::Text(_) => None,
        })
    }

    /// All things directly below, with the names of their properties.
    pub(crate) fn children(&self) -> impl Iterator<Item = (&str, &Item)> {
        self.properties.iter().filter_map(|(name, property)| match property {
            Property::Item(item) => Some((name.as_str(), item)),
            Property::Text(_) => None,
        })
    }

    /// The first words under the first of these names that has any; a thing stands for its name or value.
    pub(crate) fn text(&self, names: &[&str]) -> Option<String> {
        names.iter().find_map(|name| self.of(name).find_map(Property::text))
    }

    /// All words under a name.
    pub(crate) fn texts<'a>(&'a self, name: &'a str) -> impl Iterator<Item = String> + 'a {
        self.of(name).filter_map(Property::text)
    }

    /// The address or words under these names: terms such as availabilities are given as either.
    pub(crate) fn term(&self, names: &[&str]) -> Option<String> {
        let one = |property: &Property| match property {
            Property::Text(text) => Some(text.clone()),
            Property::Item(item) => item.id.clone().or_else(|| property.text()),
        };
        let found = names.iter().find_map(|name| self.of(name).find_map(one));
        found.map(|text| super::term(&text)).filter(|text| !text.is_empty())
    }
}

impl Property {
    /// The words themselves; of a thing its name, else its value.
    pub(crate) fn text(&self) -> Option<String> {
        match self {
            Self::Text(text) => (!text.is_empty()).then(|| text.clone()),
            Self::Item(item) => item.text(&["name", "value"]),
        }
    }
}
