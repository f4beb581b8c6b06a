//! Retrieval: the dense and the lexical leg side by side, their sum, the join with the stores, and one hit for equal texts.

mod duplicates;
mod fuse;
mod legs;

use std::collections::HashMap;
use std::sync::Arc;

use auskunft_model::{Asker, ChunkId, Filter, Generation, Hit, Language, ProductId, Revision};
use auskunft_store::search::ChunkRow;
use chrono::NaiveDate;

use crate::Desk;
use crate::error::Result;
use crate::evidence::{Evidence, weigh};
use crate::parts::Text;
use crate::texts::ReadTexts;
use crate::trace::{Stage, Trace};
use crate::understand::Understood;
use crate::view::View;
use crate::weights::dense_weight;

pub(crate) use duplicates::{Candidate, Fingerprint, Found, fold};
pub(crate) use fuse::{Fused, fuse};
pub(crate) use legs::run;

/// What the score of a text counts for which there is a newer version: the newer one comes first where both say it, the
/// older one where only it does.
const SUPERSEDED: f64 = 0.8;
/// Texts that are fetched beyond the hits asked for, because some fold into others.
const SLACK: usize = 8;
/// Texts of the products that are asked about that are read: their own texts answer, in whatever words.
const OWN_READ: usize = 40;
/// Texts about no product that are read beside those.
const GENERAL_READ: usize = 12;

/// What is looked for, after the question was understood.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    /// The question as asked; it is embedded.
    pub(crate) text: String,
    /// Its language.
    pub(crate) language: Language,
    /// Folded words, without those that name a product.
    pub(crate) words: Vec<String>,
    /// Folded words that name products.
    pub(crate) naming: Vec<String>,
    /// Folded words that catalogs use for what was asked.
    pub(crate) related: Vec<String>,
    /// Folded parts of its compounds.
    pub(crate) parts: Vec<String>,
    /// Normal forms of possible model numbers.
    pub(crate) numbers: Vec<String>,
    /// Narrowing, with the day of validity.
    pub(crate) filter: Filter,
    /// The day that counts for this request.
    pub(crate) today: NaiveDate,
    /// When not empty: only what is about one of these products, or about none.
    pub(crate) about: Vec<ProductId>,
    /// When set: nothing that is of another category.
    pub(crate) category: Option<String>,
    /// Who asks: texts of regions that are not theirs are not found.
    pub(crate) asker: Asker,
}

/// What a search found.
#[derive(Debug, Clone)]
pub struct Search {
    /// Best first.
    pub hits: Vec<Hit>,
    /// The generation that was read.
    pub generation: Generation,
    /// Its revision.
    pub revision: Revision,
    /// What it cost.
    pub trace: Trace,
    /// Legs and texts that were missing.
    pub degraded: Vec<String>,
}

/// Hits whose texts are read where no product is asked about: they are put in order by what they hold of the question.
pub(crate) const READ: usize = 32;

/// Searches, reads what was found, and puts it in order by what it holds of the question; at most `limit`.
pub(crate) async fn find(
    desk: &Desk,
    view: &View,
    (understood, request): (&Understood, &Request),
    limit: usize,
    trace: &mut Trace,
) -> Result<(Vec<Evidence>, Vec<String>)> {
    let (found, degraded) = retrieve(desk, view, request, limit.max(READ), trace).await?;
    let stage = Stage::begin("read");
    let mut evidence = weigh(found, understood, &view.products, &view.info.space);
    evidence.truncate(limit);
    trace.end(stage);
    Ok((evidence, degraded))
}

