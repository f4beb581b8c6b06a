//! Changes of tickets, beside the questions.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use anyhow::ensure;
use bytes::Bytes;
use hyper::{Method, StatusCode};
use serde::Deserialize;
use serde_json::json;
use tokio::task::JoinSet;

use crate::client::Call;
use crate::outcome::Failure;
use crate::pace;
use crate::run::Shared;
use crate::stages::Spread;

/// Agents whose tickets are looked for.
const AGENTS: usize = 40;
/// States that a ticket goes through, over and over.
const STATES: [&str; 3] = ["open", "in_progress", "waiting"];

/// A ticket that can be changed.
#[derive(Debug, Clone, Deserialize)]
struct Ticket {
    id: String,
    version: i64,
    #[serde(skip)]
    agent: usize,
    /// Whether a change of it is under way.
    #[serde(skip)]
    is_busy: bool,
}

#[derive(Debug, Deserialize)]
struct Page {
    tickets: Vec<Ticket>,
}

/// What came of the changes.
#[derive(Debug, Default)]
pub(crate) struct Changes {
    pub(crate) by_status: BTreeMap<String, u64>,
    pub(crate) latency: Spread,
}

/// Tickets, and what came of changing them.
#[derive(Debug, Clone)]
pub(crate) struct Tickets {
    all: Rc<RefCell<Vec<Ticket>>>,
    changes: Rc<RefCell<Changes>>,
}

impl Tickets {
    /// Tickets that some agents may see.
    pub(crate) async fn found(shared: &Shared) -> anyhow::Result<Self> {
        let mut all: BTreeMap<String, Ticket> = BTreeMap::new();
        for agent in 0..shared.agents.count().min(AGENTS) {
            let body = get(shared, agent, "/support/tickets?limit=20").await;
            let page = body.and_then(|body| serde_json::from_slice::<Page>(&body).ok());
            for ticket in page.into_iter().flat_map(|page| page.tickets) {
                all.insert(ticket.id.clone(), Ticket { agent, ..ticket });
            }
        }
        ensure!(!all.is_empty(), "no agent has a ticket to change; --ticket-rate 0 changes none");
        let all = Rc::new(RefCell::new(all.into_values().collect()));
        Ok(Self { all, changes: Rc::default() })
    }

    /// Changes tickets at a constant rate for so long.
    pub(crate) async fn change(self, shared: Rc<Shared>, rate: f64, lasting: Duration) {
        let start = Instant::now();
        let mut told = pace::keep(start, rate, (rate * lasting.as_secs_f64()) as u64);
        let mut under_way = JoinSet::new();
        while let Some(number) = told.recv().await {
            let due = start + pace::due(number, rate);
            under_way.spawn_local(self.clone().change_one(Rc::clone(&shared), number, due));
            while under_way.try_join_next().is_some() {}
        }
        under_way.join_all().await;
    }

    async fn change_one(self, shared: Rc<Shared>, number: u64, due: Instant) {
        let Some((place, ticket)) = self.take(number) else { return self.count("all_busy") };
        let state = STATES[ticket.version.unsigned_abs() as usize % STATES.len()];
        let body = json!({ "version": ticket.version, "status": state, "note": format!("Stand {number}") });
        let path = format!("/support/tickets/{}", ticket.id);
        let call = Call {
            method: Method::PATCH,
            path: &path,
            token: shared.agents.at(ticket.agent).map(|agent| agent.token.as_str()),
            request_id: &format!("{}-t{number}", shared.name),
            body: Bytes::from(body.to_string()),
        };
        let reply = shared.client.send(&call).await;
        let mut version = ticket.version;
        match reply {
            Ok(reply) if reply.status == StatusCode::OK => {
                self.changes.borrow_mut().latency.record(due.elapsed());
                self.count("200");
                version = version_in(&reply.body).unwrap_or(version + 1);
            }
            Ok(reply) => {
                self.count(reply.status.as_str());
                version = self.read_again(&shared, &ticket).await.unwrap_or(version);
            }
            Err(failure) => {
                self.count(Failure::name(failure));
                version = self.read_again(&shared, &ticket).await.unwrap_or(version);
            }
        }
        self.give_back(place, version);
    }

    /// Somebody else changed it, or nobody knows whether it was changed.
    async fn read_again(&self, shared: &Shared, ticket: &Ticket) -> Option<i64> {
        version_in(&get(shared, ticket.agent, &format!("/support/tickets/{}", ticket.id)).await?)
    }

    fn take(&self, number: u64) -> Option<(usize, Ticket)> {
        let mut all = self.all.borrow_mut();
        let count = all.len();
        let first = usize::try_from(number).unwrap_or_default();
        let place = (0..count).map(|step| (first + step) % count).find(|place| !all[*place].is_busy)?;
        all[place].is_busy = true;
        Some((place, all[place].clone()))
    }

    fn give_back(&self, place: usize, version: i64) {
        if let Some(ticket) = self.all.borrow_mut().get_mut(place) {
            (ticket.version, ticket.is_busy) = (version, false);
        }
    }

    fn count(&self, status: &str) {
        *self.changes.borrow_mut().by_status.entry(status.to_owned()).or_default() += 1;
    }

    /// What came of the changes so far; counting begins anew.
    pub(crate) fn counted(&self) -> Changes {
        self.changes.take()
    }
}

fn version_in(body: &[u8]) -> Option<i64> {
    serde_json::from_slice::<Ticket>(body).ok().map(|ticket| ticket.version)
}

async fn get(shared: &Shared, agent: usize, path: &str) -> Option<Bytes> {
    let call = Call {
        method: Method::GET,
        path,
        token: shared.agents.at(agent).map(|agent| agent.token.as_str()),
        request_id: &format!("{}-look", shared.name),
        body: Bytes::new(),
    };
    let reply = shared.client.send(&call).await.ok()?;
    (reply.status == StatusCode::OK).then_some(reply.body)
}
