//! The request log's schema, partitions and retention. `serve` changes nothing of a server's schema, so `ingest` does it here.

use auskunft_boot::Settings;
use auskunft_store::Stores;
use auskunft_store::logs::{Logs, PREPARED_DAYS};

/// Makes the log ready for the weeks to come. A log that is away is no reason to leave the catalog as it was: it is told, and the next
/// run tries again.
pub async fn prepare(settings: &Settings, stores: &Stores) {
    let prepared = async {
        let logs = open(settings, stores).await?;
        let made = logs.prepare(PREPARED_DAYS).await;
        logs.close().await;
        made
    };
    if let Err(error) = prepared.await {
        tracing::warn!(%error, "the request log is not prepared; the next run tries again");
    }
}

/// Drops what is past its retention; returns how many chunks.
pub async fn drop_older(settings: &Settings, stores: &Stores) -> auskunft_store::Result<u32> {
    let logs = open(settings, stores).await?;
    let dropped = logs.drop_older(settings.log_days).await;
    logs.close().await;
    dropped
}

async fn open(settings: &Settings, stores: &Stores) -> auskunft_store::Result<Logs> {
    let Some(url) = &settings.log_database_url else { return Ok(Logs::within(&stores.database)) };
    let logs = Logs::at(url.reveal(), "ingest")?;
    logs.migrate().await?;
    Ok(logs)
}
