use std::collections::{BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use super::*;
use crate::testing::FreshDatabase;
use crate::{Database, ErrorKind, Role};

const RUN: &str = "r-1";

struct Shop {
    fresh: FreshDatabase,
    database: Arc<Database>,
    run: SharedRun,
}

impl Shop {
    /// A run with so many files of 100 bytes; `None` where no servers run.
    async fn with(files: i64) -> Option<Self> {
        let fresh = FreshDatabase::make().await?;
        let database = Arc::new(fresh.open("ingest", Role::Writer).await.unwrap());
        let run = open(&database, RUN, &json!({ "space": "s-1" })).await.unwrap().unwrap();
        run.offer(&(0..files).map(|place| shared_file(place, 100)).collect::<Vec<_>>()).await.unwrap();
        Some(Self { fresh, database, run })
    }

    async fn worker(&self) -> Worker {
        Worker::open(&self.fresh.server()).await.unwrap()
    }

    async fn left(&self) -> usize {
        self.run.left().await.unwrap().len()
    }

    /// As if all who have files had stood still for the time for which these are held.
    async fn let_expire(&self) {
        let query = sqlx::query("update knowledge.shared_files set expires_at = clock_timestamp()");
        query.execute(self.database.pool()).await.unwrap();
    }
}

fn offer() -> Offer {
    Offer { run: RUN.into(), terms: json!({ "space": "s-1" }), held_for: Duration::from_secs(30) }
}

fn shared_file(place: i64, bytes: u64) -> SharedFile {
    let source = Source { path: format!("faqs/{place}.md"), kind: SourceKind::Faq };
    SharedFile { place, source, bytes, digest: Digest::of(b"") }
}

fn places(files: &[SharedFile]) -> BTreeSet<i64> {
    files.iter().map(|file| file.place).collect()
}

#[tokio::test]
async fn each_file_is_read_by_one() {
    let Some(shop) = Shop::with(5).await else { return };
    let (one, other) = (shop.worker().await, shop.worker().await);
    assert_eq!(one.offer().await.unwrap().unwrap(), offer());
    let first = one.take(&offer(), 2).await.unwrap();
    assert_eq!(places(&first), [0, 1].into());
    assert!(first.contains(&shared_file(1, 100)));
    assert_eq!(places(&other.take(&offer(), 2).await.unwrap()), [2, 3].into());
    assert_eq!(shop.run.take(9).await.unwrap(), [4]);
    assert!(one.take(&offer(), 2).await.unwrap().is_empty() && shop.run.take(9).await.unwrap().is_empty());
    assert!(!other.hand_over(RUN, 0, b"{}").await.unwrap(), "it is not its own");
    assert!(one.hand_over(RUN, 0, b"{}").await.unwrap());
    assert!(!one.hand_over(RUN, 0, b"[]").await.unwrap(), "it was handed over");
    assert_eq!(shop.run.collect(9).await.unwrap(), [HandedOver { place: 0, reading: b"{}".to_vec() }]);
    assert_eq!(shop.run.left().await.unwrap(), HashSet::from([1, 2, 3]));
}

#[tokio::test]
async fn files_of_who_gives_no_sign_of_life_go_to_others() {
    let Some(shop) = Shop::with(2).await else { return };
    let (slow, quick) = (shop.worker().await, shop.worker().await);
    assert_eq!(slow.take(&offer(), 1).await.unwrap().len(), 1);
    slow.sign("reads", 0, 0).await.unwrap();
    assert_eq!(places(&quick.take(&offer(), 9).await.unwrap()), [1].into(), "who gave a sign keeps its own");
    shop.let_expire().await;
    slow.sign("reads", 0, 0).await.unwrap();
    assert_eq!(places(&quick.take(&offer(), 9).await.unwrap()), [0, 1].into(), "a late sign holds nothing");
    assert!(!slow.hand_over(RUN, 0, b"{}").await.unwrap());
    assert!(quick.hand_over(RUN, 0, b"{}").await.unwrap());
    quick.close().await;
    assert_eq!(places(&slow.take(&offer(), 9).await.unwrap()), [1].into(), "who ends gives back");
}

#[tokio::test]
async fn what_a_worker_forgot_is_not_held_by_its_signs_of_life() {
    let Some(shop) = Shop::with(2).await else { return };
    let (forgetful, other) = (shop.worker().await, shop.worker().await);
    assert_eq!(places(&forgetful.take(&offer(), 1).await.unwrap()), [0].into());
    assert_eq!(places(&forgetful.take(&offer(), 1).await.unwrap()), [1].into());
    let query =
        sqlx::query("update knowledge.shared_files set expires_at = clock_timestamp() + interval '1 second'");
    query.execute(shop.database.pool()).await.unwrap();
    forgetful.sign("reads", 0, 0).await.unwrap();
    tokio::time::sleep(Duration::from_millis(1_100)).await;
    assert_eq!(places(&other.take(&offer(), 9).await.unwrap()), [0].into());
}

#[tokio::test]
async fn a_file_that_nobody_can_read_is_left_to_the_run() {
    let Some(shop) = Shop::with(2).await else { return };
    let worker = shop.worker().await;
    worker.take(&offer(), 1).await.unwrap();
    worker.leave_to_run(RUN, &[0]).await.unwrap();
    for _ in 0..3 {
        assert_eq!(places(&worker.take(&offer(), 9).await.unwrap()), [1].into());
        shop.let_expire().await;
    }
    assert!(worker.take(&offer(), 9).await.unwrap().is_empty(), "three attempts are enough");
    assert_eq!(shop.run.take(9).await.unwrap(), [0, 1]);
}

#[tokio::test]
async fn little_is_taken_at_once_and_nothing_while_much_waits() {
    let Some(shop) = Shop::with(40).await else { return };
    shop.run.offer(&[shared_file(40, 3_000_000), shared_file(41, 100)]).await.unwrap();
    let worker = shop.worker().await;
    let taken = worker.take(&offer(), 32).await.unwrap();
    assert_eq!(taken.len(), 32);
    for file in &taken {
        assert!(worker.hand_over(RUN, file.place, b"{}").await.unwrap());
    }
    assert!(worker.take(&offer(), 32).await.unwrap().is_empty());
    assert_eq!(shop.run.collect(4).await.unwrap().len(), 4);
    assert_eq!(worker.take(&offer(), 32).await.unwrap().len(), 8, "up to the large one");
    assert_eq!(places(&worker.take(&offer(), 32).await.unwrap()), [40].into(), "alone");
    assert_eq!(places(&worker.take(&offer(), 32).await.unwrap()), [41].into());
    assert_eq!(shop.left().await, 28 + 8 + 1 + 1);
}

#[tokio::test]
async fn nobody_works_for_a_run_that_is_none_any_more() {
    let Some(Shop { fresh, database, run }) = Shop::with(2).await else { return };
    let worker = Worker::open(&fresh.server()).await.unwrap();
    worker.sign("waits for a run", 7, 9).await.unwrap();
    let query = sqlx::query("update knowledge.writer set expires_at = clock_timestamp()");
    query.execute(database.pool()).await.unwrap();
    assert!(worker.offer().await.unwrap().is_none() && worker.take(&offer(), 9).await.unwrap().is_empty());
    let next = Arc::new(fresh.open("ingest", Role::Writer).await.unwrap());
    let second = open(&next, "r-2", &json!({})).await.unwrap().unwrap();
    assert!(run.take(9).await.unwrap().is_empty(), "its files are gone");
    assert_eq!(run.left().await.unwrap_err().kind, ErrorKind::Held);
    assert_eq!(run.close().await.unwrap_err().kind, ErrorKind::Held);
    assert_eq!(worker.offer().await.unwrap().unwrap().run, "r-2");
    second.close().await.unwrap();
    assert!(worker.offer().await.unwrap().is_none());
    let known = seen(&next).await.unwrap();
    assert_eq!(
        (known.len(), known[0].files, known[0].vectors, known[0].told.as_str()),
        (1, 7, 9, "waits for a run")
    );
    worker.close().await;
    assert!(seen(&next).await.unwrap().is_empty());
}

#[tokio::test]
async fn nobody_can_share_what_lies_inside_a_process() {
    let folder = tempfile::tempdir().unwrap();
    let database = Arc::new(Database::open_embedded(folder.path(), "test").await.unwrap());
    assert!(open(&database, RUN, &json!({})).await.unwrap().is_none());
}
