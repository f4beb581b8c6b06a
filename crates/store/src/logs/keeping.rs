//! What keeps the log in order: partitions ahead, retention, roll-ups.

use std::borrow::Cow;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::migrate::Migrator;

use super::Logs;
use crate::database::MIGRATIONS;
use crate::error::{Error, ErrorKind, Result};

/// Days for which partitions are made ahead. `serve` changes nothing of a server's schema, so it is `ingest` that makes them,
/// and it may stay away for so long before rows begin to lie with the rest, from where they are moved later.
pub const PREPARED_DAYS: u32 = 30;

/// Days for which roll-ups are kept: three years to compare with. They name nobody, and a year of them has some 150,000 rows.
const ROLL_UP_DAYS: i64 = 1_096;

/// Hours of one call, about: after a long time without the service, the way back is made in steps.
const MOST_HOURS: u32 = 48;

/// The description of every migration that makes the log begins with this.
const OF_LOGS: &str = "logs";

/// $1 and $2 are begin and end of the hour. Nothing happens unless the hour is the next one and its last rows have come, or rows
/// came for it later. An hour of which rows are dropped already is left as it is.
const ROLL_UP: &str = "
with step as (
    update logs.rolled set until = $2 where until = $1 and $2 + interval '1 minute' <= now() returning 1
), seen as (
    delete from logs.late where hour = $1 returning 1
), measured as (
    select stage, count(*) as requests, count(error) as errors, max(ms) filter (where error is null) as longest,
        percentile_cont(array[0.5, 0.95, 0.99]) within group (order by ms) filter (where error is null) as quantiles
    from logs.support_logs
    cross join lateral (
        select 'total' as stage, latency_ms as ms union all select key, value::real from jsonb_each_text(stages)
    ) as stages_of_row
    where ts >= $1 and ts < $2 and (exists (select from step) or exists (select from seen))
    group by stage
)
insert into logs.hourly as kept (hour, stage, requests, errors, p50_ms, p95_ms, p99_ms, max_ms)
select $1, stage, requests, errors, quantiles[1], quantiles[2], quantiles[3], longest from measured
on conflict (hour, stage) do update set requests = excluded.requests, errors = excluded.errors, p50_ms = excluded.p50_ms,
    p95_ms = excluded.p95_ms, p99_ms = excluded.p99_ms, max_ms = excluded.max_ms
where excluded.requests >= kept.requests";

/// Hours that are to be rolled up: late ones, and the next one when it is over.
const WAITING: &str = "
select hour from logs.late
union
select until from logs.rolled where until + interval '1 hour 1 minute' <= now()
order by 1 limit 48";

impl Logs {
    /// Brings the schema of a log with a database of its own up to date; the main database has its own way.
    pub async fn migrate(&self) -> Result<()> {
        if !self.is_apart() {
            return Ok(());
        }
        let of_logs =
            MIGRATIONS.iter().filter(|migration| migration.description.starts_with(OF_LOGS)).cloned();
        let mut migrator = Migrator { migrations: Cow::Owned(of_logs.collect()), ..Migrator::DEFAULT };
        // The address may name the main database, where others stand beside them. Only one `ingest` runs at a time, so no lock is needed,
        // which a session behind PgBouncer could not hold.
        migrator.set_ignore_missing(true).set_locking(false);
        migrator.run(&self.pool).await.map_err(|error| match error {
            sqlx::migrate::MigrateError::Execute(error) => self.failed("migrate log")(error),
            other => Error::new(ErrorKind::Internal, "migrate log", other.to_string()),
        })
    }

    /// Makes partitions from today on for so many days, where the log is no hypertable; returns how many. For the owner alone.
    pub async fn prepare(&self, days: u32) -> Result<u32> {
        let query =
            sqlx::query_scalar("select logs.prepare($1)").bind(i32::try_from(days).unwrap_or(i32::MAX));
        let made: i32 = query.fetch_one(&self.pool).await.map_err(self.failed("prepare log"))?;
        Ok(made.unsigned_abs())
    }

    /// Drops the chunks of which every row is older than so many days, and roll-ups past their own time; returns how many chunks. For
    /// the owner alone.
    pub async fn drop_older(&self, days: u32) -> Result<u32> {
        const OPERATION: &str = "drop old log";
        let oldest = Utc::now() - TimeDelta::days(i64::from(days));
        let query = sqlx::query_scalar("select logs.drop_before($1)").bind(oldest);
        let dropped: i32 = query.fetch_one(&self.pool).await.map_err(self.failed(OPERATION))?;
        let query = sqlx::query("delete from logs.hourly where hour < $1");
        let done = query.bind(Utc::now() - TimeDelta::days(ROLL_UP_DAYS)).execute(&self.pool).await;
        done.map_err(self.failed(OPERATION))?;
        Ok(dropped.unsigned_abs())
    }

    /// Rolls up the hours that are over, and again those that rows came for later; at most a number of them at once. Two that do it at the same
    /// time roll up each hour once. Returns how many hours were looked at.
    pub async fn roll_up(&self) -> Result<u32> {
        let mut done = 0;
        while done < MOST_HOURS {
            let waiting = self.waiting().await?;
            if waiting.is_empty() {
                break;
            }
            for hour in waiting {
                self.roll_up_hour(hour).await?;
                done += 1;
            }
        }
        Ok(done)
    }

    async fn waiting(&self) -> Result<Vec<DateTime<Utc>>> {
        let query = sqlx::query_scalar(WAITING);
        query.fetch_all(&self.pool).await.map_err(self.failed("roll up log"))
    }

    async fn roll_up_hour(&self, hour: DateTime<Utc>) -> Result<()> {
        let query = sqlx::query(ROLL_UP).bind(hour).bind(hour + TimeDelta::hours(1));
        query.execute(&self.pool).await.map_err(self.failed("roll up log"))?;
        Ok(())
    }
}
