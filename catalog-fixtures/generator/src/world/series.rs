//! Series: groups of near-identical variants on one platform. A platform fixes what a manual says.

use std::collections::{BTreeMap, BTreeSet};

use super::kinds::{Kind, Sign};
use super::makers::Maker;
use crate::language::phrase::{Slots, fill};
use crate::language::{Both, Tongue};
use crate::random::Random;

/// A group of variants.
#[derive(Debug)]
pub(crate) struct Series {
    pub(crate) kind: usize,
    pub(crate) maker: usize,
    /// As shown, `KM-2400`.
    pub(crate) base: String,
    /// As in article numbers, `KM-2400`.
    pub(crate) id: String,
    pub(crate) platform: Platform,
    /// The series that takes its place.
    pub(crate) successor: Option<usize>,
    /// Its products, in the order of the variants.
    pub(crate) products: Vec<usize>,
}

/// What the variants have in common below the surface.
#[derive(Debug)]
pub(crate) struct Platform {
    /// Parameters of the kind's procedures, by the procedure's place.
    pub(crate) params: Vec<BTreeMap<String, i64>>,
    /// What an older manual said instead: procedure, parameter, value.
    pub(crate) before: Vec<(usize, String, i64)>,
    /// Places of two of the kind's keys.
    pub(crate) keys: (usize, usize),
    pub(crate) rows: Vec<Row>,
}

/// A row of the troubleshooting table.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    /// The fault's place in the kind.
    pub(crate) fault: usize,
    pub(crate) signal: Signal,
    /// In the words of this maker.
    pub(crate) cause: Both,
    pub(crate) remedy: Both,
}

/// What is seen.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Signal {
    /// Places in `COLOURS` and `RHYTHMS`.
    Light(usize, usize),
    Code(String),
    Symptom,
}

/// Colours of lights.
pub(crate) const COLOURS: &[(&str, &str)] = &[
    ("gelb", "yellow"),
    ("rot", "red"),
    ("blau", "blue"),
    ("grün", "green"),
    ("weiß", "white"),
    ("orange", "orange"),
];

/// What lights do.
pub(crate) const RHYTHMS: &[(&str, &str)] = &[
    ("blinkt", "flashes"),
    ("leuchtet dauerhaft", "stays on"),
    ("blinkt schnell", "flashes quickly"),
    ("blinkt zweimal kurz", "flashes twice"),
];

/// Draws a series without its products.
pub(super) fn draw(
    random: &mut Random,
    kinds: &[Kind],
    makers: &[Maker],
    taken: &mut BTreeSet<String>,
    kind: usize,
) -> Series {
    let able: Vec<usize> = (0..makers.len()).filter(|maker| makers[*maker].kinds.contains(&kind)).collect();
    let maker = *random.pick(&able);
    let (base, id) = base(random, &kinds[kind], taken);
    let platform = platform(random, &kinds[kind], makers[maker].style.code);
    Series { kind, maker, base, id, platform, successor: None, products: Vec::new() }
}

/// The shown name and the article number's beginning, new among all.
fn base(random: &mut Random, kind: &Kind, taken: &mut BTreeSet<String>) -> (String, String) {
    let mut attempt = 0;
    loop {
        let code = random.pick(&kind.codes).clone();
        // In a large shop the short numbers run out.
        let more = attempt / 20;
        attempt += 1;
        let (shown, id) = if kind.words.is_empty() {
            let number = random.between(11, 989) * 10 + more * 10_000 + more.min(1);
            (format!("{code}-{number}"), format!("{code}-{number}"))
        } else {
            let word = random.pick(&kind.words);
            let number = random.between(2, 99) + more * 100;
            (format!("{word} {number}"), format!("{code}-{}{number}", ascii(word)))
        };
        // Names of words are heard, not read: `Brise 14` must be one series, whatever its letters.
        if !taken.contains(&shown) && taken.insert(id.clone()) {
            taken.insert(shown.clone());
            return (shown, id);
        }
    }
}

/// Capital letters without umlauts, as article numbers have them.
pub(crate) fn ascii(word: &str) -> String {
    let plain = word.replace('ä', "ae").replace('ö', "oe").replace('ü', "ue").replace('ß', "ss");
    plain.to_uppercase().chars().filter(char::is_ascii_alphanumeric).collect()
}

fn platform(random: &mut Random, kind: &Kind, code_style: usize) -> Platform {
    let params: Vec<BTreeMap<String, i64>> = kind
        .procedures
        .iter()
        .map(|procedure| {
            procedure.params.iter().map(|(name, values)| (name.clone(), *random.pick(values))).collect()
        })
        .collect();
    let before = before(random, kind, &params);
    let first = random.below(kind.keys.len());
    let second = (first + 1 + random.below(kind.keys.len().saturating_sub(1))) % kind.keys.len().max(1);
    Platform { params, before, keys: (first, second), rows: rows(random, kind, code_style) }
}

