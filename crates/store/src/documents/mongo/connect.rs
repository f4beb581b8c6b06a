//! Opening: address, limits, what is acknowledged and what is read, and the indexes.

use std::sync::Arc;
use std::time::Duration;

use mongodb::bson::{Document as Bson, doc};
use mongodb::options::{ClientOptions, ReadConcern, WriteConcern};
use mongodb::{Client, IndexModel};

use super::MongoDocuments;
use crate::error::{Error, ErrorKind, Result};

const OPERATION: &str = "open MongoDB";

/// The database where the address names none.
const DATABASE: &str = "auskunft";

/// An idle connection is given back after this time; firewalls forget silent ones.
const IDLE: Duration = Duration::from_secs(300);

/// How long things may take, and how much at once. What the address itself states (`connectTimeoutMS`, `serverSelectionTimeoutMS`,
/// `maxPoolSize`) goes before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// A connection's making.
    pub connect: Duration,
    /// Waiting for a server that can do it, e.g. while a new primary is chosen.
    pub selection: Duration,
    /// An operation in all, repetition after a broken connection included.
    pub operation: Duration,
    /// Connections to each server.
    pub pool: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(2),
            // Elections take about two seconds.
            selection: Duration::from_secs(4),
            // A page of ids of a large collection on a busy disk; requests have shorter limits of their own.
            operation: Duration::from_secs(15),
            // The requests that `serve` works on at the same time, twice.
            pool: 64,
        }
    }
}

impl MongoDocuments {
    /// Connects, asks for a sign of life and makes the indexes that are missing. `program` is what the server's log calls us.
    ///
    /// Fails with [`ErrorKind::Unavailable`] when no server answers or the server refuses us.
    pub async fn open(url: &str, program: &str, limits: Limits) -> Result<Self> {
        let mut options = ClientOptions::parse(url).await.map_err(|error| not_an_address(url, &error))?;
        let hosts: Vec<String> = options.hosts.iter().map(ToString::to_string).collect();
        let name = options.default_database.clone().unwrap_or_else(|| DATABASE.to_owned());
        options.app_name.get_or_insert_with(|| format!("auskunft-{program}"));
        options.connect_timeout.get_or_insert(limits.connect);
        options.server_selection_timeout.get_or_insert(limits.selection);
        options.max_pool_size.get_or_insert(limits.pool);
        options.max_idle_time.get_or_insert(IDLE);
        // Postgres names what is stored here as soon as it is acknowledged: it must not vanish with a primary.
        let acknowledged =
            WriteConcern::builder().w(mongodb::options::Acknowledgment::Majority).journal(true);
        options.write_concern = Some(acknowledged.w_timeout(limits.operation).build());
        // What an election could take back is not seen: nobody concludes from it that a message is kept.
        options.read_concern = Some(ReadConcern::majority());
        let client = Client::with_options(options).map_err(|error| not_an_address(url, &error))?;
        let database = client.database(&name);
        let opened = Self { client, database, place: Arc::from(hosts.join(",").as_str()), limits };
        crate::DocumentStore::ping(&opened).await?;
        opened.make_indexes().await?;
        Ok(opened)
    }

    /// What is not found by `_id`: an agent's chats, and what is old.
    async fn make_indexes(&self) -> Result<()> {
        let indexes = [
            ("chats", doc! { "agent_id": 1, "last_at": -1, "_id": -1 }),
            ("chats", doc! { "first_at": 1 }),
            ("replies", doc! { "at": 1 }),
        ];
        for (collection, keys) in indexes {
            let collection = self.database.collection::<Bson>(collection);
            let make =
                || async { collection.create_index(IndexModel::builder().keys(keys.clone()).build()).await };
            self.run("make indexes", make).await?;
        }
        Ok(())
    }

    /// Ends the connections. For tests that open many.
    pub async fn close(self) {
        self.client.shutdown().immediate(true).await;
    }
}

/// The driver's words may quote the address, and with it a password.
fn not_an_address(url: &str, error: &mongodb::error::Error) -> Error {
    let reason = if url.contains('@') {
        "write it as mongodb://user:password@host:port/database, with signs like `@`, `:` and `/` in user and password \
         percent-encoded, and options that the driver knows"
            .to_owned()
    } else {
        error.kind.to_string()
    };
    Error::new(ErrorKind::Unavailable, OPERATION, format!("MONGODB_URL is no address of MongoDB: {reason}"))
}
