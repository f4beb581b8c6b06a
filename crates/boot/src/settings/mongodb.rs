//! MongoDB.

use super::layers::Layers;
use super::{Secret, keys, parse};

/// Which MongoDB keeps texts, documents, tickets and chats, and how it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MongodbSettings {
    /// `mongodb://user:password@host:port/database`.
    pub url: Secret,
    /// How long a request waits for it, in milliseconds; beyond, it counts as away.
    pub timeout_ms: u64,
}

impl MongodbSettings {
    pub(super) fn read(layers: &mut Layers<'_>) -> Option<Self> {
        let url = layers.take(keys::MONGODB_URL, None, parse::mongodb_url, ToString::to_string);
        let timeout_ms = layers.positive(keys::MONGODB_TIMEOUT_MS);
        url.map(|url| Self { url, timeout_ms })
    }
}
