//! Where a run writes: into the live generation, or into one beside it that readers are turned to when it is whole and good.

use std::sync::Arc;

use anyhow::anyhow;
use auskunft_boot::{Settings, VectorIndex};
use auskunft_embed::Embedder;
use auskunft_extract::CHUNKER_VERSION;
use auskunft_model::SpaceId;
use auskunft_store::generation::{self, GenerationInfo, Listed, Place, Recipe};
use auskunft_store::{Database, Stores};

use crate::args::RunArgs;
use crate::opening::{self, Refusal};

/// Where a run writes.
#[derive(Debug)]
pub(super) enum Target {
    /// Nothing is there yet: the first generation is live from the beginning.
    First {
        /// The precision of its vector index.
        vector_index: VectorIndex,
    },
    /// The live generation.
    Live(GenerationInfo),
    /// A generation beside the live one.
    Beside {
        /// What readers use meanwhile.
        live: GenerationInfo,
        /// One that was begun and is gone on with.
        begun: Option<GenerationInfo>,
        /// Why it is built.
        why: String,
        /// The precision of its vector index.
        vector_index: VectorIndex,
    },
}

impl Target {
    /// The generation that is written, unless it is still to be made.
    pub(super) fn info(&self) -> Option<&GenerationInfo> {
        match self {
            Self::First { .. } => None,
            Self::Live(info) => Some(info),
            Self::Beside { begun, .. } => begun.as_ref(),
        }
    }

    /// The generation that readers use while the run writes.
    pub(super) fn live(&self) -> Option<&GenerationInfo> {
        match self {
            Self::First { .. } => None,
            Self::Live(live) | Self::Beside { live, .. } => Some(live),
        }
    }

    /// Whether readers see at once what is written.
    pub(super) fn is_live(&self) -> bool {
        !matches!(self, Self::Beside { .. })
    }

    /// The generation that is written; made where there is none.
    pub(super) async fn open(
        &self,
        database: &Database,
        embedder: &dyn Embedder,
    ) -> anyhow::Result<GenerationInfo> {
        let (space, dimensions) = (embedder.space(), embedder.dimensions());
        let recipe = |&vector_index| Recipe { space, dimensions, chunker: CHUNKER_VERSION, vector_index };
        Ok(match self {
            Self::First { vector_index } => generation::create_first(database, recipe(vector_index)).await?,
            Self::Live(info) | Self::Beside { begun: Some(info), .. } => info.clone(),
            Self::Beside { begun: None, vector_index, .. } => {
                generation::begin(database, recipe(vector_index)).await?
            }
        })
    }
}

/// Chooses by arguments, settings and what is there; opens the embedder to write with.
pub(super) async fn choose(
    args: &RunArgs,
    settings: &Settings,
    stores: &Stores,
) -> anyhow::Result<(Target, Arc<dyn Embedder>)> {
    let live = generation::live(&stores.database).await?;
    if args.only_failed {
        return of_failed(settings, live);
    }
    let embedder = opening::wanted_embedder(settings, live.as_ref())?;
    let vector_index = vector_index(settings, live.as_ref(), embedder.dimensions())?;
    let Some(live) = live else { return Ok((Target::First { vector_index }, embedder)) };
    let Some(why) = reason(args, &live, embedder.space(), vector_index) else {
        return Ok((Target::Live(live), embedder));
    };
    let all = generation::all(&stores.database).await?;
    let alike = |one: &&Listed| {
        let info = &one.info;
        info.space == *embedder.space()
            && info.chunker == CHUNKER_VERSION
            && info.vector_index == vector_index
    };
    if let Some(taken_back) = all.iter().filter(alike).find(|one| one.rolled_back_at.is_some())
        && !args.rebuild
    {
        let number = taken_back.info.generation;
        return Err(anyhow!(Refusal::NotConfigured(format!(
            "{why}, but generation {number}, which was built so, was taken back: `ingest rollback --to {number}` turns readers to it \
             again, `ingest DIR --rebuild` builds another one, or set the embedder as it was"
        ))));
    }
    let is_begun = |one: &&Listed| matches!(one.place, Place::Building | Place::Built);
    let begun = all.iter().filter(alike).find(is_begun).map(|one| one.info.clone());
    Ok((Target::Beside { live, begun, why, vector_index }, embedder))
}

/// What could not be read is read into the live generation, with what made it.
fn of_failed(
    settings: &Settings,
    live: Option<GenerationInfo>,
) -> anyhow::Result<(Target, Arc<dyn Embedder>)> {
    let Some(live) = live else {
        let message = "nothing is ingested yet; run `ingest DIR` first".to_owned();
        return Err(anyhow!(Refusal::NotConfigured(message)));
    };
    if live.chunker != CHUNKER_VERSION {
        let message = "this program has another chunker than the live generation: run `ingest DIR`, which builds a new one".to_owned();
        return Err(anyhow!(Refusal::NotConfigured(message)));
    }
    let embedder = opening::embedder_for(settings, &live)?;
    Ok((Target::Live(live), embedder))
}

/// The precision that is set, else the live generation's, else full where an index takes that many dimensions.
fn vector_index(
    settings: &Settings,
    live: Option<&GenerationInfo>,
    dimensions: usize,
) -> anyhow::Result<VectorIndex> {
    let takes = |index: &VectorIndex| dimensions <= index.most_dimensions();
    let kept = live.map_or(VectorIndex::Full, |live| live.vector_index);
    let chosen = settings.vector_index.or_else(|| [kept, VectorIndex::Half].into_iter().find(takes));
    chosen.filter(takes).ok_or_else(|| {
        anyhow!(Refusal::NotConfigured(format!(
            "vectors of {dimensions} dimensions are too long for a vector index: of full precision it takes {}, of half {} \
             (AUSKUNFT_VECTOR_INDEX=half); AUSKUNFT_REMOTE_DIMENSIONS asks a service for shorter ones",
            VectorIndex::Full.most_dimensions(),
            VectorIndex::Half.most_dimensions()
        )))
    })
}

/// Why a new generation is built, if so.
fn reason(args: &RunArgs, live: &GenerationInfo, space: &SpaceId, index: VectorIndex) -> Option<String> {
    let generation = live.generation;
    if live.space != *space {
        return Some(format!("generation {generation} has vectors of {}, now {space} is used", live.space));
    }
    if live.chunker != CHUNKER_VERSION {
        return Some(format!(
            "generation {generation} was cut by chunker {}, this program has chunker {CHUNKER_VERSION}",
            live.chunker
        ));
    }
    if live.vector_index != index {
        return Some(format!(
            "generation {generation} has a vector index of {} precision, {} is set",
            live.vector_index.as_str(),
            index.as_str()
        ));
    }
    args.rebuild.then(|| "a rebuild was asked for".to_owned())
}
