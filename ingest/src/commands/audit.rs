//! `ingest audit`: what was done with customers' data, for operators and for persons who ask what was seen of them.

use auskunft_boot::{Code, Settings};
use auskunft_store::Role;
use auskunft_store::audit::{self as events, Event, Wanted};
use serde_json::json;

use crate::args::AuditArgs;
use crate::{opening, printer};

/// Prints a page of events, oldest first, and how to get the next one.
pub async fn audit(args: &AuditArgs, json: bool, settings: &Settings) -> anyhow::Result<Code> {
    let stores = opening::filled_stores(settings, Role::Reader).await?;
    let wanted = Wanted {
        customer: args.customer.clone(),
        since: args.since,
        after: args.after,
        // One more than wanted tells whether there is a next page.
        limit: i64::from(args.limit) + 1,
    };
    let found = events::events(&stores.database, &wanted).await;
    stores.close().await;
    let mut found = found?;
    let has_more = found.len() > usize::try_from(args.limit)?;
    found.truncate(usize::try_from(args.limit)?);
    let next = found.last().filter(|_| has_more).map(|event| event.id);
    if json {
        printer::print_json(&json!({ "events": found, "next": next }))?;
    } else {
        printer::print(&plain(&found, next));
    }
    Ok(Code::Ok)
}

/// A line an event: number, time, kind, customer, agent, request, what else is known.
fn plain(found: &[Event], next: Option<i64>) -> String {
    let or_none = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    let line = |event: &Event| {
        format!(
            "{} {} {} customer={} agent={} request={} {}",
            event.id,
            event.ts.format("%Y-%m-%dT%H:%M:%SZ"),
            event.kind.as_str(),
            or_none(&event.customer_id),
            or_none(&event.agent_id),
            or_none(&event.request_id),
            event.detail
        )
    };
    let mut lines: Vec<String> = found.iter().map(line).collect();
    lines.push(match next {
        Some(next) => format!("there are more: --after {next}"),
        None => format!("{} events", found.len()),
    });
    lines.join("\n")
}
