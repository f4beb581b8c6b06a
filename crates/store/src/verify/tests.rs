use auskunft_model::{ChunkId, Revision};

use super::*;
use crate::documents::StoredText;
use crate::search;
use crate::testing::{Opened, on_servers_too};

async fn kinds(opened: &Opened) -> Vec<ProblemKind> {
    let problems = problems(&opened.stores, &opened.info).await.unwrap();
    problems.into_iter().map(|problem| problem.kind).collect()
}

/// Two sources with their texts, and the vector index. Their parsed documents are missing, which is beside the point.
async fn filled() -> Opened {
    let opened = Opened::new().await;
    for source in ["faqs/a.md", "faqs/b.md"] {
        let id = opened.publish(source, 3, "P-1").await;
        let chunks = search::chunk_ids_of(&opened.stores.database, opened.info.generation, &[&id]).await;
        let text = |(chunk_id, doc_id): (ChunkId, DocumentId)| StoredText {
            chunk_id,
            doc_id,
            text: "Text".to_owned(),
            product_id: None,
            tags: Vec::new(),
        };
        let texts: Vec<StoredText> = chunks.unwrap().into_iter().map(text).collect();
        opened.stores.documents.put_texts(&texts).await.unwrap();
    }
    generation::ensure_vector_index(&opened.stores.database, &opened.info).await.unwrap();
    opened
}

async fn mend(opened: &Opened) {
    let found = problems(&opened.stores, &opened.info).await.unwrap();
    fix(&opened.stores, &opened.info, &found).await.unwrap();
}

#[tokio::test]
async fn a_missing_vector_index_is_built() {
    let opened = filled().await;
    opened.sql("drop index knowledge.chunks_1_embedding").await;
    assert!(kinds(&opened).await.contains(&ProblemKind::MissingIndex));
    mend(&opened).await;
    assert!(!kinds(&opened).await.contains(&ProblemKind::MissingIndex));
    opened.close().await;
}

#[tokio::test]
async fn chunks_without_a_document_go_and_readers_are_told() {
    let opened = filled().await;
    let database = &opened.stores.database;
    let before = generation::live(database).await.unwrap().unwrap().revision;
    opened.sql("delete from knowledge.documents where source = 'faqs/a.md'").await;
    let found = kinds(&opened).await;
    assert_eq!(found.iter().filter(|kind| **kind == ProblemKind::ChunkWithoutDocument).count(), 3);
    mend(&opened).await;
    assert!(!kinds(&opened).await.contains(&ProblemKind::ChunkWithoutDocument));
    let removed = search::removed_since(database, opened.info.generation, before.0).await.unwrap();
    assert_eq!(removed.len(), 3);
    let now = generation::live(database).await.unwrap().unwrap().revision;
    assert_eq!(now, Revision(before.0 + 1));
    opened.close().await;
}

#[tokio::test]
async fn a_document_with_another_number_of_chunks_is_read_again() {
    let opened = filled().await;
    opened.sql("delete from knowledge.chunks where ordinal = 1").await;
    assert!(kinds(&opened).await.contains(&ProblemKind::ChunkCount));
    mend(&opened).await;
    let sources = crate::ledger::sources(&opened.stores.database, opened.info.generation).await.unwrap();
    assert!(sources.values().all(|row| row.input_digest.is_empty()), "they count as unchanged");
    opened.close().await;
}

#[tokio::test]
async fn a_vector_that_is_not_its_texts_is_taken_from_the_cache() {
    let opened = filled().await;
    let database = &opened.stores.database;
    opened
        .sql(
            "insert into knowledge.embeddings (space, text_digest, embedding)
                 select distinct on (text_digest) 's-1', text_digest, embedding from knowledge.chunks;
             update knowledge.chunks set embedding = '[0.5,0.5,0.7]'
                 where chunk_id = (select min(chunk_id) from knowledge.chunks)",
        )
        .await;
    let wrong = async || {
        let found = kinds(&opened).await.into_iter();
        found.filter(|kind| *kind == ProblemKind::WrongVector).count()
    };
    assert_eq!(wrong().await, 1);
    let before = generation::live(database).await.unwrap().unwrap().revision;
    mend(&opened).await;
    assert_eq!(wrong().await, 0);
    assert_eq!(generation::live(database).await.unwrap().unwrap().revision, Revision(before.0 + 1));
    opened.close().await;
}

#[tokio::test]
async fn what_nothing_names_and_runs_that_were_killed_are_cleared() {
    let opened = filled().await;
    let text = StoredText {
        chunk_id: ChunkId::parse(&"0".repeat(32)).unwrap(),
        doc_id: DocumentId::derive("faqs/geist.md", None),
        text: "Text".to_owned(),
        product_id: None,
        tags: Vec::new(),
    };
    opened.stores.documents.put_texts(&[text]).await.unwrap();
    crate::runs::start(&opened.stores.database, "run-1", "run").await.unwrap();
    let found = left_behind(&opened.stores).await.unwrap();
    let named: Vec<(ProblemKind, &str)> = found.iter().map(|one| (one.kind, one.id.as_str())).collect();
    assert_eq!(named, [(ProblemKind::Orphan, "0".repeat(32).as_str()), (ProblemKind::TornRun, "run-1")]);
    clear(&opened.stores, &found).await.unwrap();
    assert!(left_behind(&opened.stores).await.unwrap().is_empty());
    let last = crate::runs::last(&opened.stores.database).await.unwrap().unwrap();
    assert_eq!(last["state"], "interrupted");
    opened.close().await;
}

on_servers_too!(
    a_vector_that_is_not_its_texts_is_taken_from_the_cache,
    what_nothing_names_and_runs_that_were_killed_are_cleared,
    a_missing_vector_index_is_built,
    chunks_without_a_document_go_and_readers_are_told,
    a_document_with_another_number_of_chunks_is_read_again,
);
