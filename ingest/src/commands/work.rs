//! `ingest work`: takes part in runs that others start, for as long as it is let.
//!
//! It looks for a run that shares its files, makes sure that it would read them as the run itself, takes some at a time, reads them, brings
//! the vectors of their chunks into the cache and hands over what it read. It publishes nothing; killed, it costs nothing but its time.

mod part;
mod pulse;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use anyhow::anyhow;
use auskunft_boot::shutdown::{self, Shutdown};
use auskunft_boot::{Code, Settings};
use auskunft_store::DatabaseServer;
use auskunft_store::work::{LONGEST_IN_HAND, Offer, Worker};
use tokio::sync::Notify;

use crate::args::WorkArgs;
use crate::catalog::Catalog;
use crate::opening::Refusal;
use crate::port;
use part::{Own, Part};
use pulse::Standing;

/// How often it looks for a run while there is none.
const WAIT: Duration = Duration::from_millis(500);
/// How long after it could take no part in a run it sees whether it can now.
const UNTIL_NEXT_TRY: Duration = Duration::from_secs(10);
/// How often it looks for files while a run has none for it.
const LOOK: Duration = Duration::from_millis(100);
/// How long it waits after something failed.
const PATIENCE: Duration = Duration::from_secs(5);

/// Works until somebody wants it to end. Files in hand are given back then.
pub async fn work(args: &WorkArgs, settings: &Settings) -> anyhow::Result<Code> {
    let shutdown = shutdown::on_signals()?;
    let Some(database) = &settings.database else {
        let message = "the stores lie in a data folder, which one process has to itself: several can work on stores on a server \
                       only, name it by DATABASE_URL";
        return Err(anyhow!(Refusal::NotConfigured(message.to_owned())));
    };
    open_tables(&args.dir).await?;
    let worker = Arc::new(Worker::open(&DatabaseServer::from(database)).await?);
    let standing = Arc::new(Standing::default());
    let _port = port::open(args.listen, &standing).await?;
    let ending = Arc::new(Notify::new());
    let pulse = tokio::spawn(pulse::keep(Arc::clone(&worker), Arc::clone(&standing), Arc::clone(&ending)));
    let own = Arc::new(Own::new(args, settings));
    let mut part = None;
    while !shutdown.is_requested() {
        // What takes longer hangs, and its files are others' by then.
        let step =
            tokio::time::timeout(LONGEST_IN_HAND, step(&worker, &own, &mut part, &standing, &shutdown));
        let pause = match step.await.unwrap_or_else(|_| Err(anyhow!("reading took too long"))) {
            Ok(pause) => pause,
            Err(error) => {
                tracing::warn!("{error:#}");
                standing.tell(format!("tries again: {error:#}"));
                // What it had others may take; where the database is away, they do so after a while.
                drop(worker.give_back().await);
                PATIENCE
            }
        };
        tokio::select! {
            () = shutdown.requested() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
    ending.notify_one();
    // Where the database does not answer, nobody waits for the last sign.
    drop(tokio::time::timeout(PATIENCE, pulse).await);
    if let Some(worker) = Arc::into_inner(worker) {
        worker.close().await;
    }
    Ok(Code::Ok)
}

/// Does what there is to do; how long to wait until the next look.
async fn step(
    worker: &Worker,
    own: &Arc<Own>,
    part: &mut Option<Part>,
    standing: &Standing,
    shutdown: &Shutdown,
) -> anyhow::Result<Duration> {
    let Some(offer) = worker.offer().await? else {
        *part = None;
        standing.tell("waits for a run".to_owned());
        return Ok(WAIT);
    };
    if part.as_ref().is_none_or(|part| part.offer != offer) {
        *part = join(own, offer, standing).await?;
    }
    let Some(part) = part else { return Ok(UNTIL_NEXT_TRY) };
    standing.take_part(&part.offer.run);
    let ended = part.read_some(worker, own, shutdown).await?;
    standing.add(ended.files, ended.vectors);
    Ok(if ended.files == 0 { LOOK } else { Duration::ZERO })
}

/// Takes part when it would read files as the run does; else says in what they differ.
async fn join(own: &Arc<Own>, offer: Offer, standing: &Standing) -> anyhow::Result<Option<Part>> {
    let tables = open_tables(&own.folder).await?;
    let own = Arc::clone(own);
    match tokio::task::spawn_blocking(move || own.take_part(tables, offer)).await? {
        Ok(part) => {
            tracing::info!("takes part in {}", part.offer.run);
            Ok(Some(part))
        }
        Err(why) => {
            // It is looked at again, for the catalog's tables may only be late; people are told once.
            if standing.tell(why.clone()) {
                tracing::warn!("{why}");
            }
            Ok(None)
        }
    }
}

async fn open_tables(folder: &Path) -> anyhow::Result<Catalog> {
    let folder = folder.to_owned();
    Ok(tokio::task::spawn_blocking(move || Catalog::tables(&folder)).await??)
}
