//! What operators read of the log.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::{LogRow, Logs};
use crate::error::Result;

/// Times of an hour in one stage, in milliseconds, over the requests that did not fail.
#[derive(Debug, Clone, PartialEq, Serialize, sqlx::FromRow)]
pub struct Hourly {
    /// Its begin.
    pub hour: DateTime<Utc>,
    /// The stage; `total` = the request.
    pub stage: String,
    /// Requests that had the stage.
    pub requests: i64,
    /// Those of them that failed.
    pub errors: i64,
    /// Half of them took no longer; `None` = all failed, as for the others.
    pub p50_ms: Option<f32>,
    /// 95 of 100 took no longer.
    pub p95_ms: Option<f32>,
    /// 99 of 100 took no longer.
    pub p99_ms: Option<f32>,
    /// The slowest.
    pub max_ms: Option<f32>,
}

impl Logs {
    /// Rows from `since` up to but without `until`, oldest first, at most `limit`.
    pub async fn rows(&self, since: DateTime<Utc>, until: DateTime<Utc>, limit: i64) -> Result<Vec<LogRow>> {
        let query = sqlx::query_as(
            "select ts, request_id, agent_id, customer_id, session_id, latency_ms, chunks_used, error, intent, cached, stages
             from logs.support_logs where ts >= $1 and ts < $2 order by ts, request_id limit $3",
        );
        let rows = query.bind(since).bind(until).bind(limit).fetch_all(&self.pool).await;
        rows.map_err(self.failed("read log"))
    }

    /// Roll-ups of the hours that began from `since` up to but without `until`, by hour and stage.
    pub async fn hourly(&self, since: DateTime<Utc>, until: DateTime<Utc>) -> Result<Vec<Hourly>> {
        let query = sqlx::query_as(
            "select hour, stage, requests, errors, p50_ms, p95_ms, p99_ms, max_ms from logs.hourly
             where hour >= $1 and hour < $2 order by hour, stage",
        );
        let rows = query.bind(since).bind(until).fetch_all(&self.pool).await;
        rows.map_err(self.failed("read log"))
    }
}
