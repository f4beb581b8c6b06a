//! A store that does not answer.

use std::time::Duration;

use async_trait::async_trait;
use auskunft_store::VolatileStore;
use auskunft_store::error::{Error, ErrorKind, Result};
use auskunft_store::volatile::{Closing, Opened, Opening};

/// A volatile store that is down.
#[derive(Debug)]
pub(crate) struct Down;

#[async_trait]
impl VolatileStore for Down {
    async fn open_request(&self, _: &Opening) -> Result<Opened> {
        self.ping().await.map(|()| Opened { requests: 0, session: None, answer: None })
    }

    async fn close_request(&self, _: &Closing) -> Result<()> {
        self.ping().await
    }

    async fn revoke(&self, _: &str, _: Duration) -> Result<()> {
        self.ping().await
    }

    async fn is_revoked(&self, _: &str) -> Result<Option<bool>> {
        self.ping().await.map(|()| None)
    }

    async fn wants_revoked(&self) -> Result<bool> {
        self.ping().await.map(|()| true)
    }

    async fn list_revoked(&self, _: &[(String, Duration)]) -> Result<()> {
        self.ping().await
    }

    async fn count_error(&self, _: &str) -> Result<u64> {
        self.ping().await.map(|()| 0)
    }

    async fn errors(&self, _: &str) -> Result<u64> {
        self.ping().await.map(|()| 0)
    }

    async fn ping(&self) -> Result<()> {
        Err(Error::new(ErrorKind::Unavailable, "ping", "down"))
    }
}
