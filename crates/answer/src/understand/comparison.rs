//! What products are compared by: the words of the question, the attributes of catalogs, and which direction wins.

/// Which value wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Better {
    /// The smaller one.
    Lower,
    /// The greater one.
    Higher,
    /// Neither is better.
    None,
}

/// One thing to compare by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Aspect {
    /// Attribute keys as catalogs print them, the best first: the first one that the products have is meant.
    pub(crate) keys: &'static [&'static str],
    /// Which value wins.
    pub(crate) better: Better,
}

/// A comparison that is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// What by; empty when the question names nothing.
    pub(crate) aspects: Vec<Aspect>,
    /// Whether all that differs is wished: "Worin unterscheiden sich …?"
    pub(crate) all: bool,
}

/// Words (beginnings of folded words), attribute keys, direction.
type Line = (&'static [&'static str], &'static [&'static str], Better);

const TABLE: &[Line] = &[
    (&["leiser", "quieter"], &["Lautstärke", "Noise level"], Better::Lower),
    (&["leichter", "lighter"], &["Gewicht", "Gewicht je Hörer", "Weight"], Better::Lower),
];

impl Comparison {
    /// What the folded words of a question compare by.
    pub(crate) fn of(words: &[String]) -> Self {
        let says = |beginnings: &[&str]| {
            words.iter().any(|word| beginnings.iter().any(|beginning| word.starts_with(beginning)))
        };
        let lines = TABLE.iter().filter(|(keys, _, _)| says(keys));
        let aspects: Vec<Aspect> = lines.map(|(_, keys, better)| Aspect { keys, better: *better }).collect();
        Self { all: aspects.is_empty(), aspects }
    }
}

/// Which direction of an attribute wins, by its key; [`Better::None`] for one that has none.
pub(crate) fn direction(key: &str) -> Better {
    TABLE.iter().find(|(_, keys, _)| keys.contains(&key)).map_or(Better::None, |(_, _, better)| *better)
}
