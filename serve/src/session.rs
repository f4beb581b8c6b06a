//! The keys of volatile state, what a conversation remembers, and when a cached answer may be used again.

use std::collections::BTreeMap;

use auskunft_answer::{Conversation, Standing};
use auskunft_model::{Answer, CustomerId, Digest, Language, ProductId, Question};
use auskunft_store::volatile::{Opening, Session, SessionUpdate, minute};
use auskunft_text::normal::question_key;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::access::Caller;
use crate::check::Asked;

/// Who asks, in a message.
pub(crate) const CUSTOMER: &str = "customer";
/// Who answers, in a message.
pub(crate) const DESK: &str = "agent";

/// Under which name guests are counted.
const GUEST: &str = "guest";

/// The form of what is written; another form counts as absent.
const FORM: u32 = 3;

/// The most of a message that a session keeps, in bytes: ten of them stay small beside what a conversation is about.
const MESSAGE_BYTES: usize = 4_096;

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
        rate_key: format!("ratelimit:{}:{}", agent.unwrap_or(GUEST), minute(now)),
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
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Memory {
    conversation: Conversation,
}

impl Memory {
    /// What was stored; nothing when it is of another form.
    pub(crate) fn read(stored: Option<Session>) -> Self {
        let fields = stored.map(|session| session.fields).unwrap_or_default();
        if fields.get("form") != Some(&FORM.to_string()) {
            return Self::default();
        }
        let read = |(name, text): (String, String)| Some((name, serde_json::from_str(&text).ok()?));
        let fields: Map<String, Value> = fields.into_iter().filter_map(read).collect();
        Self { conversation: Conversation::of_fields(fields) }
    }

    /// What the desk is told.
    pub(crate) fn conversation(&self) -> &Conversation {
        &self.conversation
    }

    /// What is remembered after an answer.
    pub(crate) fn after(&self, said: &Conversation) -> Conversation {
        self.conversation.followed_by(said)
    }
}

/// What an answer changes in its session: whatever else is said there at the same time, nothing of either is lost.
pub(crate) fn update(asked: &Asked, caller: &Caller, said: &Conversation, answer: &Answer) -> SessionUpdate {
    let messages = [(CUSTOMER, &asked.question.text), (DESK, &answer.text)];
    SessionUpdate {
        fields: fields(said, asked, caller),
        messages: messages.map(|(from, text)| message(from, text)).into(),
        rebuilt: None,
    }
}

/// What was said, as fields of a session: with whom, and what it is about.
pub(crate) fn fields(said: &Conversation, asked: &Asked, caller: &Caller) -> BTreeMap<String, String> {
    let customer = asked.customer.as_ref().filter(|_| caller.signed_in.is_some());
    let mut fields = said.changes();
    fields.insert("form".to_owned(), FORM.into());
    fields.insert("customer".to_owned(), customer.map_or(GUEST, CustomerId::as_str).into());
    fields.into_iter().map(|(name, value)| (name, value.to_string())).collect()
}

/// A message of a session: who says it and what, cut where it is long.
pub(crate) fn message(from: &str, text: &str) -> String {
    json!({ "from": from, "text": text.get(..text.floor_char_boundary(MESSAGE_BYTES)) }).to_string()
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

    /// The answer and what it leaves behind.
    pub(crate) fn parts(&self) -> (Answer, Conversation) {
        (self.answer.clone(), self.said.clone())
    }

    /// The cached answer and what it leaves behind; nothing when it is of another form.
    pub(crate) fn read(stored: Option<Value>) -> Option<(Answer, Conversation)> {
        let kept: Self = serde_json::from_value(stored?).ok()?;
        (kept.v == FORM).then_some((kept.answer, kept.said))
    }
}

#[cfg(test)]
impl Kept {
    /// An answer that says nothing.
    pub(crate) fn sample() -> Self {
        Self::new(&Conversation::default(), &tests::answer(None))
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
        Asked { session: "s-1".to_owned(), is_continued: true, customer, question }
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

    pub(super) fn answer(product: Option<&str>) -> Answer {
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

    /// A session after these answers.
    fn stored(all: &[Conversation]) -> Session {
        let mut session = Session::default();
        for said in all {
            let text = "Wie groß? ".repeat(1_000);
            let update = update(&asked(&text), &Caller::guest(), said, &answer(None));
            session.fields.extend(update.fields);
            session.messages.extend(update.messages);
        }
        session
    }

    #[test]
    fn a_session_remembers_the_last_product_that_was_spoken_of() {
        let remembered = |session| Memory::read(Some(session)).conversation().product_id.clone();
        let session = stored(&[said(Some("KM-1")), said(None)]);
        assert_eq!(remembered(session.clone()), Some(ProductId::parse("KM-1").unwrap()));
        assert_eq!(session.fields["customer"], r#""guest""#);
        let mut older = session.clone();
        older.fields.insert("form".to_owned(), "2".to_owned());
        assert_eq!(remembered(older), None, "of another form");
        let mut broken = session;
        broken.fields.insert("product_id".to_owned(), "{".to_owned());
        assert_eq!(remembered(broken), None);
        assert_eq!(Memory::read(None), Memory::default());
    }

    #[test]
    fn the_category_is_that_of_the_last_product_or_the_one_named_since() {
        let of = |product: Option<&str>, category: Option<&str>| Conversation {
            category: category.map(str::to_owned),
            ..said(product)
        };
        let remembered =
            |all: &[Conversation]| Memory::read(Some(stored(all))).conversation().category.clone();
        let coffee = of(Some("KM-1"), Some("Kaffeemaschinen"));
        assert_eq!(remembered(&[coffee.clone(), said(None)]).as_deref(), Some("Kaffeemaschinen"));
        let named = of(None, Some("Staubsauger"));
        assert_eq!(remembered(&[coffee.clone(), named]).as_deref(), Some("Staubsauger"));
        assert_eq!(remembered(&[coffee, said(Some("X-1"))]), None, "a product without a category");
    }

    #[test]
    fn messages_say_who_speaks_and_are_cut() {
        let session = stored(&[said(None)]);
        let messages: Vec<Value> =
            session.messages.iter().map(|message| serde_json::from_str(message).unwrap()).collect();
        assert_eq!((&messages[0]["from"], &messages[1]["from"]), (&json!("customer"), &json!("agent")));
        let length = messages[0]["text"].as_str().unwrap().len();
        assert!((MESSAGE_BYTES - 3..=MESSAGE_BYTES).contains(&length), "{length}");
    }

    #[test]
    fn a_cached_answer_leaves_behind_what_it_left_when_it_was_given() {
        let stored = serde_json::to_value(Kept::new(&said(Some("KM-1")), &answer(Some("KM-1")))).unwrap();
        let (kept, left) = Kept::read(Some(stored)).unwrap();
        assert_eq!((kept, left), (answer(Some("KM-1")), said(Some("KM-1"))));
        assert_eq!(Kept::read(Some(Value::from(3))), None);
    }
}
