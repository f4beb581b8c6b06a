//! Keeps the volatile list of revoked tokens as whole as the database's.
//!
//! A token is revoked in the database first, then in the list that every request asks. The list may lose its memory, or not have
//! heard of a token because it was away: both are mended here, by every copy of the service.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use auskunft_store::{Database, Result, VolatileStore, tokens};
use chrono::Utc;

use crate::session::revoked_key;

/// How often the two lists are compared: so long at most a token lives that was revoked while the list was away.
pub(crate) const REFRESH: Duration = Duration::from_secs(2);

/// What this process has written into the list.
#[derive(Debug, Default)]
pub(crate) struct Revocations {
    written: HashSet<String>,
}

impl Revocations {
    /// Writes what the list may lack: everything where it was lost, else what this process did not write yet. One statement, and
    /// one command where nothing has changed.
    pub(crate) async fn refresh(
        &mut self,
        database: &Database,
        volatile: &Arc<dyn VolatileStore>,
    ) -> Result<()> {
        let now = Utc::now();
        let all: Vec<(String, Duration)> = tokens::revoked(database)
            .await?
            .into_iter()
            .map(|(id, expires)| (revoked_key(&id), (expires - now).to_std().unwrap_or_default()))
            .collect();
        if volatile.wants_revoked().await? {
            volatile.list_revoked(&all).await?;
        } else {
            for (key, lifetime) in all.iter().filter(|(key, _)| !self.written.contains(key)) {
                volatile.revoke(key, *lifetime).await?;
            }
        }
        self.written = all.into_iter().map(|(key, _)| key).collect();
        Ok(())
    }
}
