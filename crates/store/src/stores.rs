//! All stores of one program, opened together.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

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
    /// The same for what no request waits for, and what reads much: building an index.
    pub patient_documents: Arc<dyn DocumentStore>,
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
        let Some(mongodb) = &settings.mongodb else { return Ok(stores) };
        let mut limits = MongoLimits::default();
        if role == Role::Service {
            limits.operation = Duration::from_millis(mongodb.timeout_ms);
        }
        stores.with_mongodb(mongodb.url.reveal(), program, role, limits).await
    }

    /// Opens the embedded stores of a data folder.
    pub async fn open_embedded(folder: &Path, program: &str) -> Result<Self> {
        Ok(Self::on(Database::open_embedded(folder, program).await?))
    }

    fn on(database: Database) -> Self {
        let database = Arc::new(database);
        let documents = Arc::new(JsonbDocuments::new(Arc::clone(&database)));
        Self { database, patient_documents: documents.clone(), documents }
    }

    /// The same with the document store in MongoDB, where it must be the one that belongs to this database. A service can do without it for
    /// a while. Where it does not open, nothing stays open.
    pub async fn with_mongodb(
        self,
        url: &str,
        program: &str,
        role: Role,
        limits: MongoLimits,
    ) -> Result<Self> {
        let database = Arc::clone(&self.database);
        let opened = match role {
            Role::Service => MongoDocuments::open_for_requests(url, program, limits, database).await,
            Role::Writer | Role::Reader => MongoDocuments::open_paired(url, program, limits, database).await,
        };
        match opened {
            Ok(documents) => {
                let patient = documents.within(limits.operation.max(MongoLimits::default().operation));
                Ok(Self { documents: Arc::new(documents), patient_documents: Arc::new(patient), ..self })
            }
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
        let Self { database, documents, patient_documents } = self;
        drop((documents, patient_documents));
        match Arc::try_unwrap(database) {
            Ok(database) => database.close().await,
            Err(_) => tracing::debug!("the database is still in use and ends with its last user"),
        }
    }
}
