//! What the service does for the log beside writing it.

use std::time::Duration;

use auskunft_boot::Shutdown;
use auskunft_store::logs::{Logs, PREPARED_DAYS};

use crate::metrics::Metrics;

/// How often finished hours are looked for.
const ROUND: Duration = Duration::from_secs(60);

/// Rolls up hours as they end. Where the stores are this process's own (`days`: how long rows are kept), partitions are made and
/// old ones dropped, too: nobody else can reach them. On servers `ingest` does that.
pub(crate) async fn keep(logs: Logs, days: Option<u32>, metrics: &Metrics, shutdown: Shutdown) {
    loop {
        let done = match days {
            Some(days) => tidy(&logs, days).await,
            None => Ok(()),
        };
        let done = match done {
            Ok(()) => logs.roll_up().await.map(|_| ()),
            Err(error) => Err(error),
        };
        if let Err(error) = done {
            metrics.store_failed("timescale");
            tracing::warn!(%error, "the request log is not kept in order; the next try is in a minute");
        }
        tokio::select! {
            () = shutdown.requested() => return,
            () = tokio::time::sleep(ROUND) => {}
        }
    }
}

async fn tidy(logs: &Logs, days: u32) -> auskunft_store::Result<()> {
    logs.prepare(PREPARED_DAYS).await?;
    logs.drop_older(days).await?;
    Ok(())
}
