//! From the driver's errors to ours, and what is tried again.

use std::future::Future;

use mongodb::error::{Error as DriverError, ErrorKind as Kind, RETRYABLE_WRITE_ERROR, WriteFailure};

use super::MongoDocuments;
use crate::breaker::{Failed, Verdict};
use crate::error::{Error, ErrorKind, Result};

/// Once more after a connection broke: the pool may hold several that a restart of the server left behind, and choosing a server
/// waits for a new primary by itself.
const ATTEMPTS: u32 = 3;

/// The longest piece of the driver's words that is told; it may describe a whole cluster.
const LONGEST_WORDS: usize = 300;

/// There is a document with that id.
pub(super) const DUPLICATE: i32 = 11_000;

/// Codes of <https://github.com/mongodb/mongo/blob/master/src/mongo/base/error_codes.yml>.
mod code {
    pub(super) const UNAUTHORIZED: i32 = 13;
    pub(super) const AUTHENTICATION_FAILED: i32 = 18;
    pub(super) const OUT_OF_DISK_SPACE: i32 = 14_031;
    /// It took longer than it may.
    pub(super) const LATE: [i32; 2] = [50, 262];
    /// Not the primary, or on the way down or up.
    pub(super) const MOVING: [i32; 9] = [91, 189, 6, 7, 10_058, 10_107, 11_600, 11_602, 13_435];
    /// The majority did not acknowledge, or there is no such majority.
    pub(super) const NOT_ACKNOWLEDGED: [i32; 3] = [64, 79, 100];
}

