//! A worker's side: it takes files, gives signs of life, and hands over what it made of them. Where a statement changes several files, it locks
//! them in the order of their places, as all others do: two that met in different orders would end one of them.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use serde_json::Value;

use super::{FileColumns, Seen, SharedFile, file};
use crate::error::{Result, database};
use crate::{Database, DatabaseServer, Role};

const OPERATION: &str = "work for a run";

/// Files that were read and that the run has not taken yet; with as many, nobody takes further ones.
const MOST_WAITING: i64 = 32;

/// Workers that may take a file one after the other; then it is left to the run.
const MOST_ATTEMPTS: i32 = 3;

/// Bytes of the files that are taken at once; a larger one is taken alone.
const BYTES_AT_ONCE: i64 = 2_000_000;

/// Who has a file for so long hangs, whatever signs of life it gives: others may take it.
pub const LONGEST_IN_HAND: Duration = Duration::from_secs(15 * 60);

/// Between two signs of life of a worker that has no files.
const IDLE_PULSE: Duration = Duration::from_secs(10);

/// Signs of life in the time for which files are held: two may be late or lost.
const SIGNS: u32 = 3;

/// A process that reads files of runs. On a server, beside any number of others.
#[derive(Debug)]
pub struct Worker {
    database: Database,
    id: String,
    hand: Mutex<Option<Hand>>,
}

/// Files that are held.
#[derive(Debug, Clone)]
struct Hand {
    run: String,
    places: Vec<i64>,
    held_for: Duration,
    since: Instant,
}

/// A run that shares its files.
#[derive(Debug, Clone, PartialEq)]
pub struct Offer {
    /// The run.
    pub run: String,
    /// What whoever takes part must have in common with it.
    pub terms: Value,
    /// For how long its files are held without a sign of life.
    pub held_for: Duration,
}

impl Worker {
    /// Connects. Fails as [`Database::open_server`] does for a reader.
    pub async fn open(server: &DatabaseServer) -> Result<Self> {
        let database_ = Database::open_server(server, "ingest work", Role::Reader).await?;
        let query = sqlx::query_scalar("select gen_random_uuid()::text");
        let id = query.fetch_one(database_.pool()).await.map_err(database(OPERATION))?;
        Ok(Self { database: database_, id, hand: Mutex::new(None) })
    }

    /// The database, for the embedding cache.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// How long after a sign of life the next one is wanted.
    pub fn pulse(&self) -> Duration {
        self.hand().as_ref().map_or(IDLE_PULSE, |hand| hand.held_for / SIGNS)
    }

    fn hand(&self) -> MutexGuard<'_, Option<Hand>> {
        self.hand.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The run that shares files now. One whose writer gave no sign of life is none.
    pub async fn offer(&self) -> Result<Option<Offer>> {
        let query = sqlx::query_as::<_, (String, Value, f64)>(
            "select r.run, r.terms, r.held_seconds from knowledge.shared_run r
             join knowledge.writer w on w.fence = r.fence and w.expires_at > clock_timestamp()",
        );
        let row = query.fetch_optional(self.database.pool()).await.map_err(database(OPERATION))?;
        let held_for = |seconds| Duration::try_from_secs_f64(seconds).unwrap_or(IDLE_PULSE);
        Ok(row.map(|(run, terms, seconds)| Offer { run, terms, held_for: held_for(seconds) }))
    }

