//! Facts about the bound product: attributes whose key the question asks for, quoted from the page that states them.

use auskunft_model::{Fact, Hit, ProductId};
use auskunft_store::products::{self, StatedAttribute};

use crate::Desk;
use crate::analysis::Terms;
use crate::confidence::holds;
use crate::error::Result;
use crate::trace::Trace;
use crate::understand::ContentWord;

/// Longest value that is said as a fact; longer ones are prose.
const LONGEST_VALUE: usize = 80;
/// From this share of an asked word on, a key is what is asked.
const ASKED: f64 = 0.85;

/// An attribute that was asked for, with the line that states it, where a hit holds it.
pub(crate) struct Asked<'a> {
    /// The fact.
    pub(crate) fact: Fact,
    /// Where it stands, verbatim.
    pub(crate) place: Option<(&'a Hit, &'a str)>,
}

/// The attribute of a product that the question asks for, one statement.
pub(crate) async fn asked<'a>(
    desk: &Desk,
    product: &ProductId,
    content: &[ContentWord],
    hits: &[&'a Hit],
    trace: &mut Trace,
) -> Result<Option<Asked<'a>>> {
    trace.operations.postgres += 1;
    let attributes = products::attributes(&desk.stores.database, product).await?;
    let Some(found) = best(&attributes, content) else { return Ok(None) };
    let place = hits.iter().find_map(|hit| {
        let is_own = hit.product_id.as_ref() == Some(product);
        if is_own { line(hit, found).map(|line| (*hit, line)) } else { None }
    });
    let fact = Fact::Attribute {
        product_id: product.clone(),
        key: found.attribute.key.clone(),
        text: found.attribute.text.clone(),
        source: found.source.clone(),
    };
    Ok(Some(Asked { fact, place }))
}

/// The attribute whose key holds the rarest asked word; its value must be short.
fn best<'a>(attributes: &'a [StatedAttribute], content: &[ContentWord]) -> Option<&'a StatedAttribute> {
    let value = |stated: &StatedAttribute| {
        let terms = Terms::of(&stated.attribute.key);
        let held = content.iter().filter(|word| holds(word, &terms) >= ASKED);
        held.map(|word| word.weight).fold(0.0, f64::max)
    };
    let short = attributes.iter().filter(|stated| stated.attribute.text.chars().count() <= LONGEST_VALUE);
    let valued = short.map(|stated| (value(stated), stated)).filter(|(value, _)| *value > 0.0);
    valued.max_by(|left, right| left.0.total_cmp(&right.0)).map(|(_, stated)| stated)
}

/// The line of a hit that states the attribute.
fn line<'a>(hit: &'a Hit, stated: &StatedAttribute) -> Option<&'a str> {
    let (key, text) = (stated.attribute.key.as_str(), stated.attribute.text.as_str());
    hit.text.lines().find(|line| line.contains(key) && line.contains(text)).map(str::trim)
}
