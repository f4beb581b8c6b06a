//! A database of MongoDB belongs to one Postgres database.

use std::path::Path;

use auskunft_model::{ChunkId, DocumentId};
use auskunft_store::documents::{Collection, MongoLimits, StoredText};
use auskunft_store::gc::{self, Retention};
use auskunft_store::{Error, ErrorKind, Role, Stores};
use mongodb::bson::{Document, doc};

use super::mongodb_of_its_own;

async fn open(folder: &Path, url: &str, role: Role) -> Result<Stores, Error> {
    let stores = Stores::open_embedded(folder, "test").await.unwrap();
    stores.with_mongodb(url, "test", role, MongoLimits::default()).await
}

fn text(id: &str) -> StoredText {
    StoredText {
        chunk_id: ChunkId::parse(id).unwrap(),
        doc_id: DocumentId::derive("faqs/a.md", None),
        text: "Text".to_owned(),
        product_id: None,
        tags: Vec::new(),
    }
}

#[tokio::test]
async fn another_databases_documents_are_refused_before_anything_is_written_or_removed() {
    let Some((url, client, name)) = mongodb_of_its_own().await else { return };
    let (own, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let stores = open(own.path(), &url, Role::Writer).await.unwrap();
    stores.documents.put_texts(&[text("c-1")]).await.unwrap();
    stores.close().await;
    for role in [Role::Writer, Role::Reader, Role::Service] {
        let error = open(other.path(), &url, role).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotConfigured, "{error}");
        for named in [own.path().to_str().unwrap(), other.path().to_str().unwrap(), &name, "MONGODB_URL"] {
            assert!(error.message.contains(named), "{named} is not named: {error}");
        }
    }
    let stores = open(own.path(), &url, Role::Service).await.unwrap();
    let ids = stores.documents.ids(Collection::Chunks, "", 10).await.unwrap();
    assert_eq!(ids, ["c-1"]);
    stores.close().await;
    client.database(&name).drop().await.unwrap();
}

#[tokio::test]
async fn of_two_that_come_first_one_stays() {
    let Some((url, client, name)) = mongodb_of_its_own().await else { return };
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let [one, two] = [&folders[0], &folders[1]].map(|folder| open(folder.path(), &url, Role::Writer));
    let (one, two) = tokio::join!(one, two);
    assert_eq!([&one, &two].map(Result::is_ok).into_iter().filter(|is_ok| *is_ok).count(), 1);
    for stores in [one, two].into_iter().flatten() {
        stores.close().await;
    }
    client.database(&name).drop().await.unwrap();
}

#[tokio::test]
async fn texts_without_a_mark_are_taken_over_by_whom_they_are_of_alone() {
    let Some((url, client, name)) = mongodb_of_its_own().await else { return };
    let chunks = client.database(&name).collection::<Document>("chunks");
    chunks.insert_one(doc! { "_id": "c-1", "text": "Text" }).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let error = open(folder.path(), &url, Role::Writer).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NotConfigured, "{error}");
    assert!(error.message.contains("does not know") && error.message.contains("insertOne"), "{error}");
    // Who only reads removes nothing.
    let reader = Stores::open_embedded(folder.path(), "test").await.unwrap();
    reader.close().await;
    assert_eq!(chunks.count_documents(doc! {}).await.unwrap(), 1);
    client.database(&name).drop().await.unwrap();
}

#[tokio::test]
async fn what_is_collected_is_ones_own() {
    let Some((url, client, name)) = mongodb_of_its_own().await else { return };
    let folder = tempfile::tempdir().unwrap();
    let stores = open(folder.path(), &url, Role::Writer).await.unwrap();
    stores.documents.put_texts(&[text("c-1")]).await.unwrap();
    let kept = Retention { audit_days: 30, chat_days: 30, generations: 2 };
    let removed = gc::run(&stores, kept).await.unwrap();
    assert_eq!(removed.texts, 1, "no chunk names it");
    let mark = client.database(&name).collection::<Document>("pairing");
    assert_eq!(mark.count_documents(doc! { "_id": "pairing" }).await.unwrap(), 1, "the mark stays");
    stores.close().await;
    client.database(&name).drop().await.unwrap();
}
