//! Products beside one another: the attributes that are asked for, in one unit, and which product wins.

use auskunft_model::{Attribute, ComparedValue, ComparisonFact, Fact, ProductId, Value};
use auskunft_store::facts::{ProductFacts, ProductFactsRow, SourcedAttribute};
use auskunft_text::{number, unit};

use super::properties::{named_properties, properties};
use super::{Finding, price};
use crate::product_index::Mention;
use crate::understand::{Aspect, Better, Part};

/// The key of the attribute that is no property of a product, but today's price in a region.
pub(super) const PRICE: &str = "Preis";
/// The most products that are compared at once.
const MOST: usize = 4;

/// The products that a part names, by what it asks for or by all that differs; `None` when it names fewer than two, or the
/// catalog states nothing of the kind.
pub(super) fn find(part: &Part, read: &ProductFacts) -> Option<Finding> {
    let Mention::Named(named) = &part.mention else { return None };
    let rows: Vec<&ProductFactsRow> = named
        .iter()
        .take(MOST)
        .filter_map(|product| read.products.iter().find(|row| row.sku == product.as_str()))
        .collect();
    if rows.len() < 2 {
        return None;
    }
    let asked = part.comparison.as_ref().filter(|comparison| !comparison.aspects.is_empty());
    if asked.is_some_and(|comparison| comparison.aspects.iter().any(|aspect| aspect.keys.contains(&PRICE))) {
        return price::find(part, read);
    }
    let by = |aspects: &[Aspect]| -> Vec<Fact> {
        aspects.iter().filter_map(|aspect| compare(aspect.keys, aspect.better, &rows)).collect()
    };
    let Some(comparison) = asked else {
        let properties = named_properties(part, properties(&rows));
        let compared = properties.iter().filter_map(|(keys, better)| compare(keys, *better, &rows));
        let facts: Vec<Fact> = compared.filter(differs).collect();
        return (!facts.is_empty()).then(|| Finding::of(facts));
    };
    let mut meanings =
        std::iter::once(&comparison.aspects).chain(&comparison.otherwise).map(|aspects| by(aspects));
    match meanings.find(|facts| !facts.is_empty()) {
        Some(facts) => Some(Finding::of(facts)),
        None => {
            let nowhere = comparison.aspects.first().map(|aspect| stated_nowhere(aspect, &rows));
            Some(Finding { looks_further: true, ..Finding::of(nowhere.into_iter().collect()) })
        }
    }
}

/// That no product states what is asked for: without values there is no unit.
fn stated_nowhere(aspect: &Aspect, rows: &[&ProductFactsRow]) -> Fact {
    let products = rows.iter().filter_map(|row| ProductId::parse(&row.sku).ok());
    Fact::Comparison(ComparisonFact {
        attribute: aspect.keys.first().copied().unwrap_or_default().to_owned(),
        unit: String::new(),
        better: direction(aspect.better),
        values: products.map(|product_id| ComparedValue { product_id, value: None, source: None }).collect(),
        best: None,
    })
}

fn direction(better: Better) -> Option<String> {
    match better {
        Better::Lower => Some("lower".to_owned()),
        Better::Higher => Some("higher".to_owned()),
        Better::None => None,
    }
}

fn differs(fact: &Fact) -> bool {
    let Fact::Comparison(comparison) = fact else { return false };
    comparison.values.windows(2).any(|pair| pair[0].value != pair[1].value)
}

/// The first of the keys that a product has counts; `None` when no product has any.
fn compare(keys: &[&str], better: Better, rows: &[&ProductFactsRow]) -> Option<Fact> {
    let found: Vec<Option<&SourcedAttribute>> = rows.iter().map(|row| attribute(keys, row)).collect();
    let stated: Vec<Option<&Attribute>> = found.iter().map(|one| one.map(|one| &one.attribute)).collect();
    let columns = Column::of(&stated)?;
    // Texts of pages in two languages differ by their words.
    if columns.is_text() && has_two_names(&stated) {
        return None;
    }
    let values = rows.iter().zip(&columns.shown).zip(&found).filter_map(|((row, shown), stated)| {
        Some(ComparedValue {
            product_id: ProductId::parse(&row.sku).ok()?,
            value: shown.clone(),
            source: stated.map(|stated| stated.source.clone()),
        })
    });
    let values: Vec<ComparedValue> = values.collect();
    let best = best(better, &columns.amounts).and_then(|place| values.get(place));
    let best = best.map(|value| value.product_id.clone());
    let better = direction(better);
    let attribute = keys.first().copied().unwrap_or_default().to_owned();
    Some(Fact::Comparison(ComparisonFact { attribute, unit: columns.unit, better, values, best }))
}

