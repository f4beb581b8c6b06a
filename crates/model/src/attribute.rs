//! Typed facts about a product, as a source states them.

use serde::{Deserialize, Serialize};

/// A value in a base unit, so that two products can be compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Value {
    /// An amount of money in the currency's minor unit (cents).
    Money {
        /// Minor units, e.g. 12900 for 129,00 €.
        minor: i64,
        /// ISO 4217 code, e.g. `EUR`.
        currency: String,
        /// Whether the amount includes VAT, where stated.
        vat_included: Option<bool>,
    },
    /// A number with a base unit: `g`, `mm`, `ml`, `W`, `V`, `dB`, `month`, `h`, `mAh`, … (see `auskunft-text`).
    Quantity {
        /// The number in that unit; the lower end of a range.
        amount: f64,
        /// The upper end, of a range only.
        upper: Option<f64>,
        /// The unit's sign.
        unit: String,
    },
    /// Lengths that belong together, such as `30 x 20 x 10 cm`, in the order in which they are printed.
    Dimensions {
        /// The lengths in that unit.
        amounts: Vec<f64>,
        /// The unit's sign: `mm`.
        unit: String,
    },
    /// A class of a fixed scale; classes of two scales, or of the old and the new energy label, are not comparable.
    Class {
        /// The scale: `energy` (EU energy label, old `A+++`–`G` and new `A`–`G`) or `ip` (IEC 60529).
        scheme: String,
        /// The class, e.g. `A++` or `IP67`.
        class: String,
    },
    /// A size of clothing or shoes as printed (`42`, `UK 8`, `M`, `W32/L34`): never converted between scales.
    Size {
        /// The printed label; several sizes are one label.
        label: String,
    },
    /// A number without unit.
    Number {
        /// The number.
        amount: f64,
    },
    /// Anything else, as printed.
    Text,
}

/// One fact: `Gewicht` = 2,3 kg.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attribute {
    /// The key as printed, e.g. `Gewicht`; reserved keys are `successor`, `discontinued` and `family`.
    pub key: String,
    /// What it means.
    pub value: Value,
    /// As printed, e.g. `ca. 2,3 kg`.
    pub text: String,
}

impl Attribute {
    /// A fact that is kept as printed.
    pub fn text(key: &str, text: &str) -> Self {
        Self { key: key.to_owned(), value: Value::Text, text: text.to_owned() }
    }
}
