//! Units and the base unit that each is converted to, so that two products can be compared.
//!
//! Base units: `g`, `mm`, `mm²`… are not all SI base units but the ones in which a shop's numbers stay readable.
//! Conversion factors are those of the SI brochure (9th edition) and, for inch, foot, ounce and pound, of the
//! international yard and pound agreement of 1959.

use std::collections::HashMap;
use std::sync::LazyLock;

/// A unit as written, and what it means.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// The sign of the base unit.
    pub base: &'static str,
    /// How many base units one of it is.
    pub factor: f64,
    /// What is added after multiplying (temperatures only).
    pub offset: f64,
    /// Counted in whole numbers in practice, so that `2,500` means thousands.
    pub is_whole: bool,
}

impl Unit {
    /// An amount of this unit in the base unit, rounded to nine decimals so that 4.35 m are 4350 mm and no hair less.
    pub fn to_base(self, amount: f64) -> f64 {
        ((amount * self.factor + self.offset) * 1e9).round() / 1e9
    }
}

/// Spellings, base unit, factor, whole. Case matters where it must (`mW`/`MW`, `Mbit`), see [`find`].
const UNITS: &[(&[&str], &str, f64, bool)] = &[
    (&["g", "gr", "Gramm", "gram", "grams"], "g", 1.0, false),
    (&["kg", "Kilo", "Kilogramm", "kilogram", "kilograms", "kgs", "кг"], "g", 1000.0, false),
    (&["mg", "Milligramm"], "g", 0.001, false),
    (&["t", "Tonne", "Tonnen"], "g", 1_000_000.0, false),
    (&["lb", "lbs", "pound", "pounds"], "g", 453.592_37, false),
    (&["oz", "ounce", "ounces"], "g", 28.349_523_125, false),
    (&["mm", "Millimeter", "millimetre", "millimetres", "millimeters", "мм"], "mm", 1.0, false),
    (
        &["cm", "Zentimeter", "centimetre", "centimetres", "centimeter", "centimeters", "см"],
        "mm",
        10.0,
        false,
    ),
    (&["m", "Meter", "Metern", "metre", "metres", "meters", "м"], "mm", 1000.0, false),
    (&["km", "Kilometer", "kilometre", "kilometres"], "mm", 1_000_000.0, false),
    (&["Zoll", "inch", "inches", "\"", "″", "”", "''"], "mm", 25.4, false),
    (&["ft", "feet", "foot"], "mm", 304.8, false),
    (&["m²", "m2", "qm", "Quadratmeter"], "m²", 1.0, false),
    (&["ml", "Milliliter", "millilitre", "millilitres", "milliliters", "мл"], "ml", 1.0, false),
    (&["cl"], "ml", 10.0, false),
    (&["dl"], "ml", 100.0, false),
    (&["l", "Liter", "Litern", "Ltr", "Ltr.", "litre", "litres", "liters", "л"], "ml", 1000.0, false),
    (&["W", "Watt", "watts", "Вт"], "W", 1.0, true),
    (&["kW", "Kilowatt", "кВт"], "W", 1000.0, false),
    (&["mW"], "W", 0.001, false),
    (&["VA"], "VA", 1.0, true),
    (&["Wh", "Wattstunden"], "Wh", 1.0, false),
    (&["kWh", "Kilowattstunden"], "Wh", 1000.0, false),
    (&["kWh/Jahr", "kWh/annum", "kWh/a", "kWh/year"], "Wh/a", 1000.0, false),
    (&["Wh/a"], "Wh/a", 1.0, false),
    (&["V", "Volt", "volts", "В"], "V", 1.0, true),
    (&["kV"], "V", 1000.0, false),
    (&["mV"], "V", 0.001, false),
    (&["A", "Ampere", "amps", "А"], "A", 1.0, false),
    (&["mA"], "A", 0.001, true),
    (&["mAh"], "mAh", 1.0, true),
    (&["Ah"], "mAh", 1000.0, false),
    (&["Hz", "Hertz", "Гц"], "Hz", 1.0, true),
    (&["kHz", "кГц"], "Hz", 1e3, false),
    (&["MHz"], "Hz", 1e6, true),
    (&["GHz"], "Hz", 1e9, false),
    (&["dB", "dB(A)", "dBA", "dB(a)", "Dezibel", "decibel", "decibels", "дБ"], "dB", 1.0, false),
    (&["Ω", "Ohm", "ohms"], "Ω", 1.0, true),
    (&["kΩ", "kOhm"], "Ω", 1000.0, false),
    (&["Monat", "Monate", "Monaten", "Mon.", "month", "months"], "month", 1.0, true),
    (&["Jahr", "Jahre", "Jahren", "J.", "year", "years", "yr", "yrs"], "month", 12.0, false),
    (&["Tag", "Tage", "Tagen", "day", "days"], "day", 1.0, true),
    (&["Woche", "Wochen", "week", "weeks"], "day", 7.0, false),
    (&["h", "Std", "Std.", "Stunde", "Stunden", "hour", "hours", "hrs"], "h", 1.0, false),
    (&["min", "min.", "Minute", "Minuten", "minutes", "mins"], "h", 1.0 / 60.0, false),
    (&["s", "Sek", "Sek.", "Sekunde", "Sekunden", "second", "seconds", "sec"], "s", 1.0, false),
    (&["ms", "Millisekunden"], "s", 0.001, false),
    (&["GB", "GByte", "Gigabyte"], "GB", 1.0, false),
    (&["TB", "TByte", "Terabyte"], "GB", 1000.0, false),
    (&["MB", "MByte", "Megabyte"], "GB", 0.001, false),
    (&["Mbit/s", "MBit/s", "Mbps"], "Mbit/s", 1.0, true),
    (&["Gbit/s", "GBit/s", "Gbps"], "Mbit/s", 1000.0, false),
    (&["MP", "Megapixel", "megapixels"], "MP", 1.0, false),
    (&["px", "Pixel", "pixels"], "px", 1.0, true),
    (&["dpi"], "dpi", 1.0, true),
    (&["bar"], "bar", 1.0, false),
    (&["mbar"], "bar", 0.001, true),
    (&["Pa", "Pascal"], "Pa", 1.0, true),
    (&["kPa"], "Pa", 1000.0, false),
    (&["°C", "℃", "Grad", "Celsius"], "°C", 1.0, false),
    (&["K", "Kelvin"], "K", 1.0, true),
    (&["lm", "Lumen", "lumens"], "lm", 1.0, true),
    (&["lx", "Lux"], "lx", 1.0, true),
    (&["cd/m²", "cd/m2", "nits", "Nit"], "cd/m²", 1.0, true),
    (&["%", "Prozent", "percent"], "%", 1.0, false),
    (&["rpm", "U/min", "U/Min", "1/min", "/min", "min-1"], "rpm", 1.0, true),
    (&["km/h"], "km/h", 1.0, false),
    (&["m³/h", "m3/h"], "m³/h", 1.0, true),
    (&["l/min"], "l/min", 1.0, false),
    (&["Nm"], "Nm", 1.0, false),
];

