//! One row a run: what a scheduled job left behind.

use serde_json::Value;

use crate::Database;
use crate::documents::jsonb::remove_nul;
use crate::error::{Result, database};

/// How a run stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// Ended, whatever single sources did.
    Finished,
    /// Ended by an error.
    Failed,
    /// Stopped by a person or a kill; the next run goes on.
    Interrupted,
}

impl RunState {
    fn as_str(self) -> &'static str {
        match self {
            Self::Finished => "finished",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }
}

/// Opens a run. Runs that were left open by a killed process are marked as interrupted: the caller is the only writer.
pub async fn start(database_: &Database, id: &str, command: &str) -> Result<()> {
    let query = sqlx::query("update knowledge.runs set state = 'interrupted' where state = 'running'");
    database_.write("open run", query).await?;
    let query = sqlx::query("insert into knowledge.runs (id, command, state) values ($1, $2, 'running')");
    database_.write("open run", query.bind(id).bind(command)).await?;
    Ok(())
}

/// Closes a run with its report.
pub async fn finish(database_: &Database, id: &str, state: RunState, mut report: Value) -> Result<()> {
    // A run is closed whatever a file made it say.
    remove_nul(&mut report);
    let query =
        sqlx::query("update knowledge.runs set state = $2, ended_at = now(), report = $3 where id = $1");
    let query = query.bind(id).bind(state.as_str()).bind(report);
    database_.write("close run", query).await?;
    Ok(())
}

/// The latest run as JSON `{id, command, state, started_at, ended_at, report}`; `None` on fresh stores.
pub async fn last(database_: &Database) -> Result<Option<Value>> {
    let query = sqlx::query_scalar::<_, Value>(
        "select jsonb_build_object('id', id, 'command', command, 'state', state, 'started_at', started_at,
             'ended_at', ended_at, 'report', report)
         from knowledge.runs order by started_at desc, id desc limit 1",
    );
    query.fetch_optional(database_.pool()).await.map_err(database("read runs"))
}

/// A page of runs, the newest first, each as `{id, command, state, started_at, ended_at, generation, sources, chunks, failures}`; after
/// the run `before`, where one is named.
pub async fn history(database_: &Database, limit: u32, before: Option<&str>) -> Result<Vec<Value>> {
    let query = sqlx::query_scalar::<_, Value>(
        "select jsonb_build_object('id', id, 'command', command, 'state', state, 'started_at', started_at,
             'ended_at', ended_at, 'generation', report->'generation', 'sources', report->'sources',
             'chunks', report->'chunks', 'failures', jsonb_array_length(coalesce(report->'failures', '[]')))
         from knowledge.runs
         where $2::text is null or (started_at, id) < (select started_at, id from knowledge.runs where id = $2)
         order by started_at desc, id desc limit $1",
    );
    query.bind(i64::from(limit)).bind(before).fetch_all(database_.pool()).await.map_err(database("read runs"))
}
