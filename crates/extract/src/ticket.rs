//! Tickets: customer data, read with care and never made a document.

use auskunft_model::{Failure, Reason, Source, Ticket};
use chrono::{DateTime, NaiveDateTime, NaiveTime, Utc};

use crate::faq::Claimed;
use crate::records::{self, Row};
use crate::{Extracted, Record, RecordOutcome, fields};

/// Reads a file of tickets.
pub(crate) fn extract(source: &Source, bytes: &[u8]) -> Result<Extracted, Failure> {
    let rows = records::rows(source, bytes)?;
    let mut claimed = Claimed::default();
    let records: Vec<RecordOutcome> = rows.into_iter().map(|row| outcome(row, &mut claimed)).collect();
    if records.is_empty() {
        return Err(Failure::new(Reason::NoText, format!("{} holds no records", source.path)));
    }
    Ok(Extracted { records, warnings: Vec::new() })
}

fn outcome(row: records::RowResult, claimed: &mut Claimed) -> RecordOutcome {
    let row = match row {
        Ok(row) => row,
        Err((line, failure)) => return RecordOutcome { anchor: None, line, result: Err(failure) },
    };
    let anchor = row.text("id").map(|id| fields::id_form(&id)).filter(|id| !id.is_empty());
    let taken = anchor.as_deref().and_then(|anchor| claimed.claim(anchor, &row.place));
    match (anchor, taken) {
        (Some(anchor), Some(first)) => {
            let detail =
                format!("{}: id `{anchor}` is taken by {first}; give each ticket its own", row.place);
            RecordOutcome {
                anchor: None,
                line: row.line,
                result: Err(Failure::new(Reason::DuplicateId, detail)),
            }
        }
        (anchor, _) => RecordOutcome { result: ticket(&row, anchor.clone()), anchor, line: row.line },
    }
}

fn ticket(row: &Row, id: Option<String>) -> Result<Record, Failure> {
    row.required("id")?;
    let id = id.ok_or_else(|| fields::invalid(&row.place, "id", "", "has no letter or digit"))?;
    let created = row.required("created")?;
    Ok(Record::Ticket(Ticket {
        id,
        customer_id: row.required("customer_id")?,
        order_id: row.text("order_id"),
        product: row.text("product"),
        status: row.required("status")?,
        subject: row.required("subject")?,
        body: row.required("body")?,
        created: time(&row.place, &created)?,
        resolution: row.text("resolution"),
    }))
}

/// A time with zone (RFC 3339), or without one, taken as UTC; a day alone begins at midnight.
fn time(place: &str, text: &str) -> Result<DateTime<Utc>, Failure> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Ok(time.to_utc());
    }
    let formats = ["%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    let parsed = formats.iter().find_map(|format| NaiveDateTime::parse_from_str(text, format).ok());
    if let Some(time) = parsed {
        return Ok(time.and_utc());
    }
    if text.chars().count() > 10 {
        return Err(fields::invalid(place, "created", text, "is no time; write it as 2026-03-01T12:00:00Z"));
    }
    Ok(fields::date(place, "created", text)?.and_time(NaiveTime::MIN).and_utc())
}

#[cfg(test)]
mod tests {
    use auskunft_model::SourceKind;

    use super::*;

    fn read(text: &str) -> Vec<RecordOutcome> {
        let source = Source { path: "tickets/t.jsonl".to_owned(), kind: SourceKind::Ticket };
        extract(&source, text.as_bytes()).unwrap().records
    }

    const TICKET: &str = r#"{"id":"T-1","customer_id":4711,"order_id":"O-9","status":"open","subject":"Defekt","body":"Blinkt","created":"2026-03-01T10:00:00+01:00"}"#;

    #[test]
    fn a_ticket_is_read_with_its_time_in_utc() {
        let found = read(TICKET);
        let Ok(Record::Ticket(ticket)) = &found[0].result else { panic!("{found:?}") };
        assert_eq!((ticket.id.as_str(), ticket.customer_id.as_str()), ("T-1", "4711"));
        assert_eq!(ticket.order_id.as_deref(), Some("O-9"));
        assert_eq!(ticket.created.to_rfc3339(), "2026-03-01T09:00:00+00:00");
    }

    #[test]
    fn missing_fields_impossible_times_and_second_claims_fail_alone() {
        let lines = [
            TICKET.replace("customer_id", "kunde"),
            TICKET.replace("T-1", "T-2").replace("2026-03-01T10:00:00+01:00", "2026-03-41"),
            TICKET.replace("T-1", "T-3"),
            TICKET.replace("T-1", "T-3"),
        ];
        let found = read(&lines.join("\n"));
        let reasons: Vec<_> =
            found.iter().map(|one| one.result.as_ref().err().map(|failure| failure.reason)).collect();
        let expected =
            [Some(Reason::InvalidRecord), Some(Reason::InvalidRecord), None, Some(Reason::DuplicateId)];
        assert_eq!(reasons, expected);
    }
}
