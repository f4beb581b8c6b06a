//! The two questions to the desk: search, and answer.

use std::time::Instant;

use auskunft_model::{Answer, Asker, ChunkId, Filter, Question, State};

use crate::Desk;
use crate::decide::{self, Decision};
use crate::error::Result;
use crate::evidence::{Evidence, weigh};
use crate::retrieve::{Request, Search, retrieve};
use crate::trace::Trace;
use crate::understand::{Conversation, Understood, understand};
use crate::view::View;
use crate::write;

/// Hits that an answer is looked for in.
const EVIDENCE: usize = 16;
/// The most hits of one search.
pub const MOST_HITS: usize = 50;

/// An answer with what it cost.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The answer.
    pub answer: Answer,
    /// What it cost.
    pub trace: Trace,
    /// Whether it rests on the conversation, so that it must not be cached for the question alone.
    pub used_conversation: bool,
    /// Whether it holds data of a customer, or that they must not be shown: it must not be cached.
    pub has_customer_facts: bool,
    /// What the session shall remember of it; see [`Conversation::followed_by`].
    pub said: Conversation,
}

impl Desk {
    /// The chunks that fit a question best, at most `limit` (1 to [`MOST_HITS`]).
    pub async fn search(&self, question: &Question, limit: usize) -> Result<Search> {
        let mut trace = Trace::default();
        let view = self.view();
        let (_, request) = self.prepare(question, &Conversation::default(), &view, &mut trace);
        let limit = limit.clamp(1, MOST_HITS);
        let (found, degraded) = retrieve(self, &view, &request, limit, &mut trace).await?;
        let hits = found.into_iter().map(|found| found.hit).collect();
        Ok(Search { hits, generation: view.info.generation, revision: view.info.revision, trace, degraded })
    }

    /// Answers a question from quotes, asks back, or hands over.
    pub async fn answer(
        &self,
        question: &Question,
        asker: &Asker,
        conversation: &Conversation,
    ) -> Result<Answered> {
        let has_customer_facts = asker.agent.is_some() && asker.customer.is_some();
        let mut trace = Trace::default();
        let view = self.view();
        let (understood, request) = self.prepare(question, conversation, &view, &mut trace);
        let (found, degraded) = retrieve(self, &view, &request, EVIDENCE, &mut trace).await?;
        let since = Instant::now();
        let evidence: Vec<Evidence> = weigh(found, &understood, &view.products, &view.info.space);
        let asked = decide::asked_facts(self, &understood, &evidence, &mut trace).await?;
        let decision = decide::decide(&understood, &evidence, &asked, &view.products);
        let written = write::write(&decision, &understood, &evidence, &asked, &view.products);
        trace.stage("compose", since);
        let answer = Answer {
            state: written.state,
            text: written.text,
            language: understood.language.clone(),
            intent: understood.intent().as_str().to_owned(),
            product: written.product,
            facts: written.facts,
            citations: written.citations,
            suggestions: written.suggestions,
            generation: view.info.generation,
            revision: view.info.revision,
            degraded,
        };
        tracing::debug!(state = answer.state.as_str(), decision = decision.name(), "answered");
        let cited = cited(&evidence, &answer);
        let said = Conversation::said(&understood, &question.text, answer.product.clone(), cited);
        let used_conversation = understood.used_conversation;
        Ok(Answered { answer, trace, used_conversation, has_customer_facts, said })
    }

    /// Understands a question and says what to look for.
    pub(crate) fn prepare(
        &self,
        question: &Question,
        conversation: &Conversation,
        view: &View,
        trace: &mut Trace,
    ) -> (Understood, Request) {
        let since = Instant::now();
        let understood = understand(question, conversation, view, &self.settings);
        let (naming, words) =
            understood.all_words.iter().cloned().partition(|word| understood.naming.contains(word));
        let valid_on = question.filter.valid_on.or(Some(self.settings.today));
        let request = Request {
            text: understood.search_text.clone(),
            language: understood.language.clone(),
            words,
            naming,
            related: understood.related(),
            parts: understood.parts(),
            numbers: understood.numbers.clone(),
            filter: Filter { valid_on, ..question.filter.clone() },
            about: understood.about(),
        };
        trace.stage("understand", since);
        (understood, request)
    }
}

/// The chunks that an answer cites, in order.
fn cited(evidence: &[Evidence], answer: &Answer) -> Vec<ChunkId> {
    let is_cited = |one: &&Evidence| {
        let hit = &one.found.hit;
        answer
            .citations
            .iter()
            .any(|citation| citation.document_id == hit.document_id && citation.page == hit.page)
    };
    evidence.iter().filter(is_cited).map(|one| one.found.hit.chunk_id.clone()).collect()
}

impl Decision {
    /// For logs.
    fn name(&self) -> &'static str {
        match self {
            Self::Answer { .. } => State::Answered.as_str(),
            Self::Compare { .. } => "compare",
            Self::Clarify { .. } => State::Clarify.as_str(),
            Self::HandOver { .. } => State::Handoff.as_str(),
        }
    }
}
