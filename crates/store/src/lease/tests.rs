use super::*;
use crate::publish::{self, Batch};
use crate::testing::FreshDatabase;
use crate::{Database, Role, generation};
use auskunft_model::{Generation, SpaceId};

/// As if the holder had stood still for the length of its lease.
async fn let_expire(database: &Database) {
    let query = sqlx::query("update knowledge.writer set expires_at = clock_timestamp()");
    query.execute(database.pool()).await.unwrap();
}

async fn revision(database: &Database) -> i64 {
    generation::live(database).await.unwrap().unwrap().revision.0
}

fn batch() -> Batch {
    Batch { removed: vec!["faqs/gone.md".to_owned()], ..Batch::default() }
}

#[tokio::test]
async fn a_second_writer_learns_who_is_at_work_and_a_reader_does_not_mind() {
    let Some(fresh) = FreshDatabase::make().await else { return };
    let first = fresh.open("ingest", Role::Writer).await.unwrap();
    let error = fresh.open("ingest", Role::Writer).await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Held);
    let holder = format!("held by ingest (process {} on {})", std::process::id(), host());
    assert!(error.message.contains(&holder), "{}", error.message);
    let reader = fresh.open("serve", Role::Reader).await.unwrap();
    reader.ping().await.unwrap();
    reader.close().await;
    first.close().await;
    fresh.open("ingest", Role::Writer).await.unwrap().close().await;
}

#[tokio::test]
async fn a_writer_that_was_taken_for_dead_writes_nothing_more() {
    let Some(fresh) = FreshDatabase::make().await else { return };
    let slow = fresh.open("ingest", Role::Writer).await.unwrap();
    let space = SpaceId::new("s-1");
    generation::create_first(&slow, generation::Recipe::new(&space, 3, "1")).await.unwrap();
    publish::publish(&slow, Generation(1), &batch()).await.unwrap();
    let_expire(&slow).await;
    // Nobody has taken over yet: it may go on.
    publish::publish(&slow, Generation(1), &batch()).await.unwrap();
    let_expire(&slow).await;
    let next = fresh.open("ingest", Role::Writer).await.unwrap();
    let before = revision(&next).await;
    let refused = [
        publish::publish(&slow, Generation(1), &batch()).await.map(|_| ()),
        crate::runs::start(&slow, "r-1", "run").await,
        crate::policies::settle(&slow, Generation(1)).await.map(|_| ()),
        crate::shop_data::Load::begin(&slow).await.map(|_| ()),
        slow.check_lease().await,
    ];
    for error in refused.map(Result::unwrap_err) {
        assert_eq!(error.kind, ErrorKind::Held, "{error}");
        assert!(error.message.contains("taken for dead") && error.message.contains("took over"), "{error}");
    }
    assert_eq!(revision(&next).await, before);
    assert_eq!(crate::runs::last(&next).await.unwrap(), None);
    // Giving back what is lost takes nothing from the one who has it.
    slow.close().await;
    publish::publish(&next, Generation(1), &batch()).await.unwrap();
    next.close().await;
}

#[tokio::test]
async fn taking_over_waits_for_the_transaction_that_is_under_way() {
    let Some(fresh) = FreshDatabase::make().await else { return };
    let slow = fresh.open("ingest", Role::Writer).await.unwrap();
    let under_way = slow.begin("test").await.unwrap();
    let_expire(&slow).await;
    let waits = || async {
        let query = sqlx::query_scalar::<_, i64>(
            "select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'",
        );
        query.fetch_one(slow.pool()).await.unwrap() > 0
    };
    let mut taking = Box::pin(Lease::take(slow.connections(), "next", Duration::from_secs(30)));
    // Each turn of the loop asks the server, so that it ends within the patience of the one who waits.
    loop {
        tokio::select! {
            biased;
            taken = &mut taking => panic!("it did not wait: {taken:?}"),
            is_waiting = waits() => if is_waiting { break },
        }
    }
    under_way.commit().await.unwrap();
    let next = taking.await.unwrap();
    assert_eq!(slow.check_lease().await.unwrap_err().kind, ErrorKind::Held);
    next.release(slow.connections()).await;
    slow.close().await;
}

#[tokio::test]
async fn a_writer_that_was_taken_for_dead_writes_nothing_to_mongodb_either() {
    use crate::documents::{Collection, MongoLimits};
    let (Some(fresh), Some(servers)) = (FreshDatabase::make().await, test_servers::servers()) else { return };
    let (server, _) = servers.mongodb_url.rsplit_once('/').unwrap();
    let name = format!("test_{}", mongodb::bson::oid::ObjectId::new());
    let url = format!("{server}/{name}");
    let places = crate::Places { data_dir: std::path::PathBuf::new(), database: Some(fresh.server()) };
    let open = || async {
        let stores = crate::Stores::open(&places, "ingest", Role::Writer).await.unwrap();
        stores.with_mongodb(&url, "ingest", Role::Writer, MongoLimits::default()).await.unwrap()
    };
    let slow = open().await;
    let text = |id: &str| crate::documents::StoredText {
        chunk_id: auskunft_model::ChunkId::parse(id).unwrap(),
        doc_id: auskunft_model::DocumentId::derive("faqs/a.md", None),
        text: "Text".to_owned(),
        product_id: None,
        tags: Vec::new(),
    };
    slow.documents.put_texts(&[text("c-1")]).await.unwrap();
    let_expire(&slow.database).await;
    let next = open().await;
    let documents = &slow.documents;
    let refused = [
        documents.put_texts(&[text("c-2")]).await,
        documents.put_documents(&[]).await,
        documents.put_tickets(&[]).await,
        documents.remove(Collection::Chunks, &["c-1".to_owned()]).await,
        documents.remove_messages(chrono::Utc::now(), 10).await.map(|_| ()),
    ];
    for error in refused.map(Result::unwrap_err) {
        assert_eq!(error.kind, ErrorKind::Held, "{error}");
    }
    assert_eq!(next.documents.ids(Collection::Chunks, "", 10).await.unwrap(), ["c-1"]);
    // Nobody takes the place while something is written there.
    let held = next.database.hold_place("test").await.unwrap();
    let_expire(&next.database).await;
    let taking = take(next.database.connections(), "third", Duration::from_millis(100));
    assert_eq!(taking.await.unwrap(), None, "it was held for twice the third one's lease");
    next.database.let_go(held).await.unwrap();
    let client = mongodb::Client::with_uri_str(&url).await.unwrap();
    client.database(&name).drop().await.unwrap();
    slow.close().await;
    next.close().await;
}
