//! Databases of the demo's own on the servers of `make servers`.

use anyhow::{Context, bail};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use test_servers::Servers;

/// The name of the databases. What an interrupted demo left there is removed by the next one.
const NAME: &str = "auskunft_demo";

/// A database of PostgreSQL and one of MongoDB, empty.
pub(crate) struct OwnStores {
    servers: Servers,
}

impl OwnStores {
    /// Makes them.
    pub(crate) async fn make() -> anyhow::Result<Self> {
        let Some(servers) = test_servers::servers() else { bail!("start them first: make servers") };
        let stores = Self { servers };
        stores.drop_all().await?;
        execute(&stores.servers.database_url, &format!("create database {NAME}")).await?;
        Ok(stores)
    }

    /// Name and version of each server.
    pub(crate) fn versions(&self) -> &str {
        &self.servers.versions
    }

    /// The programs' settings.
    pub(crate) fn settings(&self) -> [(&'static str, String); 4] {
        [
            ("DATABASE_URL", named(&self.servers.database_url)),
            ("MONGODB_URL", named(&self.servers.mongodb_url)),
            ("REDIS_URL", self.servers.redis_url.clone()),
            // Answers of an earlier demo may still be cached.
            ("AUSKUNFT_REDIS_PREFIX", format!("demo-{}:", std::process::id())),
        ]
    }

    /// Removes them.
    pub(crate) async fn remove(self) -> anyhow::Result<()> {
        self.drop_all().await
    }

    async fn drop_all(&self) -> anyhow::Result<()> {
        // The server's own processes may be at work in it, and only a superuser ends those.
        let statement = format!("drop database if exists {NAME} with (force)");
        execute(&self.servers.superuser_url, &statement).await?;
        let client = mongodb::Client::with_uri_str(&self.servers.mongodb_url).await;
        let dropped = client.context("MongoDB can't be reached")?.database(NAME).drop().await;
        dropped.with_context(|| format!("the database `{NAME}` of MongoDB can't be removed"))
    }
}

/// The address with the demo's database in place of the one that it names.
fn named(url: &str) -> String {
    let (address, parameters) = url.split_once('?').map_or((url, None), |(left, right)| (left, Some(right)));
    let server = address.rsplit_once('/').map_or(address, |(server, _)| server);
    let parameters = parameters.map_or_else(String::new, |parameters| format!("?{parameters}"));
    format!("{server}/{NAME}{parameters}")
}

async fn execute(url: &str, statement: &str) -> anyhow::Result<()> {
    let mut connection = PgConnection::connect(url).await.context("PostgreSQL can't be reached")?;
    let run = sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await;
    run.with_context(|| format!("`{statement}` failed"))?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_the_demos_database_and_keeps_its_parameters() {
        assert_eq!(named("postgres://u:p@h:1/auskunft"), "postgres://u:p@h:1/auskunft_demo");
        assert_eq!(
            named("mongodb://u:p@h:1/auskunft?authSource=admin"),
            "mongodb://u:p@h:1/auskunft_demo?authSource=admin"
        );
    }
}
