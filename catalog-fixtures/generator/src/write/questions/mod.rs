//! The questions of the evaluation with what a right answer says, all from the world.

mod compared;
mod customers;
mod none;
mod products;
mod troubles;

use anyhow::{Context, Result};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::faqs::{Faq, ShopFaq};
use super::manuals::Placed;
use super::talk::Solved;
use super::{Output, pages};
use crate::language::grammar::{Noun, capitalised};
use crate::language::noise::spoiled;
use crate::language::phrase::{Slots, one_of};
use crate::language::{Phrases, Tongue};
use crate::random::Random;
use crate::world::World;
use crate::world::products::Product;
use crate::world::regions::REGIONS;

/// What the writers of the sources tell.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sources<'a> {
    pub(super) manuals: &'a [Placed],
    pub(super) faqs: &'a [Faq],
    pub(super) shop_faqs: &'a [ShopFaq],
    pub(super) solved: &'a [Solved],
}

/// What is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Ability {
    Parcel,
    Returns,
    Technical,
    Fault,
    Price,
    Warranty,
    Comparison,
    None,
}

/// Abilities with their weights.
const ABILITIES: &[(Ability, usize)] = &[
    (Ability::Parcel, 14),
    (Ability::Returns, 12),
    (Ability::Technical, 22),
    (Ability::Fault, 14),
    (Ability::Price, 12),
    (Ability::Warranty, 11),
    (Ability::Comparison, 11),
    (Ability::None, 13),
];

/// What a right answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    Answered,
    Clarify,
    Handoff,
}

/// A line of `questions.jsonl`.
#[derive(Debug, Serialize)]
struct Line {
    id: String,
    set: &'static str,
    question: String,
    language: &'static str,
    ability: Ability,
    state: State,
    relevant: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    answer: Vec<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    facts: Vec<Value>,
    agent_id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_id: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    after: Vec<String>,
}

/// A question before people's habits are laid over it.
struct Draft {
    question: String,
    tongue: Tongue,
    state: State,
    relevant: Vec<String>,
    answer: Vec<String>,
    facts: Vec<Value>,
    /// The customer who asks.
    customer: Option<usize>,
    /// The region whose prices and rules count.
    region: Option<usize>,
    /// Names and numbers that slips of the fingers leave alone.
    kept: Vec<String>,
}

impl Draft {
    fn new(question: String, tongue: Tongue) -> Self {
        Self {
            question,
            tongue,
            state: State::Answered,
            relevant: Vec::new(),
            answer: Vec::new(),
            facts: Vec::new(),
            customer: None,
            region: None,
            kept: Vec::new(),
        }
    }
}

/// The phrases (`data/questions.toml`).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    parcel: std::collections::BTreeMap<String, Phrases>,
    returns: std::collections::BTreeMap<String, Phrases>,
    warranty: std::collections::BTreeMap<String, Phrases>,
    price: std::collections::BTreeMap<String, Phrases>,
    comparison: std::collections::BTreeMap<String, Phrases>,
    technical: std::collections::BTreeMap<String, Phrases>,
    fault: std::collections::BTreeMap<String, Phrases>,
    none: std::collections::BTreeMap<String, Phrases>,
}

/// What drafts are drawn from.
struct Asking<'a> {
    world: &'a World,
    words: Words,
    sources: Sources<'a>,
    /// Orders of each customer, oldest first.
    orders: Vec<Vec<usize>>,
    /// Manuals that can be read and are up to date, by series.
    manuals: Vec<Vec<usize>>,
    /// Products with such a manual.
    documented: Vec<usize>,
}

/// How many questions a shop of that size gets.
fn count(products: usize) -> usize {
    (products * 1_800 / 8_500).clamp(480, 4_000)
}

/// Writes the questions; tells how many.
pub(super) fn write(world: &World, sources: Sources<'_>, output: Output<'_>) -> Result<usize> {
    let words: Words =
        toml::from_str(include_str!("../../../data/questions.toml")).context("data/questions.toml")?;
    let asking = Asking::new(world, words, sources);
    let lines: Vec<String> = (0..count(world.products.len()))
        .into_par_iter()
        .map(|index| Ok(serde_json::to_string(&asking.line(index))? + "\n"))
        .collect::<Result<_>>()?;
    output.write("questions.jsonl", lines.concat())?;
    Ok(lines.len())
}

impl<'a> Asking<'a> {
    fn new(world: &'a World, words: Words, sources: Sources<'a>) -> Self {
        let mut orders = vec![Vec::new(); world.customers.len()];
        for (index, order) in world.orders.iter().enumerate() {
            orders[order.customer].push(index);
        }
        for list in &mut orders {
            list.sort_by_key(|order| (world.orders[*order].ordered_at, *order));
        }
        let mut manuals = vec![Vec::new(); world.series.len()];
        let mut documented = Vec::new();
        for (index, manual) in world.manuals.iter().enumerate() {
            if manual.defect.is_none() && !manual.is_old {
                manuals[manual.series].push(index);
                documented.extend(&manual.products);
            }
        }
        documented.sort_unstable();
        documented.dedup();
        Self { world, words, sources, orders, manuals, documented }
    }

    fn line(&self, index: usize) -> Line {
        let mut random = Random::new(self.world.seed, "question", index);
        let weights: Vec<usize> = ABILITIES.iter().map(|(_, weight)| *weight).collect();
        let ability = ABILITIES[random.weighted(&weights)].0;
        // Some draws meet nothing that can be asked for: others are drawn.
        let draft = (0..400).find_map(|_| self.draft(ability, &mut random));
        let draft = draft.unwrap_or_else(|| Draft::new("?".to_owned(), Tongue::German));
        self.finish(index, ability, draft, &mut random)
    }

