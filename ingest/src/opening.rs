//! Opening what commands need: stores, a generation, the embedder that fits it, a desk; and the exit code of each failure.

use std::sync::Arc;

use anyhow::anyhow;
use auskunft_answer::{AnswerError, Desk, Settings as DeskSettings};
use auskunft_boot::{Code, Settings};
use auskunft_embed::hub::{self, HubError, KNOWN};
use auskunft_embed::{EmbedError, Embedder, EmbedderSettings, Engine};
use auskunft_model::Language;
use auskunft_store::generation::{self, GenerationInfo};
use auskunft_store::{ErrorKind, Role, Stores, shop};

use crate::catalog::CatalogError;

/// Vectors of questions that a desk keeps: each question is asked twice (ranking and answer).
const QUERY_CACHE: usize = 10_000;

/// A failure that has an exit code of its own.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The command line makes no sense.
    #[error("{0}")]
    Usage(String),
    /// Stopped by a signal before anything was opened.
    #[error("interrupted before anything was written; run again")]
    Interrupted,
    /// Settings and stores do not fit.
    #[error("{0}")]
    NotConfigured(String),
    /// The guard against surprise deletes.
    #[error("{0}")]
    Guard(String),
    /// The catalog folder holds nothing, and nothing was ever ingested.
    #[error("{0}")]
    NothingThere(String),
    /// Quality below what was demanded.
    #[error("{0}")]
    Quality(String),
    /// `--fail-fast` met a source that can't be read.
    #[error("{0}")]
    FailFast(String),
}

/// The exit code that scripts rely on, by the first error in the chain that has one.
pub fn exit_code(error: &anyhow::Error) -> Code {
    let of_cause = |cause: &(dyn std::error::Error + 'static)| {
        if let Some(refusal) = cause.downcast_ref::<Refusal>() {
            return Some(match refusal {
                Refusal::Usage(_) => Code::Usage,
                Refusal::Interrupted => Code::Interrupted,
                Refusal::NotConfigured(_) => Code::NotConfigured,
                Refusal::Guard(_) => Code::GuardRefused,
                Refusal::Quality(_) => Code::QualityGate,
                Refusal::FailFast(_) | Refusal::NothingThere(_) => Code::Error,
            });
        }
        if cause.downcast_ref::<EmbedError>().is_some() {
            return Some(Code::NotConfigured);
        }
        if let Some(error) = cause.downcast_ref::<HubError>() {
            return Some(match error {
                HubError::Unreachable { .. } => Code::Unreachable,
                HubError::Refused { .. } | HubError::Lacks { .. } => Code::NotConfigured,
                HubError::Changed { .. } | HubError::Disk { .. } => Code::Error,
            });
        }
        if cause.downcast_ref::<CatalogError>().is_some() {
            return Some(Code::Usage);
        }
        if let Some(AnswerError::NothingIngested | AnswerError::OtherSpace { .. }) =
            cause.downcast_ref::<AnswerError>()
        {
            return Some(Code::NotConfigured);
        }
        let kind = cause.downcast_ref::<auskunft_store::Error>()?.kind;
        Some(match kind {
            ErrorKind::Held => Code::Held,
            ErrorKind::OtherSpace | ErrorKind::NotConfigured => Code::NotConfigured,
            ErrorKind::Unavailable => Code::Unreachable,
            ErrorKind::NewerSchema | ErrorKind::DiskFull | ErrorKind::Corrupt | ErrorKind::Internal => {
                Code::Error
            }
        })
    };
    error.chain().find_map(of_cause).unwrap_or(Code::Error)
}

/// Files that are read at once: as said, else as many as threads are set, else one a core.
pub fn jobs(said: Option<usize>, settings: &Settings) -> usize {
    let cores = || std::thread::available_parallelism().map_or(2, usize::from);
    said.or(settings.threads).unwrap_or_else(cores).max(1)
}

/// Opens the stores for a run, and makes them where there are none.
pub async fn stores(settings: &Settings) -> anyhow::Result<Stores> {
    Ok(Stores::of(settings, "ingest", Role::Writer).await?)
}

