//! Worker threads that read sources side by side and hand them on through a bounded channel.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use auskunft_embed::Embedder;
use tokio::sync::mpsc;

use crate::catalog::Catalog;
use crate::catalog::walk::Found;
use crate::pdf::PdfPool;
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
    let reader = Reader { catalog: &work.catalog, embedder: work.embedder.as_ref(), pdfs: &work.pdfs };
    while let Some(found) = sources.get(next.fetch_add(1, Ordering::Relaxed)) {
        if sender.is_closed() {
            return;
        }
        let read = read_guarded(&reader, found);
        if sender.blocking_send(read).is_err() {
            return;
        }
    }
}

/// A reader that panics costs its file, not the run.
fn read_guarded(reader: &Reader<'_>, found: &Found) -> ReadSource {
    use auskunft_model::{Failure, Reason};
    let reading = std::panic::AssertUnwindSafe(|| reader.read(found));
    std::panic::catch_unwind(reading).unwrap_or_else(|_| {
        let detail =
            format!("reading `{}` ended in a defect of the reader; please report it", found.source.path);
        crate::run::read::failed(reader.catalog, found, Failure::new(Reason::Crashed, detail))
    })
}
