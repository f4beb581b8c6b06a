//! The kinds of products: what they are called, measured by, asked and troubled by. The data stands in `data/kinds/*.toml`.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::language::grammar::Noun;
use crate::language::{Both, Phrases, Tongue};
use crate::random::Random;

/// The kinds' files, in the order of their numbers.
const FILES: &[(&str, &str)] = &[
    ("01-kaffeevollautomat", include_str!("../../data/kinds/01-kaffeevollautomat.toml")),
    ("02-bodenstaubsauger", include_str!("../../data/kinds/02-bodenstaubsauger.toml")),
    ("03-smartphone", include_str!("../../data/kinds/03-smartphone.toml")),
    ("04-kopfhoerer", include_str!("../../data/kinds/04-kopfhoerer.toml")),
    ("05-laptop", include_str!("../../data/kinds/05-laptop.toml")),
    ("06-akkusauger", include_str!("../../data/kinds/06-akkusauger.toml")),
    ("07-in-ear", include_str!("../../data/kinds/07-in-ear.toml")),
    ("08-saugroboter", include_str!("../../data/kinds/08-saugroboter.toml")),
    ("09-filterkaffeemaschine", include_str!("../../data/kinds/09-filterkaffeemaschine.toml")),
    ("10-jacke", include_str!("../../data/kinds/10-jacke.toml")),
    ("11-schuh", include_str!("../../data/kinds/11-schuh.toml")),
];
const COMMON: &str = include_str!("../../data/common.toml");

/// A kind of product.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Kind {
    pub(crate) id: String,
    /// The product family that filters and exclusions name.
    pub(crate) family: String,
    pub(crate) category: String,
    pub(crate) category_en: String,
    /// The folder of its pages.
    pub(crate) folder: String,
    /// Makers work in one domain.
    pub(crate) domain: Domain,
    /// Letters before model numbers.
    pub(crate) codes: Vec<String>,
    /// Names of series instead of letters and numbers.
    #[serde(default)]
    pub(crate) words: Vec<String>,
    /// Lowest and highest price in cents.
    pub(crate) price: (i64, i64),
    /// Its weight among the kinds.
    pub(crate) share: usize,
    pub(crate) noun: String,
    /// What customers call it.
    pub(crate) casual: Vec<String>,
    pub(crate) noun_en: String,
    pub(crate) casual_en: Vec<String>,
    /// What shines when something is wrong.
    #[serde(default)]
    pub(crate) lamp: Option<Both>,
    #[serde(default)]
    pub(crate) keys: Vec<Both>,
    /// What the variants of a series are called.
    pub(crate) suffixes: Vec<Vec<String>>,
    /// Attributes whose value is the variant's name where that is a number.
    #[serde(default)]
    pub(crate) numbered: Vec<String>,
    /// Attributes of which one differs between the variants of a series.
    pub(crate) variant_by: Vec<String>,
    /// Sentences of its page.
    pub(crate) pitch: Phrases,
    #[serde(rename = "attribute")]
    pub(crate) attributes: Vec<Attribute>,
    #[serde(default, rename = "procedure")]
    pub(crate) procedures: Vec<Procedure>,
    #[serde(default, rename = "fault")]
    pub(crate) faults: Vec<Fault>,
    #[serde(default, rename = "faq")]
    pub(crate) faqs: Vec<Faq>,
    #[serde(default, rename = "field")]
    pub(crate) fields: Vec<Field>,
}

/// What a maker makes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Domain {
    /// Telephones, computers, sound.
    Elektronik,
    /// Coffee and floors.
    Haushalt,
    /// Clothes and shoes.
    Mode,
}

/// A measured or named quality.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Attribute {
    pub(crate) id: String,
    pub(crate) de: String,
    pub(crate) en: String,
    #[serde(default)]
    pub(crate) unit: String,
    /// The unit in English where it differs.
    #[serde(default)]
    unit_en: Option<String>,
    /// Range of drawn values, in units of the last decimal.
    #[serde(default)]
    low: i64,
    #[serde(default)]
    high: i64,
    #[serde(default)]
    step: Option<i64>,
    /// The values to draw from instead of a range.
    #[serde(default)]
    values: Vec<i64>,
    #[serde(default)]
    pub(crate) decimals: u32,
    #[serde(default)]
    choices: Vec<Both>,
    /// Whether more or less is better; none when it can't be compared.
    #[serde(default)]
    pub(crate) better: Option<Better>,
    /// How customers ask for it, in other words than its name.
    #[serde(default)]
    pub(crate) ask: Phrases,
    /// How customers compare `[a]` and `[b]` by it.
    #[serde(default)]
    pub(crate) compare: Phrases,
}

/// The direction of a comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Better {
    High,
    Low,
}

/// The value of an attribute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Value {
    /// In units of the last decimal.
    Number(i64),
    /// The place among the choices.
    Choice(usize),
}

impl Attribute {
    /// The number in the units of this attribute, when it is one of its values.
    pub(crate) fn accepts(&self, number: i64) -> Option<Value> {
        let is_listed = self.values.contains(&number);
        (is_listed || (self.low..=self.high).contains(&number)).then_some(Value::Number(number))
    }