fn has_two_names(stated: &[Option<&Attribute>]) -> bool {
    let mut names = stated.iter().flatten().map(|attribute| attribute.key.to_lowercase());
    let first = names.next();
    names.any(|name| Some(name) != first)
}

pub(super) fn attribute<'a>(keys: &[&str], row: &'a ProductFactsRow) -> Option<&'a SourcedAttribute> {
    let of_key = |key: &&str| {
        let same = |known: &str| known.to_lowercase() == key.to_lowercase();
        row.attributes.iter().find(|stated| same(&stated.attribute.key))
    };
    keys.iter().find_map(of_key)
}

/// The place of the winner; `None` when a value is missing, or several are alike at the top.
fn best(better: Better, amounts: &[Option<f64>]) -> Option<usize> {
    let amounts: Vec<f64> = amounts.iter().copied().collect::<Option<_>>()?;
    let wins = |left: f64, right: f64| match better {
        Better::Lower => left < right,
        Better::Higher => left > right,
        Better::None => false,
    };
    let beats_all = |place: &usize| {
        amounts.iter().enumerate().all(|(other, amount)| other == *place || wins(amounts[*place], *amount))
    };
    (0..amounts.len()).find(beats_all)
}

/// The values of one attribute, in one unit.
struct Column {
    unit: String,
    shown: Vec<Option<String>>,
    /// In the base unit; `None` for what is missing or no number.
    amounts: Vec<Option<f64>>,
}

impl Column {
    fn is_text(&self) -> bool {
        self.amounts.iter().all(Option::is_none)
    }

    /// `None` when nothing is stated.
    fn of(stated: &[Option<&Attribute>]) -> Option<Self> {
        let numbers: Vec<Option<Printed<'_>>> = stated.iter().map(|one| one.and_then(Printed::of)).collect();
        let known = || stated.iter().copied().flatten();
        known().next()?;
        if numbers.iter().flatten().count() < known().count() {
            let shown = stated.iter().map(|one| one.map(|attribute| attribute.text.clone())).collect();
            return Some(Self { unit: String::new(), shown, amounts: vec![None; stated.len()] });
        }
        let unit = common_unit(&numbers);
        let shown = |number: &Printed<'_>| match unit {
            Some(_) => number.as_printed(),
            None => number.amount.to_string(),
        };
        let base = numbers.iter().flatten().map(|number| number.base).next().unwrap_or_default();
        Some(Self {
            unit: german(unit.unwrap_or(base)).to_owned(),
            shown: numbers.iter().map(|number| number.as_ref().map(shown)).collect(),
            amounts: numbers.iter().map(|number| number.as_ref().map(|number| number.amount)).collect(),
        })
    }
}

/// A value that is one number, with how it is printed.
struct Printed<'a> {
    /// In the base unit.
    amount: f64,
    /// The base unit's sign.
    base: &'a str,
    /// The digits with their signs, `9,0`.
    digits: &'a str,
    /// What stands behind them, `dB(A)` of `ca. 59 dB(A)`.
    unit: &'a str,
    /// Base units in one of it.
    factor: f64,
    /// What is added after that, of temperatures.
    offset: f64,
}

impl<'a> Printed<'a> {
    /// `None` for ranges, texts and everything with more numbers. A unit that is not known counts as printed.
    fn of(attribute: &'a Attribute) -> Option<Self> {
        let text = attribute.text.as_str();
        let rest = &text[text.find(|sign: char| sign.is_ascii_digit())?..];
        let (number, length) = number::at_start(rest)?;
        let (digits, unit) = (&rest[..length], rest[length..].trim());
        let (amount, base) = match &attribute.value {
            Value::Quantity { amount, upper: None, unit } => (*amount, unit.as_str()),
            Value::Number { amount } => (*amount, ""),
            Value::Text if !unit.is_empty() && !unit.contains(' ') && text.starts_with(digits) => {
                (number.as_whole(), unit)
            }
            _ => return None,
        };
        // Values that are not in a base unit are in the printed one.
        let found = unit::find(unit).filter(|found| found.base == base);
        let (factor, offset) = found.map_or((1.0, 0.0), |found| (found.factor, found.offset));
        Some(Self { amount, base, digits, unit, factor, offset })
    }

    /// The number with a point before its decimals, of which there are as many as are printed: the fewest with which the digits
    /// are the printed ones.
    fn as_printed(&self) -> String {
        const MOST: usize = 4;
        let own: String = self.digits.chars().filter(char::is_ascii_digit).collect();
        let amount = (self.amount - self.offset) / self.factor;
        let fits = |text: &String| text.chars().filter(char::is_ascii_digit).eq(own.chars());
        let mut written = (0..=MOST).map(|decimals| format!("{amount:.decimals$}"));
        written.find(fits).unwrap_or_else(|| amount.to_string())
    }
}

