//! From settings to a running service, and back to closed stores.

use std::fmt;
use std::future::IntoFuture;
use std::sync::Arc;
use std::time::Duration;

use auskunft_answer::{AnswerError, Desk};
use auskunft_boot::settings::{self, Loaded};
use auskunft_boot::{
    Code, EmbedderChoice, Environment, Settings, SettingsError, Shutdown, shutdown, telemetry,
};
use auskunft_embed::{Embedder, EmbedderSettings, Engine};
use auskunft_model::{Language, SpaceId};
use auskunft_store::volatile::InProcess;
use auskunft_store::{ErrorKind, Stores, generation, shop};
use axum::serve::ListenerExt;
use chrono::Local;
use tokio::net::TcpListener;

use crate::admission::Admission;
use crate::args::Args;
use crate::metrics::Metrics;
use crate::router::router;
use crate::state::{AppState, Limits};

/// Sessions, counters and cached answers that are kept in the process, of each sort.
const VOLATILE_ENTRIES: usize = 50_000;
/// Vectors of recent questions that are kept (1.5 kB each).
const QUERY_CACHE_ENTRIES: usize = 10_000;
/// How often the service looks for what was published.
const REFRESH: Duration = Duration::from_secs(1);

/// Why the service does not run (any more), with its exit code.
#[derive(Debug)]
pub struct Failure {
    /// How the program ends.
    pub code: Code,
    /// What happened and what to do.
    pub message: String,
}

impl Failure {
    fn new(code: Code, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }

    fn not_configured(message: impl Into<String>) -> Self {
        Self::new(Code::NotConfigured, message)
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

impl From<Box<SettingsError>> for Failure {
    fn from(error: Box<SettingsError>) -> Self {
        Self::not_configured(error.to_string())
    }
}

impl From<auskunft_store::Error> for Failure {
    fn from(error: auskunft_store::Error) -> Self {
        let code = match error.kind {
            ErrorKind::Held => Code::Held,
            ErrorKind::OtherSpace => Code::NotConfigured,
            ErrorKind::Unavailable => Code::Unreachable,
            ErrorKind::NewerSchema | ErrorKind::DiskFull | ErrorKind::Corrupt | ErrorKind::Internal => {
                Code::Error
            }
        };
        Self::new(code, error.to_string())
    }
}

impl From<AnswerError> for Failure {
    fn from(error: AnswerError) -> Self {
        let message = error.to_string();
        match error {
            AnswerError::Store(error) => error.into(),
            AnswerError::NothingIngested | AnswerError::OtherSpace { .. } | AnswerError::Embed(_) => {
                Self::not_configured(message)
            }
            AnswerError::Index(_) | AnswerError::Task(_) | AnswerError::Questions { .. } => {
                Self::new(Code::Error, message)
            }
        }
    }
}

/// The settings as text or as one JSON object; when they cannot be used, the reason, too.
pub fn show_settings(args: &Args, json: bool) -> (String, Result<(), Failure>) {
    let loaded = settings::load(&args.overrides(), &settings::process_variable);
    let (entries, problems) = match &loaded {
        Ok(loaded) => (&loaded.entries, Vec::new()),
        Err(error) => (&error.entries, error.problems.clone()),
    };
    let text = if json {
        format!("{:#}\n", serde_json::json!({ "settings": entries, "problems": problems }))
    } else {
        settings::plain(entries)
    };
    (text, loaded.map(|_| ()).map_err(Failure::from))
}

/// Runs the program until a signal stops it.
pub fn main(args: &Args) -> Result<(), Failure> {
    let Loaded { settings, .. } = settings::load(&args.overrides(), &settings::process_variable)?;
    telemetry::init("info", settings.log_json).map_err(|error| Failure::not_configured(error.to_string()))?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Code::Error, format!("the threads do not start: {error}")))?;
    let ended = runtime.block_on(async {
        let shutdown = shutdown::on_signals()
            .map_err(|error| Failure::new(Code::Error, format!("signals cannot be watched: {error}")))?;
        Box::pin(run(&settings, shutdown)).await
    });
    // What was cut off at the deadline must not hold the program.
    runtime.shutdown_timeout(Duration::from_secs(2));
    ended
}

