//! Which manuals there are.

use super::kinds::Kind;
use super::products::{Edition, Product};
use super::series::Series;
use crate::language::Tongue;
use crate::random::Random;

/// A manual of a series.
#[derive(Debug, Clone)]
pub(crate) struct Manual {
    /// Its path in the catalog.
    pub(crate) source: String,
    pub(crate) series: usize,
    /// Languages in the order of their parts.
    pub(crate) tongues: Vec<Tongue>,
    pub(crate) version: String,
    /// Whether a newer version says otherwise in some points.
    pub(crate) is_old: bool,
    pub(crate) length: Length,
    pub(crate) defect: Option<Defect>,
    /// The products that it is for.
    pub(crate) products: Vec<usize>,
}

/// How much a manual tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Length {
    /// One leaf: troubles and figures.
    Leaf,
    Short,
    Full,
    /// With settings, spare parts and tables of every kind.
    Long,
}

/// Why a manual can't be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Defect {
    Encrypted,
    Scanned,
    Damaged,
}

/// Manuals of a shop of that size.
fn count(products: usize) -> usize {
    (products * 700 / 8_500).max(26)
}

/// Draws the manuals: series in random order until there are enough.
pub(super) fn draw(seed: u64, kinds: &[Kind], series: &[Series], products: &[Product]) -> Vec<Manual> {
    let wanted = count(products.len());
    let mut order: Vec<usize> =
        (0..series.len()).filter(|place| kinds[series[*place].kind].has_manual()).collect();
    Random::new(seed, "manuals", 0).shuffle(&mut order);
    let defects = (wanted * 3).div_ceil(100).max(3);
    let mut manuals = Vec::new();
    for (nth, place) in order.into_iter().enumerate() {
        if manuals.len() >= wanted {
            break;
        }
        let mut random = Random::new(seed, "manual", place);
        let drawn = of_series(place, &series[place], products, &mut random);
        // Broken ones come first, one a series: what nobody can read must not contradict what is asked.
        if nth < defects {
            let defect = [Defect::Encrypted, Defect::Scanned, Defect::Damaged][nth % 3];
            manuals.extend(drawn.into_iter().take(1).map(|manual| Manual {
                defect: Some(defect),
                is_old: false,
                ..manual
            }));
        } else {
            manuals.extend(drawn);
        }
    }
    manuals.sort_by(|one, other| one.source.cmp(&other.source));
    manuals
}

fn of_series(place: usize, series: &Series, products: &[Product], random: &mut Random) -> Vec<Manual> {
    let american: Vec<usize> = series
        .products
        .iter()
        .copied()
        .filter(|product| products[*product].edition == Edition::America)
        .collect();
    let others: Vec<usize> = series
        .products
        .iter()
        .copied()
        .filter(|product| products[*product].edition != Edition::America)
        .collect();
    let length =
        [Length::Leaf, Length::Short, Length::Full, Length::Long][random.weighted(&[12, 30, 46, 12])];
    let slug = series.id.to_lowercase();
    let major = random.between(1, 3);
    let manual = |part: &str, tongues: &[Tongue], version: String, is_old, products: &[usize]| Manual {
        source: format!("manuals/{slug}{part}.pdf"),
        series: place,
        tongues: tongues.to_vec(),
        version,
        is_old,
        length,
        defect: None,
        products: products.to_vec(),
    };
    let now = format!("{}.{}", major + 1, random.between(0, 3));
    let before = format!("{major}.{}", random.between(0, 4));
    let mut manuals = Vec::new();
    if !others.is_empty() {
        let is_both = random.chance(15);
        let tongues: &[Tongue] = if is_both { &[Tongue::German, Tongue::English] } else { &[Tongue::German] };
        manuals.push(manual("", tongues, now.clone(), false, &others));
        if !is_both && random.chance(22) {
            manuals.push(manual("-en", &[Tongue::English], now.clone(), false, &others));
        }
        if random.chance(22) && !series.platform.before.is_empty() {
            let part = format!("-v{before}");
            manuals.push(manual(&part, &[Tongue::German], before, true, &others));
        }
    }
    if !american.is_empty() {
        manuals.push(manual("-us", &[Tongue::English], now, false, &american));
    }
    manuals
}
