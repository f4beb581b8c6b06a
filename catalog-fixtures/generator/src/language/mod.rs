//! German and English: nouns with their articles, and sentences drawn from phrases.

pub(crate) mod grammar;
pub(crate) mod noise;
pub(crate) mod phrase;

use serde::Deserialize;

/// The two languages of the shop.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Tongue {
    German,
    English,
}

impl Tongue {
    /// Its code as in the formats of the catalog.
    pub(crate) fn code(self) -> &'static str {
        if self == Self::German { "de" } else { "en" }
    }
}

/// The same text in both languages.
#[derive(Debug, Clone, Default, Deserialize)]
pub(crate) struct Both {
    pub(crate) de: String,
    pub(crate) en: String,
}

impl Both {
    /// The text in one language.
    pub(crate) fn of(&self, tongue: Tongue) -> &str {
        if tongue == Tongue::German { &self.de } else { &self.en }
    }
}

/// Phrases of the same meaning in both languages.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Phrases {
    pub(crate) de: Vec<String>,
    pub(crate) en: Vec<String>,
}

impl Phrases {
    /// The phrases of one language.
    pub(crate) fn of(&self, tongue: Tongue) -> &[String] {
        if tongue == Tongue::German { &self.de } else { &self.en }
    }
}