/// Opens the stores, serves until the shutdown is requested, finishes the requests in hand, closes the stores.
pub async fn run(settings: &Settings, shutdown: Shutdown) -> Result<(), Failure> {
    refuse_exposure(settings)?;
    // First, so that a wrong port is known at once.
    let listener = TcpListener::bind(settings.listen).await.map_err(|error| {
        let message =
            format!("cannot listen at {}: {error}; set AUSKUNFT_LISTEN or --listen", settings.listen);
        Failure::new(Code::Error, message)
    })?;
    let state = Box::pin(open(settings, shutdown)).await?;
    Box::pin(serve(state, listener, Duration::from_millis(settings.shutdown_timeout_ms))).await
}

/// Until agents have tokens, everybody who reaches the service may ask: so nobody else may reach it.
fn refuse_exposure(settings: &Settings) -> Result<(), Failure> {
    if !settings.listen.ip().is_loopback() {
        return Err(Failure::not_configured(format!(
            "refusing to listen at {}: this version knows no agents' tokens, so it serves this machine only; listen at \
             127.0.0.1 or [::1]",
            settings.listen
        )));
    }
    if settings.environment == Environment::Production {
        return Err(Failure::not_configured(
            "refusing to run in production: this version knows no agents' tokens; set AUSKUNFT_ENV to development",
        ));
    }
    Ok(())
}

/// Opens everything that requests need. On failure nothing stays open.
pub async fn open(settings: &Settings, shutdown: Shutdown) -> Result<AppState, Failure> {
    if !settings.data_dir.is_dir() {
        // Opening would make an empty home where somebody mistyped a path.
        return Err(nothing_ingested(settings));
    }
    let stores = Stores::open_embedded(&settings.data_dir, "serve").await?;
    match Box::pin(open_desk(settings, stores.clone())).await {
        Ok(desk) => Ok(state(settings, desk, stores, shutdown)),
        Err(failure) => {
            stores.close().await;
            Err(failure)
        }
    }
}

fn nothing_ingested(settings: &Settings) -> Failure {
    let folder = settings.data_dir.display();
    Failure::not_configured(format!(
        "nothing is ingested in `{folder}` yet: run `ingest DIR` first, or name the right folder by AUSKUNFT_DATA_DIR"
    ))
}

async fn open_desk(settings: &Settings, stores: Stores) -> Result<Desk, Failure> {
    let live = generation::live(&stores.database).await?.ok_or_else(|| nothing_ingested(settings))?;
    let embedder = embedder_for(settings, &live.space).await?;
    for note in embedder.notes() {
        tracing::warn!("{note}");
    }
    let shop = shop::read(&stores.database).await?;
    let desk_settings = auskunft_answer::Settings {
        index_dir: settings.data_dir.join("lexical"),
        today: settings.today.unwrap_or_else(|| Local::now().date_naive()),
        query_cache_entries: QUERY_CACHE_ENTRIES,
        default_language: shop.map_or_else(Language::german, |shop| shop.language),
    };
    Ok(Desk::open(stores, embedder, desk_settings).await?)
}

/// The embedder that was asked for, else whichever makes the index's vectors; any other is refused.
async fn embedder_for(settings: &Settings, space: &SpaceId) -> Result<Arc<dyn Embedder>, Failure> {
    let engines = match (settings.embedder, &settings.model_dir) {
        (Some(EmbedderChoice::Native), _) => vec![Engine::Native],
        (Some(EmbedderChoice::Hashed), _) | (None, None) => vec![Engine::Hashed],
        // The one that costs nothing to open comes first.
        (None, Some(_)) => vec![Engine::Hashed, Engine::Native],
    };
    let mut others = Vec::new();
    for engine in engines {
        let embedder = open_embedder(settings, engine).await?;
        if embedder.space() == space {
            return Ok(embedder);
        }
        others.push(format!("`{}`", embedder.space()));
    }
    Err(Failure::not_configured(format!(
        "the index holds vectors of `{space}`, but the embedder at hand makes {}: set AUSKUNFT_EMBEDDER and \
         AUSKUNFT_MODEL_DIR to those that the index was built with, or ingest into an empty folder",
        others.join(" or ")
    )))
}

