//! Customers and agents, all invented. Addresses of mail lie in domains reserved for examples, telephone numbers in ranges that
//! are given to nobody where a country has such.

use chrono::{Days, NaiveDate};

use super::regions::REGIONS;
use crate::language::Tongue;
use crate::random::Random;

/// A customer.
#[derive(Debug)]
pub(crate) struct Customer {
    pub(crate) id: String,
    pub(crate) first: &'static str,
    pub(crate) last: &'static str,
    pub(crate) email: String,
    pub(crate) phone: String,
    pub(crate) street: String,
    pub(crate) postal_code: String,
    pub(crate) city: &'static str,
    pub(crate) country: &'static str,
    /// Place in `REGIONS`.
    pub(crate) region: usize,
    pub(crate) tongue: Tongue,
    pub(crate) created: NaiveDate,
}

/// Someone of the support.
#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) id: String,
    pub(crate) name: String,
    pub(crate) role: &'static str,
    pub(crate) is_active: bool,
    /// Places in `REGIONS`.
    pub(crate) regions: Vec<usize>,
}

struct Country {
    code: &'static str,
    tongue: Tongue,
    cities: &'static [&'static str],
    streets: &'static [&'static str],
}

const GERMAN_STREETS: &[&str] = &[
    "Lindenweg",
    "Am Anger",
    "Ahornallee",
    "Schulstraße",
    "Kirchgasse",
    "Birkenring",
    "Mühlweg",
    "Bahnhofstraße",
    "Gartenstraße",
    "Am Sonnenhang",
    "Rosenweg",
    "Hauptstraße",
    "Feldrain",
    "Bergstraße",
    "Wiesengrund",
    "Uferpromenade",
];
const ENGLISH_STREETS: &[&str] = &[
    "Mill Lane",
    "Station Road",
    "Oak Avenue",
    "Church Street",
    "Willow Drive",
    "Highfield Road",
    "Maple Street",
    "Park View",
];

/// Countries by region, the more likely ones first.
const COUNTRIES: &[&[Country]] = &[
    &[
        Country {
            code: "DE",
            tongue: Tongue::German,
            cities: &[
                "Lindenbrück",
                "Altenhain",
                "Musterstadt",
                "Beispielhausen",
                "Neufelden",
                "Grünwaldau",
                "Kleinbergen",
                "Seedorf",
                "Hohenmühl",
                "Westerbrunn",
                "Eschenried",
                "Talheim a. d. Au",
            ],
            streets: GERMAN_STREETS,
        },
        Country {
            code: "AT",
            tongue: Tongue::German,
            cities: &["Wienersdorf", "Oberachberg", "Sankt Lamm", "Brunn im Tal"],
            streets: GERMAN_STREETS,
        },
        Country {
            code: "IE",
            tongue: Tongue::English,
            cities: &["Ballymore Cross", "Kilbrannan", "Dunvale"],
            streets: ENGLISH_STREETS,
        },
    ],
    &[Country {
        code: "CH",
        tongue: Tongue::German,
        cities: &["Oberwilen", "Seehalden", "Bergikon", "Rüttiswil"],
        streets: GERMAN_STREETS,
    }],
    &[Country {
        code: "GB",
        tongue: Tongue::English,
        cities: &["Harrowbridge", "Little Ashcombe", "Northmere", "Castleford Green"],
        streets: ENGLISH_STREETS,
    }],
    &[Country {
        code: "US",
        tongue: Tongue::English,
        cities: &["Cedar Falls Junction", "New Harlow", "Maple Crossing", "Fort Delaney"],
        streets: ENGLISH_STREETS,
    }],
];

const GERMAN_FIRST: &[&str] = &[
    "Ute",
    "Petra",
    "Olaf",
    "Jürgen",
    "Sabine",
    "Emre",
    "Leonie",
    "Tobias",
    "Katharina",
    "Mehmet",
    "Anja",
    "Björn",
    "Swetlana",
    "Florian",
    "Heike",
    "Aylin",
    "Markus",
    "Renate",
    "Jonas",
    "Miriam",
    "Dieter",
    "Fatma",
    "Lukas",
    "Ingrid",
    "Sven",
    "Yasmin",
    "Holger",
    "Claudia",
    "Noah",
    "Greta",
];
const GERMAN_LAST: &[&str] = &[
    "Muster",
    "Beispiel",
    "Lorenz",
    "Voss",
    "Krug",
    "Yıldız",
    "Hartwig",
    "Sommerfeld",
    "Brandt",
    "Kowalczyk",
    "Reuter",
    "Ziegler",
    "Öztürk",
    "Petersen",
    "Wieland",
    "Grünberg",
    "Stein",
    "Ackermann",
    "Demir",
    "Falk",
    "Jansen",
    "Kästner",
    "Lindner",
    "Nowak",
    "Paulsen",
    "Rössler",
    "Thiele",
    "Ulrich",
    "Winkler",
    "Zander",
    "Eberle",
    "Fröhlich",
];
const ENGLISH_FIRST: &[&str] = &[
    "Alice", "Carlos", "Grace", "Henry", "Imani", "Jack", "Kayla", "Liam", "Maria", "Nathan", "Olivia",
    "Priya", "Ruth", "Samuel", "Tessa", "Victor", "Wendy", "Zoe",
];
const ENGLISH_LAST: &[&str] = &[
    "Sample",
    "Reyes",
    "Whitfield",
    "Okafor",
    "Harper",
    "Lindqvist",
    "Marsh",
    "Patel",
    "Quinn",
    "Rowe",
    "Sinclair",
    "Tran",
    "Underhill",
    "Vance",
    "Walsh",
    "Yates",
];

