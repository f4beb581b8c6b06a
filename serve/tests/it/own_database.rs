//! A database of its own for a test.

use sqlx::PgPool;
use test_servers::Servers;

/// An empty database on the server.
pub(crate) struct OwnDatabase {
    pub(crate) url: String,
    /// Removes it: the server's own processes may be at work in it, and only a superuser ends those.
    superuser: String,
    name: String,
}

impl OwnDatabase {
    pub(crate) async fn new(servers: &Servers) -> Self {
        let url = &servers.database_url;
        let server = PgPool::connect(url).await.unwrap();
        let name = format!("serve_{}_{}", std::process::id(), chrono::Utc::now().timestamp_micros());
        run(&server, &format!("create database {name}")).await;
        let base = url.rsplit_once('/').unwrap().0;
        Self { url: format!("{base}/{name}"), superuser: servers.superuser_url.clone(), name }
    }

    pub(crate) async fn remove(self) {
        let server = PgPool::connect(&self.superuser).await.unwrap();
        run(&server, &format!("drop database {} with (force)", self.name)).await;
    }
}

async fn run(server: &PgPool, statement: &str) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(server).await.unwrap();
}