/// Runs both legs, sums them, and returns hits with their texts, best first.
async fn retrieve(
    desk: &Desk,
    view: &View,
    request: &Request,
    limit: usize,
    trace: &mut Trace,
) -> Result<(Vec<Found>, Vec<String>)> {
    let mut legs = run(desk, view, request, trace).await?;
    let weight = dense_weight(&view.info.space, &request.language);
    let stage = Stage::begin("fuse");
    let mut fused = fuse(&legs.dense, &legs.lexical, weight);
    demote(&mut fused, &legs.rows, request);
    shorten(&mut fused, &legs.rows, request, limit);
    trace.end(stage);
    let stage = Stage::begin("texts");
    let read = stage.of(texts(desk, &fused, trace)).await?;
    read.note(&mut legs.degraded);
    trace.end(stage);
    let all = fused.len();
    Ok((join(fused, &legs.rows, &read.texts, |row| is_superseded(row, request), all), legs.degraded))
}

/// Keeps what is worth reading, best first: so many, or, where products are asked about, so many about them and some about none.
pub(crate) fn shorten(
    fused: &mut Vec<Fused>,
    rows: &HashMap<ChunkId, ChunkRow>,
    request: &Request,
    limit: usize,
) {
    if request.about.is_empty() {
        fused.truncate(limit + SLACK);
        return;
    }
    let (mut own, mut general) = (OWN_READ.max(limit), GENERAL_READ);
    fused.retain(|one| {
        let is_general = rows.get(&one.id).is_none_or(|row| row.labels.products().is_empty());
        let left = if is_general { &mut general } else { &mut own };
        let is_kept = *left > 0;
        *left = left.saturating_sub(1);
        is_kept
    });
}

/// Drops candidates without a row and puts superseded versions behind the newest.
pub(crate) fn demote(fused: &mut Vec<Fused>, rows: &HashMap<ChunkId, ChunkRow>, request: &Request) {
    fused.retain(|one| rows.contains_key(&one.id));
    for one in fused.iter_mut() {
        if rows.get(&one.id).is_some_and(|row| is_superseded(row, request)) {
            one.score *= SUPERSEDED;
        }
    }
    fused.sort_by(|left, right| right.score.total_cmp(&left.score).then_with(|| left.id.cmp(&right.id)));
}

/// Whether there is a newer version for every product that the text may be asked about; never when one version was asked for.
pub(crate) fn is_superseded(row: &ChunkRow, request: &Request) -> bool {
    let about = &request.about;
    let superseded = row.labels.superseded_for();
    let products = row.labels.products();
    let mut asked = products.iter().filter(|product| about.is_empty() || about.contains(product));
    request.filter.version.is_none()
        && !superseded.is_empty()
        && asked.all(|product| superseded.contains(product))
}

/// The texts of fused candidates, in one round trip.
pub(crate) async fn texts(desk: &Desk, fused: &[Fused], trace: &mut Trace) -> Result<ReadTexts> {
    let ids: Vec<ChunkId> = fused.iter().map(|one| one.id.clone()).collect();
    desk.texts(&ids, trace).await
}

/// Candidates with rows and texts as hits; equal ones folded, at most `limit`. `is_superseded` tells whether there is a newer version.
pub(crate) fn join(
    fused: Vec<Fused>,
    rows: &HashMap<ChunkId, ChunkRow>,
    texts: &HashMap<ChunkId, Arc<Text>>,
    is_superseded: impl Fn(&ChunkRow) -> bool,
    limit: usize,
) -> Vec<Found> {
    let hits = fused.into_iter().filter_map(|one| {
        let row = rows.get(&one.id)?;
        let text = Arc::clone(texts.get(&one.id)?);
        let is_superseded = is_superseded(row);
        let hit = hit(one, row, text.as_str().to_owned());
        Some(Candidate { hit, own: row.labels.products(), is_superseded, text })
    });
    fold(hits, limit)
}

fn hit(fused: Fused, row: &ChunkRow, text: String) -> Hit {
    Hit {
        chunk_id: fused.id,
        document_id: row.document_id.clone(),
        source: row.source.clone(),
        anchor: row.anchor.clone(),
        kind: row.kind,
        language: row.language.clone(),
        title: row.title.clone(),
        section: row.heading_path.clone(),
        page: row.page,
        product_id: row.labels.product_id.clone(),
        score: fused.score,
        dense: fused.dense,
        lexical: fused.lexical,
        text,
    }
}
