//! Original files (PDF, HTML): what a citation's document was read from, in a folder or a bucket.
//!
//! A file lies under the SHA-256 of its bytes, `originals/ab/ab12…`, so that writing it again changes nothing, a version that is cited a moment
//! longer stays, and the ledger's digest of a source is all that names it.

mod pairing;
mod put;

use std::collections::HashSet;
use std::ops::Range;
use std::path::Path as FilePath;
use std::sync::Arc;
use std::time::Duration;

use auskunft_boot::settings::ObjectSettings;
use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use futures::{StreamExt, TryStreamExt};
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{BackoffConfig, ClientOptions, GetOptions, GetRange, ObjectStore, RetryConfig};

use crate::error::{Error, ErrorKind, Result};

pub use put::Kept;

/// The folder, in a folder or bucket that may hold other things, too.
const ROOT: &str = "originals";

/// How long a connection may take.
const CONNECT_LIMIT: Duration = Duration::from_secs(5);
/// How long one request may take: 8 MB at 270 kB/s.
const REQUEST_LIMIT: Duration = Duration::from_secs(30);
/// How long a request is tried again, all in all.
const RETRY_LIMIT: Duration = Duration::from_secs(20);

/// A file that is younger may be of a run that has not come to its ledger row yet.
const YOUNG: TimeDelta = TimeDelta::hours(24);

/// Original files.
#[derive(Debug, Clone)]
pub struct Objects {
    store: Arc<dyn ObjectStore>,
    root: Path,
    place: String,
    /// Whether others may reach it from elsewhere: a bucket.
    is_shared: bool,
}

/// A part of a file, or all of it.
pub struct Original {
    /// Size of the whole file in bytes.
    pub bytes: u64,
    /// Which bytes of it these are.
    pub range: Range<u64>,
    /// The bytes, piece by piece.
    pub stream: futures::stream::BoxStream<'static, Result<Bytes>>,
}

impl std::fmt::Debug for Original {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Original")
            .field("bytes", &self.bytes)
            .field("range", &self.range)
            .finish_non_exhaustive()
    }
}

/// Which bytes of a file are wanted (RFC 9110 §14.1.2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// From the first to the last one named; one beyond the end counts as the end.
    Between(u64, u64),
    /// From there to the end.
    From(u64),
    /// So many at the end.
    Last(u64),
}

impl Objects {
    /// The files in a folder, which is made when it is first written to, or in a bucket (`s3://BUCKET` or `s3://BUCKET/PREFIX`), reached as `access`
    /// states: names and values as S3 tools know them (`aws_access_key_id`, `aws_secret_access_key`, `aws_session_token`, `aws_region`,
    /// `aws_endpoint_url`). Asks nobody yet.
    pub fn open(place: &str, access: &[(&str, &str)]) -> Result<Self> {
        match place.strip_prefix("s3://") {
            Some(bucket) => Self::bucket(place, bucket, access),
            None => Self::folder(FilePath::new(place)),
        }
    }

    /// The files where the settings say.
    pub fn of(stated: &ObjectSettings) -> Result<Self> {
        let access: Vec<(&str, &str)> =
            stated.access.iter().map(|(name, value)| (*name, value.reveal())).collect();
        Self::open(&stated.place, &access)
    }

    fn folder(folder: &FilePath) -> Result<Self> {
        let place = folder.display().to_string();
        std::fs::create_dir_all(folder)
            .map_err(|error| unusable(&place, format!("the folder can't be made: {error}")))?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(|error| unusable(&place, error))?;
        Ok(Self {
            store: Arc::new(store.with_automatic_cleanup(true)),
            root: Path::from(ROOT),
            place,
            is_shared: false,
        })
    }

    fn bucket(place: &str, bucket: &str, access: &[(&str, &str)]) -> Result<Self> {
        // The process has one provider of cryptography; whoever comes second finds it there.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let (name, prefix) = bucket.split_once('/').unwrap_or((bucket, ""));
        let client = ClientOptions::new().with_connect_timeout(CONNECT_LIMIT).with_timeout(REQUEST_LIMIT);
        let mut builder = AmazonS3Builder::new().with_client_options(client).with_bucket_name(name);
        for (key, value) in access {
            let key: AmazonS3ConfigKey = key.parse().map_err(|error| unusable(place, error))?;
            // Only who names an address without TLS gets one.
            let is_plain = key == AmazonS3ConfigKey::Endpoint && value.starts_with("http://");
            builder = builder.with_config(key, *value);
            builder = if is_plain { builder.with_allow_http(true) } else { builder };
        }
        let retry =
            RetryConfig { backoff: BackoffConfig::default(), max_retries: 4, retry_timeout: RETRY_LIMIT };
        let store = builder.with_retry(retry).build();
        let store = store.map_err(|error| unusable(place, error))?;
        let root = Path::parse(prefix).map_err(|error| unusable(place, error))?.join(ROOT);
        Ok(Self { store: Arc::new(store), root, place: place.to_owned(), is_shared: true })
    }

