//! What is tried next.

use std::collections::VecDeque;

use super::judge::{Conversation, Judge};
use super::rights::Rights;
use crate::random::Random;

/// Sessions that all agents share the names of.
const SESSIONS: usize = 40;
/// Questions that may be asked again, or gone on from.
const RECENT: usize = 60;
/// Questions that lean on what was said before.
const LEANING: [&str; 5] = [
    "und wie lange gilt das?",
    "Kannst du das anders formulieren?",
    "Wann kommt das?",
    "Und was ist mit der Rücksendung dazu?",
    "Was steht dazu in den Bedingungen?",
];

/// A question, as it is asked.
#[derive(Debug, Clone)]
pub(super) struct Ask {
    /// `None` = a guest.
    pub(super) agent: Option<String>,
    pub(super) customer: String,
    pub(super) session: String,
    pub(super) question: String,
    /// The number that the question names.
    pub(super) number: String,
    /// Its `Idempotency-Key`.
    pub(super) key: Option<String>,
    pub(super) streams: bool,
}

/// What is tried.
#[derive(Debug, Clone)]
pub(super) enum Step {
    /// A question; also once more.
    Ask(Ask),
    /// An agent's list of its conversations.
    List(String),
    /// What was said in a conversation, shown to an agent: its own or another's.
    Show(String, Conversation),
}

/// A step, and what changes before it.
#[derive(Debug, Clone)]
pub(super) struct Trial {
    /// An agent's rights from now on.
    pub(super) change: Option<(String, Rights)>,
    pub(super) step: Step,
}

/// Draws trials; remembers what was asked lately.
pub(super) struct Draw {
    random: Random,
    recent: VecDeque<Ask>,
    drawn: usize,
}

impl Ask {
    /// The conversation that it belongs to: guests have one for each session.
    pub(super) fn conversation(&self) -> Conversation {
        let customer = self.agent.as_ref().map_or("", |_| self.customer.as_str());
        (self.agent.clone().unwrap_or_default(), self.session.clone(), customer.to_owned())
    }
}

/// How the names of this run's sessions begin, as opposed to those of an earlier one over the same stores.
pub(super) fn sessions() -> String {
    format!("s{}-", std::process::id())
}

impl Draw {
    pub(super) fn seeded(seed: u64) -> Self {
        Self { random: Random::seeded(seed), recent: VecDeque::new(), drawn: 0 }
    }

    pub(super) fn trial(&mut self, judge: &Judge) -> Trial {
        self.drawn += 1;
        let sort = if self.recent.is_empty() { 0 } else { self.random.below(20) };
        let earlier = self.earlier();
        let agent = earlier.as_ref().and_then(|ask| ask.agent.clone());
        let (step, is_changed) = match (sort, earlier) {
            (8..=11, Some(ask)) => (Step::Ask(self.again(ask, judge)), false),
            (12..=14, Some(ask)) => (Step::Ask(self.again(ask, judge)), true),
            (15..=16, Some(ask)) => (Step::Ask(self.further(ask)), self.random.below(3) == 0),
            (17, _) => (Step::List(self.agent(judge)), self.random.below(2) == 0),
            (18..=19, Some(ask)) => (self.shown(&ask, judge), self.random.below(3) == 0),
            _ => (Step::Ask(self.fresh(judge)), false),
        };
        if let Step::Ask(ask) = &step {
            self.recent.push_back(ask.clone());
            while self.recent.len() > RECENT {
                self.recent.pop_front();
            }
        }
        let changed = match &step {
            Step::List(agent) => Some(agent.clone()),
            _ => agent,
        };
        let change = changed.filter(|_| is_changed);
        let change = change.map(|agent| (agent, Rights::draw(&judge.regions, &mut self.random)));
        Trial { change, step }
    }

    fn earlier(&mut self) -> Option<Ask> {
        if self.recent.is_empty() {
            return None;
        }
        let place = self.random.below(self.recent.len());
        self.recent.get(place).cloned()
    }

    fn agent(&mut self, judge: &Judge) -> String {
        self.random.pick(&judge.agents).clone()
    }

    fn fresh(&mut self, judge: &Judge) -> Ask {
        let agent = (self.random.below(20) > 0).then(|| self.agent(judge));
        let (mut customer, mut name) = self.random.pick(&judge.customers).clone();
        // Half of the time one that the agent may see, where there is one at hand.
        for _ in 0..8 {
            if self.random.below(2) == 0 || judge.may_see(agent.as_deref(), &customer) {
                break;
            }
            (customer, name) = self.random.pick(&judge.customers).clone();
        }
        if self.random.below(15) == 0 {
            customer.push_str("-0");
        }
        let number = self.number(judge, &customer);
        let question = self.question(&number, &name);
        let key = (self.random.below(3) == 0).then(|| format!("k-{}", self.drawn));
        let session = format!("{}{}", sessions(), self.random.below(SESSIONS));
        let streams = self.random.below(3) == 0;
        Ask { agent, customer, session, question, number, key, streams }
    }

    /// The customer's own, or anybody's.
    fn number(&mut self, judge: &Judge, customer: &str) -> String {
        let own = judge.own.get(customer).map_or(&[][..], Vec::as_slice);
        let of = if own.is_empty() || self.random.below(2) > 0 { judge.numbers.as_slice() } else { own };
        self.random.pick(of).clone()
    }

    fn question(&mut self, number: &str, name: &str) -> String {
        let own = [
            "Wo ist mein Paket?".to_owned(),
            "Wo bleibt meine letzte Bestellung?".to_owned(),
            format!("Status {number}?"),
            format!("Wo ist {number}?"),
            format!("Hat {number} noch Garantie?"),
            format!("Bis wann kann das Gerät aus {number} zurück?"),
            format!("Ist die Rücksendung {number} angekommen?"),
            format!("Ist {number} bezahlt?"),
            format!("Was hat {name} bestellt?"),
        ];
        const GENERAL: [&str; 3] = [
            "Wie kann ich Ware zurückgeben?",
            "Nehmt ihr Altgeräte mit?",
            "Was steht in der Gewährleistung?",
        ];
        match self.random.below(14) {
            0..=8 => self.random.pick(&own).clone(),
            9..=12 => (*self.random.pick(&GENERAL)).to_owned(),
            _ => (*self.random.pick(&LEANING)).to_owned(),
        }
    }

    /// The same once more; at times by another agent in a session of that name, or in another form.
    fn again(&mut self, ask: Ask, judge: &Judge) -> Ask {
        let agent = match self.random.below(4) {
            0 => Some(self.agent(judge)),
            _ => ask.agent,
        };
        Ask { agent, streams: self.random.below(3) == 0, ..ask }
    }

    /// A question that goes on in the same conversation; at times under a key that another question has.
    fn further(&mut self, ask: Ask) -> Ask {
        let question = (*self.random.pick(&LEANING)).to_owned();
        let key = ask.key.filter(|_| self.random.below(4) == 0);
        Ask { question, key, streams: self.random.below(3) == 0, ..ask }
    }

    fn shown(&mut self, ask: &Ask, judge: &Judge) -> Step {
        let conversation = ask.conversation();
        let agent = match &ask.agent {
            Some(agent) if self.random.below(3) > 0 => agent.clone(),
            _ => self.agent(judge),
        };
        Step::Show(agent, conversation)
    }
}