/// Opens the stores for a command that needs them filled; makes none.
pub async fn filled_stores(settings: &Settings, role: Role) -> anyhow::Result<Stores> {
    if settings.database.is_some() || Stores::are_made(&settings.data_dir) {
        return Ok(Stores::of(settings, "ingest", role).await?);
    }
    let folder = settings.data_dir.display();
    Err(anyhow!(Refusal::NotConfigured(format!(
        "nothing is ingested yet: `{folder}` holds no stores; run `ingest DIR` first, or name the data folder with --data-dir"
    ))))
}

/// A failure of a writer that lost its place is told as that, whatever it ran into first: its connections were ended, too.
pub async fn as_writer<T>(stores: &Stores, ended: anyhow::Result<T>) -> anyhow::Result<T> {
    let Err(error) = ended else { return ended };
    match stores.database.check_lease().await {
        Err(lost) if lost.kind == ErrorKind::Held => {
            tracing::debug!("{error:#}");
            Err(anyhow!(lost))
        }
        _ => Err(error),
    }
}

/// The live generation, or a hint that there is none.
pub async fn live(stores: &Stores) -> anyhow::Result<GenerationInfo> {
    let found = generation::live(&stores.database).await?;
    found.ok_or_else(|| {
        anyhow!(Refusal::NotConfigured("nothing is ingested yet; run `ingest DIR` first".to_owned()))
    })
}

/// Opens the embedder that a run writes with: the one that the settings name, else the one that made the live generation, else the best
/// that is installed.
pub fn wanted_embedder(
    settings: &Settings,
    live: Option<&GenerationInfo>,
) -> anyhow::Result<Arc<dyn Embedder>> {
    let Some(live) = live else {
        let engine = settings.embedder_or_best().into();
        return Ok(auskunft_embed::open(&EmbedderSettings::of(engine, settings))?);
    };
    let of_live = Engine::of_space(&live.space);
    let engine = settings.embedder.map(Engine::from).or(of_live);
    let is_named =
        settings.embedder.is_some() || (engine.is_some_and(Engine::reads_folder) && is_model_named(settings));
    match engine {
        Some(engine) if is_named => Ok(auskunft_embed::open(&EmbedderSettings::of(engine, settings))?),
        _ => embedder_for(settings, live),
    }
}

/// Whether a person chose the model's folder: it is not the one that is looked for when nobody does.
fn is_model_named(settings: &Settings) -> bool {
    let found = hub::home(&settings.cache_dir).join(KNOWN[0].name);
    settings.model_dir.as_ref().is_some_and(|folder| *folder != found)
}

/// Opens the embedder that made a generation's vectors.
pub fn embedder_for(settings: &Settings, info: &GenerationInfo) -> anyhow::Result<Arc<dyn Embedder>> {
    if let Some(embedder) = auskunft_embed::open_for(&info.space, settings)? {
        return Ok(embedder);
    }
    Err(anyhow!(Refusal::NotConfigured(format!(
        "generation {} holds vectors of space {}, and no embedder at hand makes those: set AUSKUNFT_EMBEDDER and \
         AUSKUNFT_MODEL_DIR as they were, or fetch its model with `ingest model pull`, or build a new generation with \
         `ingest DIR --rebuild --embedder NAME`",
        info.generation, info.space
    ))))
}

/// Opens a desk over a generation, whether it is live or not.
pub async fn desk(settings: &Settings, stores: Stores, info: GenerationInfo) -> anyhow::Result<Desk> {
    let embedder = embedder_for(settings, &info)?;
    let shop = shop::read(&stores.database).await?;
    let stated = shop.as_ref().and_then(|shop| shop.today);
    let desk_settings = DeskSettings {
        index_dir: settings.data_dir.join(stores.database.index_folder().await?),
        today: settings.today.or(stated),
        time_zone: settings.time_zone,
        query_cache_entries: QUERY_CACHE,
        default_language: shop.map_or_else(Language::german, |shop| shop.language),
    };
    Ok(Desk::open_on(stores, embedder, desk_settings, info).await?)
}
