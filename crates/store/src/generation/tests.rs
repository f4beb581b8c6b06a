use auskunft_boot::VectorIndex;
use auskunft_model::SpaceId;

use super::*;
use crate::documents::{Collection, StoredText};
use crate::error::Result;
use crate::gc::{self, Retention};
use crate::publish::Batch;
use crate::testing::{Opened, on_servers_too};
use crate::{ErrorKind, products, publish, recall, search, verify};

/// A generation beside the live one, of other vectors.
async fn begun(opened: &Opened) -> GenerationInfo {
    begin(&opened.stores.database, Recipe::new(&SpaceId::new("s-2"), 3, "2")).await.unwrap()
}

async fn places(opened: &Opened) -> Vec<(i32, Place)> {
    let listed = all(&opened.stores.database).await.unwrap();
    listed.into_iter().map(|one| (one.info.generation.0, one.place)).collect()
}

async fn turned(opened: &Opened, from: i32, to: i32, is_back: bool) -> Result<()> {
    let ends = Turn { from: Generation(from), to: Generation(to), is_back };
    turn(&opened.stores.database, ends, &ProductChanges::default()).await
}

fn retention() -> Retention {
    Retention { audit_days: 30, chat_days: 30, generations: 2 }
}

#[tokio::test]
async fn readers_are_turned_at_once_and_to_nothing_that_is_gone() {
    let opened = Opened::new().await;
    let database = &opened.stores.database;
    let second = begun(&opened).await;
    assert_eq!(places(&opened).await, [(2, Place::Building), (1, Place::Live)]);
    finish(database, second.generation).await.unwrap();
    assert_eq!(places(&opened).await, [(2, Place::Built), (1, Place::Live)]);
    turned(&opened, 1, 2, false).await.unwrap();
    assert_eq!(places(&opened).await, [(2, Place::Live), (1, Place::Kept)]);
    let now = live(database).await.unwrap().unwrap();
    assert_eq!((now.space.as_str(), now.chunker.as_str()), ("s-2", "2"));
    // Somebody else's idea of what is live is an old one.
    let refused = turned(&opened, 1, 2, false).await.unwrap_err();
    assert!(refused.message.contains("generation 1 is not live any more"), "{refused}");
    let before = read(database, Generation(1)).await.unwrap().unwrap().revision;
    turned(&opened, 2, 1, true).await.unwrap();
    let after = live(database).await.unwrap().unwrap();
    assert_eq!(
        (after.generation, after.revision),
        (Generation(1), Revision(before.0 + 1)),
        "kept answers are old"
    );
    let taken_back = all(database).await.unwrap().remove(0);
    assert!(taken_back.rolled_back_at.is_some() && taken_back.live_to.is_some());
    assert!(turned(&opened, 1, 9, false).await.is_err());
    opened.close().await;
}

#[tokio::test]
async fn products_turn_with_their_generation_or_not_at_all() {
    let opened = Opened::new().await;
    let database = &opened.stores.database;
    let page = opened.publish("products/a.html", 1, "P-1").await;
    let row = products::ProductRow {
        id: auskunft_model::ProductId::parse("P-1").unwrap(),
        name: "Kaffeemaschine".to_owned(),
        maker: None,
        category: None,
        product_family: None,
        region: None,
        obsolete: false,
        successor_id: None,
        document_id: page,
        document_version: "v-1".to_owned(),
        source: "products/a.html".to_owned(),
    };
    products::replace(database, opened.info.generation, &[(row.clone(), Vec::new())], &[]).await.unwrap();
    let second = begun(&opened).await;
    let newer = products::ProductRow { name: "Kaffeemaschine 2".to_owned(), ..row };
    let other = ProductChanges { changed: vec![(newer, Vec::new())], gone: Vec::new() };
    let wrong = Turn { from: Generation(7), to: second.generation, is_back: false };
    let stamp = products::stamp(database).await.unwrap();
    assert!(turn(database, wrong, &other).await.is_err());
    assert_eq!(products::all(database).await.unwrap()[0].name, "Kaffeemaschine");
    assert_eq!(products::stamp(database).await.unwrap(), stamp);
    turn(database, Turn { from: Generation(1), ..wrong }, &other).await.unwrap();
    assert_eq!(products::all(database).await.unwrap()[0].name, "Kaffeemaschine 2");
    assert_ne!(products::stamp(database).await.unwrap(), stamp);
    opened.close().await;
}

