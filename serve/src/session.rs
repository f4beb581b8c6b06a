//! The keys of volatile state, what a conversation remembers, and when a cached answer may be used again.

use auskunft_answer::{Conversation, Standing};
use auskunft_model::{Answer, CustomerId, Digest, Language, ProductId, Question};
use auskunft_store::volatile::Opening;
use auskunft_text::normal::question_key;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::access::Caller;
use crate::check::Asked;

/// Under which name guests are counted.
const GUEST: &str = "guest";

/// The form of what is written; another form counts as absent.
const FORM: u32 = 2;

/// The keys of one request. Braces keep a session and its answers together on a cluster.
///
/// A conversation belongs to the agent and the customer that it is held with: the key names both, so that the same session id
/// from another agent, or for another customer, is another conversation, and neither can see or end the other. Identifiers have
/// no colon.
pub(crate) fn keys(
    asked: &Asked,
    caller: &Caller,
    standing: &Standing,
    shop_version: i64,
    now: DateTime<Utc>,
) -> Opening {
    let session = &asked.session;
    let agent = caller.signed_in.as_ref().map(|signed_in| signed_in.agent.id.as_str());
    let customer = asked.customer.as_ref().filter(|_| agent.is_some()).map_or("", CustomerId::as_str);
    let owner = agent.map_or_else(String::new, |agent| format!(":{agent}:{customer}"));
    let hash = answer_hash(
        &asked.question,
        &owner,
        caller,
        &[standing.generation.to_string(), standing.revision.to_string(), shop_version.to_string()],
    );
    Opening {
        rate_key: format!("ratelimit:{}:{}", agent.unwrap_or(GUEST), now.format("%Y-%m-%dT%H:%M")),
        session_key: format!("session:{{{session}}}{owner}"),
        answer_key: format!("ragcache:{{{session}}}:{hash}"),
    }
}

/// The key of a revoked token.
pub(crate) fn revoked_key(token_id: &str) -> String {
    format!("revoked:{token_id}")
}

/// Names everything outside the conversation that the answer depends on: the question, whose it is, what that agent may see
/// now, and the state of what is read.
fn answer_hash(question: &Question, owner: &str, caller: &Caller, versions: &[String; 3]) -> Digest {
    let language = question.language.as_ref().map_or("", Language::as_str);
    let product = question.product_id.as_ref().map_or("", ProductId::as_str);
    let day = question.filter.valid_on.map(|day| day.to_string()).unwrap_or_default();
    let [generation, revision, shop] = versions;
    let (text, permissions) = (question_key(&question.text), caller.permissions());
    let parts = [&text, language, product, &day, owner, &permissions, generation, revision, shop];
    Digest::of_parts(parts.map(str::as_bytes))
}

/// What a session remembers of its questions.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub(crate) struct Memory {
    v: u32,
    conversation: Conversation,
}

impl Memory {
    /// What was stored; nothing when it is of another form.
    pub(crate) fn read(stored: Option<Value>) -> Self {
        let memory: Option<Self> = stored.and_then(|value| serde_json::from_value(value).ok());
        memory
            .filter(|memory| memory.v == FORM)
            .unwrap_or_else(|| Self { v: FORM, conversation: Conversation::default() })
    }

    /// What the desk is told.
    pub(crate) fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// What is remembered after an answer that left this behind.
    pub(crate) fn after(&self, said: &Conversation) -> Self {
        Self { v: FORM, conversation: self.conversation.followed_by(said) }
    }
}

/// A cached answer with what it leaves behind in the conversation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Kept {
    v: u32,
    said: Conversation,
    answer: Answer,
}

impl Kept {
    /// An answer that the question alone led to: nothing of a conversation could change it.
    pub(crate) fn new(said: &Conversation, answer: &Answer) -> Self {
        Self { v: FORM, said: said.clone(), answer: answer.clone() }
    }

