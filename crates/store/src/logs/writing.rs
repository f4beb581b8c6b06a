//! Writing rows.

use std::time::Duration;

use super::{LogRow, Logs};
use crate::error::{Error, ErrorKind, Result};
use crate::operation::Operation;

const OPERATION: &str = "write log";

/// Rows whose hour had ended for longer than this when they came leave a mark, so that the hour is rolled up again. A roll-up
/// waits twice as long, and a batch is given up earlier, so none falls in between.
const LATE_AFTER_SECONDS: i32 = 30;

/// One row for each, none for those that are there already.
const INSERT: &str = "
with rows as (
    select * from unnest(
        $1::timestamptz[], $2::text[], $3::text[], $4::text[], $5::text[], $6::real[], $7::int[], $8::text[], $9::text[],
        $10::bool[], $11::text[]
    ) as r (ts, request_id, agent_id, customer_id, session_id, latency_ms, chunks_used, error, intent, cached, stages)
), late as (
    insert into logs.late (hour)
    select distinct date_trunc('hour', ts, 'UTC') from rows
    where date_trunc('hour', ts, 'UTC') + interval '1 hour' + make_interval(secs => $12) <= now()
)
insert into logs.support_logs
    (ts, request_id, agent_id, customer_id, session_id, latency_ms, chunks_used, error, intent, cached, stages)
select ts, request_id, agent_id, customer_id, session_id, latency_ms, chunks_used, error, intent, cached, stages::jsonb
from rows
on conflict (ts, request_id) do nothing";

impl Logs {
    /// Writes rows, all or none. The same rows again change nothing, so a batch of which nobody knows whether it arrived may be
    /// sent again. Fails with [`ErrorKind::Unavailable`] after `limit`; the connection is then given up, because a server that
    /// accepts and does not answer would hold it for ever.
    pub async fn write(&self, rows: &[LogRow], limit: Duration) -> Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        Operation::log(rows.len()).of(self.write_all(rows, limit)).await
    }

    async fn write_all(&self, rows: &[LogRow], limit: Duration) -> Result<()> {
        let mut connection = self.connection(OPERATION).await?;
        match tokio::time::timeout(limit, insert(&mut connection, rows)).await {
            Ok(written) => written.map_err(self.failed(OPERATION)),
            Err(_) => {
                drop(connection.detach());
                let message =
                    format!("no answer within {} ms; the rows are kept and sent again", limit.as_millis());
                Err(Error::new(ErrorKind::Unavailable, OPERATION, message))
            }
        }
    }
}

async fn insert(connection: &mut sqlx::PgConnection, rows: &[LogRow]) -> sqlx::Result<()> {
    fn of<T>(rows: &[LogRow], field: impl Fn(&LogRow) -> T) -> Vec<T> {
        rows.iter().map(field).collect()
    }
    sqlx::query(INSERT)
        .bind(of(rows, |row| row.ts))
        .bind(of(rows, |row| row.request_id.clone()))
        .bind(of(rows, |row| row.agent_id.clone()))
        .bind(of(rows, |row| row.customer_id.clone()))
        .bind(of(rows, |row| row.session_id.clone()))
        .bind(of(rows, |row| row.latency_ms))
        .bind(of(rows, |row| row.chunks_used))
        .bind(of(rows, |row| row.error.clone()))
        .bind(of(rows, |row| row.intent.clone()))
        .bind(of(rows, |row| row.cached))
        .bind(of(rows, |row| serde_json::to_string(&row.stages).unwrap_or_else(|_| "{}".to_owned())))
        .bind(LATE_AFTER_SECONDS)
        .execute(connection)
        .await?;
    Ok(())
}
