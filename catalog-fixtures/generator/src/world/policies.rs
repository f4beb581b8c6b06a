//! What the shop promises: by region and time.

use chrono::NaiveDate;

use super::regions::REGIONS;
use crate::language::Tongue;
use crate::random::Random;

/// A policy in one version.
#[derive(Debug)]
pub(crate) struct Policy {
    /// Its path in the catalog.
    pub(crate) source: String,
    /// Place in `REGIONS`.
    pub(crate) region: usize,
    pub(crate) topic: Topic,
    pub(crate) tongue: Tongue,
    pub(crate) valid_from: NaiveDate,
    /// The last day.
    pub(crate) valid_to: Option<NaiveDate>,
    /// Days or months of the promise; what it counts depends on the topic.
    pub(crate) amount: u32,
    /// Further numbers that the text states: days of refund, fees in whole units, limits.
    pub(crate) numbers: [u32; 3],
    /// Families that can't be returned.
    pub(crate) excludes: Vec<String>,
}

/// What a policy is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Topic {
    /// Amount: days.
    Returns,
    /// Amount: months.
    Warranty,
    /// Amount: days of a standard delivery.
    Shipping,
    /// Amount: days until an invoice is due.
    Payment,
    /// Amount: days of a repair.
    Repair,
    /// Amount: months until a voucher expires.
    Vouchers,
}

/// Topics with the years in which a version of theirs begins.
const VERSIONS: &[(Topic, &[i32])] = &[
    (Topic::Returns, &[2022, 2025, 2026]),
    (Topic::Warranty, &[2021, 2025]),
    (Topic::Shipping, &[2023, 2026]),
    (Topic::Payment, &[2024]),
    (Topic::Repair, &[2024]),
    (Topic::Vouchers, &[2023]),
];

/// Draws all policies.
pub(super) fn draw(seed: u64) -> Vec<Policy> {
    let mut policies = Vec::new();
    for (region, spec) in REGIONS.iter().enumerate() {
        let mut random = Random::new(seed, "policy", region);
        for (topic, years) in VERSIONS {
            let mut last_amount = 0;
            for (version, year) in years.iter().enumerate() {
                let amount = amount(*topic, last_amount, &mut random);
                last_amount = amount;
                let extension = *random.pick(&["md", "html", "txt"]);
                policies.push(Policy {
                    source: format!(
                        "policies/{}-{}-{year}.{extension}",
                        topic.slug(),
                        spec.code.to_lowercase()
                    ),
                    region,
                    topic: *topic,
                    tongue: tongue(region),
                    valid_from: day(*year),
                    valid_to: years.get(version + 1).and_then(|next| day(*next).pred_opt()),
                    amount,
                    numbers: numbers(*topic, &mut random),
                    excludes: excludes(*topic, region),
                });
            }
        }
    }
    policies
}

/// The language that a region's policies are written in.
pub(crate) fn tongue(region: usize) -> Tongue {
    if matches!(REGIONS[region].code, "EU" | "CH") { Tongue::German } else { Tongue::English }
}

fn day(year: i32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default()
}

/// A promise that differs from that of the version before.
fn amount(topic: Topic, last: u32, random: &mut Random) -> u32 {
    let choices: &[u32] = match topic {
        Topic::Returns => &[14, 21, 30, 45, 60, 100],
        Topic::Warranty => &[12, 18, 24, 30, 36],
        Topic::Shipping => &[2, 3, 4, 5, 6],
        Topic::Payment => &[10, 14, 21, 30],
        Topic::Repair => &[10, 12, 15, 20],
        Topic::Vouchers => &[24, 36, 48],
    };
    let others: Vec<u32> = choices.iter().copied().filter(|choice| *choice != last).collect();
    *random.pick(&others)
}

fn numbers(topic: Topic, random: &mut Random) -> [u32; 3] {
    let mut one_of = |choices: &[u32]| *random.pick(choices);
    match topic {
        Topic::Returns => [one_of(&[3, 4, 5, 7]), one_of(&[10, 14, 15]), one_of(&[20, 25, 31])],
        Topic::Warranty => [one_of(&[6, 12]), one_of(&[2, 3, 5]), one_of(&[10, 14])],
        Topic::Shipping => [one_of(&[4, 5, 6, 7]), one_of(&[49, 59, 79, 99]), one_of(&[9, 12, 15])],
        Topic::Payment => [one_of(&[500, 800, 1500]), one_of(&[6, 10, 12, 24]), one_of(&[5, 7])],
        Topic::Repair => [one_of(&[29, 35, 49]), one_of(&[6, 12]), one_of(&[5, 7, 14])],
        Topic::Vouchers => [one_of(&[10, 20]), one_of(&[250, 500]), one_of(&[3, 5])],
    }
}

fn excludes(topic: Topic, region: usize) -> Vec<String> {
    let list: &[&str] = match (topic, REGIONS[region].code) {
        (Topic::Returns, "EU") => &["Geschenkgutscheine", "Sonderanfertigungen"],
        (Topic::Returns, "CH") => &["In-Ear-Kopfhörer", "Geschenkgutscheine"],
        (Topic::Returns, "UK") => &["gift vouchers", "custom-made goods"],
        (Topic::Returns, _) => &["In-Ear-Kopfhörer", "gift cards"],
        _ => &[],
    };
    list.iter().map(|item| (*item).to_owned()).collect()
}

impl Topic {
    /// Its part of the file's name.
    fn slug(self) -> &'static str {
        match self {
            Self::Returns => "rueckgabe",
            Self::Warranty => "garantie",
            Self::Shipping => "versand",
            Self::Payment => "zahlung",
            Self::Repair => "reparatur",
            Self::Vouchers => "gutscheine",
        }
    }
}

/// The policy on a topic that was valid in a region on a day.
pub(crate) fn valid(policies: &[Policy], topic: Topic, region: usize, day: NaiveDate) -> Option<&Policy> {
    policies.iter().find(|policy| {
        policy.topic == topic
            && policy.region == region
            && policy.valid_from <= day
            && policy.valid_to.is_none_or(|to| day <= to)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_version_of_a_topic_is_valid_on_a_day() {
        let policies = draw(1);
        let today = NaiveDate::from_ymd_opt(2026, 11, 21).unwrap();
        for region in 0..REGIONS.len() {
            let on =
                policies.iter().filter(|policy| policy.region == region && policy.topic == Topic::Returns);
            let valid: Vec<_> = on
                .filter(|policy| policy.valid_from <= today && policy.valid_to.is_none_or(|to| today <= to))
                .collect();
            assert_eq!(valid.len(), 1);
        }
    }

    #[test]
    fn a_new_version_promises_something_else() {
        for policies in draw(3)
            .windows(2)
            .filter(|pair| pair[0].topic == pair[1].topic && pair[0].region == pair[1].region)
        {
            assert_ne!(policies[0].amount, policies[1].amount);
        }
    }
}
