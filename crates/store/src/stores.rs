//! All stores of one program, opened together.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use auskunft_boot::Settings;

use crate::database::{DatabaseServer, Role};
use crate::documents::{JsonbDocuments, MongoDocuments, MongoLimits};
use crate::error::Result;
use crate::{Database, DocumentStore};

/// Where the stores are.
#[derive(Debug, Clone)]
pub struct Places {
    /// Home of what no server is named for.
    pub data_dir: PathBuf,
    /// Postgres as a server; `None` = embedded in the data folder.
    pub database: Option<DatabaseServer>,
}

/// Postgres and the document store.
#[derive(Debug, Clone)]
pub struct Stores {
    /// Postgres.
    pub database: Arc<Database>,
    /// Chunk texts, parsed documents, tickets.
    pub documents: Arc<dyn DocumentStore>,
}

impl Stores {
    /// Opens the stores where they are, for a program in its role; see [`Database::open_embedded`] and [`Database::open_server`].
    pub async fn open(places: &Places, program: &str, role: Role) -> Result<Self> {
        let database = match &places.database {
            Some(server) => Database::open_server(server, program, role).await?,
            None => Database::open_embedded(&places.data_dir, program).await?,
        };
        Ok(Self::on(database))
    }

    /// Opens the stores that the settings name, for a program in its role. Where one does not open, nothing stays open.
    pub async fn of(settings: &Settings, program: &str, role: Role) -> Result<Self> {
        let database = settings.database.as_ref().map(DatabaseServer::from);
        let places = Places { data_dir: settings.data_dir.clone(), database };
        let stores = Self::open(&places, program, role).await?;
        match &settings.mongodb_url {
            Some(url) => stores.with_mongodb(url.reveal(), program).await,
            None => Ok(stores),
        }
    }

    /// Opens the embedded stores of a data folder.
    pub async fn open_embedded(folder: &Path, program: &str) -> Result<Self> {
        Ok(Self::on(Database::open_embedded(folder, program).await?))
    }

    fn on(database: Database) -> Self {
        let database = Arc::new(database);
        let documents = Arc::new(JsonbDocuments::new(Arc::clone(&database)));
        Self { database, documents }
    }

    /// The same with the document store in MongoDB; see [`MongoDocuments::open`]. Where it does not open, nothing stays open.
    pub async fn with_mongodb(self, url: &str, program: &str) -> Result<Self> {
        match MongoDocuments::open(url, program, MongoLimits::default()).await {
            Ok(documents) => Ok(Self { documents: Arc::new(documents), ..self }),
            Err(error) => {
                self.close().await;
                Err(error)
            }
        }
    }

    /// Whether the data folder holds stores: opening makes them where it does not.
    pub fn are_made(folder: &Path) -> bool {
        Database::is_made(folder)
    }

    /// Gives a writer's place back and ends all connections and the embedded engine, when this is their last user.
    pub async fn close(self) {
        let Self { database, documents } = self;
        drop(documents);
        match Arc::try_unwrap(database) {
            Ok(database) => database.close().await,
            Err(_) => tracing::debug!("the database is still in use and ends with its last user"),
        }
    }
}