impl MongoDocuments {
    /// Runs an idempotent operation within the limit of time, again when the connection broke; not at all while the server is left alone.
    pub(super) async fn run<T, F, R>(&self, operation: &'static str, action: F) -> Result<T>
    where
        F: Fn() -> R + Send + Sync,
        R: Future<Output = mongodb::error::Result<T>> + Send,
    {
        let Some(breaker) = &self.breaker else { return self.unguarded(operation, action).await };
        let tried = async { try_again(action).await.map_err(|error| self.failure(operation, &error)) };
        let verdict = |error: &Error| match error.kind {
            ErrorKind::Unavailable => Verdict::Fails(error.message.clone()),
            _ => Verdict::Answers,
        };
        breaker.run(self.limits.operation, tried, verdict).await.map_err(|failed| match failed {
            Failed::Own(error) => error,
            Failed::Away(why) => {
                let message = format!("MongoDB at {}: {why}; look at its load and its log", self.place);
                Error::new(ErrorKind::Unavailable, operation, message)
            }
        })
    }

    /// As [`MongoDocuments::run`], whether or not the server is left alone.
    pub(super) async fn unguarded<T, F, R>(&self, operation: &'static str, action: F) -> Result<T>
    where
        F: Fn() -> R + Send + Sync,
        R: Future<Output = mongodb::error::Result<T>> + Send,
    {
        match tokio::time::timeout(self.limits.operation, try_again(action)).await {
            Ok(ended) => ended.map_err(|error| self.failure(operation, &error)),
            Err(_) => Err(self.late(operation)),
        }
    }

    fn late(&self, operation: &'static str) -> Error {
        let (place, seconds) = (&self.place, self.limits.operation.as_secs_f32());
        let message =
            format!("MongoDB at {place} did not answer within {seconds} s; look at its load and its log");
        Error::new(ErrorKind::Unavailable, operation, message)
    }

    /// What happened and what to do; never what was written, which is customers' or the shop's.
    pub(super) fn failure(&self, operation: &'static str, error: &DriverError) -> Error {
        let place = &self.place;
        let (kind, message) = match error.kind.as_ref() {
            Kind::Authentication { .. } => refused(place),
            Kind::ServerSelection { message, .. } if message.contains("uthentication") => refused(place),
            Kind::ServerSelection { .. }
            | Kind::Io(_)
            | Kind::DnsResolve { .. }
            | Kind::ConnectionPoolCleared { .. } => away(place, &short(&error.kind.to_string())),
            Kind::Command(command) => by_code(place, command.code, &command.message),
            Kind::Write(WriteFailure::WriteError(error)) => by_code(place, error.code, ""),
            Kind::Write(WriteFailure::WriteConcernError(error)) => by_code(place, error.code, &error.message),
            Kind::InsertMany(failed) => {
                let of_one = failed.write_errors.iter().flatten().map(|error| error.code);
                let of_all = failed.write_concern_error.iter().map(|error| error.code);
                by_code(place, of_one.chain(of_all).find(|code| *code != DUPLICATE).unwrap_or(0), "")
            }
            Kind::IncompatibleServer { message, .. } => (
                ErrorKind::Internal,
                format!("MongoDB at {place} can't be used, 4.4 or newer is needed: {message}"),
            ),
            Kind::Bson(_) | Kind::BsonDeserialization(_) | Kind::InvalidResponse { .. } => {
                let message =
                    format!("what MongoDB at {place} holds or answers can't be read; run `ingest verify`");
                (ErrorKind::Corrupt, message)
            }
            other => (ErrorKind::Internal, format!("MongoDB at {place}: {}", short(&other.to_string()))),
        };
        Error::new(kind, operation, message)
    }
}

fn refused(place: &str) -> (ErrorKind, String) {
    let message = format!(
        "MongoDB at {place} refuses the user or password of MONGODB_URL; correct them (and `authSource`)"
    );
    (ErrorKind::NotConfigured, message)
}

pub(super) fn away(place: &str, words: &str) -> (ErrorKind, String) {
    let message = format!(
        "MongoDB at {place} does not answer; check that it runs and that MONGODB_URL names it ({words})"
    );
    (ErrorKind::Unavailable, message)
}

fn by_code(place: &str, code: i32, words: &str) -> (ErrorKind, String) {
    let words =
        if words.is_empty() { format!("code {code}") } else { format!("code {code}: {}", short(words)) };
    match code {
        code::AUTHENTICATION_FAILED => refused(place),
        code::UNAUTHORIZED => {
            let message = format!(
                "MongoDB at {place} does not let the user of MONGODB_URL do this; grant it `readWrite` on the database ({words})"
            );
            (ErrorKind::NotConfigured, message)
        }
        code::OUT_OF_DISK_SPACE => {
            (ErrorKind::DiskFull, format!("the disk of MongoDB at {place} is full: make space and run again"))
        }
        code if code::LATE.contains(&code) => {
            (ErrorKind::Unavailable, format!("MongoDB at {place} took too long; look at its load ({words})"))
        }
        code if code::MOVING.contains(&code) => away(place, &words),
        code if code::NOT_ACKNOWLEDGED.contains(&code) => {
            let message = format!(
                "the majority of MongoDB's members at {place} did not acknowledge in time; look at its members ({words})"
            );
            (ErrorKind::Unavailable, message)
        }
        _ => (ErrorKind::Internal, format!("MongoDB at {place} failed ({words})")),
    }
}

pub(super) fn short(words: &str) -> String {
    words.chars().take(LONGEST_WORDS).collect()
}

/// Once more where the connection broke.
async fn try_again<T, F, R>(action: F) -> mongodb::error::Result<T>
where
    F: Fn() -> R + Send + Sync,
    R: Future<Output = mongodb::error::Result<T>> + Send,
{
    let mut attempt = 1;
    loop {
        match action().await {
            Err(error) if attempt < ATTEMPTS && is_passing(&error) => attempt += 1,
            ended => return ended,
        }
    }
}

/// Whether trying again at once may help. Choosing a server has waited already.
fn is_passing(error: &DriverError) -> bool {
    match error.kind.as_ref() {
        Kind::Io(_) | Kind::ConnectionPoolCleared { .. } => true,
        Kind::Command(command) => code::MOVING.contains(&command.code),
        _ => error.contains_label(RETRYABLE_WRITE_ERROR),
    }
}

/// Whether the only thing that failed is that there are documents with these ids.
pub(super) fn is_duplicate(error: &DriverError) -> bool {
    match error.kind.as_ref() {
        Kind::Write(WriteFailure::WriteError(error)) => error.code == DUPLICATE,
        Kind::Command(command) => command.code == DUPLICATE,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_says_what_to_do_and_what_was_written_stays_unsaid() {
        let (kind, message) = by_code("db:27017", code::UNAUTHORIZED, "not authorized on auskunft");
        assert_eq!(kind, ErrorKind::NotConfigured);
        assert_eq!(by_code("db", code::AUTHENTICATION_FAILED, "").0, ErrorKind::NotConfigured);
        assert!(message.contains("db:27017") && message.contains("readWrite"), "{message}");
        let (kind, _) = by_code("db", code::OUT_OF_DISK_SPACE, "");
        assert_eq!(kind, ErrorKind::DiskFull);
        let (kind, message) = by_code("db", 13_435, "not primary");
        assert_eq!(kind, ErrorKind::Unavailable);
        assert!(message.contains("does not answer"), "{message}");
        assert_eq!(by_code("db", 2, "bad value").0, ErrorKind::Internal);
    }
}
