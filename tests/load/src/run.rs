//! A run: questions at a constant rate, for so long.

use std::cell::RefCell;
use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::rc::Rc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::Context;
use bytes::Bytes;
use hyper::{Method, StatusCode};
use serde_json::json;
use tokio::task::JoinSet;

use crate::arguments::Manner;
use crate::client::{Call, Client};
use crate::figures::Counts;
use crate::judge::{Verdict, judge};
use crate::outcome::{Came, Failure, Outcome};
use crate::pace;
use crate::people::Agents;
use crate::plan::{Ask, Plan, Style};
use crate::questions::Question;
use crate::report::Report;
use crate::tickets::Tickets;
use crate::wire::{Answer, problem_code};

/// What all requests share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) client: Client,
    pub(crate) questions: Vec<Question>,
    pub(crate) agents: Agents,
    pub(crate) manner: Manner,
    /// Begins the ids of requests and sessions; no two programs share it.
    pub(crate) name: String,
    answers: Option<RefCell<std::io::BufWriter<std::fs::File>>>,
}

/// A load that can be run.
#[derive(Debug, Clone)]
pub struct Load {
    shared: Rc<Shared>,
    runs: Rc<std::cell::Cell<u64>>,
}

impl Load {
    /// Questions, who asks them, and how.
    pub fn new(questions: Vec<Question>, agents: Agents, manner: Manner) -> anyhow::Result<Self> {
        let client = Client::new(&manner.base, manner.timeout(), manner.again)?;
        let create = |path: &std::path::PathBuf| {
            let file = std::fs::File::create(path);
            file.with_context(|| format!("can't write `{}`", path.display()))
        };
        let answers = manner.answers.as_ref().map(create).transpose()?;
        let answers = answers.map(|file| RefCell::new(std::io::BufWriter::new(file)));
        let name = format!("l{:x}.{}", unix_seconds() as u64, std::process::id());
        let shared = Rc::new(Shared { client, questions, agents, manner, name, answers });
        Ok(Self { shared, runs: Rc::default() })
    }

    /// The plan of the next run; its sessions are new ones.
    fn plan(&self, rate: f64) -> anyhow::Result<Plan<'_>> {
        let shared = &self.shared;
        self.runs.set(self.runs.get() + 1);
        let style = Style {
            repeat: shared.manner.repeat,
            length: shared.manner.conversation,
            at_once: (rate * shared.manner.think_seconds).ceil() as usize,
            distinct: shared.manner.distinct,
            name: format!("{}.{}", shared.name, self.runs.get()),
            seed: shared.manner.seed,
        };
        Plan::new(&shared.questions, &shared.agents, style)
    }
}

fn unix_seconds() -> f64 {
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64()
}

/// One run, while it goes on.
#[derive(Debug)]
struct Running {
    shared: Rc<Shared>,
    start: Instant,
    began: f64,
    warm_up: Duration,
    number: u64,
    counts: RefCell<Counts>,
    /// Sessions in which something was not answered wholly: what follows may lack what was said there.
    interrupted: RefCell<HashSet<Rc<str>>>,
    /// Requests under way, by session.
    under_way: RefCell<HashMap<Rc<str>, usize>>,
}

/// Asks so many questions a second for so many seconds, after the warm-up, and measures.
pub async fn run(load: &Load, rate: f64, seconds: u64) -> anyhow::Result<Report> {
    anyhow::ensure!(rate > 0.0 && seconds > 0, "the rate and the seconds must be above 0");
    let shared = &load.shared;
    let mut plan = load.plan(rate)?;
    let tickets = match shared.manner.ticket_rate > 0.0 {
        true => Some(Tickets::found(shared).await?),
        false => None,
    };
    let warm_up = Duration::from_secs(shared.manner.warm_up);
    let lasting = warm_up + Duration::from_secs(seconds);
    let running = Rc::new(Running {
        shared: Rc::clone(shared),
        start: Instant::now(),
        began: unix_seconds(),
        warm_up,
        number: load.runs.get(),
        counts: RefCell::default(),
        interrupted: RefCell::default(),
        under_way: RefCell::default(),
    });
    let changing = tickets.clone().map(|tickets| {
        tokio::task::spawn_local(tickets.change(Rc::clone(shared), shared.manner.ticket_rate, lasting))
    });
    ask_all(&running, &mut plan, rate, (rate * lasting.as_secs_f64()).round() as u64).await;
    if let Some(changing) = changing {
        changing.await.context("changing tickets ended")?;
    }
    if let Some(answers) = &shared.answers {
        answers.borrow_mut().flush().context("the answers can't be written")?;
    }
    let counts = running.counts.take();
    let began = running.began + warm_up.as_secs_f64();
    Ok(Report::new(counts, rate, seconds, began, warm_up, tickets.map(|tickets| tickets.counted())))
}

async fn ask_all(running: &Rc<Running>, plan: &mut Plan<'_>, rate: f64, requests: u64) {
    let mut told = pace::keep(running.start, rate, requests);
    let mut under_way = JoinSet::new();
    while let Some(number) = told.recv().await {
        let ask = plan.next();
        let due = pace::due(number, rate);
        while under_way.try_join_next().is_some() {}
        if under_way.len() < running.shared.manner.in_flight {
            under_way.spawn_local(ask_one(Rc::clone(running), ask, number, due));
        } else {
            let came = Came::Failed(Failure::NotSent);
            running.over(&ask, running.outcome(number, due, Duration::ZERO, came));
        }
    }
    under_way.join_all().await;
}