#[tokio::test]
async fn what_no_kept_generation_needs_goes_with_the_generation() {
    let opened = Opened::new().await;
    let database = &opened.stores.database;
    let document = opened.publish("faqs/a.md", 3, "P-1").await;
    let chunks = search::chunk_ids_of(database, opened.info.generation, &[&document]).await.unwrap();
    let text = |(chunk_id, doc_id): (auskunft_model::ChunkId, auskunft_model::DocumentId)| StoredText {
        chunk_id,
        doc_id,
        text: "Text".to_owned(),
        product_id: None,
        tags: Vec::new(),
    };
    let texts: Vec<StoredText> = chunks.into_iter().map(text).collect();
    opened.stores.documents.put_texts(&texts).await.unwrap();
    for live in 1..=2 {
        let next = begun(&opened).await;
        turned(&opened, live, next.generation.0, false).await.unwrap();
    }
    // The newest build stays, the one before it was given up.
    begun(&opened).await;
    begun(&opened).await;
    let removed = gc::run(&opened.stores, retention()).await.unwrap();
    assert_eq!(
        (removed.generations, removed.texts),
        (vec![Generation(4)], 0),
        "requests may still read the first"
    );
    opened.sql("update knowledge.generations set live_to = now() - interval '11 minutes' where id = 1").await;
    let removed = gc::run(&opened.stores, retention()).await.unwrap();
    assert_eq!((removed.generations, removed.texts), (vec![Generation(1)], 3));
    assert_eq!(places(&opened).await, [(5, Place::Building), (3, Place::Live), (2, Place::Kept)]);
    assert!(opened.stores.documents.ids(Collection::Chunks, "", 10).await.unwrap().is_empty());
    let ledger = sqlx::query_scalar::<_, i64>(
        "select (select count(*) from knowledge.documents where generation = 1)
             + (select count(*) from knowledge.sources where generation = 1)
             + (select count(*) from pg_class where relname = 'chunks_1')",
    );
    assert_eq!(ledger.fetch_one(database.pool()).await.unwrap(), 0);
    opened.close().await;
}

#[tokio::test]
async fn the_live_generation_can_not_be_removed_and_a_half_removed_one_is_nothing_to_turn_to() {
    let opened = Opened::new().await;
    let database = &opened.stores.database;
    opened.publish("faqs/a.md", 3, "P-1").await;
    let refused = drop_step(database, Generation(1)).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Internal);
    assert!(refused.message.contains("is live"), "{refused}");
    assert_eq!(crate::status::chunk_count(database, Generation(1)).await.unwrap(), 3);
    let second = begun(&opened).await;
    turned(&opened, 1, 2, false).await.unwrap();
    assert!(drop_step(database, Generation(1)).await.unwrap(), "there is more of it");
    assert_eq!(places(&opened).await, [(2, Place::Live), (1, Place::Removed)]);
    assert!(turned(&opened, second.generation.0, 1, true).await.is_err());
    opened.close().await;
}

#[tokio::test]
async fn a_generation_takes_vectors_of_its_own_dimensions_alone() {
    let opened = Opened::new().await;
    let database = &opened.stores.database;
    let other = begin(database, Recipe::new(&SpaceId::new("s-4"), 4, "1")).await.unwrap();
    let document = crate::testing::document("faqs/a.md", 1, "P-1");
    let batch = Batch { documents: vec![document], ..Batch::default() };
    assert!(
        publish::publish(database, other.generation, &batch).await.is_err(),
        "its vectors have three numbers"
    );
    opened.close().await;
}

