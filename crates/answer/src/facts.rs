//! Facts about the bound product: attributes whose key the question asks for, quoted from the page that states them.

use auskunft_model::{Fact, Hit, ProductId};
use auskunft_store::products::{self, StatedAttribute};

use crate::Desk;
use crate::analysis::Terms;
use crate::confidence;
use crate::error::Result;
use crate::evidence::Evidence;
use crate::trace::Trace;
use crate::understand::ContentWord;

/// Longest value that is said as a fact; longer ones are prose.
const LONGEST_VALUE: usize = 80;
/// From this share of an asked word on, a key is what is asked.
const ASKED: f64 = 0.85;
/// The same where the value is of the kind of quantity that is asked for.
const ASKED_PART: f64 = 0.75;
/// A key must hold this share of the question's content: "saugt sich voll Wasser" does not ask for the water column.
const MOST: f64 = 0.4;

/// An attribute that was asked for, with the line that states it.
pub(crate) struct Asked<'a> {
    /// The fact.
    pub(crate) fact: Fact,
    /// Where it stands, verbatim.
    pub(crate) place: (&'a Hit, &'a str),
    /// Share of the question's content that its key holds, 0–1.
    pub(crate) share: f64,
}

/// The attribute of a product that the question asks for, one statement.
pub(crate) async fn asked<'a>(
    desk: &Desk,
    product: &ProductId,
    content: &[ContentWord],
    evidence: &'a [Evidence],
    trace: &mut Trace,
) -> Result<Option<Asked<'a>>> {
    trace.operations.postgres += 1;
    let attributes = products::attributes(&desk.stores.database, product).await?;
    let place = |stated: &StatedAttribute| {
        let own = evidence.iter().map(|one| &one.found).filter(|found| found.own.contains(product));
        own.map(|found| &found.hit).find_map(|hit| line(hit, stated).map(|line| (hit, line)))
    };
    let (share, best) = best(&attributes, content);
    // Several sources may state the same; the first that can be cited is taken.
    let cited = best.into_iter().find_map(|stated| place(stated).map(|place| (stated, place)));
    Ok(cited.map(|(stated, place)| Asked {
        fact: Fact::Attribute {
            product_id: product.clone(),
            key: stated.attribute.key.clone(),
            text: stated.attribute.text.clone(),
            source: stated.source.clone(),
        },
        place,
        share,
    }))
}

/// The attributes whose key holds most of what was asked, and how much that is (0–1); their values must be short.
fn best<'a>(attributes: &'a [StatedAttribute], content: &[ContentWord]) -> (f64, Vec<&'a StatedAttribute>) {
    let whole: f64 = content.iter().map(|word| word.weight).sum();
    let share = |stated: &StatedAttribute| {
        // The value tells its unit, the key what it is of.
        let (terms, value) = (Terms::of(&stated.attribute.key), Terms::of(&stated.attribute.text));
        let holds =
            |word: &ContentWord| confidence::holds(word, if word.is_quantity { &value } else { &terms });
        // Where a quantity of that unit is asked for, part of the key will do: "Bohnen" for "Bohnenbehälter: 300 g".
        let has_unit = content.iter().any(|word| word.is_quantity && holds(word) >= ASKED);
        let least = if has_unit { ASKED_PART } else { ASKED };
        let held = content.iter().filter(|word| holds(word) >= least);
        held.map(|word| word.weight).sum::<f64>() / whole.max(f64::MIN_POSITIVE)
    };
    let short = attributes.iter().filter(|stated| stated.attribute.text.chars().count() <= LONGEST_VALUE);
    let shares: Vec<(f64, &StatedAttribute)> = short.map(|stated| (share(stated), stated)).collect();
    let most = shares.iter().map(|(share, _)| *share).fold(0.0, f64::max);
    if most < MOST {
        return (most, Vec::new());
    }
    let best = shares.into_iter().filter(|(share, _)| *share >= most);
    (most, best.map(|(_, stated)| stated).collect())
}

/// The line of a hit that states the attribute.
fn line<'a>(hit: &'a Hit, stated: &StatedAttribute) -> Option<&'a str> {
    let (key, text) = (stated.attribute.key.as_str(), stated.attribute.text.as_str());
    hit.text.lines().find(|line| line.contains(key) && line.contains(text)).map(str::trim)
}
