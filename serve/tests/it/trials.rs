//! Random agents and guests ask about random customers, name whatever there is, ask again, go on, look at conversations, and use one
//! another's sessions and keys, while roles and regions change: whatever the service says (in one piece, as events, out of its cache, a
//! second time, as history) or logs is judged by the shop's own rows, and what is quoted by the regions that the policies state.
//!
//! `AUSKUNFT_TRIALS` sets how many (400), `AUSKUNFT_TRIALS_SEED` which ones. With `AUSKUNFT_TRIALS_CATALOG` (a catalog with
//! `shop/*.csv`) and `AUSKUNFT_TRIALS_DATA` (the data folder that `ingest` made of it) another shop than the small one is asked; with
//! `AUSKUNFT_TRIALS_SERVERS=1` in place of the folder the one that `ingest` wrote to the servers of `make servers`. See docs/audit.md.

mod audited;
mod books;
mod draw;
mod judge;
mod log;
mod rights;
mod told;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;
use std::time::Duration;

use axum::body::Body;
use axum::http::Request;
use serde_json::{Value, json};

use crate::people::token_of;
use crate::shop::{Reply, Service};
use audited::Audit;
use books::Books;
use draw::{Ask, Draw, Step, Trial};
use judge::{Conversation, Judge, Rests, Typed, ensure};
use log::Log;
use told::Told;

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
/// Rows of a page: as many as there may be.
const LIMIT: usize = 100;

/// What was seen, for one who asks whether the trials tried anything.
type Counts = BTreeMap<&'static str, usize>;

struct Trials {
    service: Service,
    judge: Judge,
    log: Log,
    audit: Audit,
    typed: HashMap<Conversation, Typed>,
    /// Conversations in which something was answered.
    chats: HashSet<Conversation>,
    /// What each answer of a conversation rests on, by its words; where several rest on different things, the last one.
    said: HashMap<(Conversation, String), Rests>,
    counts: Counts,
}

