//! Which Postgres database these documents belong to.
//!
//! Postgres names what is live; what it does not name is removed. So a database of MongoDB holds the documents of one Postgres database
//! alone: the first writer leaves a mark, and whoever comes with another Postgres database is refused before anything is read or written.

use mongodb::bson::doc;
use serde::{Deserialize, Serialize};

use super::MongoDocuments;
use super::failure::is_duplicate;
use crate::Database;
use crate::documents::{Collection, DocumentStore};
use crate::error::{Error, ErrorKind, Result};

const OPERATION: &str = "open MongoDB";

/// The collection of the mark, and its id.
const PAIRING: &str = "pairing";

/// Texts that are looked at where there is no mark: enough to tell whose they are.
const LOOKED_AT: i64 = 100;

/// Whose documents these are.
#[derive(Debug, Serialize, Deserialize)]
struct Mark {
    #[serde(rename = "_id")]
    id: String,
    /// The name that the Postgres database gave itself.
    database: String,
    /// Where it was then, for people.
    place: String,
}

impl MongoDocuments {
    /// Fails with [`ErrorKind::NotConfigured`] when the documents are another Postgres database's. A writer leaves the mark where there is
    /// none.
    pub(super) async fn check_pairing(&self) -> Result<()> {
        let Some(partner) = &self.partner else { return Ok(()) };
        let own = Mark {
            id: PAIRING.to_owned(),
            database: partner.identity().await?,
            place: partner.place().to_owned(),
        };
        let found = match self.mark().await? {
            Some(found) => found,
            None if !partner.is_writer() => return Ok(()),
            None => {
                self.refuse_texts_of_others(partner, &own).await?;
                self.leave(own).await?
            }
        };
        let is_own = found.database == partner.identity().await?;
        if is_own { Ok(()) } else { Err(self.foreign(&found, partner)) }
    }

    async fn mark(&self) -> Result<Option<Mark>> {
        let marks = self.chat_collection::<Mark>(PAIRING);
        let read = || async { marks.find_one(doc! { "_id": PAIRING }).max_time(self.limits.operation).await };
        self.run(OPERATION, read).await
    }

    /// Leaves the mark; returns the one that is there then: another writer's, where that was faster.
    async fn leave(&self, own: Mark) -> Result<Mark> {
        let marks = self.chat_collection::<Mark>(PAIRING);
        let leave = || async {
            match marks.insert_one(&own).await {
                Err(error) if is_duplicate(&error) => Ok(()),
                left => left.map(|_| ()),
            }
        };
        self.run(OPERATION, leave).await?;
        Ok(self.mark().await?.unwrap_or(own))
    }

    /// Texts without a mark were written before there were marks.
    async fn refuse_texts_of_others(&self, partner: &Database, own: &Mark) -> Result<()> {
        let ids = self.ids(Collection::Chunks, "", LOOKED_AT).await?;
        if ids.is_empty() || partner.knows_any_chunk(&ids).await? {
            return Ok(());
        }
        let message = format!(
            "{} holds texts that {} does not know: another database's, it seems. Name a database of its own in MONGODB_URL; if the texts \
             are its own or nobody's, say so there: db.{PAIRING}.insertOne({{_id: \"{PAIRING}\", database: \"{}\", place: \"\"}})",
            self.full_place(),
            own.place,
            own.database
        );
        Err(Error::new(ErrorKind::NotConfigured, OPERATION, message))
    }

    fn foreign(&self, found: &Mark, partner: &Database) -> Error {
        let message = format!(
            "{} holds the documents of another Postgres database ({}, known as {}) and not those of {}: name the right one in MONGODB_URL \
             or DATABASE_URL, or a database of its own in MONGODB_URL; if the other one is gone for good, drop what MongoDB holds of it",
            self.full_place(),
            found.place,
            found.database,
            partner.place()
        );
        Error::new(ErrorKind::NotConfigured, OPERATION, message)
    }

    fn full_place(&self) -> String {
        format!("MongoDB at {}, database `{}`,", self.place, self.database().name())
    }
}
