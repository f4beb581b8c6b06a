//! Threads that read sources side by side and hand them on through a bounded channel.

use std::sync::{Arc, Mutex, PoisonError};

use auskunft_embed::Embedder;
use tokio::sync::mpsc;

use super::inputs::Inputs;
use super::read::{ReadSource, Reader};
use crate::catalog::Catalog;
use crate::catalog::walk::Found;
use crate::pdf::PdfPool;

/// Sources that may wait, read but not published: the bound on memory.
const WAITING: usize = 8;

/// What the threads share.
pub struct Work {
    /// The catalog's tables.
    pub catalog: Arc<Catalog>,
    /// Counts tokens.
    pub embedder: Arc<dyn Embedder>,
    /// Reads PDFs.
    pub pdfs: Arc<PdfPool>,
}

impl std::fmt::Debug for Work {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Work")
    }
}

/// Sources as they were read, in no order; an error is one of whoever says which are to be read.
pub type Sources = mpsc::Receiver<anyhow::Result<ReadSource>>;

/// Where the sources to be read come from.
pub(super) type Feed = mpsc::Sender<Found>;

/// Starts `jobs` threads over these sources. They end when all are read, or when nobody listens any more.
pub fn start(work: Work, sources: Vec<Found>, jobs: usize) -> Sources {
    let (feed, _, read) = start_fed(work, jobs.min(sources.len()));
    tokio::spawn(async move {
        for found in sources {
            if feed.send(found).await.is_err() {
                return;
            }
        }
    });
    read
}

/// Starts `jobs` threads over what comes through the feed; others may hand on what they read through the same channel.
pub(super) fn start_fed(
    work: Work,
    jobs: usize,
) -> (Feed, mpsc::Sender<anyhow::Result<ReadSource>>, Sources) {
    let (read_by_all, read) = mpsc::channel(WAITING);
    let (feed, fed) = mpsc::channel(jobs.max(1));
    let (work, fed) = (Arc::new(work), Arc::new(Mutex::new(fed)));
    for _ in 0..jobs {
        let (work, fed, read) = (Arc::clone(&work), Arc::clone(&fed), read_by_all.clone());
        std::thread::spawn(move || read_all(&work, &fed, &read));
    }
    (feed, read_by_all, read)
}

fn read_all(
    work: &Work,
    fed: &Mutex<mpsc::Receiver<Found>>,
    read: &mpsc::Sender<anyhow::Result<ReadSource>>,
) {
    let inputs = Inputs { catalog: &work.catalog, pdfs: &work.pdfs };
    let reader = Reader { inputs, embedder: work.embedder.as_ref() };
    loop {
        // Whoever waits for the next one keeps the others waiting, who would wait, too.
        let next = fed.lock().unwrap_or_else(PoisonError::into_inner).blocking_recv();
        let Some(found) = next.filter(|_| !read.is_closed()) else { return };
        if read.blocking_send(Ok(reader.read(&found))).is_err() {
            return;
        }
    }
}
