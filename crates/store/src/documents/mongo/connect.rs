//! Opening: address, limits, what is acknowledged and what is read, and the indexes.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use futures::FutureExt;
use mongodb::IndexModel;
use mongodb::bson::{Document as Bson, doc};
use mongodb::error::ErrorKind as Kind;
use mongodb::options::{ClientOptions, ReadConcern, WriteConcern};

use super::MongoDocuments;
use super::driver::Driver;
use super::failure::{away, short};
use crate::Database;
use crate::breaker::Breaker;
use crate::error::{Error, ErrorKind, Result};

const OPERATION: &str = "open MongoDB";

/// The database where the address names none.
const DATABASE: &str = "auskunft";

/// Operations of requests at the same time; more are refused. Far above what admission lets in.
const MOST_AT_ONCE: usize = 512;

/// How long a server may take for its first signs of life when a program starts that can do without it.
const START_LIMIT: Duration = Duration::from_secs(4);

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
    /// Fails with [`ErrorKind::Unavailable`] when no server answers and [`ErrorKind::NotConfigured`] when somebody must change address or
    /// server.
    pub async fn open(url: &str, program: &str, limits: Limits) -> Result<Self> {
        let opened = Self::of(url, program, limits, None).await?;
        opened.prepare().await?;
        Ok(opened)
    }

    /// As [`MongoDocuments::open`], for the documents of that Postgres database; fails with [`ErrorKind::NotConfigured`] when they are
    /// another one's. A writer's place there is held while it writes here.
    pub(crate) async fn open_paired(
        url: &str,
        program: &str,
        limits: Limits,
        partner: Arc<Database>,
    ) -> Result<Self> {
        let opened = Self::of(url, program, limits, Some(partner)).await?;
        opened.prepare().await?;
        Ok(opened)
    }

    /// As [`MongoDocuments::open_paired`], for requests: a server that does not answer is left alone until it does, also one that is away
    /// now.
    pub(crate) async fn open_for_requests(
        url: &str,
        program: &str,
        limits: Limits,
        partner: Arc<Database>,
    ) -> Result<Self> {
        let opened = Self::of(url, program, limits, Some(partner)).await?;
        let probed = opened.clone();
        let probe = move || {
            let probed = probed.clone();
            async move { probed.go_on_anew().await.map_err(|error| error.message) }.boxed()
        };
        let breaker = Breaker::new(format!("MongoDB at {}", opened.place), MOST_AT_ONCE, probe);
        match opened.within(limits.operation.max(START_LIMIT)).prepare().await {
            Err(error) if error.kind == ErrorKind::Unavailable => breaker.open(&error.message),
            prepared => prepared?,
        }
        Ok(Self { breaker: Some(breaker), ..opened })
    }

    /// A client; nothing is asked of the server yet.
    async fn of(url: &str, program: &str, limits: Limits, partner: Option<Arc<Database>>) -> Result<Self> {
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
        let driver = Driver::new(options, name).map_err(|error| not_an_address(url, &error))?;
        let place = Arc::from(hosts.join(",").as_str());
        let is_prepared = Arc::default();
        Ok(Self { driver, place, limits, partner, breaker: None, is_prepared })
    }

    /// The same with another limit of time for an operation.
    #[must_use]
    pub(crate) fn within(&self, operation: Duration) -> Self {
        Self { limits: Limits { operation, ..self.limits }, ..self.clone() }
    }

    /// Asks for a sign of life with a new client, and goes on with that one.
    async fn go_on_anew(&self) -> Result<()> {
        let driver = self.driver.another().map_err(|error| self.failure(OPERATION, &error))?;
        let anew = Self { driver, ..self.clone() };
        anew.prepare().await?;
        self.driver.go_on_with(&anew.driver);
        Ok(())
    }

    /// Asks for a sign of life; the first time also whose documents these are, and makes indexes that are missing.
    async fn prepare(&self) -> Result<()> {
        let ping = || async { self.database().run_command(doc! { "ping": 1 }).await };
        self.unguarded(OPERATION, ping).await?;
        if self.is_prepared.load(Ordering::Acquire) {
            return Ok(());
        }
        self.check_pairing().await?;
        self.within(self.limits.operation.max(Limits::default().operation)).make_indexes().await?;
        self.is_prepared.store(true, Ordering::Release);
        Ok(())
    }

    /// What is not found by `_id`: an agent's chats, and what is old.
    async fn make_indexes(&self) -> Result<()> {
        let indexes = [
            ("chats", doc! { "agent_id": 1, "last_at": -1, "_id": -1 }),
            ("chats", doc! { "first_at": 1 }),
            ("replies", doc! { "at": 1 }),
        ];
        for (collection, keys) in indexes {
            let collection = self.database().collection::<Bson>(collection);
            let make =
                || async { collection.create_index(IndexModel::builder().keys(keys.clone()).build()).await };
            self.run("make indexes", make).await?;
        }
        Ok(())
    }

    /// Ends the connections. For tests that open many.
    pub async fn close(self) {
        self.database().client().clone().shutdown().immediate(true).await;
    }
}

/// The driver's words may quote the address, and with it a password.
fn not_an_address(url: &str, error: &mongodb::error::Error) -> Error {
    if matches!(error.kind.as_ref(), Kind::DnsResolve { .. }) {
        let (kind, message) = away("the name that MONGODB_URL states", &short(&error.kind.to_string()));
        return Error::new(kind, OPERATION, message);
    }
    let reason = if url.contains('@') {
        "write it as mongodb://user:password@host:port/database, with signs like `@`, `:` and `/` in user and password \
         percent-encoded, and options that the driver knows"
            .to_owned()
    } else {
        error.kind.to_string()
    };
    Error::new(ErrorKind::NotConfigured, OPERATION, format!("MONGODB_URL is no address of MongoDB: {reason}"))
}
