//! The driver's client, and its replacement after the server was away.

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use mongodb::options::ClientOptions;
use mongodb::{Client, Database};

/// The client that is used at present, with its database. Clones share it.
///
/// A call that waits for one of the driver's connections keeps its place in the queue when nobody waits for it any more, and each new
/// call takes but one such place away (`execute` in cmap/worker.rs of mongodb 3.9.1). After a pause of the server that many calls met, no
/// call would come through for minutes, though the server answers: hence a new client then.
#[derive(Clone)]
pub(super) struct Driver(Arc<Shared>);

struct Shared {
    options: ClientOptions,
    name: String,
    current: RwLock<Database>,
}

impl fmt::Debug for Driver {
    // The options may hold a password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Driver").field("name", &self.0.name).finish_non_exhaustive()
    }
}

impl Driver {
    /// A client with these options for the database of that name; nothing is asked of the server yet.
    pub(super) fn new(options: ClientOptions, name: String) -> mongodb::error::Result<Self> {
        let database = Client::with_options(options.clone())?.database(&name);
        Ok(Self(Arc::new(Shared { options, name, current: RwLock::new(database) })))
    }

    /// Another one for the same database.
    pub(super) fn another(&self) -> mongodb::error::Result<Self> {
        Self::new(self.0.options.clone(), self.0.name.clone())
    }

    /// The database, by the client of now.
    pub(super) fn database(&self) -> Database {
        self.0.current.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Goes on with another one's client. The old one's connections end when nobody uses them any more.
    pub(super) fn go_on_with(&self, other: &Self) {
        *self.0.current.write().unwrap_or_else(PoisonError::into_inner) = other.database();
    }
}
