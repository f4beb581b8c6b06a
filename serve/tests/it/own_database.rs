//! A database of its own for a test.

use sqlx::PgPool;

/// An empty database on the server.
pub(crate) struct OwnDatabase {
    pub(crate) url: String,
    server: PgPool,
    name: String,
}

impl OwnDatabase {
    pub(crate) async fn new(url: &str) -> Self {
        let server = PgPool::connect(url).await.unwrap();
        let name = format!("serve_{}_{}", std::process::id(), chrono::Utc::now().timestamp_micros());
        run(&server, &format!("create database {name}")).await;
        let base = url.rsplit_once('/').unwrap().0;
        Self { url: format!("{base}/{name}"), server, name }
    }

    pub(crate) async fn remove(self) {
        run(&self.server, &format!("drop database {} with (force)", self.name)).await;
    }
}

async fn run(server: &PgPool, statement: &str) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(server).await.unwrap();
}