#[tokio::test]
async fn the_index_of_a_generation_is_held_to_an_exact_scan() {
    let opened = Opened::new().await;
    opened.publish("faqs/a.md", 40, "P-1").await;
    ensure_vector_index(&opened.stores.database, &opened.info).await.unwrap();
    let measured = recall::measure(&opened.stores.database, &opened.info, 20).await.unwrap();
    assert_eq!((measured.samples, measured.wanted), (20, 200));
    assert!(measured.share() > 0.9, "{measured:?}");
    // A generation without chunks has nothing to find.
    let empty = begun(&opened).await;
    let measured = recall::measure(&opened.stores.database, &empty, 20).await.unwrap();
    assert_eq!((measured.samples, measured.share().to_bits()), (0, 1.0_f64.to_bits()));
    let wrong = verify::of_generation(&opened.stores, &empty).await.unwrap();
    assert_eq!(wrong.len(), 1, "its index is missing, and nothing else: {wrong:?}");
    opened.close().await;
}

#[tokio::test]
async fn an_index_of_half_precision_is_built_searched_and_told() {
    let opened = Opened::new().await;
    let database = &opened.stores.database;
    let space = SpaceId::new("s-1");
    let recipe = Recipe { vector_index: VectorIndex::Half, ..Recipe::new(&space, 3, "1") };
    let half = begin(database, recipe).await.unwrap();
    assert_eq!(read(database, half.generation).await.unwrap().unwrap(), half);
    let document = crate::testing::document("faqs/a.md", 400, "P-1");
    for info in [&opened.info, &half] {
        let batch = Batch { documents: vec![document.clone()], ..Batch::default() };
        publish::publish(database, info.generation, &batch).await.unwrap();
        ensure_vector_index(database, info).await.unwrap();
    }
    let everything = (&auskunft_model::Filter::default(), &crate::reader::Reader::default());
    let plan = search::explain_nearest(database, &half, everything, (10, search::Scan::Approximate)).await;
    assert!(plan.contains("halfvec"), "{plan}");
    let measured = recall::measure(database, &half, 20).await.unwrap();
    assert!(measured.share() > 0.9, "{measured:?}");
    let wrong = verify::of_generation(&opened.stores, &half).await.unwrap();
    assert!(!wrong.iter().any(|problem| format!("{problem:?}").contains("Index")), "{wrong:?}");
    let size = size(database, half.generation).await.unwrap();
    assert!(size.vector_index_bytes > 0 && size.bytes > size.vector_index_bytes, "{size:?}");
    opened.close().await;
}

#[tokio::test]
async fn what_building_an_index_takes_and_how_far_it_is_can_be_asked_on_a_server() {
    let opened = Opened::new().await;
    let (database, info) = (&opened.stores.database, &opened.info);
    opened.publish("faqs/a.md", 400, "P-1").await;
    let Some(memory) = index_memory(database, info).await.unwrap() else {
        assert!(database.is_embedded());
        return opened.close().await;
    };
    assert!(memory.wanted > 400 * 3 * 4 && !memory.is_scarce(), "{memory:?}");
    assert!(IndexMemory { given: memory.wanted - 1, ..memory }.is_scarce());
    assert_eq!(indexed_rows(database, info.generation).await.unwrap(), None);
    // An index that takes its time.
    let building = opened.sql(
        "create function public.slow(id text) returns text language plpgsql immutable as
             $$ begin perform pg_sleep(0.002); return id; end $$;
         create index on knowledge.chunks_1 (public.slow(chunk_id))",
    );
    let told = async {
        loop {
            if let Some(told) = indexed_rows(database, info.generation).await.unwrap() {
                return told;
            }
        }
    };
    let ((), (rows, all)) = tokio::join!(building, told);
    assert!(all == 400 && (0..all).contains(&rows), "{rows} of {all}");
    opened.close().await;
}

on_servers_too!(
    an_index_of_half_precision_is_built_searched_and_told,
    readers_are_turned_at_once_and_to_nothing_that_is_gone,
    products_turn_with_their_generation_or_not_at_all,
    what_no_kept_generation_needs_goes_with_the_generation,
    the_live_generation_can_not_be_removed_and_a_half_removed_one_is_nothing_to_turn_to,
    a_generation_takes_vectors_of_its_own_dimensions_alone,
    the_index_of_a_generation_is_held_to_an_exact_scan,
    what_building_an_index_takes_and_how_far_it_is_can_be_asked_on_a_server,
);
