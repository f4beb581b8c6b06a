//! Attributes of the bound product that a question asks for: those whose key the question asks for, quoted from the page that states them.

use auskunft_model::{Fact, Hit, ProductId};
use auskunft_store::facts::{ProductFacts, SourcedAttribute};

use crate::confidence;
use crate::evidence::Evidence;
use crate::terms::Terms;
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
    /// Whose attribute.
    pub(crate) product: ProductId,
    /// The fact.
    pub(crate) fact: Fact,
    /// Where it stands, verbatim.
    pub(crate) place: (&'a Hit, &'a str),
    /// Share of the question that the line holds, 0–1.
    pub(crate) share: f64,
}

/// The attribute of a product that the question asks for, where a text states it that can be cited.
pub(crate) fn asked<'a>(
    read: &ProductFacts,
    product: &ProductId,
    content: &[ContentWord],
    evidence: &'a [Evidence],
) -> Option<Asked<'a>> {
    let row = read.products.iter().find(|row| row.sku == product.as_str())?;
    let place = |stated: &SourcedAttribute| {
        let mut own = evidence.iter().filter(|one| one.found.own.contains(product));
        own.find_map(|one| line(&one.found.hit, stated).map(|line| (one, line)))
    };
    let best = best(&row.attributes, content);
    // Several sources may state the same; the first that can be cited is taken.
    let cited = best.into_iter().find_map(|stated| place(stated).map(|place| (stated, place)));
    cited.map(|(stated, place)| Asked {
        product: product.clone(),
        fact: Fact::Attribute {
            product_id: product.clone(),
            key: stated.attribute.key.clone(),
            text: stated.attribute.text.clone(),
            source: stated.source.clone(),
        },
        share: place.0.share_of(place.1),
        place: (&place.0.found.hit, place.1),
    })
}

/// The attributes whose key holds most of what was asked; their values must be short.
fn best<'a>(attributes: &'a [SourcedAttribute], content: &[ContentWord]) -> Vec<&'a SourcedAttribute> {
    let whole: f64 = content.iter().map(|word| word.weight).sum();
    let names_thing = content.iter().any(|word| !word.is_quantity);
    let share = |stated: &SourcedAttribute| {
        // The value tells its unit, the key what it is of.
        let (key, value) = (Terms::of(&stated.attribute.key), Terms::of(&stated.attribute.text));
        let holds =
            |word: &ContentWord| confidence::holds(word, if word.is_quantity { &value } else { &key });
        // Where a quantity of that unit is asked for, part of the key will do: "Bohnen" for "Bohnenbehälter: 300 g".
        let has_unit = content.iter().any(|word| word.is_quantity && holds(word) >= ASKED);
        let least = if has_unit { ASKED_PART } else { ASKED };
        let held: Vec<(&ContentWord, f64)> =
            content.iter().map(|word| (word, holds(word))).filter(|(_, held)| *held >= least).collect();
        // A value in the asked unit alone says nothing: it may be of anything.
        if names_thing && held.iter().all(|(word, _)| word.is_quantity) {
            return 0.0;
        }
        held.iter().map(|(word, held)| word.weight * held).sum::<f64>() / whole.max(f64::MIN_POSITIVE)
    };
    let short = attributes.iter().filter(|stated| stated.attribute.text.chars().count() <= LONGEST_VALUE);
    let shares: Vec<(f64, &SourcedAttribute)> = short.map(|stated| (share(stated), stated)).collect();
    let most = shares.iter().map(|(share, _)| *share).fold(MOST, f64::max);
    shares.into_iter().filter(|(share, _)| *share >= most).map(|(_, stated)| stated).collect()
}

/// The line of a hit that states the attribute.
fn line<'a>(hit: &'a Hit, stated: &SourcedAttribute) -> Option<&'a str> {
    let (key, text) = (stated.attribute.key.as_str(), stated.attribute.text.as_str());
    hit.text.lines().find(|line| line.contains(key) && line.contains(text)).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::Word;
    use auskunft_model::Attribute;

    fn stated(key: &str, text: &str) -> SourcedAttribute {
        SourcedAttribute { attribute: Attribute::text(key, text), source: "p.html".to_owned() }
    }

    fn asks(word: Word, related: &[&str], is_quantity: bool) -> ContentWord {
        let related = related.iter().map(|text| Word::new(text)).collect();
        ContentWord { word, related, parts: Vec::new(), weight: 1.0, is_quantity }
    }

    fn keys(attributes: &[SourcedAttribute], content: &[ContentWord]) -> Vec<String> {
        best(attributes, content).into_iter().map(|stated| stated.attribute.key.clone()).collect()
    }

    #[test]
    fn a_value_in_the_asked_unit_alone_is_no_answer() {
        let sheet = [stated("Maße", "22 × 34 × 43 cm"), stated("Garantie", "24 Monate")];
        let (length, hose) = (Word::quantity("#mm"), Word::new("schlauch"));
        assert!(keys(&sheet, &[asks(hose, &[], false), asks(length.clone(), &[], true)]).is_empty());
        assert_eq!(keys(&sheet, &[asks(length, &[], true)]), ["Maße"], "nothing but a length is asked for");
    }

    #[test]
    fn the_asked_key_is_preferred_to_a_related_one() {
        let sheet = [stated("Laufzeit", "60 min"), stated("Ladezeit", "3,5 h")];
        assert_eq!(keys(&sheet, &[asks(Word::new("ladezeit"), &["laufzeit"], false)]), ["Ladezeit"]);
    }
}