    /// A value at random.
    pub(crate) fn draw(&self, random: &mut Random) -> Value {
        if !self.choices.is_empty() {
            return Value::Choice(random.below(self.choices.len()));
        }
        if !self.values.is_empty() {
            return Value::Number(*random.pick(&self.values));
        }
        let step = self.step.unwrap_or(1);
        Value::Number(self.low + step * random.between(0, (self.high - self.low) / step))
    }

    /// The name in a language.
    pub(crate) fn label(&self, tongue: Tongue) -> &str {
        if tongue == Tongue::German { &self.de } else { &self.en }
    }

    /// The value as printed, without its unit.
    pub(crate) fn bare(&self, value: Value, tongue: Tongue) -> String {
        match value {
            Value::Choice(index) => self.choices.get(index).map_or("", |choice| choice.of(tongue)).to_owned(),
            Value::Number(number) => {
                let text = self.plain(number);
                if tongue == Tongue::German { text.replace('.', ",") } else { text }
            }
        }
    }

    /// The number as programs write it.
    pub(crate) fn plain(&self, number: i64) -> String {
        let scale = 10_i64.pow(self.decimals);
        if self.decimals == 0 {
            return number.to_string();
        }
        format!("{}.{:0width$}", number / scale, number % scale, width = self.decimals as usize)
    }

    /// The value as printed, with its unit.
    pub(crate) fn shown(&self, value: Value, tongue: Tongue) -> String {
        let unit = self.unit(tongue);
        let bare = self.bare(value, tongue);
        if unit.is_empty() { bare } else { format!("{bare} {unit}") }
    }

    /// The unit in a language.
    pub(crate) fn unit(&self, tongue: Tongue) -> &str {
        match &self.unit_en {
            Some(unit) if tongue == Tongue::English => unit,
            _ => &self.unit,
        }
    }
}

/// Something to do, step by step; its parameters are drawn for each series.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Procedure {
    pub(crate) id: String,
    pub(crate) title: Both,
    pub(crate) ask: Phrases,
    #[serde(default)]
    pub(crate) params: BTreeMap<String, Vec<i64>>,
    #[serde(default)]
    pub(crate) intro: Phrases,
    /// Every phrase is a step.
    pub(crate) steps: Phrases,
    #[serde(default)]
    pub(crate) after: Phrases,
    #[serde(default, rename = "point")]
    pub(crate) points: Vec<Point>,
}

/// A question after one parameter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Point {
    pub(crate) param: String,
    pub(crate) answer: Answer,
    pub(crate) ask: Phrases,
}

/// A text that is the same in both languages, or one for each.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Answer {
    Same(String),
    Each(Both),
}

impl Answer {
    /// The text in a language.
    pub(crate) fn of(&self, tongue: Tongue) -> &str {
        match self {
            Self::Same(text) => text,
            Self::Each(both) => both.of(tongue),
        }
    }
}

/// What goes wrong, why, and what helps.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Fault {
    pub(crate) id: String,
    pub(crate) sign: Sign,
    /// What the table says of a symptom.
    #[serde(default)]
    pub(crate) symptom: Both,
    /// How customers tell it, as a clause without a subject before it.
    #[serde(default)]
    pub(crate) say: Phrases,
    pub(crate) cause: Both,
    pub(crate) remedy: Both,
}

/// How a fault shows itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Sign {
    Light,
    Code,
    Symptom,
}

/// A question that customers ask often.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Faq {
    /// The question as the shop prints it.
    pub(crate) ask: Phrases,
    /// The same question in customers' words, which no source has.
    pub(crate) other: Phrases,
    pub(crate) answer: Phrases,
}

/// A trouble that only the agents know a cure for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Field {
    pub(crate) say: Phrases,
    pub(crate) fix: Phrases,
}

impl Kind {
    /// The noun, with gender and cases.
    pub(crate) fn noun(&self) -> Noun {
        Noun::parse(&self.noun)
            .unwrap_or_else(|| Noun::name(&self.noun, crate::language::grammar::Gender::Neuter))
    }

    /// The attribute of that name.
    pub(crate) fn attribute(&self, id: &str) -> Option<usize> {
        self.attributes.iter().position(|attribute| attribute.id == id)
    }

    /// Whether it has a manual: something to do and something that fails.
    pub(crate) fn has_manual(&self) -> bool {
        self.domain != Domain::Mode && !self.faults.is_empty()
    }
}

#[derive(Deserialize)]
struct Common {
    #[serde(rename = "attribute")]
    attributes: Vec<Attribute>,
    /// For what is plugged into the wall.
    mains: Vec<Attribute>,
}

/// All kinds, each with the common attributes at its end.
pub(crate) fn kinds() -> Result<Vec<Kind>> {
    let common: Common = toml::from_str(COMMON).context("data/common.toml")?;
    FILES
        .iter()
        .map(|(name, text)| {
            let mut kind: Kind = toml::from_str(text).with_context(|| format!("data/kinds/{name}.toml"))?;
            let mains = common.mains.iter().filter(|_| kind.domain == Domain::Haushalt);
            kind.attributes.extend(mains.chain(&common.attributes).cloned());
            Ok(kind)
        })
        .collect()
}