/// Units that are words, German and English. Facts name attributes and units in German, as far as both are known.
const WORDS: &[(&str, &str)] = &[
    ("Monate", "months"),
    ("Monate", "month"),
    ("Jahre", "years"),
    ("Jahre", "year"),
    ("Tage", "days"),
    ("Wochen", "weeks"),
    ("Stunden", "hours"),
    ("Minuten", "minutes"),
    ("Tassen", "cups"),
];

fn german(unit: &str) -> &str {
    WORDS.iter().find(|(_, english)| *english == unit).map_or(unit, |(german, _)| german)
}

/// The unit of a fact in English.
pub(super) fn english(unit: &str) -> &str {
    WORDS.iter().find(|(german, _)| *german == unit).map_or(unit, |(_, english)| english)
}

/// The printed unit, where all print the same or the same by another name; of these the first.
fn common_unit<'a>(numbers: &[Option<Printed<'a>>]) -> Option<&'a str> {
    let mut known = numbers.iter().flatten();
    let first = known.next()?;
    let is_same = |other: &Printed<'_>| {
        other.unit == first.unit
            || other.base == first.base && (other.factor - first.factor).abs() < f64::EPSILON
    };
    known.all(is_same).then_some(first.unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(texts: &[(&str, Value)]) -> (String, Vec<Option<String>>, Vec<Option<f64>>) {
        let attribute = |(text, value): &(&str, Value)| Attribute {
            key: "k".to_owned(),
            value: value.clone(),
            text: (*text).to_owned(),
        };
        let attributes: Vec<Attribute> = texts.iter().map(attribute).collect();
        let column = Column::of(&attributes.iter().map(Some).collect::<Vec<_>>()).unwrap();
        (column.unit, column.shown, column.amounts)
    }

    fn quantity(amount: f64, unit: &str) -> Value {
        Value::Quantity { amount, upper: None, unit: unit.to_owned() }
    }

    #[test]
    fn values_are_shown_as_printed_and_compared_in_one_unit() {
        let (unit, shown, amounts) =
            column(&[("9,0 kg", quantity(9000.0, "g")), ("11,5 kg", quantity(11500.0, "g"))]);
        assert_eq!(unit, "kg");
        assert_eq!(shown, [Some("9.0".to_owned()), Some("11.5".to_owned())]);
        assert_eq!(best(Better::Higher, &amounts), Some(1));
        let (unit, shown, amounts) =
            column(&[("2,3 kg", quantity(2300.0, "g")), ("950 g", quantity(950.0, "g"))]);
        assert_eq!((unit.as_str(), shown[0].as_deref()), ("g", Some("2300")));
        assert_eq!(best(Better::Lower, &amounts), Some(1));
        let (unit, ..) =
            column(&[("24 months", quantity(24.0, "month")), ("12 Monate", quantity(12.0, "month"))]);
        assert_eq!((unit.as_str(), english(&unit)), ("Monate", "months"));
        let (unit, shown, amounts) = column(&[("18000 g/m²", Value::Text), ("14.000 g/m²", Value::Text)]);
        assert_eq!((unit.as_str(), shown[1].as_deref()), ("g/m²", Some("14000")));
        assert_eq!(best(Better::Higher, &amounts), Some(0));
    }

    #[test]
    fn degrees_are_shown_on_the_scale_that_is_printed() {
        let (unit, shown, amounts) =
            column(&[("212 °F", quantity(100.0, "°C")), ("200 °F", quantity(93.333_333_333, "°C"))]);
        assert_eq!(
            (unit.as_str(), shown[0].as_deref(), shown[1].as_deref()),
            ("°F", Some("212"), Some("200"))
        );
        assert_eq!(best(Better::Higher, &amounts), Some(0));
        let (unit, shown, _) =
            column(&[("212 °F", quantity(100.0, "°C")), ("-18 °C", quantity(-18.0, "°C"))]);
        assert_eq!(
            (unit.as_str(), shown[0].as_deref(), shown[1].as_deref()),
            ("°C", Some("100"), Some("-18"))
        );
    }

    #[test]
    fn nothing_wins_among_texts_and_equals() {
        let (_, shown, amounts) = column(&[("Silber", Value::Text), ("Schwarz", Value::Text)]);
        assert_eq!((shown[0].as_deref(), best(Better::None, &amounts)), (Some("Silber"), None));
        let (_, _, amounts) = column(&[("4 mm", quantity(4.0, "mm")), ("4 mm", quantity(4.0, "mm"))]);
        assert_eq!(best(Better::Higher, &amounts), None);
        assert_eq!(best(Better::Higher, &[Some(1.0), None]), None, "a missing value decides nothing");
    }
}
