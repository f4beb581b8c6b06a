//! Questions that the shop has no answer to, and talk that asks for nothing.

use super::{Asking, Draft, State, ask, phrases};
use crate::language::phrase::Slots;
use crate::random::Random;

impl Asking<'_> {
    pub(super) fn none(&self, random: &mut Random) -> Option<Draft> {
        let tongue = Self::tongue(random);
        let name = *random.pick(&["talk", "foreign", "foreign", "unknown", "unknown", "lacking"]);
        let product = random.pick(&self.world.products);
        let (slots, kept) = self.slots(product, random);
        let (ghost, other) = (self.ghost(random), self.ghost(random));
        let slots: Slots = slots
            .word("city", random.pick(&self.world.customers).city)
            .word("number", random.between(12, 980).to_string())
            .word("day", random.between(1, 28).to_string())
            .word("ghost", ghost.clone())
            .word("ghost2", other.clone());
        let mut draft = Draft::new(ask(phrases(&self.words.none, name, tongue), &slots, random), tongue);
        draft.kept = kept;
        draft.kept.extend([ghost, other]);
        draft.state = if name == "talk" { State::Answered } else { State::Handoff };
        Some(draft)
    }

    /// The name of something that nobody makes: a real maker, a number beyond all series.
    fn ghost(&self, random: &mut Random) -> String {
        let maker = random.pick(&self.world.makers);
        let letters = random.pick(&["QX", "ZB", "YV", "JW"]);
        format!("{} {letters}-{}", maker.name, random.between(101, 989))
    }
}
