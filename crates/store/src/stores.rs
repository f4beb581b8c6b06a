//! All stores of one program, opened together.

use std::path::Path;
use std::sync::Arc;

use crate::documents::JsonbDocuments;
use crate::error::Result;
use crate::{Database, DocumentStore};

/// Postgres and the document store.
#[derive(Debug, Clone)]
pub struct Stores {
    /// Postgres.
    pub database: Arc<Database>,
    /// Chunk texts, parsed documents, tickets.
    pub documents: Arc<dyn DocumentStore>,
}

impl Stores {
    /// Opens the embedded stores of a data folder; see [`Database::open_embedded`].
    pub async fn open_embedded(folder: &Path, program: &str) -> Result<Self> {
        let database = Arc::new(Database::open_embedded(folder, program).await?);
        let documents = Arc::new(JsonbDocuments::new(Arc::clone(&database)));
        Ok(Self { database, documents })
    }

    /// Whether the data folder holds stores: opening makes them where it does not.
    pub fn are_made(folder: &Path) -> bool {
        Database::is_made(folder)
    }

    /// Ends all connections and the embedded engine, when this is their last user.
    pub async fn close(self) {
        let Self { database, documents } = self;
        drop(documents);
        match Arc::try_unwrap(database) {
            Ok(database) => database.close().await,
            Err(_) => tracing::debug!("the database is still in use and ends with its last user"),
        }
    }
}
