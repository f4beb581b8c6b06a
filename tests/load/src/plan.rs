//! What is asked, by whom, in which conversation.
//!
//! In each round every question of the file is asked once, so the mix of abilities is the file's. Questions of the same
//! group of agents and the same customer make a conversation; one that means something else after another question
//! begins it.

use std::collections::{BTreeMap, VecDeque};
use std::rc::Rc;

use crate::people::Agents;
use crate::questions::Question;
use crate::random::Random;

/// A conversation's owner, which none of its questions may change.
type Owner = (Option<usize>, Option<String>);

/// Something to ask.
#[derive(Debug, Clone)]
pub(crate) struct Ask {
    /// Place of the question in the file.
    pub(crate) question: usize,
    /// The words: the question's own, or one that is asked before it.
    pub(crate) words: Rc<str>,
    /// The conversation.
    pub(crate) session: Rc<str>,
    /// Place of the agent; `None`: a guest.
    pub(crate) agent: Option<usize>,
    /// Whether the answer can be compared with what the question wants.
    pub(crate) is_judged: bool,
}

#[derive(Debug)]
struct Conversation {
    agent: Option<usize>,
    session: Rc<str>,
    /// What is asked in turn: place of the question, its words, whether these are the question's own.
    left: VecDeque<(usize, Rc<str>, bool)>,
    asked: Vec<(usize, Rc<str>)>,
}

impl Conversation {
    fn ask(&self, question: usize, words: Rc<str>, is_judged: bool) -> Ask {
        Ask { question, words, session: Rc::clone(&self.session), agent: self.agent, is_judged }
    }
}

/// An endless stream of questions.
#[derive(Debug)]
pub(crate) struct Plan<'a> {
    questions: &'a [Question],
    agents: &'a Agents,
    owners: BTreeMap<Owner, Vec<usize>>,
    style: Style,
    random: Random,
    /// Of greetings. Follows from the run's name: a run that asks in the same order asks nothing that was asked before.
    names: Random,
    /// Conversations that go on at the same time, asked in turn.
    open: Vec<Option<Conversation>>,
    next: usize,
    /// The rest of this round: owner's agents and places of questions.
    waiting: Vec<(Option<usize>, Vec<usize>)>,
    sessions: u64,
    /// Whose turn it is, by group.
    turns: BTreeMap<usize, usize>,
}

/// How a plan asks.
#[derive(Debug, Clone)]
pub(crate) struct Style {
    /// Share of questions that were asked before in the same conversation.
    pub(crate) repeat: f64,
    /// The most questions of a conversation.
    pub(crate) length: usize,
    /// Conversations at the same time.
    pub(crate) at_once: usize,
    /// Whether each question begins with words of its own.
    pub(crate) distinct: bool,
    /// Begins the names of sessions; no two runs share it.
    pub(crate) name: String,
    pub(crate) seed: u64,
}

impl<'a> Plan<'a> {
    pub(crate) fn new(questions: &'a [Question], agents: &'a Agents, style: Style) -> anyhow::Result<Self> {
        let mut owners: BTreeMap<Owner, Vec<usize>> = BTreeMap::new();
        for (place, question) in questions.iter().enumerate() {
            let group = agents.group_of(question.agent_id.as_deref())?;
            owners.entry((group, question.customer_id.clone())).or_default().push(place);
        }
        let open = std::iter::repeat_with(|| None).take(style.at_once.max(1)).collect();
        let (random, names) = (Random::new(style.seed), Random::of(&style.name));
        let (waiting, turns) = (Vec::new(), BTreeMap::new());
        Ok(Self {
            questions,
            agents,
            owners,
            style,
            random,
            names,
            open,
            next: 0,
            waiting,
            sessions: 0,
            turns,
        })
    }

    /// The next question.
    pub(crate) fn next(&mut self) -> Ask {
        let place = self.next;
        self.next = (place + 1) % self.open.len();
        let open = self.open[place].take();
        let mut open = open.unwrap_or_else(|| self.begin());
        let ask = match self.repeated(&open) {
            Some(ask) => ask,
            None => {
                if open.left.is_empty() {
                    open = self.begin();
                }
                self.fresh(&mut open)
            }
        };
        self.open[place] = Some(open);
        ask
    }

    /// Something that was asked in this conversation, now and then.
    fn repeated(&mut self, open: &Conversation) -> Option<Ask> {
        if open.asked.is_empty() || self.random.share() >= self.style.repeat {
            return None;
        }
        let (question, words) = open.asked[self.random.below(open.asked.len())].clone();
        Some(open.ask(question, words, false))
    }

    fn fresh(&mut self, open: &mut Conversation) -> Ask {
        let (question, words, is_judged) = open.left.pop_front().unwrap_or_else(|| (0, "".into(), false));
        let words = if self.style.distinct { self.greeted(&words) } else { words };
        open.asked.push((question, Rc::clone(&words)));
        open.ask(question, words, is_judged)
    }

    fn begin(&mut self) -> Conversation {
        if self.waiting.is_empty() {
            self.waiting = self.round();
        }
        let (group, places) = self.waiting.pop().unwrap_or_default();
        let mut left = VecDeque::new();
        for place in places {
            let question = &self.questions[place];
            left.extend(question.after.iter().map(|before| (place, Rc::from(before.as_str()), false)));
            left.push_back((place, Rc::from(question.question.as_str()), true));
        }
        self.sessions += 1;
        let session = format!("{}-{}", self.style.name, self.sessions).into();
        Conversation { agent: self.whose_turn(group), session, left, asked: Vec::new() }
    }

    fn whose_turn(&mut self, group: Option<usize>) -> Option<usize> {
        let members = self.agents.members(group?);
        let turn = self.turns.entry(group?).or_default();
        *turn += 1;
        members.get(*turn % members.len().max(1)).copied()
    }

    /// All questions as conversations, in an order that is drawn.
    fn round(&mut self) -> Vec<(Option<usize>, Vec<usize>)> {
        let mut conversations = Vec::new();
        for ((group, _), places) in &self.owners {
            let mut places = places.clone();
            self.random.shuffle(&mut places);
            let (followers, mut beginners): (Vec<usize>, Vec<usize>) =
                places.into_iter().partition(|place| self.questions[*place].stands_alone());
            let mut followers = followers.into_iter();
            while let Some(first) = beginners.pop().or_else(|| followers.next()) {
                let rest = followers.by_ref().take(self.style.length - 1);
                conversations.push((*group, std::iter::once(first).chain(rest).collect()));
            }
        }
        self.random.shuffle(&mut conversations);
        conversations
    }

    fn greeted(&mut self, words: &str) -> Rc<str> {
        const SYLLABLES: [&str; 24] = [
            "ba", "be", "bo", "da", "de", "do", "ga", "ge", "ka", "ko", "la", "le", "lo", "ma", "me", "mo",
            "na", "ne", "ra", "ro", "sa", "so", "ta", "to",
        ];
        let mut name = |syllables: usize| {
            let text: String = (0..syllables).map(|_| SYLLABLES[self.names.below(SYLLABLES.len())]).collect();
            format!("{}{}", text[..1].to_uppercase(), &text[1..])
        };
        format!("Guten Tag, hier {} {}. {words}", name(3), name(4)).into()
    }
}

#[cfg(test)]
mod tests;