    /// The cached answer and what it leaves behind; nothing when it is of another form.
    pub(crate) fn read(stored: Option<Value>) -> Option<(Answer, Conversation)> {
        let kept: Self = serde_json::from_value(stored?).ok()?;
        (kept.v == FORM).then_some((kept.answer, kept.said))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auskunft_model::{Filter, Generation, Revision, State};

    fn asked(text: &str) -> Asked {
        let question =
            Question { text: text.to_owned(), language: None, product_id: None, filter: Filter::default() };
        let customer = CustomerId::parse("C-1").ok();
        Asked { session: "s-1".to_owned(), customer, question }
    }

    fn standing(revision: i64) -> Standing {
        Standing {
            generation: Generation(1),
            revision: Revision(revision),
            lexical_revision: Revision(revision),
            chunks: 1,
            products: 1,
            lexical_in_memory: false,
        }
    }

    fn answer(product: Option<&str>) -> Answer {
        Answer {
            state: State::Answered,
            text: String::new(),
            language: Language::german(),
            intent: "technical".to_owned(),
            product: product.map(|id| ProductId::parse(id).unwrap()),
            facts: Vec::new(),
            citations: Vec::new(),
            suggestions: Vec::new(),
            generation: Generation(1),
            revision: Revision(1),
            degraded: Vec::new(),
        }
    }

    #[test]
    fn keys_have_their_public_form_and_follow_what_the_answer_depends_on() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let keys_of =
            |text: &str, revision| keys(&asked(text), &Caller::guest(), &standing(revision), 7, now);
        let first = keys_of("Wie groß?", 1);
        assert_eq!(first.rate_key, "ratelimit:guest:1970-01-01T00:00");
        assert_eq!(first.session_key, "session:{s-1}");
        assert!(first.answer_key.starts_with("ragcache:{s-1}:"));
        assert_eq!(first.answer_key, keys_of(" wie  GROSS ", 1).answer_key);
        assert_ne!(first.answer_key, keys_of("Wie groß?", 2).answer_key);
        let mut other = asked("Wie groß?");
        other.question.language = Some(Language::english());
        assert_ne!(first.answer_key, keys(&other, &Caller::guest(), &standing(1), 7, now).answer_key);
    }

    #[test]
    fn keys_name_the_agent_the_customer_and_what_the_agent_may_see() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        let keys_of = |caller: &Caller| keys(&asked("Wie groß?"), caller, &standing(1), 7, now);
        let agent = keys_of(&Caller::agent("A-01", "agent", &["EU"]));
        assert_eq!(agent.rate_key, "ratelimit:A-01:1970-01-01T00:00");
        assert_eq!(agent.session_key, "session:{s-1}:A-01:C-1");
        assert!(agent.answer_key.starts_with("ragcache:{s-1}:"));
        let newer = keys(&asked("Wie groß?"), &Caller::agent("A-01", "agent", &["EU"]), &standing(1), 8, now);
        assert_ne!(newer.answer_key, agent.answer_key, "the shop's data has changed");
        for other in [
            Caller::guest(),
            Caller::agent("A-02", "agent", &["EU"]),
            Caller::agent("A-01", "lead", &["EU"]),
            Caller::agent("A-01", "agent", &["EU", "US"]),
        ] {
            assert_ne!(keys_of(&other).answer_key, agent.answer_key, "{other:?}");
        }
    }

    fn said(product: Option<&str>) -> Conversation {
        let product_id = product.map(|id| ProductId::parse(id).unwrap());
        Conversation { product_id, ..Conversation::default() }
    }

    #[test]
    fn a_session_remembers_the_last_product_that_was_spoken_of() {
        let start = Memory::read(None);
        let named = start.after(&said(Some("KM-1")));
        let later = named.after(&said(None));
        assert_eq!(later.conversation().product_id, Some(ProductId::parse("KM-1").unwrap()));
        let stored = serde_json::to_value(&later).unwrap();
        assert_eq!(Memory::read(Some(stored)), later);
        assert_eq!(Memory::read(Some(Value::from(3))), start);
    }

    #[test]
    fn a_cached_answer_leaves_behind_what_it_left_when_it_was_given() {
        let stored = serde_json::to_value(Kept::new(&said(Some("KM-1")), &answer(Some("KM-1")))).unwrap();
        let (kept, left) = Kept::read(Some(stored)).unwrap();
        assert_eq!((kept, left), (answer(Some("KM-1")), said(Some("KM-1"))));
        assert_eq!(Kept::read(Some(Value::from(3))), None);
    }
}
