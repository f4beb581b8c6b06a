//! A worker's part in one run: takes some files at a time, reads them, embeds their chunks, hands them over.

use std::collections::{HashMap, HashSet};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use auskunft_boot::Settings;
use auskunft_boot::shutdown::Shutdown;
use auskunft_embed::Embedder;
use auskunft_model::{Chunk, SpaceId};
use auskunft_store::work::{Offer, SharedFile, Worker};

use crate::args::WorkArgs;
use crate::catalog::Catalog;
use crate::catalog::walk::Found;
use crate::opening;
use crate::pdf::{PdfPool, PdfSettings};
use crate::run::embed;
use crate::run::read::{ByWorker, ReadSource};
use crate::run::reading::{self, Work};
use crate::run::sharing;

/// Small files that are taken at once, so that their chunks fill the embedder's batches.
const FILES_AT_ONCE: usize = 8;

/// What this process reads with, whatever the run.
pub(super) struct Own {
    /// The catalog.
    pub(super) folder: PathBuf,
    settings: Settings,
    pdfs: Arc<PdfPool>,
    jobs: usize,
}

impl Own {
    pub(super) fn new(args: &WorkArgs, settings: &Settings) -> Self {
        let jobs = opening::jobs(args.jobs, settings);
        let (folder, settings) = (args.dir.clone(), settings.clone());
        Self { folder, pdfs: Arc::new(PdfPool::new(PdfSettings::of(&settings, jobs))), jobs, settings }
    }

    /// A part in the run, or why there can be none.
    pub(super) fn take_part(&self, catalog: Catalog, offer: Offer) -> Result<Part, String> {
        let Offer { run, terms, .. } = &offer;
        let space = SpaceId::new(terms["embedder"].as_str().unwrap_or_default());
        if let Some(what) = sharing::difference(terms, &sharing::terms(&space, &catalog, &self.pdfs)) {
            return Err(format!("takes no part in {run}: {what}"));
        }
        let embedder = auskunft_embed::open_for(&space, &self.settings).map_err(|error| {
            format!("takes no part in {run}: the embedder of its space {space} does not open: {error}")
        })?;
        let embedder = embedder.ok_or_else(|| {
            format!(
                "takes no part in {run}: no embedder at hand makes vectors of its space {space}; set AUSKUNFT_EMBEDDER and \
                 AUSKUNFT_MODEL_DIR as the run's, or fetch its model with `ingest model pull`"
            )
        })?;
        Ok(Part { catalog: Arc::new(catalog), embedder, offer })
    }
}

/// A run that this process takes part in.
pub(super) struct Part {
    pub(super) offer: Offer,
    catalog: Arc<Catalog>,
    embedder: Arc<dyn Embedder>,
}

/// What was done in one go.
#[derive(Debug, Default)]
pub(super) struct Done {
    pub(super) files: u64,
    pub(super) vectors: u64,
}

impl Part {
    /// Takes some files, reads them and hands them over; none when the run has none for it. What is stopped is given back in the end.
    pub(super) async fn read_some(
        &self,
        worker: &Worker,
        own: &Own,
        shutdown: &Shutdown,
    ) -> anyhow::Result<Done> {
        let taken = worker.take(&self.offer, FILES_AT_ONCE).await?;
        if taken.is_empty() {
            return Ok(Done::default());
        }
        let Some(mut sources) = self.read(own, &taken, shutdown).await? else { return Ok(Done::default()) };
        sources.retain(|(_, source)| is_final(source));
        let read: HashSet<i64> = sources.iter().map(|(place, _)| *place).collect();
        let left: Vec<i64> =
            taken.iter().map(|file| file.place).filter(|place| !read.contains(place)).collect();
        worker.leave_to_run(&self.offer.run, &left).await?;
        let Some(mut vectors) = self.embed(worker, &sources, shutdown).await? else {
            return Ok(Done::default());
        };
        let mut done = Done { files: 0, vectors };
        for (place, mut source) in sources {
            // They were computed together, and are counted with the first one that is taken.
            source.by_worker = Some(ByWorker { vectors });
            let reading = serde_json::to_vec(&source)?;
            if worker.hand_over(&self.offer.run, place, &reading).await? {
                vectors = 0;
                done.files += 1;
            }
        }
        Ok(done)
    }

    /// Brings the vectors of all chunks into the cache; how many were computed. `None` when somebody wants to stop.
    async fn embed(
        &self,
        worker: &Worker,
        sources: &[(i64, ReadSource)],
        shutdown: &Shutdown,
    ) -> anyhow::Result<Option<u64>> {
        let documents = sources.iter().flat_map(|(_, source)| &source.documents);
        let chunks: Vec<&Chunk> = documents.flat_map(|read| &read.chunks).collect();
        let is_stopping = || shutdown.is_requested();
        let embedded = embed::cache(worker.database(), &self.embedder, &chunks, is_stopping).await?;
        Ok(embedded.map(|embedded| embedded.computed))
    }

    /// Reads the files side by side; `None` when somebody wants to stop.
    async fn read(
        &self,
        own: &Own,
        taken: &[SharedFile],
        shutdown: &Shutdown,
    ) -> anyhow::Result<Option<Vec<(i64, ReadSource)>>> {
        let places: HashMap<&str, i64> =
            taken.iter().map(|file| (file.source.path.as_str(), file.place)).collect();
        let found = taken.iter().filter_map(|file| found(&own.folder, file)).collect();
        let work = Work {
            catalog: Arc::clone(&self.catalog),
            embedder: Arc::clone(&self.embedder),
            pdfs: Arc::clone(&own.pdfs),
        };
        let mut reading = reading::start(work, found, own.jobs);
        let mut sources = Vec::new();
        loop {
            let source = tokio::select! {
                biased;
                () = shutdown.requested() => {
                    own.pdfs.cancel();
                    return Ok(None);
                }
                source = reading.recv() => source.transpose()?,
            };
            let Some(source) = source else { return Ok(Some(sources)) };
            let place = places.get(source.row.path.as_str()).copied();
            sources.extend(place.map(|place| (place, source)));
        }
    }
}

/// Where the file lies here. A path that leads out of the catalog is none.
fn found(folder: &Path, file: &SharedFile) -> Option<Found> {
    let relative = Path::new(&file.source.path);
    let is_inside = relative.components().all(|part| matches!(part, Component::Normal(_)));
    is_inside.then(|| Found {
        source: file.source.clone(),
        absolute: folder.join(relative),
        bytes: file.bytes,
        digest: file.digest.clone(),
    })
}

/// Whether the run would read no more of it. Here a file may be missing or be another one, or memory too short: the run sees for itself.
fn is_final(source: &ReadSource) -> bool {
    source.row.failure.as_ref().is_none_or(|failure| !failure.reason.is_transient())
}
