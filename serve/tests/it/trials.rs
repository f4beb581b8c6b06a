//! Random agents ask about random customers, name whatever there is, and use one another's sessions: whatever the service says or
//! logs is judged by the shop's own rows, and what is cited by the regions that the policies state.
//!
//! `AUSKUNFT_TRIALS` sets how many (300). With `AUSKUNFT_TRIALS_CATALOG` (a catalog with `shop/*.csv`) and
//! `AUSKUNFT_TRIALS_DATA` (the data folder that `ingest` made of it) another shop than the small one is asked.

mod judge;

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Mutex};

use auskunft_store::audit::{self, Wanted};
use serde_json::{Value, json};
use tracing_subscriber::fmt::MakeWriter;

use crate::people::{self, token_of};
use crate::random::Random;
use crate::shop::{EU_POLICY, Reply, Service, US_POLICY, region_of};
use judge::{Judge, csv_rows, regions_of_policies};

/// Facts that hold data of a customer.
const OF_CUSTOMERS: &[&str] =
    &["order", "shipment", "payment", "candidate", "return_window", "return", "warranty", "serial_unknown"];

/// One question of one agent about one customer, in one session.
struct Trial<'a> {
    agent: &'a (String, bool),
    customer: String,
    session: String,
    question: String,
    numbers: Vec<String>,
}

impl<'a> Trial<'a> {
    fn draw(judge: &'a Judge, random: &mut Random) -> Self {
        let (customer, name) = random.pick(&judge.customers).clone();
        let customer = if random.below(15) == 0 { format!("{customer}-0") } else { customer };
        let own = |number: &&String| judge.owners.get(*number) == Some(&customer);
        let own: Vec<&String> = judge.numbers.iter().filter(own).collect();
        let number = match own.as_slice() {
            [_, ..] if random.below(2) == 0 => (*random.pick(&own)).clone(),
            _ => random.pick(&judge.numbers).clone(),
        };
        let asks = [
            "Wo ist mein Paket?".to_owned(),
            "Wo bleibt meine letzte Bestellung?".to_owned(),
            format!("Status {number}?"),
            format!("Wo ist {number}?"),
            format!("Hat {number} noch Garantie?"),
            format!("Bis wann kann das Gerät aus {number} zurück?"),
            format!("Ist die Rücksendung {number} angekommen?"),
            format!("Was hat {name} bestellt?"),
            "und wie lange gilt das?".to_owned(),
            "Kannst du das anders formulieren?".to_owned(),
            "Wann kommt das?".to_owned(),
            "Wie kann ich Ware zurückgeben?".to_owned(),
            "Nehmt ihr Altgeräte mit?".to_owned(),
            "Was steht in der Gewährleistung?".to_owned(),
        ];
        let question = random.pick(&asks).clone();
        Self {
            agent: random.pick(&judge.agents),
            customer,
            session: format!("s-{}", random.below(40)),
            question,
            numbers: vec![number],
        }
    }

    async fn ask(&self, service: &Service) -> Reply {
        let body =
            json!({ "session_id": self.session, "customer_id": self.customer, "question": self.question });
        service.call("POST", "/support/rag-answer", Some(&token_of(&self.agent.0)), Some(&body)).await
    }
}

/// What is logged, until it is taken.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn take(&self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut *self.0.lock().unwrap())).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

fn judged(reply: &Reply, trial: &Trial<'_>, judge: &Judge, typed: &HashSet<String>) -> bool {
    let may_see = judge.may_see(trial.agent, &trial.customer);
    let allowed = may_see.then_some(trial.customer.as_str());
    let foreign = judge.foreign(&reply.text, allowed, typed);
    assert!(foreign.is_empty(), "{foreign:?} to {:?} for {}: {}", trial.agent, trial.customer, reply.text);
    let names = judge.customers.iter().map(|(_, name)| name.as_str());
    for name in names.filter(|name| name.len() > 4 && !trial.question.contains(name)) {
        assert!(!reply.text.contains(name), "{name}: {}", reply.text);
    }
    let body = reply.json();
    let facts = body["facts"].as_array().cloned().unwrap_or_default();
    let kinds = facts.iter().filter_map(|fact| fact["kind"].as_str());
    let holds = kinds.filter(|kind| OF_CUSTOMERS.contains(kind)).count() > 0;
    assert!(!holds || may_see, "{}", reply.text);
    assert!(!(holds && body["cached"] == Value::Bool(true)), "{}", reply.text);
    holds
}

