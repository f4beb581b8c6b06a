//! One request, and when it is sent again.

use std::error::Error;
use std::time::{Duration, SystemTime};

use auskunft_boot::settings::RemoteSettings;
use reqwest::StatusCode;
use reqwest::blocking::{Client, Response};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde::{Deserialize, Serialize};

use super::pace::Pace;
use crate::EmbedError;

/// The pause before the first repetition; it doubles.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
/// The longest pause that is chosen here.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);
/// The longest that a service may ask us to wait.
const LONGEST_WAIT: Duration = Duration::from_secs(120);
/// What is shown of a service's words.
const SHOWN: usize = 300;

/// Sends texts and reads vectors.
pub(super) struct Caller {
    client: Client,
    endpoint: String,
    settings: RemoteSettings,
    pace: Pace,
}

#[derive(Serialize)]
struct Request<'r> {
    model: &'r str,
    input: &'r [String],
    encoding_format: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    dimensions: Option<usize>,
}

#[derive(Deserialize)]
struct Reply {
    data: Vec<Item>,
}

#[derive(Deserialize)]
struct Item {
    index: usize,
    embedding: Vec<f32>,
}

/// Why there are no vectors.
enum Failed {
    /// Another time it may go well; not before that pause where the service named one.
    ForNow(String, Option<Duration>),
    /// It never will.
    ForGood(String),
}

impl Caller {
    pub(super) fn new(settings: &RemoteSettings) -> Result<Self, EmbedError> {
        // Whoever was first in this process has chosen the same.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let failure = |detail: String| EmbedError::Remote { url: settings.url.clone(), detail, attempts: 0 };
        let client = Client::builder().timeout(Duration::from_millis(settings.timeout_ms)).build();
        let client = client.map_err(|error| failure(words_of(&error)))?;
        let endpoint = format!("{}/embeddings", settings.url.trim_end_matches('/'));
        Ok(Self { client, endpoint, settings: settings.clone(), pace: Pace::new(settings.per_minute) })
    }

    /// The vectors of the texts, in their order, as the service gives them. Blocks, also for pauses.
    pub(super) fn vectors(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let mut pause = FIRST_PAUSE;
        let mut attempts = 0;
        loop {
            self.pace.wait();
            attempts += 1;
            let failure = |detail| EmbedError::Remote { url: self.settings.url.clone(), detail, attempts };
            match self.attempt(texts) {
                Ok(vectors) => return Ok(vectors),
                Err(Failed::ForGood(detail)) => return Err(failure(detail)),
                Err(Failed::ForNow(detail, _)) if attempts > self.settings.retries => {
                    return Err(failure(detail));
                }
                Err(Failed::ForNow(detail, stated)) => {
                    let wait = stated.unwrap_or_else(|| spread(pause));
                    tracing::debug!(url = %self.settings.url, %detail, ?wait, "vectors are asked for again");
                    std::thread::sleep(wait);
                    pause = (pause * 2).min(LONGEST_PAUSE);
                }
            }
        }
    }

    fn attempt(&self, texts: &[String]) -> Result<Vec<Vec<f32>>, Failed> {
        let body = Request {
            model: &self.settings.model,
            input: texts,
            encoding_format: "float",
            dimensions: self.settings.dimensions,
        };
        let mut request = self.client.post(&self.endpoint).json(&body);
        if let Some(key) = &self.settings.key {
            request = request.bearer_auth(key.reveal());
        }
        let response = request.send().map_err(|error| Failed::ForNow(words_of(&error), None))?;
        let status = response.status();
        if !status.is_success() {
            return Err(refused(status, response));
        }
        let bytes = response.bytes().map_err(|error| Failed::ForNow(words_of(&error), None))?;
        let reply: Reply = serde_json::from_slice(&bytes).map_err(|error| {
            Failed::ForGood(format!("its answer is not of the form {{\"data\": […]}}: {error}"))
        })?;
        in_order(reply, texts.len()).map_err(Failed::ForGood)
    }
}

/// Each index once; services may answer in any order.
fn in_order(reply: Reply, wanted: usize) -> Result<Vec<Vec<f32>>, String> {
    let found = reply.data.len();
    if found != wanted {
        return Err(format!("it gave {found} vectors for {wanted} texts"));
    }
    let mut vectors = vec![None; wanted];
    for item in reply.data {
        let place = vectors.get_mut(item.index).filter(|place| place.is_none());
        *place.ok_or_else(|| format!("it gave vector number {} twice, or of no text", item.index))? =
            Some(item.embedding);
    }
    Ok(vectors.into_iter().flatten().collect())
}

fn refused(status: StatusCode, response: Response) -> Failed {
    let stated = pause_stated(response.headers());
    let words = response.text().unwrap_or_default();
    let words: String = words.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(SHOWN).collect();
    let detail = format!("{status}: {words}");
    let is_passing = status.is_server_error()
        || matches!(
            status,
            StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT | StatusCode::CONFLICT
        );
    if is_passing { Failed::ForNow(detail, stated) } else { Failed::ForGood(detail) }
}

/// `Retry-After` in seconds or as a date (RFC 9110, section 10.2.3), or `retry-after-ms` as Azure sends it; at most [`LONGEST_WAIT`].
fn pause_stated(headers: &HeaderMap) -> Option<Duration> {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok()).map(str::trim);
    if let Some(milliseconds) = text("retry-after-ms").and_then(|text| text.parse().ok()) {
        return Some(Duration::from_millis(milliseconds).min(LONGEST_WAIT));
    }
    let stated = text(RETRY_AFTER.as_str())?;
    let seconds = stated.parse::<f64>().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let until = || {
        let moment = httpdate::parse_http_date(stated).ok()?;
        Some(moment.duration_since(SystemTime::now()).unwrap_or_default())
    };
    seconds.or_else(until).map(|wait| wait.min(LONGEST_WAIT))
}

/// Half of it to all of it: those that failed together come back apart.
fn spread(pause: Duration) -> Duration {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
    pause.mul_f64(0.5 + f64::from(since.subsec_nanos() % 1_000) / 2_000.0)
}

/// An error with its causes; `reqwest` names the address alone.
fn words_of(error: &reqwest::Error) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    words
}
