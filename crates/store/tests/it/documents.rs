//! What every document store does, run on each.

use std::sync::Arc;

use auskunft_store::documents::{JsonbDocuments, MongoDocuments, MongoLimits};
use auskunft_store::{Database, DocumentStore};
use mongodb::bson::doc;

mod chats;
mod faults;
mod pairing;
mod proxy;
mod replies;
mod texts;

/// A store without anything in it, and a second client of the same where there can be two.
pub(crate) struct Opened {
    pub(crate) store: Arc<dyn DocumentStore>,
    pub(crate) other: Arc<dyn DocumentStore>,
    end: End,
}

enum End {
    Embedded(Arc<Database>, tempfile::TempDir),
    Mongo(mongodb::Client, String),
}

impl Opened {
    async fn embedded() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = Arc::new(Database::open_embedded(folder.path(), "test").await.unwrap());
        let store = Arc::new(JsonbDocuments::new(Arc::clone(&database)));
        Self { store: store.clone(), other: store, end: End::Embedded(database, folder) }
    }

    /// In a database of its own; `None` where no server runs.
    async fn on_mongodb() -> Option<Self> {
        let (url, client, name) = mongodb_of_its_own().await?;
        let open = || async { MongoDocuments::open(&url, "test", MongoLimits::default()).await.unwrap() };
        let (store, other) = (Arc::new(open().await), Arc::new(open().await));
        Some(Self { store, other, end: End::Mongo(client, name) })
    }

    /// Documents of a collection of MongoDB; none where the store is another.
    async fn rows(&self, collection: &str) -> u64 {
        let End::Mongo(client, name) = &self.end else { return 0 };
        let collection = client.database(name).collection::<mongodb::bson::Document>(collection);
        collection.count_documents(doc! {}).await.unwrap()
    }

    async fn close(self) {
        let Self { store, other, end } = self;
        drop((store, other));
        match end {
            End::Embedded(database, _folder) => Arc::into_inner(database).unwrap().close().await,
            End::Mongo(client, name) => client.database(&name).drop().await.unwrap(),
        }
    }
}

/// The address of a new database, a client for looking into it, and its name.
pub(crate) async fn mongodb_of_its_own() -> Option<(String, mongodb::Client, String)> {
    let server = test_servers::servers()?.mongodb_url;
    let name = format!("test_{}", mongodb::bson::oid::ObjectId::new());
    let (server, _) = server.rsplit_once('/').unwrap();
    let url = format!("{server}/{name}");
    let client = mongodb::Client::with_uri_str(&url).await.unwrap();
    client.database(&name).run_command(doc! { "ping": 1 }).await.unwrap();
    Some((url, client, name))
}

/// A test on each store, for each of these functions.
macro_rules! on_each_store {
    ($($name:ident),* $(,)?) => {
        mod embedded {
            $(#[tokio::test]
            async fn $name() {
                let opened = $crate::documents::Opened::embedded().await;
                super::$name(&opened).await;
                opened.close().await;
            })*
        }
        mod on_mongodb {
            $(#[tokio::test]
            async fn $name() {
                let Some(opened) = $crate::documents::Opened::on_mongodb().await else { return };
                super::$name(&opened).await;
                opened.close().await;
            })*
        }
    };
}
use on_each_store;