/// Customers of a shop of that size.
pub(super) fn customer_count(products: usize) -> usize {
    (products * 30_000).div_ceil(8_500).max(80)
}

/// Draws one customer.
pub(super) fn customer(seed: u64, index: usize, today: NaiveDate) -> Customer {
    let mut random = Random::new(seed, "customer", index);
    // The first ones go through the regions in turn.
    let shares: Vec<usize> = REGIONS.iter().map(|region| region.share).collect();
    let region = if index < REGIONS.len() { index } else { random.weighted(&shares) };
    let countries = COUNTRIES[region];
    let country = if random.chance(80) { &countries[0] } else { random.pick(countries) };
    let is_german = country.tongue == Tongue::German;
    let (first, last) = if is_german { (GERMAN_FIRST, GERMAN_LAST) } else { (ENGLISH_FIRST, ENGLISH_LAST) };
    let (first, last) = (*random.pick(first), *random.pick(last));
    let number = random.between(1, 148);
    let street = random.pick(country.streets);
    Customer {
        id: format!("C-{}", 10_000 + index),
        first,
        last,
        email: email(first, last, index, &mut random),
        phone: phone(country.code, &mut random),
        street: if is_german { format!("{street} {number}") } else { format!("{number} {street}") },
        postal_code: postal_code(country.code, &mut random),
        city: random.pick::<&str>(country.cities),
        country: country.code,
        region,
        tongue: country.tongue,
        created: today - Days::new(random.between(1120, 3600) as u64),
    }
}

fn email(first: &str, last: &str, index: usize, random: &mut Random) -> String {
    let plain = |name: &str| super::series::ascii(&name.replace('ı', "i")).to_lowercase();
    let (first, last) = (plain(first), plain(last));
    let domain = random.pick(&["example.org", "example.com", "example.net"]);
    match random.below(3) {
        0 => format!("{first}.{last}{index}@{domain}"),
        1 => format!("{}{last}.{index}@{domain}", &first[..1]),
        _ => format!("{last}_{first}{index}@{domain}"),
    }
}

fn phone(country: &str, random: &mut Random) -> String {
    match country {
        "DE" => match random.below(3) {
            0 => format!("+49 30 23125 {:03}", random.between(0, 999)),
            1 => format!("+49 171 39200{:02}", random.between(0, 99)),
            _ => format!("+49 40 66969 {:03}", random.between(0, 999)),
        },
        "AT" => format!("+43 1 555 {:04}", random.between(100, 199)),
        "IE" => format!("+353 20 915 {:04}", random.between(0, 9999)),
        "CH" => format!("+41 44 555 01 {:02}", random.between(0, 99)),
        "GB" => format!("+44 7700 900{:03}", random.between(0, 999)),
        _ => format!("+1 {} 555 01{:02}", random.pick(&["202", "312", "415", "617"]), random.between(0, 99)),
    }
}

fn postal_code(country: &str, random: &mut Random) -> String {
    match country {
        "DE" | "US" => format!("{}", random.between(10_000, 98_999)),
        "AT" | "CH" => format!("{}", random.between(1_010, 9_650)),
        "IE" => format!("D{:02} X{}", random.between(1, 24), random.between(100, 999)),
        _ => format!("ZZ{} {}QX", random.between(1, 29), random.between(1, 9)),
    }
}

/// Roles, the commonest most often.
const ROLES: &[&str] =
    &["agent", "agent", "agent", "agent", "agent", "technician", "returns", "billing", "lead"];

/// Draws all agents: 120 in a full shop, at least 16.
pub(super) fn agents(seed: u64, products: usize) -> Vec<Agent> {
    (0..(products * 120 / 8_500).clamp(16, 120)).map(|index| agent(seed, index)).collect()
}

fn agent(seed: u64, index: usize) -> Agent {
    let mut random = Random::new(seed, "agent", index);
    let (first, last) = match random.below(4) {
        0 => (*random.pick(ENGLISH_FIRST), *random.pick(ENGLISH_LAST)),
        _ => (*random.pick(GERMAN_FIRST), *random.pick(GERMAN_LAST)),
    };
    // The first agents hold one region each in turn; a lead for all of them follows.
    let regions = match index {
        _ if index < REGIONS.len() => vec![index],
        4 => (0..REGIONS.len()).collect(),
        _ => some_regions(&mut random),
    };
    let role = match index {
        0..=3 => "agent",
        4 => "lead",
        _ => random.pick(ROLES),
    };
    Agent {
        id: format!("A-{:03}", index + 1),
        name: format!("{first} {last}"),
        role,
        is_active: index < 8 || !random.chance(6),
        regions,
    }
}

fn some_regions(random: &mut Random) -> Vec<usize> {
    let shares: Vec<usize> = REGIONS.iter().map(|region| region.share).collect();
    let mut regions = vec![random.weighted(&shares)];
    if random.chance(25) {
        regions.push(random.weighted(&shares));
    }
    regions.sort_unstable();
    regions.dedup();
    regions
}
