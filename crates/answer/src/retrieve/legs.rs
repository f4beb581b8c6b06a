//! The two legs, run side by side, and the rows behind what they found.

use std::collections::HashMap;
use std::sync::Arc;

use auskunft_model::{ChunkId, Filter, ProductId};
use auskunft_store::Reader;
use auskunft_store::search::{self, ChunkRow, Scan};
use tokio::task::JoinError;
use tracing::Span;

use super::Request;
use crate::Desk;
use crate::error::{AnswerError, Result};
use crate::lexical::{LexicalQuery, LexicalView};
use crate::product_index::ProductIndex;
use crate::trace::{Ended, Stage, Trace};
use crate::view::View;

/// Candidates of each leg.
pub(crate) const CANDIDATES: usize = 80;
/// Candidates about no product where one is asked about.
const GENERAL_CANDIDATES: usize = 30;
/// Candidates of the exact scan over one product's chunks.
const PRODUCT_CANDIDATES: usize = 40;
/// Products that are scanned exactly, a statement each; more of them are looked for among all.
const EXACT_PRODUCTS: usize = 2;
/// When the join drops so many lexical candidates that fewer than this are left, more are asked for.
const ENOUGH: usize = 20;
/// How much more, once.
const WIDENED: usize = 8;

/// What both legs found, with the rows of all candidates that pass.
#[derive(Debug, Default)]
pub(crate) struct Legs {
    /// Cosine similarities, best first.
    pub(crate) dense: Vec<(ChunkId, f64)>,
    /// BM25 scores, best first.
    pub(crate) lexical: Vec<(ChunkId, f64)>,
    /// Rows of the candidates.
    pub(crate) rows: HashMap<ChunkId, ChunkRow>,
    /// Legs that failed.
    pub(crate) degraded: Vec<String>,
}

/// One leg's candidates and what they cost.
struct Leg {
    found: Vec<(ChunkId, f64)>,
    stages: Vec<Ended>,
    /// Statements that searched vectors.
    searches: u32,
}

/// Runs both legs at the same time. One may fail (the result says so), not both; a failure of Postgres is an error.
pub(crate) async fn run(desk: &Desk, view: &View, request: &Request, trace: &mut Trace) -> Result<Legs> {
    let query = lexical_query(request);
    let (dense, lexical) = tokio::join!(dense(desk, view, request), lexical(view, &query));
    let mut legs = Legs::default();
    let dense_error = keep(dense, "dense", &mut legs.dense, &mut legs.degraded, trace)?;
    let lexical_error = keep(lexical, "lexical", &mut legs.lexical, &mut legs.degraded, trace)?;
    if let (Some(error), Some(_)) = (dense_error, lexical_error) {
        return Err(error);
    }
    let stage = Stage::begin("rows");
    let was_full = legs.lexical.len() >= CANDIDATES && request.about.is_empty();
    stage.of(legs.join(desk, view, request, trace)).await?;
    if was_full && legs.lexical.len() < ENOUGH {
        legs.lexical = best(&view.lexical, &query, CANDIDATES * WIDENED).await?;
        stage.of(legs.join(desk, view, request, trace)).await?;
        legs.lexical.truncate(CANDIDATES);
    }
    trace.end(stage);
    Ok(legs)
}

impl Legs {
    /// The join with the truth: candidates that are live, pass the filter and may be seen stay.
    async fn join(&mut self, desk: &Desk, view: &View, request: &Request, trace: &mut Trace) -> Result<()> {
        self.rows = rows(desk, view, request, self, trace).await?;
        if !request.about.is_empty() {
            self.rows.retain(|_, row| concerns(row, &request.about));
        }
        if let Some(category) = &request.category {
            self.rows.retain(|_, row| is_within(row, category, &view.products));
        }
        self.dense.retain(|(id, _)| self.rows.contains_key(id));
        self.lexical.retain(|(id, _)| self.rows.contains_key(id));
        Ok(())
    }
}

/// Whether a chunk is about one of the products, or about none.
fn concerns(row: &ChunkRow, about: &[ProductId]) -> bool {
    let products = row.labels.products();
    products.is_empty() || products.iter().any(|product| about.contains(product))
}

/// Whether a chunk is about a product of the category, or about none and of no other category.
fn is_within(row: &ChunkRow, category: &str, products: &ProductIndex) -> bool {
    let own = row.labels.products();
    if own.is_empty() {
        return row.labels.category.as_ref().is_none_or(|stated| stated == category);
    }
    own.iter().any(|product| products.category_of(product) == Some(category))
}

/// Takes over a leg's result; returns its error when the search can go on without it.
fn keep(
    leg: Result<Leg>,
    name: &str,
    into: &mut Vec<(ChunkId, f64)>,
    degraded: &mut Vec<String>,
    trace: &mut Trace,
) -> Result<Option<AnswerError>> {
    match leg {
        Ok(leg) => {
            *into = leg.found;
            trace.stages.extend(leg.stages);
            trace.operations.pgvector += leg.searches;
            Ok(None)
        }
        Err(error @ AnswerError::Store(_)) => Err(error),
        Err(error) => {
            tracing::warn!(leg = name, %error, "a leg of the search failed");
            degraded.push(name.to_owned());
            Ok(Some(error))
        }
    }
}

