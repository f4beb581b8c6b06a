//! A run's files, read by this process and by workers (`ingest work`) that take part.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Context;
use auskunft_extract::{CHUNKER_VERSION, EXTRACTOR_VERSION};
use auskunft_model::{SourceKind, SpaceId};
use auskunft_store::ErrorKind;
use auskunft_store::work::{SharedFile, SharedRun};
use serde_json::{Value, json};
use tokio::sync::mpsc;

use super::read::ReadSource;
use super::reading::{self, Feed, Sources, Work};
use crate::catalog::Catalog;
use crate::catalog::walk::Found;
use crate::pdf::PdfPool;

/// How often the tables are looked at while nothing is to be done.
const LOOK: Duration = Duration::from_millis(100);

/// After so many looks in vain it is made sure that the files are still there.
const LOOKS_UNTIL_CHECK: usize = 20;

/// A server that is away for longer ends the run.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long to wait before a server that is away is asked again.
const RETRY: Duration = Duration::from_secs(1);

const ENDED: &str = "the threads that read ended";

/// Readings that are taken at once: of long manuals each is some megabytes.
const COLLECTED_AT_ONCE: usize = 4;

/// What a worker must have in common with the run: else it would make other documents of the same file.
pub fn terms(space: &SpaceId, catalog: &Catalog, pdfs: &PdfPool) -> Value {
    json!({
        "program": env!("CARGO_PKG_VERSION"),
        "extractor": EXTRACTOR_VERSION,
        "chunker": CHUNKER_VERSION,
        "embedder": space,
        "PDF engine": pdfs.engine(),
        "PDF limits": pdfs.limits(),
        "tables of the catalog": catalog.tables_digest,
    })
}

/// The first thing in which the terms differ, in words; `None` = they are the same.
pub fn difference(run: &Value, own: &Value) -> Option<String> {
    let (Value::Object(run), Value::Object(own)) = (run, own) else {
        return Some("it has no terms".to_owned());
    };
    let names = run.keys().chain(own.keys());
    let mut differing = names.filter(|name| run.get(*name) != own.get(*name));
    let word = |value: Option<&Value>| match value {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => "none".to_owned(),
    };
    differing.next().map(|name| {
        format!("{name}: the run has {}, this worker {}", word(run.get(name)), word(own.get(name)))
    })
}

/// Offers the sources, and starts `jobs` threads over those that no worker takes; `first_place` is higher than all that were offered before.
/// Tickets are read here alone: what they hold passes through no other table than their own.
pub async fn start(
    work: Work,
    sources: Vec<Found>,
    jobs: usize,
    shared: &Arc<SharedRun>,
    first_place: i64,
) -> anyhow::Result<Sources> {
    let (own, others): (Vec<Found>, Vec<Found>) =
        sources.into_iter().partition(|found| found.source.kind == SourceKind::Ticket);
    let others: Vec<(i64, Found)> = (first_place..).zip(others).collect();
    shared.offer(&others.iter().map(|(place, found)| file(*place, found)).collect::<Vec<_>>()).await?;
    let (feed, read_by_all, read) = reading::start_fed(work, jobs);
    let outstanding = others.into_iter().collect();
    let (shared, own, looked) = (Arc::clone(shared), own.into(), Instant::now());
    let sharing = Sharing { shared, own, outstanding, feed, read: read_by_all, looked };
    tokio::spawn(sharing.finish());
    Ok(read)
}

fn file(place: i64, found: &Found) -> SharedFile {
    SharedFile { place, source: found.source.clone(), bytes: found.bytes, digest: found.digest.clone() }
}

/// Gives this process's threads what nobody else has, as they become free, and takes what workers have read.
struct Sharing {
    shared: Arc<SharedRun>,
    /// Not offered, or offered in vain.
    own: VecDeque<Found>,
    /// Offered and neither read here nor taken from a worker yet, by their places.
    outstanding: HashMap<i64, Found>,
    feed: Feed,
    read: mpsc::Sender<anyhow::Result<ReadSource>>,
    /// When it last looked for what workers have read.
    looked: Instant,
}

impl Sharing {
    async fn finish(mut self) {
        if let Err(error) = self.share().await {
            // Nobody listens any more: the run has ended.
            let _ = self.read.send(Err(error)).await;
        }
    }

