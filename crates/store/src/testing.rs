//! Stores with a few documents, for the tests of this crate: embedded, and once more on a server where one runs.

use std::cell::Cell;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use auskunft_model::{Chunk, ChunkId, DocumentId, Kind, Labels, Language, Outcome, ProductId, SpaceId};

use crate::generation::{self, GenerationInfo, Recipe};
use crate::ledger::{DocumentRow, Pages, SourceRow, Stated};
use crate::publish::{self, Batch, EmbeddedChunk, FinishedSource, ReadyDocument};
use crate::{Database, DatabaseServer, Places, Role, Stores};

thread_local! {
    /// Whether the test that runs on this thread wants a server.
    static ON_SERVER: Cell<bool> = const { Cell::new(false) };
}

/// Runs a test of this crate with a database of a server in place of an embedded one, where servers run. An asynchronous test runs on the
/// thread that calls it.
pub(crate) fn on_server(test: fn()) {
    if test_servers::servers().is_none() {
        return;
    }
    ON_SERVER.set(true);
    test();
    ON_SERVER.set(false);
}

/// Runs these tests of a module once more, on a server.
macro_rules! on_servers_too {
    ($($test:ident),+ $(,)?) => {
        mod on_server {
            $(#[test]
            fn $test() {
                crate::testing::on_server(super::$test);
            })+
        }
    };
}
pub(crate) use on_servers_too;

/// Where a test's stores are: a folder, and on a server a fresh database. Removed in the end, however the test ends.
pub(crate) struct Place {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) fresh: Option<FreshDatabase>,
}

impl Place {
    pub(crate) async fn new() -> Self {
        let fresh = if ON_SERVER.get() { FreshDatabase::make().await } else { None };
        Self { folder: tempfile::tempdir().unwrap(), fresh }
    }

    pub(crate) async fn open(&self) -> Stores {
        let database = self.fresh.as_ref().map(FreshDatabase::server);
        let places = Places { data_dir: self.folder.path().to_owned(), database };
        Stores::open(&places, "test", Role::Writer).await.unwrap()
    }

    pub(crate) async fn database(&self) -> Database {
        match &self.fresh {
            Some(fresh) => fresh.open("test", Role::Writer).await.unwrap(),
            None => Database::open_embedded(self.folder.path(), "test").await.unwrap(),
        }
    }
}

/// An empty database on the server that runs.
pub(crate) struct FreshDatabase {
    name: String,
    maintenance: String,
    /// Removes it: the server's own processes may be at work in it, and only a superuser ends those.
    superuser: String,
}

impl FreshDatabase {
    /// Makes one; `None` where no servers run.
    pub(crate) async fn make() -> Option<Self> {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let servers = test_servers::servers()?;
        let (maintenance, superuser) = (servers.database_url, servers.superuser_url);
        let name = format!("test_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        execute(&maintenance, &format!("create database {name}")).await;
        Some(Self { name, maintenance, superuser })
    }

    /// Its address.
    pub(crate) fn url(&self) -> String {
        let (server, _) = self.maintenance.rsplit_once('/').unwrap();
        format!("{server}/{}", self.name)
    }

    pub(crate) fn server(&self) -> DatabaseServer {
        DatabaseServer {
            url: self.url(),
            connections: 6,
            statement_limit: Duration::from_secs(30),
            request_limit: Duration::from_secs(2),
            lease: Duration::from_secs(30),
        }
    }

    /// Opens it for a program.
    pub(crate) async fn open(&self, program: &str, role: Role) -> crate::Result<Database> {
        Database::open_server(&self.server(), program, role).await
    }
}

async fn execute(url: &str, statement: &str) {
    use sqlx::Connection;
    let mut connection = sqlx::PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.unwrap();
}

impl Drop for FreshDatabase {
    fn drop(&mut self) {
        let (url, statement) =
            (self.superuser.clone(), format!("drop database if exists {} with (force)", self.name));
        let removing = move || tokio::runtime::Runtime::new().unwrap().block_on(execute(&url, &statement));
        // This thread may run a test's runtime, in which nothing may block.
        let removed = std::thread::spawn(removing).join();
        assert!(removed.is_ok() || std::thread::panicking(), "the database {} stays behind", self.name);
    }
}

/// Stores of their own, with an empty generation.
pub(crate) struct Opened {
    pub(crate) stores: Stores,
    pub(crate) info: GenerationInfo,
    _place: Place,
}

impl Opened {
    pub(crate) async fn new() -> Self {
        let place = Place::new().await;
        let stores = place.open().await;
        let space = SpaceId::new("s-1".to_owned());
        let info = generation::create_first(&stores.database, Recipe::new(&space, 3, "1")).await.unwrap();
        Self { stores, info, _place: place }
    }

    /// Publishes a source that is one document of so many chunks, bound to a product.
    pub(crate) async fn publish(&self, source: &str, chunks: u32, product: &str) -> DocumentId {
        let document = document(source, chunks, product);
        let id = document.row.document_id.clone();
        let finished = finished(source, &id);
        let batch = Batch { documents: vec![document], finished: vec![finished], ..Batch::default() };
        publish::publish(&self.stores.database, self.info.generation, &batch).await.unwrap();
        id
    }

    /// Runs statements as somebody would who damages the stores.
    pub(crate) async fn sql(&self, statements: &'static str) {
        self.stores.database.run_as_shop(statements).await.unwrap();
    }

    pub(crate) async fn close(self) {
        self.stores.close().await;
    }
}

pub(crate) fn document(source: &str, chunks: u32, product: &str) -> ReadyDocument {
    let id = DocumentId::derive(source, None);
    let labels = Labels { product_id: ProductId::parse(product).ok(), ..Labels::default() };
    let row = DocumentRow {
        document_id: id.clone(),
        source: source.to_owned(),
        anchor: None,
        kind: "faq".to_owned(),
        title: source.to_owned(),
        language: "de".to_owned(),
        version: "1".repeat(64),
        stated: Stated::default(),
        labels,
    };
    let chunks = (0..chunks).map(|ordinal| embedded(&id, ordinal)).collect();
    ReadyDocument { row, attributes: None, chunks }
}

fn embedded(document: &DocumentId, ordinal: u32) -> EmbeddedChunk {
    let text = format!("Text {ordinal}");
    let chunk = Chunk {
        id: ChunkId::derive(document, None, &[], &text, 0),
        document_id: document.clone(),
        ordinal,
        kind: Kind::Faq,
        language: Language::german(),
        heading_path: Vec::new(),
        page: None,
        embedded_text: text.clone(),
        text,
        tokens: 2,
    };
    EmbeddedChunk { chunk, text_digest: format!("{ordinal:064}"), embedding: vec![1.0, 0.5, 0.25] }
}

fn finished(source: &str, document: &DocumentId) -> FinishedSource {
    let row = SourceRow {
        path: source.to_owned(),
        kind: "faq".to_owned(),
        bytes: 1,
        bytes_digest: "1".to_owned(),
        input_digest: "1".to_owned(),
        outcome: Outcome::Ok,
        failure: None,
        pages: Pages::default(),
    };
    FinishedSource { row, documents: vec![document.clone()], failures: Vec::new() }
}
