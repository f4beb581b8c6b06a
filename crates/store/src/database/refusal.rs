//! What a server can have against us, and what to do about it. A password is never told.

use std::fmt;

use sqlx::postgres::PgConnectOptions;

use super::OPERATION;
use crate::error::{Error, ErrorKind, database};

/// A database on a server, for people.
#[derive(Debug, Clone)]
pub(super) struct Place {
    pub(super) database: String,
    pub(super) address: String,
    pub(super) user: String,
}

impl Place {
    pub(super) fn of(options: &PgConnectOptions) -> Self {
        let user = options.get_username().to_owned();
        let address = match options.get_socket() {
            Some(socket) => socket.display().to_string(),
            None => format!("{}:{}", options.get_host(), options.get_port()),
        };
        Self { database: options.get_database().unwrap_or(&user).to_owned(), address, user }
    }

    /// Somebody must change something before it works.
    pub(super) fn refuse(&self, what: impl fmt::Display) -> Error {
        Error::new(ErrorKind::NotConfigured, OPERATION, format!("PostgreSQL {self}: {what}"))
    }

    /// It does not answer.
    pub(super) fn away(&self, why: impl fmt::Display) -> Error {
        let message = format!("PostgreSQL {self} does not answer ({why}): start it, or correct DATABASE_URL");
        Error::new(ErrorKind::Unavailable, OPERATION, message)
    }

    /// Why there is no connection.
    pub(super) fn of_connecting(&self, error: sqlx::Error) -> Error {
        let Some(told) = error.as_database_error() else {
            return match error {
                sqlx::Error::Configuration(why) => self.refuse(format_args!("{why}; correct DATABASE_URL")),
                sqlx::Error::Tls(why) => self.refuse(format_args!(
                    "no secure connection ({why}); correct `sslmode` and `sslrootcert` in DATABASE_URL"
                )),
                other => self.away(other),
            };
        };
        let (user, database_) = (&self.user, &self.database);
        // https://www.postgresql.org/docs/17/errcodes-appendix.html
        match told.code().as_deref() {
            Some("28P01" | "28000") => self.refuse(format_args!(
                "the user `{user}` is refused ({}); correct user and password in DATABASE_URL, or the server's pg_hba.conf",
                told.message()
            )),
            Some("3D000") => self.refuse(format_args!(
                "there is no database `{database_}`; make it by deploy/postgres/auskunft.sql, or correct DATABASE_URL"
            )),
            Some("42501") => self.refuse(format_args!(
                "the user `{user}` may not connect; `grant connect on database {database_} to {user}`"
            )),
            _ => self.away(told.message()),
        }
    }

    /// A step of opening that failed: missing rights are told with what to do.
    pub(super) fn of_step(&self, error: Error) -> Error {
        match error.kind {
            ErrorKind::Unavailable => self.away(error.message),
            _ if error.message.contains("permission denied") || error.message.contains("must be owner") => {
                self.refuse(format_args!(
                    "the user `{}` lacks a right ({}); as a superuser run deploy/postgres/auskunft.sql, or grant it",
                    self.user, error.message
                ))
            }
            _ => error,
        }
    }

    /// Turns a driver's error while opening into ours.
    pub(super) fn driver(&self, error: sqlx::Error) -> Error {
        self.of_step(database(OPERATION)(error))
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` at {}", self.database, self.address)
    }
}