async fn open_embedder(settings: &Settings, engine: Engine) -> Result<Arc<dyn Embedder>, Failure> {
    let wanted = EmbedderSettings {
        engine,
        model_dir: settings.model_dir.clone(),
        threads: settings.threads.unwrap_or(0),
    };
    let opening = tokio::task::spawn_blocking(move || auskunft_embed::open(&wanted));
    let opened = opening.await.map_err(|error| Failure::new(Code::Error, error.to_string()))?;
    opened.map_err(|error| Failure::not_configured(error.to_string()))
}

fn state(settings: &Settings, desk: Desk, stores: Stores, shutdown: Shutdown) -> AppState {
    let request_timeout = Duration::from_millis(settings.request_timeout_ms);
    let limits = Limits {
        rate_per_minute: settings.rate_per_minute,
        max_body_bytes: settings.max_body_bytes,
        request_timeout,
        cors_origins: settings.cors_origins.clone(),
    };
    AppState {
        desk: Arc::new(desk),
        stores,
        volatile: Arc::new(InProcess::new(VOLATILE_ENTRIES)),
        limits: Arc::new(limits),
        // Who waited for half of its time would hardly be finished in the other half.
        admission: Admission::new(settings.concurrency, settings.waiting, request_timeout / 2),
        metrics: Arc::new(Metrics::default()),
        shutdown,
        today: settings.today,
    }
}

/// Serves until the shutdown is requested, then accepts nothing new, lets requests in hand finish for at most `drain`, and
/// closes the stores.
pub async fn serve(state: AppState, listener: TcpListener, drain: Duration) -> Result<(), Failure> {
    let address = listener.local_addr().map_err(|error| Failure::new(Code::Error, error.to_string()))?;
    let (shutdown, stores) = (state.shutdown.clone(), state.stores.clone());
    let standing = state.desk.standing();
    let refreshing = tokio::spawn(keep_fresh(Arc::clone(&state.desk), shutdown.clone()));
    tracing::info!(
        generation = standing.generation.0,
        revision = standing.revision.0,
        chunks = standing.chunks,
        products = standing.products,
        "listening at http://{address}"
    );
    let ended = serve_until_drained(state, listener, &shutdown, drain).await;
    refreshing.abort();
    // Aborting is no failure.
    let _ = refreshing.await;
    stores.close().await;
    ended
}

async fn serve_until_drained(
    state: AppState,
    listener: TcpListener,
    shutdown: &Shutdown,
    drain: Duration,
) -> Result<(), Failure> {
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps delaying small packets");
        }
    });
    let stop = shutdown.clone();
    let stopping = async move {
        stop.requested().await;
        tracing::info!("stopping: finishing requests in hand");
    };
    let serving = axum::serve(listener, router(state)).with_graceful_shutdown(stopping);
    let deadline = async {
        shutdown.requested().await;
        tokio::time::sleep(drain).await;
    };
    tokio::select! {
        ended = serving.into_future() => ended.map_err(|error| Failure::new(Code::Error, error.to_string())),
        () = deadline => {
            tracing::warn!(drain_ms = drain.as_millis(), "requests in hand were cut off at the deadline");
            Ok(())
        }
        () = shutdown.insisted() => Err(Failure::new(Code::Interrupted, "stopped at once by a second signal")),
    }
}

/// Takes in what was published, until the shutdown. A failure is said once, then again when it is over.
async fn keep_fresh(desk: Arc<Desk>, shutdown: Shutdown) {
    let mut failing = false;
    loop {
        tokio::select! {
            () = shutdown.requested() => return,
            () = tokio::time::sleep(REFRESH) => {}
        }
        match Box::pin(desk.refresh()).await {
            Ok(changed) => {
                if changed || failing {
                    let standing = desk.standing();
                    tracing::info!(
                        revision = standing.revision.0,
                        chunks = standing.chunks,
                        "index is up to date"
                    );
                }
                failing = false;
            }
            Err(error) => {
                if !failing {
                    tracing::warn!(%error, "the index cannot be refreshed; answering from what is known");
                }
                failing = true;
            }
        }
    }
}
