//! Whose files a bucket holds: what one database does not name is removed, so two must not share a place.

use bytes::Bytes;
use object_store::path::Path;
use object_store::{ObjectStoreExt, PutPayload};
use serde::{Deserialize, Serialize};

use super::{Objects, ROOT};
use crate::Database;
use crate::error::{Error, ErrorKind, Result};

const OPERATION: &str = "open originals";

/// Whose files these are.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Mark {
    /// The name that the database gave itself.
    database: String,
    /// Where it was then, for people.
    place: String,
}

impl Objects {
    /// Fails with [`ErrorKind::NotConfigured`] when the files in this bucket are another database's; leaves a mark where there is none. A
    /// folder belongs to its machine, and has none.
    pub async fn check_pairing(&self, database: &Database) -> Result<()> {
        if !self.is_shared {
            return Ok(());
        }
        let own = Mark { database: database.identity().await?, place: database.place().to_owned() };
        let found = match self.mark().await? {
            Some(found) => found,
            None => {
                let text = serde_json::to_vec(&own)
                    .map_err(|error| Error::new(ErrorKind::Internal, OPERATION, error.to_string()))?;
                let put = self.store.put(&self.mark_path(), PutPayload::from_bytes(Bytes::from(text))).await;
                put.map_err(|error| self.failed(OPERATION, &error))?;
                // Of two that come first at the same time the later one stays.
                self.mark().await?.unwrap_or_else(|| own.clone())
            }
        };
        if found.database == own.database {
            return Ok(());
        }
        let message = format!(
            "`{}` holds the originals of another database ({}, known as {}) and not those of {}: name another bucket or prefix in \
             AUSKUNFT_OBJECTS; if the other one is gone for good, remove `{}` there",
            self.place,
            found.place,
            found.database,
            own.place,
            self.mark_path()
        );
        Err(Error::new(ErrorKind::NotConfigured, OPERATION, message))
    }

    /// Beside the files, so that it is none of them.
    fn mark_path(&self) -> Path {
        Path::from(format!("{}-of.json", self.root))
    }

    async fn mark(&self) -> Result<Option<Mark>> {
        let found = match self.store.get(&self.mark_path()).await {
            Ok(found) => found,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(self.failed(OPERATION, &error)),
        };
        let bytes = found.bytes().await.map_err(|error| self.failed(OPERATION, &error))?;
        serde_json::from_slice(&bytes).map(Some).map_err(|_| {
            let message = format!(
                "`{}` in `{}` can't be read; remove it if nobody else uses `{ROOT}` there",
                self.mark_path(),
                self.place
            );
            Error::new(ErrorKind::NotConfigured, OPERATION, message)
        })
    }
}
