//! Worker threads that read sources side by side and hand them on through a bounded channel.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use auskunft_embed::Embedder;
use tokio::sync::mpsc;

use crate::catalog::Catalog;
use crate::catalog::walk::Found;
use crate::pdf::PdfPool;
use crate::run::inputs::Inputs;
use crate::run::read::{ReadSource, Reader};

/// Sources that may wait, read but not published: the bound on memory.
const WAITING: usize = 8;

/// What the threads share.
pub(super) struct Work {
    pub(super) catalog: Arc<Catalog>,
    pub(super) embedder: Arc<dyn Embedder>,
    pub(super) pdfs: Arc<PdfPool>,
}

/// Starts `jobs` threads over these sources. They end when all are read, or when nobody listens any more.
pub(super) fn start(work: Work, sources: Vec<Found>, jobs: usize) -> mpsc::Receiver<ReadSource> {
    let (sender, receiver) = mpsc::channel(WAITING);
    let work = Arc::new(work);
    let sources = Arc::new(sources);
    let next = Arc::new(AtomicUsize::new(0));
    for _ in 0..jobs.min(sources.len()) {
        let (work, sources, next, sender) =
            (Arc::clone(&work), Arc::clone(&sources), Arc::clone(&next), sender.clone());
        std::thread::spawn(move || read_all(&work, &sources, &next, &sender));
    }
    receiver
}

fn read_all(work: &Work, sources: &[Found], next: &AtomicUsize, sender: &mpsc::Sender<ReadSource>) {
    let inputs = Inputs { catalog: &work.catalog, pdfs: &work.pdfs };
    let reader = Reader { inputs, embedder: work.embedder.as_ref() };
    while let Some(found) = sources.get(next.fetch_add(1, Ordering::Relaxed)) {
        if sender.is_closed() {
            return;
        }
        if sender.blocking_send(reader.read(found)).is_err() {
            return;
        }
    }
}
