//! What can go wrong in a store, by what the caller can do about it.

use std::fmt;

/// What the caller can do about an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorKind {
    /// Another process holds the folder.
    Held,
    /// The stores were written by a newer version of the program, or are not Auskunft's.
    NewerSchema,
    /// The stores hold another embedding space or chunker than asked for.
    OtherSpace,
    /// Settings or a server must be changed by somebody before this works: a wrong password, a missing database, nothing ingested.
    NotConfigured,
    /// A server or the embedded engine can't be reached.
    Unavailable,
    /// The disk is full.
    DiskFull,
    /// What was read is not what was written.
    Corrupt,
    /// A defect of this program or a condition nobody foresaw.
    Internal,
}

/// A store's failure.
#[derive(Debug)]
pub struct Error {
    /// What the caller can do about it.
    pub kind: ErrorKind,
    /// What was tried, e.g. `publish`.
    pub operation: &'static str,
    /// What happened, to which file or id, and what to do.
    pub message: String,
}

/// A store's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of that kind.
    pub fn new(kind: ErrorKind, operation: &'static str, message: impl Into<String>) -> Self {
        Self { kind, operation, message: message.into() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.operation, self.message)
    }
}

impl std::error::Error for Error {}

/// Turns a driver's error into ours, naming what was tried.
pub(crate) fn database(operation: &'static str) -> impl FnOnce(sqlx::Error) -> Error {
    move |error| {
        let kind = kind_of(&error);
        let advice = match kind {
            ErrorKind::DiskFull => {
                "; the disk of the database is full or broken: make space and run again, nothing is lost"
            }
            _ => "",
        };
        Error::new(kind, operation, format!("{error}{advice}"))
    }
}

/// Whether the database can't be reached, by a driver's error.
pub(crate) fn is_unavailable(error: &sqlx::Error) -> bool {
    kind_of(error) == ErrorKind::Unavailable
}

fn kind_of(error: &sqlx::Error) -> ErrorKind {
    if let Some(code) = error.as_database_error().and_then(sqlx::error::DatabaseError::code) {
        // https://www.postgresql.org/docs/17/errcodes-appendix.html: class 53 is "insufficient resources".
        return match code.as_ref() {
            // 58030 is an input or output error: what the embedded engine makes of a full disk.
            "53100" | "58030" => ErrorKind::DiskFull,
            "53000" | "53200" | "53300" | "57P01" | "57P02" | "57P03" | "57P05" | "25P03" | "25P04" => {
                ErrorKind::Unavailable
            }
            // A lock that was not to be waited for any longer.
            "55P03" => ErrorKind::Unavailable,
            // Class 08 is "connection exception": what a proxy says when the server behind it is away.
            code if code.starts_with("08") => ErrorKind::Unavailable,
            _ => ErrorKind::Internal,
        };
    }
    // What breaks off in the middle of a word is taken for a violation of the protocol.
    let is_lost = matches!(
        error,
        sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed
    );
    if is_lost { ErrorKind::Unavailable } else { ErrorKind::Internal }
}

/// A stored value that can't be read back.
pub(crate) fn corrupt(operation: &'static str, what: impl fmt::Display) -> Error {
    Error::new(
        ErrorKind::Corrupt,
        operation,
        format!("a stored value can't be read: {what}; run `ingest verify`"),
    )
}
