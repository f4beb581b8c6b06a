//! Keeps the catalog's pages and PDFs as they are, so that whoever follows a citation can see the page itself.
//!
//! Before anything is published that names them, and from the whole catalog: what an earlier run could not keep is made up for.

use std::collections::HashMap;

use auskunft_boot::Shutdown;
use auskunft_model::Source;
use auskunft_store::Objects;
use auskunft_store::objects::Kept;
use futures::{StreamExt, TryStreamExt};

use crate::catalog::walk::Found;

/// Files that are written at the same time: enough to hide the way to a bucket, few enough for memory (8 MB each).
const AT_ONCE: usize = 8;

/// What was kept.
#[derive(Debug, Default)]
pub struct Originals {
    /// Files that were written; those that lay there already are not.
    pub written: u64,
    /// Files that could not be kept, and why.
    pub notes: Vec<String>,
}

/// Keeps what is not there yet; ends early, and without harm, when the run is to stop.
pub async fn keep(objects: &Objects, found: &[Found], shutdown: &Shutdown) -> anyhow::Result<Originals> {
    let known = objects.digests().await?;
    let mut missing: HashMap<&str, &Found> = HashMap::new();
    for one in found.iter().filter(|found| found.source.original_type().is_some()) {
        if !known.contains(one.digest.as_str()) {
            missing.insert(one.digest.as_str(), one);
        }
    }
    let writing = futures::stream::iter(missing)
        .take_while(|_| std::future::ready(!shutdown.is_requested()))
        .map(|(digest, found)| objects.put(digest, &found.absolute))
        .buffer_unordered(AT_ONCE);
    let add = |mut kept: Originals, one: Kept| async move {
        match one {
            Kept::Written => kept.written += 1,
            Kept::Refused(why) => kept.notes.push(format!("the original was not kept: {why}")),
        }
        Ok(kept)
    };
    Ok(writing.try_fold(Originals::default(), add).await?)
}

/// Paths of sources whose original should lie in the store and does not.
pub async fn missing<'a>(
    objects: &Objects,
    sources: impl Iterator<Item = (&'a Source, &'a str)>,
) -> anyhow::Result<Vec<&'a str>> {
    let known = objects.digests().await?;
    let is_missing =
        |(source, digest): &(&Source, &str)| source.original_type().is_some() && !known.contains(*digest);
    Ok(sources.filter(is_missing).map(|(source, _)| source.path.as_str()).collect())
}