    /// Takes up to so many of the first files that nobody has, or whose worker gave no sign of life. What it had before is not in its hand any
    /// more.
    pub async fn take(&self, offer: &Offer, limit: usize) -> Result<Vec<SharedFile>> {
        *self.hand() = None;
        let query = sqlx::query_as::<_, FileColumns>(
            "with free as (
                 select f.run, f.place, f.bytes from knowledge.shared_files f
                 where f.run = $1 and f.reading is null and f.attempts < $4
                     and (f.worker is null or f.expires_at < clock_timestamp())
                     and exists (select from knowledge.shared_run r join knowledge.writer w using (fence)
                         where r.run = $1 and w.expires_at > clock_timestamp())
                     and (select count(*) from knowledge.shared_files where run = $1 and reading is not null) < $5
                 order by f.place limit $3 for update of f skip locked),
             chosen as (select run, place, bytes, sum(bytes) over (order by place) as so_far from free)
             update knowledge.shared_files f set worker = $2, attempts = attempts + 1,
                 expires_at = clock_timestamp() + make_interval(secs => $6)
             from chosen c where f.run = c.run and f.place = c.place and (c.so_far <= $7 or c.so_far = c.bytes)
             returning f.place, f.path, f.kind, f.bytes, f.bytes_digest",
        );
        let query = query
            .bind(&offer.run)
            .bind(&self.id)
            .bind(i64::try_from(limit).unwrap_or(i64::MAX))
            .bind(MOST_ATTEMPTS)
            .bind(MOST_WAITING)
            .bind(offer.held_for.as_secs_f64())
            .bind(BYTES_AT_ONCE);
        let rows = query.fetch_all(self.database.pool()).await.map_err(database(OPERATION))?;
        let files: Vec<SharedFile> = rows.into_iter().filter_map(file).collect();
        let (run, held_for) = (offer.run.clone(), offer.held_for);
        let places = files.iter().map(|file| file.place).collect();
        *self.hand() = Some(Hand { run, places, held_for, since: Instant::now() });
        Ok(files)
    }

    /// Hands over what was made of a file; whether it was still this worker's.
    pub async fn hand_over(&self, run: &str, place: i64, reading: &[u8]) -> Result<bool> {
        let query = sqlx::query(
            "update knowledge.shared_files set reading = $4 where run = $1 and place = $2 and worker = $3 and reading is null",
        );
        let query = query.bind(run).bind(place).bind(&self.id).bind(reading);
        Ok(self.database.write(OPERATION, query).await? == 1)
    }

    /// Gives files back to the run alone, which reads them itself.
    pub async fn leave_to_run(&self, run: &str, places: &[i64]) -> Result<()> {
        let query = sqlx::query(
            "with own as materialized (
                 select run, place from knowledge.shared_files
                 where run = $1 and place = any($2) and worker = $3 and reading is null order by run, place for update)
             update knowledge.shared_files f set worker = null, expires_at = null, attempts = $4
             from own where f.run = own.run and f.place = own.place",
        );
        let query = query.bind(run).bind(places).bind(&self.id).bind(MOST_ATTEMPTS);
        self.database.write(OPERATION, query).await?;
        Ok(())
    }

    /// Gives all files back that it has, for others to read. Where that fails, others take them after a while.
    pub async fn give_back(&self) -> Result<()> {
        *self.hand() = None;
        let query = sqlx::query(
            "with own as materialized (
                 select run, place from knowledge.shared_files where worker = $1 and reading is null order by run, place for update)
             update knowledge.shared_files f set worker = null, expires_at = null
             from own where f.run = own.run and f.place = own.place",
        );
        self.database.write(OPERATION, query.bind(&self.id)).await?;
        Ok(())
    }

    /// A sign of life: the files in its hand stay its own, and people see what it does. `files` and `vectors` count since it began.
    pub async fn sign(&self, told: &str, files: u64, vectors: u64) -> Result<()> {
        let hand = self.hand().clone();
        if let Some(hand) = hand.filter(|hand| hand.since.elapsed() < LONGEST_IN_HAND) {
            let held = sqlx::query(
                "with own as materialized (
                     select run, place from knowledge.shared_files
                     where run = $1 and place = any($2) and worker = $3 and reading is null and expires_at >= clock_timestamp()
                     order by run, place for update)
                 update knowledge.shared_files f set expires_at = clock_timestamp() + make_interval(secs => $4)
                 from own where f.run = own.run and f.place = own.place",
            );
            let held = held.bind(hand.run).bind(hand.places).bind(&self.id).bind(hand.held_for.as_secs_f64());
            self.database.write(OPERATION, held).await?;
        }
        let seen = sqlx::query(
            "insert into knowledge.workers (id, process_id, host, files, vectors, told) values ($1, $2, $3, $4, $5, $6)
             on conflict (id) do update set seen_at = clock_timestamp(), files = excluded.files,
                 vectors = excluded.vectors, told = excluded.told",
        );
        let count = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
        let seen = seen
            .bind(&self.id)
            .bind(i64::from(std::process::id()))
            .bind(crate::lease::host())
            .bind(count(files))
            .bind(count(vectors))
            .bind(told);
        self.database.write(OPERATION, seen).await?;
        Ok(())
    }

    /// Gives back what it has, is forgotten, and ends its connections.
    pub async fn close(self) {
        let forgetting = sqlx::query("delete from knowledge.workers where id = $1").bind(&self.id);
        let left = match self.give_back().await {
            Ok(()) => self.database.write(OPERATION, forgetting).await.map(|_| ()),
            Err(error) => Err(error),
        };
        if let Err(error) = left {
            tracing::warn!(%error, "files in hand can't be given back; others take them after a while");
        }
        self.database.close().await;
    }
}

/// Workers that gave a sign of life in the last two minutes.
pub async fn seen(database_: &Database) -> Result<Vec<Seen>> {
    let query = sqlx::query_as(
        "select process_id, host, began_at, seen_at, files, vectors, told from knowledge.workers
         where seen_at > clock_timestamp() - interval '2 minutes' order by began_at, id",
    );
    query.fetch_all(database_.pool()).await.map_err(database("read workers"))
}
