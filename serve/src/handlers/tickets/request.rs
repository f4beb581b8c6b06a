//! From messages about tickets to checked types.

use auskunft_model::{AgentId, CustomerId, Ticket as Body, id};
use auskunft_store::tickets::{Change, TicketQuery, TicketStatus};
use axum::http::HeaderMap;
use axum::http::header::IF_MATCH;
use chrono::{DateTime, SubsecRound, Utc};

use crate::check;
use crate::error::{ApiError, Problem};
use crate::unique;
use crate::wire::{ChangeTicketRequest, OpenTicketRequest, TicketsQuery};

/// The longest subject, in characters.
const MAX_SUBJECT: usize = 200;
/// The longest body, in characters.
const MAX_BODY: usize = 10_000;
/// The longest note, in characters.
const MAX_NOTE: usize = 2_000;

/// Which tickets to list.
pub(super) fn query(query: TicketsQuery) -> Result<TicketQuery, ApiError> {
    let limit = check::limit(query.limit, check::ROWS)?;
    Ok(TicketQuery {
        customer: check::parsed("customer_id", query.customer_id.as_deref(), CustomerId::parse)?,
        status: query.status.map(Into::into),
        after: query.after.as_deref().map(after).transpose()?,
        limit: i64::try_from(limit).unwrap_or(i64::MAX),
    })
}

/// Names the place behind a ticket: when it was opened, in microseconds since 1970, and its id.
pub(super) fn cursor(created: DateTime<Utc>, id: &str) -> String {
    format!("{}_{id}", created.timestamp_micros())
}

fn after(text: &str) -> Result<(DateTime<Utc>, String), ApiError> {
    let (micros, id) = text.split_once('_').unwrap_or_default();
    let created = micros.parse().ok().and_then(DateTime::from_timestamp_micros);
    let place = created.filter(|_| id::check(id).is_ok()).map(|created| (created, id.to_owned()));
    place.ok_or_else(|| check::invalid("`after` must be the `next` of the page before"))
}

/// A change, with the version that was seen.
pub(super) fn change(request: ChangeTicketRequest, headers: &HeaderMap) -> Result<Change, ApiError> {
    let version = match (stated_version(headers)?, request.version) {
        (Some(version), None) | (None, Some(version)) => version,
        (Some(one), Some(other)) if one == other => one,
        (Some(_), Some(_)) => return Err(check::invalid("`version` and the header `if-match` differ")),
        (None, None) => {
            let detail = "state the version that you saw, as `version` or in the header `if-match`";
            return Err(ApiError::new(Problem::VersionMissing, detail));
        }
    };
    let agent = match request.agent_id.as_ref().map(Option::as_deref) {
        Some(Some(agent)) => Some(check::parsed("agent_id", Some(agent), AgentId::parse)?),
        Some(None) => Some(None),
        None => None,
    };
    let note = request.note.map(|note| check::text("note", &note, MAX_NOTE)).transpose()?;
    if request.status.is_none() && agent.is_none() && note.is_none() {
        return Err(check::invalid("state at least one of `status`, `agent_id` and `note`"));
    }
    Ok(Change { version, status: request.status.map(Into::into), agent, note })
}

/// One strong entity tag (RFC 9110 §13.1.1), a version in quotes; the quotes may be missing.
fn stated_version(headers: &HeaderMap) -> Result<Option<i64>, ApiError> {
    let Some(value) = headers.get(IF_MATCH) else { return Ok(None) };
    let version = value.to_str().ok().and_then(|text| text.trim().trim_matches('"').parse().ok());
    version.map(Some).ok_or_else(|| check::invalid("the header `if-match` must be a version, like \"3\""))
}

/// What the document store keeps of a new ticket.
pub(super) fn written(request: OpenTicketRequest) -> Result<Body, ApiError> {
    if let Some(order) = &request.order_id {
        check::identifier("order_id", order)?;
    }
    Ok(Body {
        id: unique::id("T-"),
        subject: check::text("subject", &request.subject, MAX_SUBJECT)?,
        body: check::text("body", &request.body, MAX_BODY)?,
        customer_id: request.customer_id,
        order_id: request.order_id,
        product: request.product_id,
        status: TicketStatus::Open.as_str().to_owned(),
        // As exact as the database keeps it.
        created: Utc::now().trunc_subsecs(6),
        resolution: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(json: &str) -> ChangeTicketRequest {
        serde_json::from_str(json).unwrap()
    }

    fn headers(value: Option<&'static str>) -> HeaderMap {
        value.into_iter().map(|value| (IF_MATCH, value.parse().unwrap())).collect()
    }

    #[test]
    fn a_change_states_the_version_that_was_seen() {
        let wanted =
            |json: &str, value| change(request(json), &headers(value)).map_err(|error| error.problem);
        assert_eq!(wanted(r#"{"version":3,"note":"x"}"#, None).unwrap().version, 3);
        assert_eq!(wanted(r#"{"note":"x"}"#, Some("\"3\"")).unwrap().version, 3);
        assert_eq!(wanted(r#"{"version":3,"note":"x"}"#, Some("3")).unwrap().version, 3);
        assert_eq!(wanted(r#"{"note":"x"}"#, None).unwrap_err(), Problem::VersionMissing);
        assert_eq!(wanted(r#"{"version":2,"note":"x"}"#, Some("3")).unwrap_err(), Problem::InvalidRequest);
        assert_eq!(wanted(r#"{"note":"x"}"#, Some("*")).unwrap_err(), Problem::InvalidRequest);
        assert_eq!(wanted(r#"{"version":3}"#, None).unwrap_err(), Problem::InvalidRequest);
        assert_eq!(wanted(r#"{"version":3,"note":" "}"#, None).unwrap_err(), Problem::InvalidRequest);
    }

    #[test]
    fn nobody_is_another_wish_than_no_wish() {
        let agent = |json: &str| change(request(json), &HeaderMap::new()).unwrap().agent;
        assert_eq!(agent(r#"{"version":1,"note":"x"}"#), None);
        assert_eq!(agent(r#"{"version":1,"agent_id":null}"#), Some(None));
        assert_eq!(agent(r#"{"version":1,"agent_id":"A-01"}"#), Some(AgentId::parse("A-01").ok()));
    }

    #[test]
    fn a_page_ends_where_the_next_begins() {
        let created = DateTime::from_timestamp_micros(1_790_000_000_123_456).unwrap();
        assert_eq!(after(&cursor(created, "T_1")).unwrap(), (created, "T_1".to_owned()));
        for text in ["", "x", "x_T-1", "5_", "5_a b"] {
            assert!(after(text).is_err(), "{text}");
        }
    }
}