    /// A server that is away for a while, restarted say, is waited for.
    async fn share(&mut self) -> anyhow::Result<()> {
        let mut reached = Instant::now();
        let mut in_vain = 0;
        while !(self.read.is_closed() || self.own.is_empty() && self.outstanding.is_empty()) {
            match self.go_round(&mut in_vain).await {
                Ok(()) => reached = Instant::now(),
                Err(error) if is_away(&error) && reached.elapsed() < PATIENCE => {
                    tracing::warn!("{error:#}; tried again");
                    in_vain = LOOKS_UNTIL_CHECK;
                    tokio::time::sleep(RETRY).await;
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }

    async fn go_round(&mut self, in_vain: &mut usize) -> anyhow::Result<()> {
        if *in_vain >= LOOKS_UNTIL_CHECK {
            *in_vain = 0;
            self.take_back().await?;
        }
        let collected = if self.looked.elapsed() < LOOK { 0 } else { self.collect().await? };
        let room = self.feed.capacity();
        let fed = if room == 0 { 0 } else { self.feed(room).await? };
        *in_vain = if collected + fed == 0 { *in_vain + 1 } else { 0 };
        if collected == COLLECTED_AT_ONCE {
            return Ok(());
        }
        self.looked = Instant::now();
        // With room in vain there is nothing to feed: then only time helps.
        tokio::select! {
            room = self.feed.reserve(), if fed == room => drop(room.context(ENDED)?),
            () = tokio::time::sleep(LOOK) => {}
        }
        Ok(())
    }

    /// Takes what workers have read; how many files.
    async fn collect(&mut self) -> anyhow::Result<usize> {
        if self.outstanding.is_empty() {
            return Ok(0);
        }
        let handed_over = self.shared.collect(COLLECTED_AT_ONCE).await?;
        let count = handed_over.len();
        for one in handed_over {
            let Some(found) = self.outstanding.remove(&one.place) else { continue };
            match serde_json::from_slice(&one.reading) {
                // Whether somebody listens is looked at before the next ones are taken.
                Ok(source) => drop(self.read.send(Ok(source)).await),
                Err(error) => {
                    let source = &found.source.path;
                    tracing::warn!(%error, source, "a worker handed over what can't be read; it is read again");
                    self.own.push_back(found);
                }
            }
        }
        Ok(count)
    }

    /// Gives the threads up to so many files; how many it gave.
    async fn feed(&mut self, room: usize) -> anyhow::Result<usize> {
        let mut files: Vec<Found> = self.own.drain(..room.min(self.own.len())).collect();
        let room = room - files.len();
        if room > 0 && !self.outstanding.is_empty() {
            match self.shared.take(room).await {
                Ok(places) => {
                    files.extend(places.iter().filter_map(|place| self.outstanding.remove(place)));
                }
                Err(error) => {
                    self.own.extend(files);
                    return Err(error.into());
                }
            }
        }
        let count = files.len();
        for found in files {
            self.feed.send(found).await.context(ENDED)?;
        }
        Ok(count)
    }

    /// What is not on offer any more is read here: another server took over without it, or the answer to who took it was lost.
    async fn take_back(&mut self) -> anyhow::Result<()> {
        let left = self.shared.left().await?;
        let missing: Vec<i64> =
            self.outstanding.keys().copied().filter(|place| !left.contains(place)).collect();
        self.own.extend(missing.iter().filter_map(|place| self.outstanding.remove(place)));
        Ok(())
    }
}

fn is_away(error: &anyhow::Error) -> bool {
    error.downcast_ref::<auskunft_store::Error>().is_some_and(|error| error.kind == ErrorKind::Unavailable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_difference_is_told() {
        let run = json!({ "embedder": "hashed-1", "PDF engine": "pdfium" });
        assert_eq!(difference(&run, &run), None);
        let told = difference(&run, &json!({ "embedder": "hashed-1", "PDF engine": "docling" })).unwrap();
        assert_eq!(told, "PDF engine: the run has pdfium, this worker docling");
        let told = difference(&run, &json!({ "embedder": "hashed-1" })).unwrap();
        assert_eq!(told, "PDF engine: the run has pdfium, this worker none");
        assert!(difference(&json!([]), &run).is_some());
    }
}
