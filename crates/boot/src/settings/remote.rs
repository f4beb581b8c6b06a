//! A service that makes vectors.

use super::layers::Layers;
use super::{Secret, keys, parse};

/// Which service makes vectors, and how it is used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemoteSettings {
    /// What `/embeddings` is added to, without a slash at its end.
    pub url: String,
    /// The model's name as the service knows it.
    pub model: String,
    /// Its key.
    pub key: Option<Secret>,
    /// The wanted length of vectors; `None` = the model's own.
    pub dimensions: Option<usize>,
    /// The longest text, in tokens.
    pub max_tokens: usize,
    /// Texts of one request.
    pub batch: usize,
    /// Requests at the same time.
    pub concurrency: usize,
    /// Requests a minute; 0 = any number.
    pub per_minute: u32,
    /// How long one request may take, in milliseconds.
    pub timeout_ms: u64,
    /// How often a request is sent again.
    pub retries: u32,
}

impl RemoteSettings {
    /// All settings are read and judged, also where no address is stated: then there is no service.
    pub(super) fn read(layers: &mut Layers<'_>) -> Option<Self> {
        let url = layers.take(keys::REMOTE_URL, None, parse::web_address, String::clone);
        let model = layers.take(keys::REMOTE_MODEL, None, parse::text, String::clone);
        let key = layers.take(keys::REMOTE_KEY, None, parse::secret, ToString::to_string);
        let dimensions = layers.take(keys::REMOTE_DIMENSIONS, None, parse::positive, ToString::to_string);
        let max_tokens = layers.positive(keys::REMOTE_MAX_TOKENS);
        let batch = layers.positive(keys::REMOTE_BATCH);
        let concurrency = layers.positive(keys::REMOTE_CONCURRENCY);
        let per_minute = layers.number(keys::REMOTE_PER_MINUTE, None);
        let timeout_ms = layers.positive(keys::REMOTE_TIMEOUT_MS);
        let retries = layers.number(keys::REMOTE_RETRIES, None);
        let (url, model) = match (url, model) {
            (Some(url), Some(model)) => (url, model),
            (None, None) => return None,
            _ => {
                let (url, model) = (keys::REMOTE_URL.name, keys::REMOTE_MODEL.name);
                layers.problem(format!("{url} and {model} belong together; set both or none"));
                return None;
            }
        };
        Some(Self {
            url,
            model,
            key,
            dimensions,
            max_tokens,
            batch,
            concurrency,
            per_minute,
            timeout_ms,
            retries,
        })
    }
}