/// Points in which an older manual says otherwise: only such that questions ask after.
fn before(random: &mut Random, kind: &Kind, params: &[BTreeMap<String, i64>]) -> Vec<(usize, String, i64)> {
    let mut points: Vec<(usize, String)> = kind
        .procedures
        .iter()
        .enumerate()
        .flat_map(|(place, procedure)| procedure.points.iter().map(move |point| (place, point.param.clone())))
        .collect();
    random.shuffle(&mut points);
    let changed = points.into_iter().take(2);
    changed
        .filter_map(|(place, param)| {
            let now = params[place].get(&param)?;
            let others: Vec<i64> =
                kind.procedures[place].params[&param].iter().copied().filter(|value| value != now).collect();
            (!others.is_empty()).then(|| (place, param, *random.pick(&others)))
        })
        .collect()
}

/// Gives every fault a signal of its own; what a colour means differs from platform to platform.
fn rows(random: &mut Random, kind: &Kind, code_style: usize) -> Vec<Row> {
    let mut lights: Vec<(usize, usize)> = (0..COLOURS.len())
        .flat_map(|colour| (0..RHYTHMS.len()).map(move |rhythm| (colour, rhythm)))
        .collect();
    random.shuffle(&mut lights);
    let mut numbers: Vec<i64> = (1..=29).collect();
    random.shuffle(&mut numbers);
    let mut rows: Vec<Row> = (0..kind.faults.len())
        .map(|fault| {
            let signal = match kind.faults[fault].sign {
                Sign::Light => {
                    lights.pop().map_or(Signal::Symptom, |(colour, rhythm)| Signal::Light(colour, rhythm))
                }
                Sign::Code => Signal::Code(code(numbers.pop().unwrap_or(99), code_style)),
                Sign::Symptom => Signal::Symptom,
            };
            let spec = &kind.faults[fault];
            Row { fault, signal, cause: worded(&spec.cause, random), remedy: worded(&spec.remedy, random) }
        })
        .collect();
    rows.sort_by(|one, other| one.signal.cmp(&other.signal).then(one.fault.cmp(&other.fault)));
    rows
}

fn worded(phrase: &Both, random: &mut Random) -> Both {
    let slots = Slots::default();
    Both { de: fill(&phrase.de, &slots, random), en: fill(&phrase.en, &slots, random) }
}

fn code(number: i64, style: usize) -> String {
    match style {
        0 => format!("E{number:02}"),
        1 => format!("F-{number}"),
        2 => format!("Er {number}"),
        _ => format!("H{number:02}"),
    }
}

impl Signal {
    /// As a table prints it.
    pub(crate) fn shown(&self, kind: &Kind, fault: usize, tongue: Tongue) -> String {
        match self {
            Self::Code(code) => code.clone(),
            Self::Symptom => kind.faults[fault].symptom.of(tongue).to_owned(),
            Self::Light(colour, rhythm) => {
                let lamp = kind.lamp.as_ref().map_or("LED", |lamp| lamp.of(tongue));
                // German lamps carry their gender behind.
                let lamp = lamp
                    .strip_suffix([' ', 'm', 'f', 'n'])
                    .filter(|_| tongue == Tongue::German)
                    .map_or(lamp, str::trim_end);
                if tongue == Tongue::German {
                    format!("{lamp} {} {}", RHYTHMS[*rhythm].0, COLOURS[*colour].0)
                } else {
                    let lamp = crate::language::grammar::capitalised(lamp);
                    format!("{lamp} {} {}", RHYTHMS[*rhythm].1, COLOURS[*colour].1)
                }
            }
        }
    }
}

impl Platform {
    /// The parameters that a manual states: of today, or of an older version.
    pub(crate) fn stated(&self, procedure: usize, is_old: bool) -> BTreeMap<String, i64> {
        let mut params = self.params[procedure].clone();
        if is_old {
            for (_, param, value) in self.before.iter().filter(|(place, ..)| *place == procedure) {
                params.insert(param.clone(), *value);
            }
        }
        params
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::kinds::kinds;

    #[test]
    fn names_never_run_out() {
        for kind in &kinds().unwrap() {
            let mut taken = BTreeSet::new();
            let mut random = Random::new(1, "test", 0);
            let ids: BTreeSet<String> = (0..6_000).map(|_| base(&mut random, kind, &mut taken).1).collect();
            assert_eq!(ids.len(), 6_000, "{}", kind.id);
        }
    }

    #[test]
    fn every_fault_of_a_platform_has_a_signal_of_its_own() {
        for kind in kinds().unwrap().iter().filter(|kind| kind.has_manual()) {
            let rows = rows(&mut Random::new(3, "test", 0), kind, 0);
            let shown: BTreeSet<String> =
                rows.iter().map(|row| row.signal.shown(kind, row.fault, Tongue::German)).collect();
            assert_eq!(shown.len(), kind.faults.len(), "{}: {shown:?}", kind.id);
        }
    }

    #[test]
    fn an_older_manual_differs_in_the_points_named_and_in_no_other() {
        let kinds = kinds().unwrap();
        let platform = platform(&mut Random::new(5, "test", 0), &kinds[0], 0);
        for procedure in 0..kinds[0].procedures.len() {
            let (now, old) = (platform.stated(procedure, false), platform.stated(procedure, true));
            for (param, value) in &now {
                let is_named =
                    platform.before.iter().any(|(place, name, _)| *place == procedure && name == param);
                assert_eq!(old[param] != *value, is_named, "{param}");
            }
        }
    }
}
