//! The two questions to the desk: search, and answer.

use auskunft_model::{Answer, Asker, ChunkId, Citation, Filter, ProductId, Question};

use crate::Desk;
use crate::again;
use crate::decide;
use crate::error::Result;
use crate::evidence::Evidence;
use crate::facts::{self, Tongue};
use crate::reply;
use crate::retrieve::{Request, Search, find};
use crate::rule::{self, Rule};
use crate::trace::{Stage, Trace};
use crate::understand::{Conversation, Talk, Understood, understand};
use crate::view::View;
use crate::write::{self, Written};

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
    /// The chunks that fit a question best, at most `limit` (1 to [`MOST_HITS`]), among those that the asker may see.
    pub async fn search(&self, question: &Question, asker: &Asker, limit: usize) -> Result<Search> {
        let mut trace = Trace::default();
        let view = self.view();
        let (understood, request) =
            self.prepare(question, asker, &Conversation::default(), &view, &mut trace);
        let limit = limit.clamp(1, MOST_HITS);
        let (found, degraded) = find(self, &view, (&understood, &request), limit, &mut trace).await?;
        let hits = found.into_iter().map(Evidence::into_hit).collect();
        Ok(Search { hits, generation: view.info.generation, revision: view.info.revision, trace, degraded })
    }

    /// Answers a question from the shop's data and from quotes, asks back, or hands over.
    pub async fn answer(
        &self,
        question: &Question,
        asker: &Asker,
        conversation: &Conversation,
    ) -> Result<Answered> {
        let mut trace = Trace::default();
        let view = self.view();
        let (understood, request) = self.prepare(question, asker, conversation, &view, &mut trace);
        let mut reply = match understood.talk {
            Some(talk) => self.talk(talk, &understood, asker, conversation, &view, &mut trace).await?,
            None => self.reply(&understood, &request, asker, &view, &mut trace).await?,
        };
        let cited = std::mem::take(&mut reply.cited);
        let has_customer_facts = reply.has_customer_facts;
        let answer = reply.into_answer(&understood, &view);
        tracing::debug!(state = answer.state.as_str(), intent = answer.intent, "answered");
        let category = understood.category_after(answer.product.as_ref(), &view.products, asker);
        let about = (answer.product.clone(), category);
        let said = Conversation::said(&understood, &question.text, about, cited);
        let used_conversation = understood.used_conversation;
        Ok(Answered { answer, trace, used_conversation, has_customer_facts, said })
    }

    /// The shop's data first; texts where these don't answer every part.
    async fn reply(
        &self,
        understood: &Understood,
        request: &Request,
        asker: &Asker,
        view: &View,
        trace: &mut Trace,
    ) -> Result<Reply> {
        let stage = Stage::begin("facts");
        let read = stage.of(facts::read(self, understood, asker, request.today, trace)).await?;
        let findings = facts::find(understood, &read, request.today);
        trace.end(stage);
        let mut reply = Reply { has_customer_facts: read.is_of_customer(), ..Reply::default() };
        let mut texts = None;
        if findings.iter().any(|finding| finding.as_ref().is_none_or(|found| found.looks_further)) {
            let (evidence, degraded) = find(self, view, (understood, request), EVIDENCE, trace).await?;
            reply.degraded = degraded;
            let stage = Stage::begin("compose");
            let asked = decide::asked_attributes(understood, read.products.as_ref(), &evidence);
            let decision = decide::decide(understood, &evidence, &asked, &view.products);
            let decision = decision.knowing(&reply.degraded);
            let written = write::write(&decision, understood, &evidence, &asked, &view.products);
            trace.end(stage);
            reply.cited = cited(&evidence, &written.citations);
            texts = Some(written);
        }
        reply.written = reply::join(&findings, texts, Tongue::of(&understood.language), &view.products);
        let rules: Vec<Rule> = findings.into_iter().flatten().flat_map(|finding| finding.rules).collect();
        let stage = Stage::begin("rules");
        let agent = asker.agent.as_ref();
        let missing = stage.of(rule::quote(self, view, &rules, agent, &mut reply.written, trace)).await;
        reply.degraded.extend(missing.map(str::to_owned));
        trace.end(stage);
        Ok(reply)
    }

    /// Small talk, or the last answer once more.
    async fn talk(
        &self,
        talk: Talk,
        understood: &Understood,
        asker: &Asker,
        conversation: &Conversation,
        view: &View,
        trace: &mut Trace,
    ) -> Result<Reply> {
        let tongue = Tongue::of(&understood.language);
        if let Some(written) = again::small_talk(talk, tongue) {
            return Ok(Reply { written, ..Reply::default() });
        }
        if !conversation.evidence.is_empty() {
            let mut degraded = Vec::new();
            let told = (&mut *trace, &mut degraded);
            let found = again::evidence(self, view, &conversation.evidence, asker, told).await?;
            if let Some(written) = again::said_otherwise(&found, conversation.product_id.clone()) {
                let cited = conversation.evidence.clone();
                return Ok(Reply { written, cited, degraded, ..Reply::default() });
            }
        }
        // Facts are read anew: who may see them is judged anew, too.
        let Some(text) = &conversation.question else {
            return Ok(Reply { written: again::nothing_said(tongue), ..Reply::default() });
        };
        let question = Question {
            text: text.clone(),
            language: Some(understood.language.clone()),
            product_id: None,
            filter: Filter::default(),
        };
        let (understood, request) = self.prepare(&question, asker, conversation, view, trace);
        if understood.talk.is_some() {
            return Ok(Reply { written: again::nothing_said(tongue), ..Reply::default() });
        }
        self.reply(&understood, &request, asker, view, trace).await
    }

    /// Understands a question and says what to look for. Products of regions that the asker does not see are as unknown as those that there
    /// are not.
    pub(crate) fn prepare(
        &self,
        question: &Question,
        asker: &Asker,
        conversation: &Conversation,
        view: &View,
        trace: &mut Trace,
    ) -> (Understood, Request) {
        let stage = Stage::begin("understand");
        let mut understood = understand(question, conversation, view, &self.settings);
        let is_seen = |product: &ProductId| view.products.is_seen(product, asker);
        understood.mention.keep(is_seen);
        understood.parts.iter_mut().for_each(|part| part.mention.keep(is_seen));
        understood.stay_within(conversation, &view.products);
        let (naming, words) =
            understood.all_words.iter().cloned().partition(|word| understood.naming.contains(word));
        let today = question.filter.valid_on.unwrap_or_else(|| self.today());
        let request = Request {
            text: understood.search_text.clone(),
            language: understood.language.clone(),
            words,
            naming,
            related: understood.related(),
            parts: understood.parts(),
            numbers: understood.numbers.clone(),
            filter: Filter { valid_on: Some(today), ..question.filter.clone() },
            today,
            about: understood.about(),
            category: understood.category.clone(),
            asker: asker.clone(),
        };
        trace.end(stage);
        (understood, request)
    }
}

/// An answer before it gets its frame.
#[derive(Debug, Default)]
struct Reply {
    written: Written,
    /// Chunks that it rests on.
    cited: Vec<ChunkId>,
    degraded: Vec<String>,
    has_customer_facts: bool,
}

impl Reply {
    fn into_answer(self, understood: &Understood, view: &View) -> Answer {
        let Written { state, text, product, facts, citations, suggestions } = self.written;
        Answer {
            state,
            text,
            language: understood.language.clone(),
            intent: understood.intent().as_str().to_owned(),
            product,
            facts,
            citations,
            suggestions,
            generation: view.info.generation,
            revision: view.info.revision,
            degraded: self.degraded,
        }
    }
}

/// The chunks that citations are taken from, in the order of the evidence.
fn cited(evidence: &[Evidence], citations: &[Citation]) -> Vec<ChunkId> {
    let is_cited = |one: &&Evidence| {
        let hit = &one.found.hit;
        let is_of = |citation: &Citation| {
            citation.document_id == hit.document_id && hit.text.contains(&citation.quote)
        };
        citations.iter().any(is_of)
    };
    evidence.iter().filter(is_cited).map(|one| one.found.hit.chunk_id.clone()).collect()
}