    fn draft(&self, ability: Ability, random: &mut Random) -> Option<Draft> {
        match ability {
            Ability::Parcel => self.parcel(random),
            Ability::Returns => self.returns(random),
            Ability::Warranty => self.warranty(random),
            Ability::Price => self.price(None, random),
            Ability::Technical => self.technical(random),
            Ability::Fault => self.fault(random),
            Ability::Comparison => self.comparison(random),
            Ability::None => self.none(random),
        }
    }

    /// Lays over a draft how it is asked: by whom, together with what, in which spelling.
    fn finish(&self, index: usize, ability: Ability, mut draft: Draft, random: &mut Random) -> Line {
        let follow = self.follow(ability, draft.tongue, random);
        let mut after = Vec::new();
        let is_plain = ability != Ability::None && draft.state == State::Answered;
        if is_plain && random.chance(9) {
            if let Some(follow) = follow {
                after.push(std::mem::replace(&mut draft.question, follow));
            }
        } else if is_plain && draft.region.is_some() && random.chance(9) {
            self.join(&mut draft, random);
        }
        let agent = self.agent(&mut draft, random);
        let question =
            if random.chance(45) { spoiled(&draft.question, &draft.kept, random) } else { draft.question };
        Line {
            id: format!("g-{:05}", index + 1),
            set: if random.chance(50) { "tuning" } else { "held-out" },
            question,
            language: draft.tongue.code(),
            ability,
            state: draft.state,
            relevant: draft.relevant,
            answer: draft.answer,
            facts: draft.facts,
            agent_id: agent,
            customer_id: draft.customer.map(|customer| self.world.customers[customer].id.clone()),
            after,
        }
    }

    fn follow(&self, ability: Ability, tongue: Tongue, random: &mut Random) -> Option<String> {
        let words = match ability {
            Ability::Parcel => &self.words.parcel,
            Ability::Returns => &self.words.returns,
            Ability::Warranty => &self.words.warranty,
            Ability::Price => &self.words.price,
            Ability::Comparison => &self.words.comparison,
            Ability::Technical => &self.words.technical,
            Ability::Fault => &self.words.fault,
            Ability::None => return None,
        };
        Some(one_of(words.get("follow")?.of(tongue), &Slots::default(), random))
    }

    /// Asks for a price in the same breath.
    fn join(&self, draft: &mut Draft, random: &mut Random) {
        let Some(price) = (0..20).find_map(|_| {
            self.price(draft.region, random)
                .filter(|price| price.tongue == draft.tongue && price.state == State::Answered)
        }) else {
            return;
        };
        let joint = match draft.tongue {
            Tongue::German => *random.pick(&["Und noch was:", "Außerdem:", "Ach ja:"]),
            Tongue::English => *random.pick(&["And another thing:", "One more thing:"]),
        };
        draft.question = format!("{} {joint} {}", draft.question, price.question);
        draft.facts.extend(price.facts);
        draft.relevant.extend(price.relevant);
        draft.kept.extend(price.kept);
    }

    /// Who asks: someone with permission for the region; now and then someone without, for whom the customer does not exist.
    fn agent(&self, draft: &mut Draft, random: &mut Random) -> String {
        let region = draft.region;
        let is_stranger = draft.customer.is_some() && !draft.facts.is_empty() && random.chance(4);
        let has_customer = draft.customer.is_some();
        // Without a customer on the line prices are those of the agent's first region, in order of the alphabet.
        let sees = |agent: &crate::world::people::Agent, region: usize| match has_customer {
            true => agent.regions.contains(&region) != is_stranger,
            false => agent.regions.iter().copied().min_by_key(|region| code(*region)) == Some(region),
        };
        let fits = |agent: &&crate::world::people::Agent| {
            agent.is_active
                && matches!(agent.role, "agent" | "lead")
                && region.is_none_or(|region| sees(agent, region))
        };
        let able: Vec<_> = self.world.agents.iter().filter(fits).collect();
        if is_stranger && !able.is_empty() {
            draft.state = State::Handoff;
            draft.facts.clear();
            draft.relevant.clear();
        }
        let agent = if able.is_empty() { &self.world.agents[4] } else { *random.pick(&able) };
        agent.id.clone()
    }

    /// Slots of a product, called by its model or with its maker.
    fn slots(&self, product: &Product, random: &mut Random) -> (Slots, Vec<String>) {
        let kind = self.world.kind(product);
        let name = if random.chance(35) { &product.short } else { &product.model };
        let slots =
            pages::product_slots(self.world, product).noun("model", Noun::name(name, kind.noun().gender));
        (slots, vec![name.clone()])
    }

    /// German four times out of five.
    fn tongue(random: &mut Random) -> Tongue {
        if random.chance(80) { Tongue::German } else { Tongue::English }
    }
}

/// The words of a group, or none.
fn phrases<'a>(
    words: &'a std::collections::BTreeMap<String, Phrases>,
    name: &str,
    tongue: Tongue,
) -> &'a [String] {
    words.get(name).map_or(&[], |phrases| phrases.of(tongue))
}

/// A question as a sentence.
fn ask(phrases: &[String], slots: &Slots, random: &mut Random) -> String {
    capitalised(&one_of(phrases, slots, random))
}

/// The code of a region.
fn code(region: usize) -> &'static str {
    REGIONS[region].code
}
