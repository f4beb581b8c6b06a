//! What ranking one question's candidates under any weight needs.

use std::collections::HashMap;
use std::sync::Arc;

use auskunft_model::{Asker, ChunkId, Hit};
use auskunft_store::search::ChunkRow;

use super::{EvaluationQuestion, measure};
use crate::Desk;
use crate::error::Result;
use crate::evidence::{Evidence, weigh};
use crate::parts::Text;
use crate::retrieve::{Found, Fused, READ, Request, demote, fuse, is_superseded, join, run, shorten, texts};
use crate::trace::Trace;
use crate::understand::{Conversation, Understood};
use crate::view::View;
use crate::weights::dense_weight;

/// A question's candidates with everything that ranking them under any weight needs.
pub(super) struct Prepared<'a> {
    question: &'a EvaluationQuestion,
    dense: Vec<(ChunkId, f64)>,
    lexical: Vec<(ChunkId, f64)>,
    rows: HashMap<ChunkId, ChunkRow>,
    texts: HashMap<ChunkId, Arc<Text>>,
    request: Request,
    understood: Understood,
    view: Arc<View>,
    /// The dense weight of the table.
    pub(super) table_weight: f64,
}

impl Prepared<'_> {
    /// Rank of the first relevant hit under that weight.
    pub(super) fn rank(&self, weight: f64) -> Option<usize> {
        self.rank_in(self.hits(weight).iter())
    }

    /// The first hits under that weight, in the order of what they hold of the question, as a search returns them.
    pub(super) fn hits(&self, weight: f64) -> Vec<Hit> {
        let mut fused = fuse(&self.dense, &self.lexical, weight);
        demote(&mut fused, &self.rows, &self.request);
        shorten(&mut fused, &self.rows, &self.request, READ);
        let found = self.joined(fused, usize::MAX);
        let weighed = weigh(found, &self.understood, &self.view.products, &self.view.info.space);
        weighed.into_iter().take(measure::DEPTH).map(Evidence::into_hit).collect()
    }

    fn joined(&self, fused: Vec<Fused>, limit: usize) -> Vec<Found> {
        join(fused, &self.rows, &self.texts, |row| is_superseded(row, &self.request), limit)
    }

    /// Rank of the first relevant one among hits.
    pub(super) fn rank_in<'h>(&self, mut hits: impl Iterator<Item = &'h Hit>) -> Option<usize> {
        hits.position(|hit| self.question.is_answered_by(hit)).map(|place| place + 1)
    }

    fn rank_by_search(&self, mut fused: Vec<Fused>) -> Option<usize> {
        demote(&mut fused, &self.rows, &self.request);
        let found = self.joined(fused, measure::DEPTH);
        self.rank_in(found.iter().map(|found| &found.hit))
    }

    /// The same by vectors alone.
    pub(super) fn dense_rank(&self) -> Option<usize> {
        self.rank_by_search(fuse(&self.dense, &[], 1.0))
    }

    /// The same by the lexical index alone.
    pub(super) fn lexical_rank(&self) -> Option<usize> {
        self.rank_by_search(fuse(&[], &self.lexical, 0.0))
    }
}

/// Reads what both legs find.
pub(super) async fn prepare<'a>(
    desk: &Desk,
    question: &'a EvaluationQuestion,
    asker: &Asker,
    conversation: &Conversation,
) -> Result<Prepared<'a>> {
    let mut trace = Trace::default();
    let view = desk.view();
    let (understood, request) = desk.prepare(&question.asked(), asker, conversation, &view, &mut trace);
    let legs = run(desk, &view, &request, &mut trace).await?;
    let all = fuse(&legs.dense, &legs.lexical, 0.5);
    let texts = texts(desk, &all, &mut trace).await?.texts;
    let table_weight = dense_weight(&view.info.space, &request.language);
    let (dense, lexical, rows) = (legs.dense, legs.lexical, legs.rows);
    Ok(Prepared { question, dense, lexical, rows, texts, request, understood, view, table_weight })
}