async fn ask_one(running: Rc<Running>, mut ask: Ask, number: u64, due: Duration) {
    ask.is_judged = ask.is_judged && running.has_context(&ask);
    *running.under_way.borrow_mut().entry(Rc::clone(&ask.session)).or_default() += 1;
    let late = running.start.elapsed().saturating_sub(due);
    let request_id = running.request_id(number);
    let call = Call {
        method: Method::POST,
        path: "/support/rag-answer",
        token: running.token(&ask),
        request_id: &request_id,
        body: running.body(&ask),
    };
    let reply = running.shared.client.send(&call).await;
    let latency = running.start.elapsed().saturating_sub(due);
    running.came_back(&ask.session);
    let was_sent_again = reply.as_ref().is_ok_and(|reply| reply.was_sent_again);
    let came = match reply {
        Ok(reply) => running.understood(&ask, &request_id, reply.status, &reply.body),
        Err(failure) => Came::Failed(failure),
    };
    let outcome = running.outcome(number, due, late, came);
    running.over(&ask, Outcome { latency, was_sent_again, ..outcome });
}

impl Running {
    fn request_id(&self, number: u64) -> String {
        format!("{}.{}-q{number}", self.shared.name, self.number)
    }

    fn question(&self, ask: &Ask) -> &Question {
        &self.shared.questions[ask.question]
    }

    fn token(&self, ask: &Ask) -> Option<&str> {
        ask.agent.and_then(|place| self.shared.agents.at(place)).map(|agent| agent.token.as_str())
    }

    fn body(&self, ask: &Ask) -> Bytes {
        let question = self.question(ask);
        let mut body = json!({ "session_id": &*ask.session, "question": &*ask.words });
        if let Some(customer) = &question.customer_id {
            body["customer_id"] = customer.as_str().into();
        }
        if let Some(language) = &question.language {
            body["language"] = language.as_str().into();
        }
        Bytes::from(body.to_string())
    }

    fn understood(&self, ask: &Ask, request_id: &str, status: StatusCode, body: &[u8]) -> Came {
        if status != StatusCode::OK {
            return Came::Refused(status.as_u16(), problem_code(body));
        }
        match Answer::read(body, request_id, &ask.session) {
            Err(wrong) => Came::Malformed(wrong),
            Ok(answer) => {
                let is_judged = self.shared.manner.check && ask.is_judged;
                let verdict = if is_judged { judge(self.question(ask), &answer) } else { Verdict::Unjudged };
                Came::Answer(Box::new(answer), verdict)
            }
        }
    }

    fn outcome(&self, number: u64, due: Duration, late: Duration, came: Came) -> Outcome {
        let request_id = self.request_id(number);
        let (latency, was_sent_again) = (late, false);
        Outcome { due, late, latency, request_id, was_sent_again, came }
    }

    /// Whether what was asked before in this conversation has been answered wholly, where the question rests on that.
    fn has_context(&self, ask: &Ask) -> bool {
        let is_open = self.under_way.borrow().contains_key(&ask.session)
            || self.interrupted.borrow().contains(&ask.session);
        self.question(ask).after.is_empty() || !is_open
    }

    fn came_back(&self, session: &Rc<str>) {
        let mut under_way = self.under_way.borrow_mut();
        match under_way.get_mut(session) {
            Some(number) if *number > 1 => *number -= 1,
            _ => drop(under_way.remove(session)),
        }
    }

    /// Counts a request that is over, unless it only warmed up.
    fn over(&self, ask: &Ask, outcome: Outcome) {
        self.note(ask, &outcome);
        if !outcome.is_whole() {
            self.interrupted.borrow_mut().insert(Rc::clone(&ask.session));
        }
        if let Some(since) = outcome.due.checked_sub(self.warm_up) {
            let mut counts = self.counts.borrow_mut();
            counts.record(&outcome, self.question(ask), since);
            counts.timeline.record(&outcome);
        }
    }

    fn note(&self, ask: &Ask, outcome: &Outcome) {
        let Some(answers) = &self.shared.answers else { return };
        let question = self.question(ask);
        let agent = ask.agent.and_then(|place| self.shared.agents.at(place));
        let mut line = json!({
            "at": self.began + outcome.due.as_secs_f64(), "latency_ms": crate::stages::milliseconds(outcome.latency),
            "request_id": outcome.request_id, "session_id": &*ask.session, "status": outcome.status(),
            "agent_id": agent.map(|agent| agent.agent_id.as_str()), "customer_id": question.customer_id,
            "question_id": question.id, "question": &*ask.words, "sent_again": outcome.was_sent_again,
        });
        if let Came::Answer(answer, verdict) = &outcome.came {
            let kinds: Vec<_> = answer.facts.iter().filter_map(|fact| fact.get("kind")).collect();
            line["state"] = answer.state.as_str().into();
            line["answer"] = answer.answer.as_str().into();
            line["cached"] = answer.cached.into();
            line["degraded"] = answer.degraded.clone().into();
            line["facts"] = json!(kinds);
            line["timings_ms"] = json!(answer.timings_ms);
            line["operations"] = json!(answer.operations);
            line["verdict"] = json!(verdict);
        }
        // A full disk shows at the end, when the file is flushed.
        let _ = writeln!(answers.borrow_mut(), "{line}");
    }
}
