//! Follows what `ingest` publishes: deltas of the live generation, and the switch to another one.

use std::sync::atomic::Ordering;
use std::time::Duration;

use auskunft_answer::AnswerError;
use auskunft_boot::Shutdown;
use auskunft_store::shop_data;

use crate::state::AppState;

/// How often the service looks for what was published, and for a switch.
const REFRESH: Duration = Duration::from_millis(500);
/// How often it looks for a generation that waits to become live.
const PREPARE: Duration = Duration::from_secs(1);
/// How long it leaves one alone that could not be made ready.
const LEFT_ALONE: Duration = Duration::from_secs(30);

/// Takes in what was published, until the shutdown. A failure is said once, then again when it is over.
pub(crate) async fn keep_fresh(state: AppState, shutdown: Shutdown) {
    let desk = &state.desk;
    let mut failing = false;
    state.metrics.refreshed(true);
    loop {
        tokio::select! {
            () = shutdown.requested() => return,
            () = tokio::time::sleep(REFRESH) => {}
        }
        match Box::pin(refresh(&state)).await {
            Ok(changed) => {
                state.metrics.refreshed(true);
                if changed || failing {
                    let standing = desk.standing();
                    tracing::info!(
                        generation = standing.generation.0,
                        revision = standing.revision.0,
                        chunks = standing.chunks,
                        "index is up to date"
                    );
                }
                failing = false;
            }
            Err(error) => {
                state.metrics.refreshed(false);
                if !failing {
                    tracing::warn!(%error, "the index cannot be refreshed; answering from what is known");
                }
                failing = true;
            }
        }
    }
}

/// Makes ready for a generation that waits to become live, so that the switch finds its lexical index, until the shutdown.
pub(crate) async fn keep_prepared(state: AppState, shutdown: Shutdown) {
    let mut pause = PREPARE;
    loop {
        tokio::select! {
            () = shutdown.requested() => return,
            () = tokio::time::sleep(pause) => {}
        }
        pause = match Box::pin(state.desk.make_ready()).await {
            Ok(true) => {
                tracing::info!("ready for the generation that waits to become live");
                PREPARE
            }
            Ok(false) => PREPARE,
            Err(error) => {
                tracing::warn!(%error, "a generation waits to become live, but this service can't make ready for it yet");
                LEFT_ALONE
            }
        };
    }
}

/// Takes in what `ingest` published, and notes whether the shop's own data has changed.
async fn refresh(state: &AppState) -> Result<bool, AnswerError> {
    let version = shop_data::version(&state.stores.database).await?;
    state.shop_version.store(version, Ordering::Relaxed);
    state.desk.refresh().await
}