    /// Where the files lie, for messages.
    pub fn place(&self) -> &str {
        &self.place
    }

    fn path(&self, digest: &str) -> Path {
        self.root.clone().join(digest.get(..2).unwrap_or_default()).join(digest)
    }

    /// Digests of all files that are there.
    pub async fn digests(&self) -> Result<HashSet<String>> {
        let listed = self.store.list(Some(&self.root));
        let names = listed.map_ok(|found| found.location.filename().unwrap_or_default().to_owned());
        names.try_collect().await.map_err(|error| self.failed("list originals", &error))
    }

    /// A file's bytes; `None` when it is not there. Bytes beyond its end are an empty part at its end.
    pub async fn get(&self, digest: &str, wanted: Option<Wanted>) -> Result<Option<Original>> {
        const OPERATION: &str = "read original";
        let range = wanted.map(|wanted| match wanted {
            Wanted::Between(first, last) => GetRange::Bounded(first..last.saturating_add(1)),
            Wanted::From(first) => GetRange::Offset(first),
            Wanted::Last(bytes) => GetRange::Suffix(bytes),
        });
        let options = GetOptions { range, ..GetOptions::default() };
        match self.store.get_opts(&self.path(digest), options).await {
            Ok(found) => {
                let (bytes, range) = (found.meta.size, found.range.clone());
                let place = self.clone();
                let stream = found.into_stream().map_err(move |error| place.failed(OPERATION, &error));
                Ok(Some(Original { bytes, range, stream: stream.boxed() }))
            }
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.failed(OPERATION, &error)),
        }
    }

    /// Size of a file in bytes; `None` when it is not there.
    pub async fn size(&self, digest: &str) -> Result<Option<u64>> {
        let options = GetOptions { head: true, ..GetOptions::default() };
        match self.store.get_opts(&self.path(digest), options).await {
            Ok(found) => Ok(Some(found.meta.size)),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(self.failed("read original", &error)),
        }
    }

    /// Removes files that none of these digests names and that are a day old; returns how many.
    pub async fn sweep(&self, named: &HashSet<String>, now: DateTime<Utc>) -> Result<u64> {
        const OPERATION: &str = "remove originals";
        let listed: Vec<_> = self
            .store
            .list(Some(&self.root))
            .try_collect()
            .await
            .map_err(|error| self.failed(OPERATION, &error))?;
        let is_old = |found: &object_store::ObjectMeta| found.last_modified + YOUNG < now;
        let is_named =
            |found: &object_store::ObjectMeta| named.contains(found.location.filename().unwrap_or_default());
        let over: Vec<Path> = listed
            .into_iter()
            .filter(|found| is_old(found) && !is_named(found))
            .map(|found| found.location)
            .collect();
        let count = over.len() as u64;
        let removing = self.store.delete_stream(futures::stream::iter(over.into_iter().map(Ok)).boxed());
        let removed: std::result::Result<Vec<Path>, _> = removing.try_collect().await;
        removed.map_err(|error| self.failed(OPERATION, &error))?;
        Ok(count)
    }

    /// Asks for a sign of life.
    pub async fn ping(&self) -> Result<()> {
        self.size(&"0".repeat(64)).await.map(|_| ())
    }

    fn failed(&self, operation: &'static str, error: &object_store::Error) -> Error {
        use object_store::Error as Cause;
        let causes = causes(error);
        // A refused list has no kind of its own.
        let is_refused = matches!(error, Cause::PermissionDenied { .. } | Cause::Unauthenticated { .. })
            || causes.contains("403 Forbidden");
        let advice = match error {
            _ if is_refused => "; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and the bucket's rights",
            Cause::NotFound { .. } => "; check the bucket's name",
            _ => "",
        };
        let message = format!("the originals in `{}` can't be used: {causes}{advice}", self.place);
        Error::new(ErrorKind::Unavailable, operation, message)
    }
}

fn unusable(place: &str, error: impl std::fmt::Display) -> Error {
    Error::new(
        ErrorKind::Unavailable,
        "open originals",
        format!(
            "`{place}` can't hold originals: {error}; set AUSKUNFT_OBJECTS to a folder or to s3://BUCKET/PREFIX"
        ),
    )
}

/// An error with what is behind it: the outermost alone says no more than that a request failed.
fn causes(error: &object_store::Error) -> String {
    let chain = std::iter::successors(std::error::Error::source(error), |inner| inner.source());
    let last = chain.last().map(|inner| format!(" ({inner})")).unwrap_or_default();
    let first = error.to_string();
    if first.contains(last.trim_matches([' ', '(', ')'])) { first } else { format!("{first}{last}") }
}

#[cfg(test)]
mod s3_stand_in;
#[cfg(test)]
mod tests;
