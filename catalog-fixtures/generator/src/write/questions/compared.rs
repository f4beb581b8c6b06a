//! Questions that compare products.

use serde_json::{Value as Json, json};

use super::{Asking, Draft, ask, phrases};
use crate::language::Tongue;
use crate::language::phrase::Slots;
use crate::random::Random;
use crate::world::kinds::{Attribute, Better, Value};
use crate::world::products::Product;

impl Asking<'_> {
    pub(super) fn comparison(&self, random: &mut Random) -> Option<Draft> {
        let one = random.below(self.world.products.len());
        let other = self.rival(one, random)?;
        let (one, other) = (&self.world.products[one], &self.world.products[other]);
        let kind = self.world.kind(one);
        let tongue = Self::tongue(random);
        let names =
            [one, other].map(|product| if random.chance(25) { &product.short } else { &product.model });
        let slots = Slots::default().word("a", names[0].clone()).word("b", names[1].clone());
        let able: Vec<usize> = (0..kind.attributes.len())
            .filter(|place| {
                let attribute = &kind.attributes[*place];
                attribute.better.is_some() && !attribute.compare.of(tongue).is_empty()
            })
            .collect();
        let is_whole = random.chance(12);
        let (question, places) = if is_whole {
            let differing =
                (0..kind.attributes.len()).filter(|place| one.values[*place] != other.values[*place]);
            (ask(phrases(&self.words.comparison, "many", tongue), &slots, random), differing.collect())
        } else {
            // Mostly what siblings differ in.
            let differing: Vec<usize> =
                able.iter().copied().filter(|place| one.values[*place] != other.values[*place]).collect();
            let place = if differing.is_empty() || random.chance(10) {
                *random.pick(&able)
            } else {
                *random.pick(&differing)
            };
            (ask(kind.attributes[place].compare.of(tongue), &slots, random), vec![place])
        };
        let mut draft = Draft::new(question, tongue);
        draft.kept = names.map(Clone::clone).to_vec();
        // The longer name first: it may begin with the shorter.
        draft.kept.sort_by_key(|name| std::cmp::Reverse(name.len()));
        draft.relevant = vec![one.page.clone(), other.page.clone()];
        draft.facts =
            places.iter().map(|place| fact(&kind.attributes[*place], *place, [one, other])).collect();
        Some(draft)
    }

    /// A sibling, or another product of the kind.
    fn rival(&self, one: usize, random: &mut Random) -> Option<usize> {
        let product = &self.world.products[one];
        let siblings: Vec<usize> = self.world.series[product.series]
            .products
            .iter()
            .copied()
            .filter(|sibling| *sibling != one && self.world.products[*sibling].edition == product.edition)
            .collect();
        if !siblings.is_empty() && random.chance(60) {
            return Some(*random.pick(&siblings));
        }
        let other = random.below(self.world.products.len());
        (self.world.products[other].kind == product.kind && other != one).then_some(other)
    }
}

fn fact(attribute: &Attribute, place: usize, products: [&Product; 2]) -> Json {
    let values = products.map(|product| product.values[place]);
    let number = |value: Option<Value>| match value {
        Some(Value::Number(number)) => Some(number),
        _ => None,
    };
    let best = match (attribute.better, number(values[0]), number(values[1])) {
        (Some(better), Some(one), Some(other)) if one != other => {
            let is_first = (one > other) == (better == Better::High);
            Some(products[usize::from(!is_first)].sku.clone())
        }
        _ => None,
    };
    let shown = |value: Option<Value>| match value {
        Some(Value::Number(number)) => Some(attribute.plain(number)),
        Some(value) => Some(attribute.bare(value, Tongue::German)),
        None => None,
    };
    let listed: Vec<Json> = products
        .iter()
        .zip(values)
        .map(|(product, value)| json!({ "product_id": product.sku, "value": shown(value) }))
        .collect();
    // A unit is one of a value.
    let unit = if values.iter().any(Option::is_some) { attribute.unit(Tongue::German) } else { "" };
    let better = attribute.better.map(|better| if better == Better::High { "higher" } else { "lower" });
    json!({
        "kind": "comparison", "attribute": attribute.de, "unit": unit, "better": better,
        "values": listed, "best": best,
    })
}
