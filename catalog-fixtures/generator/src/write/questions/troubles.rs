//! Questions about faults: what a product shows, and what helps.

use serde_json::{Value, json};

use super::{Asking, Draft, State, ask, phrases};
use crate::language::Tongue;
use crate::language::grammar::capitalised;
use crate::language::phrase::Slots;
use crate::random::Random;
use crate::world::products::Product;
use crate::world::series::{COLOURS, Row, Signal};
use crate::write::manuals::mark;

/// What lights do, in customers' words, in the order of the world's rhythms.
const HOW: &[(&str, &str)] = &[
    ("geht immer an und aus", "going on and off"),
    ("bleibt die ganze Zeit an", "on all the time"),
    ("flackert ganz hektisch", "blinking like mad"),
    ("immer zweimal hintereinander", "two blinks at a time"),
];

impl Asking<'_> {
    pub(super) fn fault(&self, random: &mut Random) -> Option<Draft> {
        let index = *random.pick(&self.documented);
        let product = &self.world.products[index];
        let row = random.pick(&self.world.series[product.series].platform.rows);
        let tongue = Self::tongue(random);
        if random.chance(6) {
            return self.without_product(row, tongue, random);
        }
        let (slots, kept) = self.slots(product, random);
        let question = self.complaint(row, product.kind, slots, tongue, random)?;
        let mut draft = Draft::new(question, tongue);
        draft.kept = kept;
        draft.kept.extend(matches!(&row.signal, Signal::Code(_)).then(|| self.code(row)).flatten());
        draft.relevant = self.places(index, tongue, |tongue| mark::fault(tongue, row.fault));
        let series = product.series;
        let solved = self.sources.solved.iter().filter(|solved| {
            solved.fault == row.fault && self.world.products[solved.product].series == series
        });
        draft.relevant.extend(solved.map(|solved| solved.source.clone()));
        draft.answer = vec![row.remedy.de.clone(), row.remedy.en.clone()];
        draft.facts = vec![self.remedy(product, row, tongue)];
        (!draft.relevant.is_empty()).then_some(draft)
    }

    /// What the row says, in the language of the question, and as the manual of each language states it.
    fn remedy(&self, product: &Product, row: &Row, tongue: Tongue) -> Value {
        let kind = self.world.kind(product);
        let stated = |tongue: Tongue| {
            json!({
                "language": tongue.code(), "signal": row.signal.shown(kind, row.fault, tongue),
                "cause": row.cause.of(tongue), "remedy": row.remedy.of(tongue),
            })
        };
        let rows = [Tongue::German, Tongue::English].map(stated);
        json!({
            "kind": "remedy", "product_id": product.sku, "topic": kind.faults[row.fault].id,
            "signal": row.signal.shown(kind, row.fault, tongue), "cause": row.cause.of(tongue), "remedy": row.remedy.of(tongue),
            "rows": rows,
        })
    }

    fn code(&self, row: &Row) -> Option<String> {
        match &row.signal {
            Signal::Code(code) => Some(code.clone()),
            _ => None,
        }
    }

    fn complaint(
        &self,
        row: &Row,
        kind: usize,
        slots: Slots,
        tongue: Tongue,
        random: &mut Random,
    ) -> Option<String> {
        let (name, slots) = match &row.signal {
            Signal::Code(code) => ("code", slots.word("code", code.clone())),
            Signal::Light(colour, rhythm) => ("light", coloured(slots, *colour, *rhythm, tongue)),
            Signal::Symptom => {
                let say = self.world.kinds[kind].faults[row.fault].say.of(tongue).last()?;
                ("symptom", slots.word("say", say.clone()).word("Say", capitalised(say)))
            }
        };
        Some(ask(phrases(&self.words.fault, name, tongue), &slots, random))
    }

    /// A sign without a product: many could show it.
    fn without_product(&self, row: &Row, tongue: Tongue, random: &mut Random) -> Option<Draft> {
        let (colour, code) = match &row.signal {
            Signal::Light(colour, _) => (*colour, "E04".to_owned()),
            Signal::Code(code) => (0, code.clone()),
            Signal::Symptom => return None,
        };
        let slots = coloured(Slots::default(), colour, 0, tongue).word("code", code.clone());
        let mut draft = Draft::new(ask(phrases(&self.words.fault, "nobody", tongue), &slots, random), tongue);
        draft.kept = vec![code];
        draft.state = State::Clarify;
        Some(draft)
    }
}

fn coloured(slots: Slots, colour: usize, rhythm: usize, tongue: Tongue) -> Slots {
    let (colour, how) = (COLOURS[colour], HOW[rhythm]);
    match tongue {
        Tongue::German => slots.word("colour", colour.0).word("how", how.0),
        Tongue::English => slots.word("colour", colour.1).word("how", how.1),
    }
}