/// Words of fewer letters are signs.
const WORD: usize = 4;

/// Units by spelling.
struct Spellings {
    exact: HashMap<&'static str, Unit>,
    /// Words in lower case.
    words: HashMap<String, Unit>,
    /// Letters of the longest spelling.
    longest: usize,
}

static SPELLINGS: LazyLock<Spellings> = LazyLock::new(|| {
    let mut all = Spellings { exact: HashMap::new(), words: HashMap::new(), longest: 0 };
    for (spellings, base, factor, is_whole) in UNITS {
        let unit = Unit { base, factor: *factor, offset: 0.0, is_whole: *is_whole };
        spellings.iter().for_each(|spelling| all.add(spelling, unit));
    }
    let fahrenheit = Unit { base: "°C", factor: 5.0 / 9.0, offset: -160.0 / 9.0, is_whole: false };
    ["°F", "℉", "Fahrenheit"].into_iter().for_each(|spelling| all.add(spelling, fahrenheit));
    all
});

impl Spellings {
    fn add(&mut self, spelling: &'static str, unit: Unit) {
        let letters = spelling.chars().count();
        self.longest = self.longest.max(letters);
        self.exact.insert(spelling, unit);
        if letters >= WORD {
            self.words.insert(spelling.to_lowercase(), unit);
        }
    }
}

/// The unit of that spelling. Signs must match in case (`mW` is no `MW`), words need not.
pub fn find(text: &str) -> Option<Unit> {
    let letters = text.chars().take(SPELLINGS.longest + 1).count();
    if letters > SPELLINGS.longest {
        return None;
    }
    let as_word = || SPELLINGS.words.get(&text.to_lowercase()).filter(|_| letters >= WORD);
    SPELLINGS.exact.get(text).or_else(as_word).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_keep_their_case_and_words_do_not() {
        assert_eq!(find("mW").unwrap().factor, 0.001);
        assert!(find("MW").is_none());
        assert_eq!(find("WATT"), find("W"));
        assert_eq!(find("monate").unwrap().base, "month");
        assert_eq!(find("Вт"), find("W"));
        assert_eq!(find("кг"), find("kg"));
    }

    #[test]
    fn conversion_leaves_no_rounding_dust() {
        assert_eq!(find("m").unwrap().to_base(4.35), 4350.0);
        assert_eq!(find("kg").unwrap().to_base(1.1), 1100.0);
        assert_eq!(find("°F").unwrap().to_base(212.0), 100.0);
        assert_eq!(find("min").unwrap().to_base(90.0), 1.5);
    }

    #[test]
    fn no_spelling_names_two_units() {
        for (spellings, base, factor, _) in UNITS {
            for spelling in *spellings {
                let lower = spelling.to_lowercase();
                let found = [find(spelling), (lower.chars().count() >= WORD).then(|| find(&lower)).flatten()];
                let is_own = |unit: &Unit| unit.base == *base && unit.factor == *factor;
                assert!(found.iter().flatten().all(is_own) && found[0].is_some(), "{spelling}");
            }
        }
    }
}
