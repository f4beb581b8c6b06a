//! Questions about products: prices, and what pages, manuals and answers to frequent questions say.

use serde_json::json;

use super::{Asking, Draft, ask, code, phrases};
use crate::language::Tongue;
use crate::language::phrase::{Slots, fill};
use crate::random::Random;
use crate::world::products::Product;
use crate::world::regions::REGIONS;
use crate::write::faqs::Topic;
use crate::write::manuals::{chapters::procedure_slots, mark};
use crate::write::money;

impl Asking<'_> {
    /// Today's price in a region, a drawn one unless it is given.
    pub(super) fn price(&self, region: Option<usize>, random: &mut Random) -> Option<Draft> {
        let index = random.below(self.world.products.len());
        let product = &self.world.products[index];
        // What was never sold in the region is asked for seldom.
        let region = region.unwrap_or_else(|| random.below(REGIONS.len()));
        let is_sold = product.stock[region].is_some();
        if !is_sold && !random.chance(10) {
            return None;
        }
        let tongue = Self::tongue(random);
        let (slots, kept) = self.slots(product, random);
        let mut draft = Draft::new(ask(phrases(&self.words.price, "ask", tongue), &slots, random), tongue);
        draft.kept = kept;
        draft.region = Some(region);
        draft.relevant = vec![product.page.clone()];
        let Some(price) = product.price(region, self.world.today) else {
            draft.facts = vec![self.not_for_sale(product, region)];
            if let Some(heir) = product.successor.map(|heir| &self.world.products[heir]) {
                draft.relevant.push(heir.page.clone());
                draft.facts.extend(self.price_fact(heir, region));
            }
            return Some(draft);
        };
        debug_assert_eq!(price.region, region);
        draft.facts.extend(self.price_fact(product, region));
        Some(draft)
    }

    fn price_fact(&self, product: &Product, region: usize) -> Option<serde_json::Value> {
        let price = product.price(region, self.world.today)?;
        Some(json!({
            "kind": "price", "source": format!("products/{}", product.sku), "product_id": product.sku, "region": code(region),
            "currency": REGIONS[region].currency, "amount": money(price.amount),
            "vat_included": REGIONS[region].vat_included, "stock": product.stock[region],
        }))
    }

    fn not_for_sale(&self, product: &Product, region: usize) -> serde_json::Value {
        let successor = product.successor.map(|heir| self.world.products[heir].sku.clone());
        match product.discontinued {
            Some(day) => json!({
                "kind": "discontinued", "source": format!("products/{}", product.sku), "product_id": product.sku,
                "since": day.succ_opt().unwrap_or(day).to_string(), "successor": successor,
            }),
            None => json!({
                "kind": "not_sold", "source": format!("products/{}", product.sku), "product_id": product.sku, "region": code(region),
            }),
        }
    }

    pub(super) fn technical(&self, random: &mut Random) -> Option<Draft> {
        match random.below(100) {
            0..=37 => self.point(random),
            38..=57 => self.steps(random),
            58..=84 => self.figure(random),
            _ => self.frequent(random),
        }
    }

    /// The places of a mark in the manuals for a product, the language of the question first.
    pub(super) fn places(
        &self,
        product: usize,
        tongue: Tongue,
        name: impl Fn(Tongue) -> String,
    ) -> Vec<String> {
        let own = &self.manuals[self.world.products[product].series];
        let mut places = Vec::new();
        let other = if tongue == Tongue::German { Tongue::English } else { Tongue::German };
        for language in [tongue, other] {
            for manual in own.iter().filter(|manual| self.world.manuals[**manual].products.contains(&product))
            {
                let page = self.sources.manuals[*manual].marks.get(&name(language));
                places.extend(page.map(|page| format!("{}#page={page}", self.world.manuals[*manual].source)));
            }
        }
        places
    }

    /// A number out of a chapter on something to do.
    fn point(&self, random: &mut Random) -> Option<Draft> {
        let index = *random.pick(&self.documented);
        let product = &self.world.products[index];
        let kind = self.world.kind(product);
        let place = random.below(kind.procedures.len());
        let procedure = &kind.procedures[place];
        let point = procedure.points.get(random.below(procedure.points.len().max(1)))?;
        let tongue = Self::tongue(random);
        let (slots, kept) = self.slots(product, random);
        let mut draft = Draft::new(ask(point.ask.of(tongue), &slots, random), tongue);
        draft.kept = kept;
        draft.relevant = self.places(index, tongue, |tongue| mark::point(tongue, place, &point.param));
        let platform = &self.world.series[product.series].platform;
        let params = platform.stated(place, false);
        draft.answer = [Tongue::German, Tongue::English]
            .map(|tongue| {
                let slots = procedure_slots(kind, platform, &params, tongue, Slots::default());
                fill(point.answer.of(tongue), &slots, &mut Random::new(0, "answer", 0))
            })
            .to_vec();
        draft.answer.dedup();
        let answer = &draft.answer[if tongue == Tongue::German { 0 } else { draft.answer.len() - 1 }];
        draft.facts = vec![
            json!({ "kind": "stated", "product_id": product.sku, "topic": format!("{}/{}", procedure.id, point.param), "value": answer }),
        ];
        (!draft.relevant.is_empty()).then_some(draft)
    }

    fn steps(&self, random: &mut Random) -> Option<Draft> {
        let index = *random.pick(&self.documented);
        let product = &self.world.products[index];
        let kind = self.world.kind(product);
        let place = random.below(kind.procedures.len());
        let procedure = &kind.procedures[place];
        let tongue = Self::tongue(random);
        let (slots, kept) = self.slots(product, random);
        let mut draft = Draft::new(ask(procedure.ask.of(tongue), &slots, random), tongue);
        draft.kept = kept;
        draft.relevant = self.places(index, tongue, |tongue| mark::procedure(tongue, place));
        draft.facts = vec![json!({
            "kind": "steps", "product_id": product.sku, "topic": procedure.id, "steps": procedure.steps.of(tongue).len(),
        })];
        (!draft.relevant.is_empty()).then_some(draft)
    }

    /// A figure of the data sheet.
    fn figure(&self, random: &mut Random) -> Option<Draft> {
        let index = random.below(self.world.products.len());
        let product = &self.world.products[index];
        let kind = self.world.kind(product);
        let place = random.below(kind.attributes.len());
        let attribute = &kind.attributes[place];
        let value = product.values[place]?;
        let tongue = Self::tongue(random);
        if attribute.ask.of(tongue).is_empty() {
            return None;
        }
        let (slots, kept) = self.slots(product, random);
        let mut draft = Draft::new(ask(attribute.ask.of(tongue), &slots, random), tongue);
        draft.kept = kept;
        draft.relevant = vec![product.page.clone()];
        draft.relevant.extend(self.places(index, tongue, |tongue| mark::attribute(tongue, place)));
        draft.answer =
            [Tongue::German, Tongue::English].map(|tongue| attribute.shown(value, tongue)).to_vec();
        draft.answer.dedup();
        draft.facts = vec![json!({
            "kind": "attribute", "source": format!("products/{}", product.sku), "product_id": product.sku, "attribute": attribute.de,
            "value": attribute.bare(value, Tongue::German), "unit": attribute.unit(Tongue::German),
        })];
        Some(draft)
    }

    /// What a frequent question says, asked in other words.
    fn frequent(&self, random: &mut Random) -> Option<Draft> {
        let faq = random.pick(self.sources.faqs);
        let (mut draft, topic) = match (faq.topic, faq.product) {
            (Topic::Shop(place), _) => {
                let tongue = Self::tongue(random);
                let other = &self.sources.shop_faqs[place].other;
                (Draft::new(other.of(tongue).to_owned(), tongue), format!("shop/{place}"))
            }
            (Topic::Kind(place), Some(index)) => {
                let product = &self.world.products[index];
                let kind = self.world.kind(product);
                let tongue = Self::tongue(random);
                let (slots, kept) = self.slots(product, random);
                let mut draft = Draft::new(ask(kind.faqs[place].other.of(tongue), &slots, random), tongue);
                draft.kept = kept;
                (draft, format!("{}/{place}", kind.id))
            }
            _ => return None,
        };
        let same =
            self.sources.faqs.iter().filter(|other| other.topic == faq.topic && other.product == faq.product);
        draft.relevant = same.map(|faq| faq.source.clone()).collect();
        draft.facts = vec![json!({ "kind": "faq", "topic": topic })];
        Some(draft)
    }
}
