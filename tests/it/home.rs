//! Where a scenario keeps its stores: embedded in a folder, or in a database of its own on the server that runs.

use std::path::Path;
use std::process::{Command, Output, Stdio};

use e2e::Server;
use serde_json::Value;
use sqlx::{AssertSqlSafe, Connection, PgConnection};

/// After so long a killed writer's place is free: the shortest that the setting takes.
pub(crate) const LEASE_SECONDS: &str = "2";

/// Removed in the end, however the scenario ends.
pub(crate) struct Home {
    folder: tempfile::TempDir,
    database: Option<Fresh>,
}

/// A database of its own; the server's own one makes and removes it.
struct Fresh {
    name: String,
    maintenance: String,
    /// Removes it: the server's own processes may be at work in it, and only a superuser ends those.
    superuser: String,
}

impl Home {
    pub(crate) fn embedded() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database: None }
    }

    /// `None` where no servers run.
    pub(crate) async fn on_server(name: &str) -> Option<Self> {
        let servers = test_servers::servers()?;
        let (maintenance, superuser) = (servers.database_url, servers.superuser_url);
        let name = format!("e2e_{}_{name}", std::process::id());
        execute(&maintenance, &format!("create database {name}")).await;
        Some(Self {
            folder: tempfile::tempdir().unwrap(),
            database: Some(Fresh { name, maintenance, superuser }),
        })
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    fn url(&self) -> Option<String> {
        let database = self.database.as_ref()?;
        let (server, _) = database.maintenance.rsplit_once('/').unwrap();
        Some(format!("{server}/{}", database.name))
    }

    /// `ingest` with these stores, not yet started. A writer's place is free soon after it was killed.
    pub(crate) fn ingest(&self, arguments: &[&str]) -> Command {
        let mut command = e2e::ingest(self.path()).unwrap();
        if let Some(url) = self.url() {
            command.env("DATABASE_URL", url).env("AUSKUNFT_WRITER_LEASE_SECONDS", LEASE_SECONDS);
        }
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// `ingest` that must end well; exit code 10 (some documents can't be read) is as good as 0.
    pub(crate) fn ingested(&self, arguments: &[&str]) -> Output {
        let output = self.ingest(arguments).output().unwrap();
        assert!(matches!(output.status.code(), Some(0 | 10)), "{}", String::from_utf8_lossy(&output.stderr));
        output
    }

    /// What `ingest status` calls the content.
    pub(crate) fn digest(&self) -> String {
        let status: Value = serde_json::from_slice(&self.ingested(&["status", "--json"]).stdout).unwrap();
        status["digest"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn serve(&self, environment: &[(&str, &str)]) -> Server {
        let url = self.url();
        // A machine that does much else is no reason to leave the server alone.
        let patience = [("AUSKUNFT_DATABASE_TIMEOUT_MS", "20000")];
        let database = url.iter().map(|url| ("DATABASE_URL", url.as_str())).chain(patience);
        let environment: Vec<_> = environment.iter().copied().chain(database).collect();
        Server::start(self.path(), &environment).await.unwrap()
    }

    /// Sets something for all later connections to the database on the server.
    pub(crate) async fn set(&self, name: &str, value: &str) {
        let database = &self.database.as_ref().unwrap().name;
        execute(&self.url().unwrap(), &format!("alter database {database} set {name} = '{value}'")).await;
    }

    /// A connection of its own to the database on the server.
    pub(crate) async fn look(&self) -> PgConnection {
        PgConnection::connect(&self.url().unwrap()).await.unwrap()
    }
}

async fn execute(url: &str, statement: &str) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.unwrap();
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let statement = format!("drop database if exists {} with (force)", self.name);
        let url = self.superuser.clone();
        let removing = move || tokio::runtime::Runtime::new().unwrap().block_on(execute(&url, &statement));
        // This thread may run a scenario's runtime, in which nothing may block.
        let removed = std::thread::spawn(removing).join();
        assert!(removed.is_ok() || std::thread::panicking(), "the database {} stays behind", self.name);
    }
}