impl Trials {
    async fn begin(variable: &impl Fn(&'static str) -> Option<String>) -> Self {
        let (mut service, judge) = shop_that_is_asked(variable).await;
        // What is judged holds now, and not 5 seconds later.
        service.state.access = service.state.access.clone().believing_for(Duration::ZERO);
        for (agent, rights) in &judge.rights {
            write_rights(&service, rights.statements(agent)).await;
        }
        let audit = Audit::from_now_on(&service).await;
        let (typed, chats, said) = (HashMap::new(), HashSet::new(), HashMap::new());
        Self { service, judge, log: Log::default(), audit, typed, chats, said, counts: Counts::new() }
    }

    fn count(&mut self, what: &'static str, times: usize) {
        *self.counts.entry(what).or_default() += times;
    }

    async fn run(&mut self, trial: &Trial) -> Result<(), String> {
        if let Some((agent, rights)) = &trial.change {
            write_rights(&self.service, rights.statements(agent)).await;
            self.judge.rights.insert(agent.clone(), rights.clone());
            self.count("changed", 1);
        }
        match &trial.step {
            Step::Ask(ask) => self.ask(ask).await,
            Step::List(agent) => self.list(agent).await,
            Step::Show(agent, conversation) => self.show(agent, conversation).await,
        }
    }

    async fn ask(&mut self, ask: &Ask) -> Result<(), String> {
        let told = Told::of(&send(&self.service, ask).await);
        self.logged(&ask.question)?;
        let conversation = ask.conversation();
        let typed = self.typed.entry(conversation.clone()).or_default();
        if ask.question.contains(&ask.number) {
            typed.words.insert(ask.number.clone());
        }
        typed.questions.push(ask.question.clone());
        let who = (ask.agent.as_deref(), ask.customer.as_str());
        let seen = self.judge.reply(who, &told, typed)?;
        let is_allowed = ask.agent.as_ref().is_none_or(|agent| self.judge.rights[agent].is_active);
        let is_reused = told.status == 422 && ask.key.is_some();
        let expected = if is_allowed { 200 } else { 401 };
        ensure(told.status == expected || is_allowed && is_reused, || {
            format!("status {}: {}", told.status, told.text)
        })?;
        let audited = self.audit.of_question(&self.service, ask, &told, (&self.judge, seen.holds)).await?;
        if told.status == 200 {
            let rests = Rests { kinds: told.kinds(), sources: told.sources() };
            self.said.insert((conversation.clone(), told.answer.clone()), rests);
            self.chats.insert(conversation);
        }
        for (what, is_so) in [
            ("asked", true),
            ("asked by guests", ask.agent.is_none()),
            ("refused", !is_allowed),
            ("key of another question", is_reused),
            ("streamed", ask.streams && is_allowed),
            ("cached", told.cached),
            ("replayed", told.replayed),
            ("told of a customer", seen.holds),
            ("told of a customer, replayed", seen.holds && told.replayed),
            ("told of a customer, streamed", seen.holds && ask.streams),
        ] {
            self.count(what, usize::from(is_so));
        }
        self.count("bound to a region", seen.bound);
        self.count("looks in the audit", audited.shown);
        self.count("denials in the audit", audited.denied);
        Ok(())
    }

    async fn list(&mut self, agent: &str) -> Result<(), String> {
        let path = format!("/support/sessions?limit={LIMIT}");
        let told = Told::of(&self.service.call("GET", &path, Some(&token_of(agent)), None).await);
        self.logged("")?;
        let listed = told.body["sessions"].as_array().cloned().unwrap_or_default();
        let is_active = self.judge.rights[agent].is_active;
        ensure(told.status == if is_active { 200 } else { 401 }, || told.text.clone())?;
        self.judge.reply((Some(agent), ""), &told, &Typed::default())?;
        let text = |row: &Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
        let mut customers = HashSet::new();
        for row in &listed {
            let conversation = (agent.to_owned(), text(row, "session_id"), text(row, "customer_id"));
            let is_own = self.chats.contains(&conversation) || !conversation.1.starts_with(&draw::sessions());
            ensure(is_own, || format!("{conversation:?} is not the agent's"))?;
            ensure(self.judge.may_see(Some(agent), &conversation.2), || {
                format!("{conversation:?} is listed")
            })?;
            customers.insert(conversation.2);
        }
        self.audit.of_list(&self.service, agent, &told, (&self.judge, &customers)).await?;
        self.count("listed", listed.len());
        Ok(())
    }

    async fn show(&mut self, agent: &str, conversation: &Conversation) -> Result<(), String> {
        let (owner, session, customer) = conversation;
        let mut path = format!("/support/sessions/{session}?limit={LIMIT}");
        if !customer.is_empty() {
            path.push_str(&format!("&customer_id={customer}"));
        }
        let told = Told::of(&self.service.call("GET", &path, Some(&token_of(agent)), None).await);
        self.logged("")?;
        // The same name of a session and customer may be of a conversation of this agent's, too.
        let own = (agent.to_owned(), session.clone(), customer.clone());
        let (nothing, may_see) = (Typed::default(), self.judge.may_see(Some(agent), customer));
        let typed = self.typed.get(&own).unwrap_or(&nothing);
        self.judge.reply((Some(agent), customer), &told, typed)?;
        let is_active = self.judge.rights[agent].is_active;
        let exists = is_active && may_see && self.chats.contains(&own);
        let expected = if exists {
            200
        } else if is_active {
            404
        } else {
            401
        };
        ensure(told.status == expected, || format!("status {}: {}", told.status, told.text))?;
        self.audit.of_look(&self.service, (agent, customer), &told, &self.judge).await?;
        let messages = told.body["messages"].as_array().cloned().unwrap_or_default();
        let (mut shown, mut withheld) = (0, 0);
        for message in messages.iter().filter(|message| message["from"] == "agent") {
            if message["withheld"] == Value::Bool(true) {
                ensure(message["text"] == "", || "a withheld answer has a text".to_owned())?;
                withheld += 1;
                continue;
            }
            // What it rested on when it was given, by the rights of now.
            let answer = message["text"].as_str().unwrap_or_default().to_owned();
            let rests = self.said.get(&(own.clone(), answer.clone()));
            let rests = rests.ok_or_else(|| format!("an answer that nobody gave: {answer}"))?;
            self.judge.rests((Some(agent), customer), rests)?;
            shown += 1;
        }
        self.count("answers shown again", shown);
        self.count("answers withheld", withheld);
        self.count("anothers conversation", usize::from(owner != agent));
        self.count("conversation refused", usize::from(told.status == 404));
        Ok(())
    }

    /// Of a request nothing of a customer stands in the log, and no question.
    fn logged(&self, question: &str) -> Result<(), String> {
        let text = self.log.take();
        let foreign = self.judge.foreign(&text, (None, None), &Typed::default());
        ensure(foreign.is_empty(), || format!("{foreign:?} is logged: {text}"))?;
        ensure(question.is_empty() || !text.contains(question), || format!("the question is logged: {text}"))
    }
}

async fn write_rights(service: &Service, statements: String) {
    service.state.stores.database.run_as_shop(sqlx::AssertSqlSafe(statements)).await.unwrap();
}

async fn send(service: &Service, ask: &Ask) -> Reply {
    let mut body = json!({ "session_id": ask.session, "question": ask.question, "stream": ask.streams });
    let mut request = Request::post("/support/rag-answer").header("content-type", "application/json");
    if let Some(agent) = &ask.agent {
        request = request.header("authorization", format!("Bearer {}", token_of(agent)));
    }
    // A guest has no customer; one is stated all the same.
    body["customer_id"] = json!(ask.customer);
    if let Some(key) = &ask.key {
        request = request.header("idempotency-key", key);
    }
    service.send(request.body(Body::from(body.to_string())).unwrap()).await
}

/// The service and what judges it, over the shop that the variables name, else the small one.
async fn shop_that_is_asked(variable: &impl Fn(&'static str) -> Option<String>) -> (Service, Judge) {
    let catalog = variable("AUSKUNFT_TRIALS_CATALOG");
    let books = |catalog: &str| Judge::new(&Books::of_catalog(Path::new(catalog)));
    match (&catalog, variable("AUSKUNFT_TRIALS_DATA"), variable("AUSKUNFT_TRIALS_SERVERS")) {
        (Some(catalog), Some(data), _) => (Service::over(Path::new(&data)).await, books(catalog)),
        (Some(catalog), None, Some(_)) => (Service::on_servers().await, books(catalog)),
        _ => (Service::open().await, Judge::new(&Books::small())),
    }
}

#[tokio::test]
async fn nobody_is_told_what_is_not_theirs_and_nothing_of_it_is_logged() {
    let variable = |name: &'static str| std::env::var(name).ok();
    let count: usize = variable("AUSKUNFT_TRIALS").map_or(400, |text| text.parse().unwrap());
    let seed: u64 = variable("AUSKUNFT_TRIALS_SEED").map_or(SEED, |text| text.parse().unwrap());
    let mut trials = Trials::begin(&variable).await;
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_writer(trials.log.clone())
        .finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let mut draw = Draw::seeded(seed);
    for number in 0..count {
        let trial = draw.trial(&trials.judge);
        if let Err(what) = trials.run(&trial).await {
            panic!("trial {number} of seed {seed}: {what}\n{trial:#?}");
        }
    }
    println!("{count} trials of seed {seed}: {:#?}", trials.counts);
    let too_few = |what: &&&str| trials.counts.get(**what).copied().unwrap_or_default() < count / 200;
    let expected = [
        "changed",
        "streamed",
        "cached",
        "replayed",
        "told of a customer",
        "bound to a region",
        "denials in the audit",
        "answers shown again",
        "answers withheld",
        "conversation refused",
        "listed",
    ];
    let missing: Vec<&&str> = expected.iter().filter(too_few).collect();
    assert!(count < 400 || missing.is_empty(), "hardly tried: {missing:?} of {:#?}", trials.counts);
    trials.service.trigger.request();
}
