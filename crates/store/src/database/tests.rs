use super::*;
use crate::Stores;
use crate::documents::{Collection, StoredText};
use auskunft_model::{ChunkId, DocumentId};

#[tokio::test]
async fn what_was_written_is_there_after_closing_and_opening() {
    let folder = tempfile::tempdir().unwrap();
    let stores = Stores::open_embedded(folder.path(), "test").await.unwrap();
    let document = DocumentId::derive("faqs/a.md", None);
    let text = StoredText {
        chunk_id: ChunkId::derive(&document, None, &[], "Größe\0 M", 0),
        doc_id: document,
        text: "Größe\0 M".to_owned(),
        product_id: None,
        tags: vec![],
    };
    stores.documents.put_texts(std::slice::from_ref(&text)).await.unwrap();
    stores.close().await;

    let stores = Stores::open_embedded(folder.path(), "test").await.unwrap();
    let texts = stores.documents.texts(std::slice::from_ref(&text.chunk_id)).await.unwrap();
    assert_eq!(texts.get(&text.chunk_id).map(String::as_str), Some("Größe M"));
    let ids = stores.documents.ids(Collection::Chunks, "", 10).await.unwrap();
    assert_eq!(ids, vec![text.chunk_id.to_string()]);
    stores.close().await;
}

#[tokio::test]
async fn stores_of_a_newer_version_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let opened = Database::open_embedded(folder.path(), "test").await.unwrap();
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values (9999, 'from the future', true, '', 0)",
    )
    .execute(opened.pool())
    .await
    .unwrap();
    opened.close().await;
    let error = Database::open_embedded(folder.path(), "test").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NewerSchema);
    assert!(error.message.contains("9999"), "{}", error.message);
}