/// Another shop may have been asked before.
async fn last_event(service: &Service) -> i64 {
    let mut last = 0;
    loop {
        let events =
            audit::events(&service.state.stores.database, &Wanted::after(last, 1_000)).await.unwrap();
        let Some(event) = events.last() else { return last };
        last = event.id;
    }
}

/// The service and what judges it, over the shop that the variables name, else the small one.
async fn shop_that_is_asked(variable: impl Fn(&'static str) -> Option<String>) -> (Service, Judge) {
    let catalog = variable("AUSKUNFT_TRIALS_CATALOG");
    match (&catalog, variable("AUSKUNFT_TRIALS_DATA")) {
        (Some(catalog), Some(data)) => {
            let texts = regions_of_policies(Path::new(catalog));
            assert!(!texts.is_empty(), "{catalog}: no policy states a region");
            let judge = Judge::new(|name| csv_rows(Path::new(catalog), name), texts);
            (Service::over(Path::new(&data)).await, judge)
        }
        _ => {
            let bound = [EU_POLICY, US_POLICY].map(|source| (source.to_owned(), region_of(source)));
            let texts = bound.into_iter().filter_map(|(source, region)| Some((source, region?.to_owned())));
            (Service::open().await, Judge::new(people::rows, texts.collect()))
        }
    }
}

#[tokio::test]
async fn nobody_is_told_what_is_not_theirs_and_nothing_of_it_is_logged() {
    let variable = |name: &'static str| std::env::var(name).ok();
    let count: usize = variable("AUSKUNFT_TRIALS").map_or(300, |text| text.parse().unwrap());
    let (service, judge) = shop_that_is_asked(variable).await;
    let log = Log::default();
    let subscriber =
        tracing_subscriber::fmt().with_max_level(tracing::Level::TRACE).with_writer(log.clone()).finish();
    let _guard = tracing::subscriber::set_default(subscriber);
    let (mut random, mut typed) =
        (Random::seeded(0x9e37_79b9_7f4a_7c15), HashMap::<(String, String), HashSet<String>>::new());
    let (mut last, mut shown, mut denied, mut told) = (last_event(&service).await, 0, 0, 0);
    let mut cited = 0;
    for _ in 0..count {
        let trial = Trial::draw(&judge, &mut random);
        let own = typed
            .entry((trial.agent.0.clone(), format!("{} {}", trial.session, trial.customer)))
            .or_default();
        own.extend(trial.numbers.iter().filter(|number| trial.question.contains(*number)).cloned());
        let reply = trial.ask(&service).await;
        let text = log.take();
        assert!(
            judge.foreign(&text, None, &HashSet::new()).is_empty() && !text.contains(&trial.question),
            "{text}"
        );
        let events = audit::events(&service.state.stores.database, &Wanted::after(last, 10)).await.unwrap();
        last = events.last().map_or(last, |event| event.id);
        if !trial.agent.1 {
            assert_eq!((reply.status.as_u16(), events.len()), (401, 0), "{}", reply.text);
            continue;
        }
        assert_eq!(reply.status, 200, "{}", reply.text);
        let holds = judged(&reply, &trial, &judge, own);
        cited += judge.cited_regions(&reply.json(), &trial, holds);
        // Prices are those of the customer's region: reading that leaves a row of its own.
        let of_region = |event: &&audit::Event| event.detail["subjects"] == serde_json::json!(["region"]);
        let (regions, others): (Vec<_>, Vec<_>) = events.iter().partition(of_region);
        assert!(
            regions.len() <= 1 && (regions.is_empty() || judge.may_see(trial.agent, &trial.customer)),
            "{events:?}"
        );
        let of_kind = |kind: &str| others.iter().filter(|event| event.kind.as_str() == kind).count();
        let (seen, refused) = (of_kind("customer_data_shown"), of_kind("permission_denied"));
        assert!(seen + refused <= 1 && (!holds || seen == 1), "{events:?} {}", reply.text);
        let may_see = judge.may_see(trial.agent, &trial.customer);
        assert!(if may_see { refused == 0 } else { seen == 0 }, "{events:?}");
        for event in &events {
            assert_eq!(event.request_id.as_deref(), reply.json()["request_id"].as_str());
        }
        shown += seen;
        denied += refused;
        told += usize::from(holds);
    }
    assert!(
        count < 100 || shown > 10 && denied > 10 && told > 10 && cited > 10,
        "{shown} shown, {denied} denied, {told} told, {cited} cited of a region"
    );
    service.trigger.request();
}
