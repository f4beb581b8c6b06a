//! Every look at a customer's data leaves its row, and no row tells of one that there was not.

use std::collections::HashSet;

use auskunft_store::audit::{self, Event, Wanted};
use serde_json::json;

use super::draw::Ask;
use super::judge::{Judge, ensure};
use super::told::Told;
use crate::shop::Service;

/// The audit, as far as it was read.
pub(super) struct Audit {
    last: i64,
}

/// Rows that a question left.
#[derive(Debug, Default, Clone, Copy)]
pub(super) struct Audited {
    pub(super) shown: usize,
    pub(super) denied: usize,
}

impl Audit {
    /// Another shop may have been asked before.
    pub(super) async fn from_now_on(service: &Service) -> Self {
        let mut audit = Self { last: 0 };
        while !audit.news(service).await.is_empty() {}
        audit
    }

    async fn news(&mut self, service: &Service) -> Vec<Event> {
        let events =
            audit::events(&service.state.stores.database, &Wanted::after(self.last, 1_000)).await.unwrap();
        self.last = events.last().map_or(self.last, |event| event.id);
        events
    }

    async fn of(&mut self, service: &Service, told: &Told) -> Result<Vec<Event>, String> {
        let events = self.news(service).await;
        let is_own = |event: &Event| event.request_id.as_deref() == Some(told.request_id.as_str());
        ensure(events.iter().all(is_own), || {
            format!("rows of other requests than {}: {events:?}", told.request_id)
        })?;
        Ok(events)
    }

    pub(super) async fn of_question(
        &mut self,
        service: &Service,
        ask: &Ask,
        told: &Told,
        (judge, holds): (&Judge, bool),
    ) -> Result<Audited, String> {
        let events = self.of(service, told).await?;
        let may_see = judge.may_see(ask.agent.as_deref(), &ask.customer);
        // Prices are those of the customer's region: reading that leaves a row of its own.
        let of_region = |event: &&Event| event.detail["subjects"] == json!(["region"]);
        let (regions, others): (Vec<_>, Vec<_>) = events.iter().partition(of_region);
        let (shown, denied) =
            (of_kind(&others, "customer_data_shown"), of_kind(&others, "permission_denied"));
        // A reply that is given again is a look, and where that is refused the question is asked anew.
        let most = 1 + usize::from(ask.key.is_some());
        let fits = shown + denied <= most
            && regions.len() <= 1
            && (!holds || shown > 0)
            && (may_see || shown == 0 && regions.is_empty())
            && (!may_see || denied == 0)
            && others.iter().all(|event| is_of(event, ask.agent.as_deref(), &ask.customer));
        ensure(fits, || format!("the audit tells {events:?}, the answer holds a customer's data: {holds}"))?;
        Ok(Audited { shown, denied })
    }

    pub(super) async fn of_list(
        &mut self,
        service: &Service,
        agent: &str,
        told: &Told,
        (judge, customers): (&Judge, &HashSet<String>),
    ) -> Result<(), String> {
        let events = self.of(service, told).await?;
        let told_of: HashSet<String> = events.iter().filter_map(|event| event.customer_id.clone()).collect();
        let fits = customers.is_subset(&told_of)
            && events.iter().all(|event| event.agent_id.as_deref() == Some(agent))
            && told_of.iter().all(|customer| judge.may_see(Some(agent), customer));
        ensure(fits, || format!("the audit tells {events:?}, listed are {customers:?}"))
    }

    pub(super) async fn of_look(
        &mut self,
        service: &Service,
        (agent, customer): (&str, &str),
        told: &Told,
        judge: &Judge,
    ) -> Result<(), String> {
        let events = self.of(service, told).await?;
        let all: Vec<&Event> = events.iter().collect();
        let (shown, denied) = (of_kind(&all, "customer_data_shown"), of_kind(&all, "permission_denied"));
        let is_told = !customer.is_empty() && judge.rights[agent].is_active;
        let expected = match told.status {
            _ if !is_told => (0, 0),
            200 => (1, 0),
            _ => (0, 1),
        };
        let is_own = |event: &&Event| is_of(event, Some(agent), customer);
        ensure((shown, denied) == expected && all.iter().all(is_own), || {
            format!("the audit tells {events:?}")
        })
    }
}

fn of_kind(events: &[&Event], kind: &str) -> usize {
    events.iter().filter(|event| event.kind.as_str() == kind).count()
}

fn is_of(event: &Event, agent: Option<&str>, customer: &str) -> bool {
    event.agent_id.as_deref() == agent && event.customer_id.as_deref() == Some(customer)
}