async fn rows(
    desk: &Desk,
    view: &View,
    request: &Request,
    legs: &Legs,
    trace: &mut Trace,
) -> Result<HashMap<ChunkId, ChunkRow>> {
    let mut ids: Vec<ChunkId> = legs.dense.iter().chain(&legs.lexical).map(|(id, _)| id.clone()).collect();
    ids.sort();
    ids.dedup();
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    trace.operations.postgres += 1;
    let narrowed = (&request.filter, &Reader::from(&request.asker));
    Ok(search::rows(&desk.stores.database, view.info.generation, &ids, narrowed).await?)
}

async fn dense(desk: &Desk, view: &View, request: &Request) -> Result<Leg> {
    let stage = Stage::begin("embed");
    let vector = embed(desk, view, &request.text).await?;
    let embedded = stage.end();
    let stage = Stage::begin("ann");
    let mut searches = 0;
    let mut found = Vec::new();
    let reader = Reader::from(&request.asker);
    // A product has few chunks: scanned exactly, so that none is missed among thousands of its siblings'. What is about no product
    // is left to the lexical leg.
    for product in request.about.iter().filter(|_| request.about.len() <= EXACT_PRODUCTS) {
        let filter = Filter { product_id: Some(product.clone()), ..request.filter.clone() };
        searches += 1;
        let nearest = nearest(desk, view, &vector, (&filter, &reader), PRODUCT_CANDIDATES, Scan::Exact);
        add_new(&mut found, stage.of(nearest).await?);
    }
    if searches == 0 {
        let is_selective = request.filter.product_id.is_some();
        let scan = if is_selective { Scan::Exact } else { Scan::Approximate };
        searches += 1;
        let nearest = nearest(desk, view, &vector, (&request.filter, &reader), CANDIDATES, scan);
        found = stage.of(nearest).await?;
    }
    found.sort_by(|left, right| right.1.total_cmp(&left.1));
    Ok(Leg { found, stages: vec![embedded, stage.end()], searches })
}

/// Adds what is not there yet.
fn add_new(found: &mut Vec<(ChunkId, f64)>, more: Vec<(ChunkId, f64)>) {
    for one in more {
        if !found.iter().any(|(id, _)| *id == one.0) {
            found.push(one);
        }
    }
}

async fn nearest(
    desk: &Desk,
    view: &View,
    vector: &[f32],
    narrowed: (&Filter, &Reader<'_>),
    limit: usize,
    scan: Scan,
) -> Result<Vec<(ChunkId, f64)>> {
    Ok(search::nearest(&desk.stores.database, &view.info, vector, narrowed, limit, scan).await?)
}

async fn embed(desk: &Desk, view: &View, question: &str) -> Result<Arc<[f32]>> {
    if let Some(vector) = desk.cache.get(&view.info.space, question) {
        return Ok(vector);
    }
    let (cache, embedder) = (Arc::clone(&desk.cache), Arc::clone(&view.embedder));
    let question = question.to_owned();
    Ok(in_blocking(move || cache.embed(embedder.as_ref(), &question)).await??)
}

fn lexical_query(request: &Request) -> LexicalQuery {
    LexicalQuery {
        words: request.words.clone(),
        naming: request.naming.clone(),
        related: request.related.clone(),
        parts: request.parts.clone(),
        numbers: request.numbers.clone(),
        filter: request.filter.clone(),
        about: request.about.clone(),
        regions: request.asker.regions.clone(),
    }
}

async fn lexical(view: &View, query: &LexicalQuery) -> Result<Leg> {
    let stage = Stage::begin("lexical");
    let found = best(&view.lexical, query, CANDIDATES).await?;
    Ok(Leg { found, stages: vec![stage.end()], searches: 0 })
}

async fn best(view: &LexicalView, query: &LexicalQuery, limit: usize) -> Result<Vec<(ChunkId, f64)>> {
    let (view, query) = (view.clone(), query.clone());
    in_blocking(move || view.search(&query, limit, GENERAL_CANDIDATES)).await?
}

/// Work for a thread of its own; what it logs names the request, too. Not to be called in the span of a stage: the log does not know that.
async fn in_blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, JoinError> {
    let span = Span::current();
    tokio::task::spawn_blocking(move || span.in_scope(work)).await
}

#[cfg(test)]
mod tests {
    use tracing::dispatcher::{Dispatch, with_default};
    use tracing::instrument::{Instrument, WithSubscriber};

    use super::*;

    #[tokio::test]
    async fn work_on_another_thread_belongs_to_the_request() {
        let dispatch = Dispatch::new(tracing_subscriber::registry());
        let there = dispatch.clone();
        let request = with_default(&dispatch, || tracing::error_span!("request"));
        let work = in_blocking(move || with_default(&there, || Span::current().id()));
        let entered = work.instrument(request.clone()).with_subscriber(dispatch).await;
        assert_eq!(entered.unwrap(), request.id());
    }
}
