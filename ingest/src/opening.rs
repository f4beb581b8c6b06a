//! Opening what commands need: stores, the live generation, the embedder that fits it; and the exit code of each failure.

use std::sync::Arc;

use anyhow::anyhow;
use auskunft_answer::AnswerError;
use auskunft_boot::{Code, Settings};
use auskunft_embed::hub::HubError;
use auskunft_embed::{EmbedError, Embedder, EmbedderSettings, Engine};
use auskunft_extract::CHUNKER_VERSION;
use auskunft_store::generation::{self, GenerationInfo};
use auskunft_store::{ErrorKind, Role, Stores};

use crate::catalog::CatalogError;

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

/// Opens the embedder that the settings name, else the best that is installed; on filled stores the one that the index was
/// built with. Refuses one of another space.
pub fn embedder(settings: &Settings, live: Option<&GenerationInfo>) -> anyhow::Result<Arc<dyn Embedder>> {
    let engine = match (settings.embedder, live) {
        (Some(choice), _) => choice.into(),
        (None, Some(info)) => Engine::of_space(&info.space).unwrap_or(settings.embedder_or_best().into()),
        (None, None) => settings.embedder_or_best().into(),
    };
    let embedder = auskunft_embed::open(&EmbedderSettings::of(engine, settings))?;
    if let Some(info) = live {
        check_fits(embedder.as_ref(), info)?;
    }
    Ok(embedder)
}

fn check_fits(embedder: &dyn Embedder, info: &GenerationInfo) -> anyhow::Result<()> {
    if *embedder.space() != info.space {
        let message = format!(
            "the index was built in space {}, the embedder has space {}: an index keeps its embedder; \
             set AUSKUNFT_EMBEDDER and AUSKUNFT_MODEL_DIR as they were, or ingest into another data folder",
            info.space,
            embedder.space()
        );
        return Err(anyhow!(Refusal::NotConfigured(message)));
    }
    Ok(())
}

/// Refuses to write with another chunker than the index was built with.
pub fn check_chunker(info: &GenerationInfo) -> anyhow::Result<()> {
    if info.chunker == CHUNKER_VERSION {
        return Ok(());
    }
    let message = format!(
        "the index (space {}) was cut by chunker {}, this program has chunker {CHUNKER_VERSION} (space {}): \
         ingest into another data folder",
        info.space, info.chunker, info.space
    );
    Err(anyhow!(Refusal::NotConfigured(message)))
}
