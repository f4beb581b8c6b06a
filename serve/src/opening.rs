//! Opening the stores, the embedder that fits them, and the desk.

use std::sync::Arc;
use std::sync::atomic::AtomicI64;
use std::time::{Duration, Instant};

use auskunft_answer::{Desk, OpenEmbedder};
use auskunft_boot::{Code, Settings, Shutdown};
use auskunft_embed::{Embedder, EmbedderSettings, Engine};
use auskunft_model::{Language, SpaceId};
use auskunft_store::logs::Logs;
use auskunft_store::volatile::{InProcess, Rates, RedisSettings, RedisVolatile};
use auskunft_store::{Objects, Role, Stores, VolatileStore, generation, shop, shop_data};

use crate::access::Access;
use crate::access::revocations::Revocations;
use crate::admission::Admission;
use crate::failure::Failure;
use crate::flights::Flights;
use crate::log::RequestLog;
use crate::metrics::Metrics;
use crate::state::{AppState, HEARTBEAT, Limits};

/// Sessions, counters and cached answers that are kept in the process, of each sort.
const VOLATILE_ENTRIES: usize = 50_000;
/// Vectors of recent questions that are kept (1.5 kB each).
const QUERY_CACHE_ENTRIES: usize = 10_000;

/// What is not warm by then will be, by questions.
const WARM_UP: Duration = Duration::from_secs(20);

/// Opens everything that requests need. On failure nothing stays open.
pub async fn open(settings: &Settings, shutdown: Shutdown) -> Result<AppState, Failure> {
    let access = Access::new(settings)?;
    if settings.database.is_none() && !settings.data_dir.is_dir() {
        // Opening would make an empty home where somebody mistyped a path.
        return Err(nothing_ingested(settings));
    }
    let objects = Objects::of(&settings.objects)?;
    let stores = Stores::of(settings, "serve", Role::Service).await?;
    match Box::pin(open_all(settings, &stores)).await {
        Ok(opened) => {
            if settings.warm_up {
                Box::pin(warm_up(&opened.desk)).await;
            }
            Ok(state(settings, access, opened, (stores, objects), shutdown))
        }
        Err(failure) => {
            stores.close().await;
            Err(failure)
        }
    }
}

/// Does what the first questions would wait for. Where it fails, they wait, and tell why.
async fn warm_up(desk: &Desk) {
    let begin = Instant::now();
    match tokio::time::timeout(WARM_UP, desk.warm_up()).await {
        Ok(Ok(questions)) => {
            let milliseconds = u64::try_from(begin.elapsed().as_millis()).unwrap_or(u64::MAX);
            tracing::info!(questions, milliseconds, "warmed up");
        }
        Ok(Err(error)) => tracing::warn!(%error, "the first questions may take longer"),
        Err(_) => {
            tracing::warn!("the first questions may take longer: warming up took more than {WARM_UP:?}")
        }
    }
}

fn nothing_ingested(settings: &Settings) -> Failure {
    if settings.database.is_some() {
        return Failure::not_configured(
            "nothing is ingested in the database yet: run `ingest DIR` first, or name the right one by DATABASE_URL",
        );
    }
    let folder = settings.data_dir.display();
    Failure::not_configured(format!(
        "nothing is ingested in `{folder}` yet: run `ingest DIR` first, or name the right folder by AUSKUNFT_DATA_DIR"
    ))
}

/// What is made of the stores.
struct Opened {
    desk: Desk,
    volatile: Arc<dyn VolatileStore>,
    shop_version: i64,
    logs: Logs,
}

async fn open_all(settings: &Settings, stores: &Stores) -> Result<Opened, Failure> {
    let desk = Box::pin(open_desk(settings, stores.clone())).await?;
    let volatile = open_volatile(settings, stores).await?;
    let logs = open_logs(settings, stores)?;
    Ok(Opened { desk, volatile, shop_version: shop_data::version(&stores.database).await?, logs })
}

fn open_logs(settings: &Settings, stores: &Stores) -> Result<Logs, Failure> {
    match &settings.log_database_url {
        Some(url) => Logs::at(url.reveal(), "serve").map_err(|error| Failure::not_configured(error.message)),
        None => Ok(Logs::within(&stores.database)),
    }
}

/// Redis where the settings name one, else this process. Either may begin empty: what must not be forgotten with it is read again. A
/// Redis that can't be reached now is no reason not to answer.
async fn open_volatile(settings: &Settings, stores: &Stores) -> Result<Arc<dyn VolatileStore>, Failure> {
    let volatile: Arc<dyn VolatileStore> = match &settings.redis_url {
        None => Arc::new(InProcess::new(VOLATILE_ENTRIES)),
        Some(url) => {
            let redis = RedisSettings {
                url: url.reveal().to_owned(),
                prefix: settings.redis_prefix.clone(),
                limit: Duration::from_millis(settings.redis_timeout_ms),
            };
            let opened = RedisVolatile::open(&redis).await;
            Arc::new(opened.map_err(|error| Failure::not_configured(error.to_string()))?)
        }
    };
    if let Err(error) = Revocations::default().refresh(&stores.database, &volatile).await {
        tracing::warn!(%error, "the list of revoked tokens is not whole yet; the database is asked meanwhile");
    }
    Ok(volatile)
}

async fn open_desk(settings: &Settings, stores: Stores) -> Result<Desk, Failure> {
    let live = generation::live(&stores.database).await?.ok_or_else(|| nothing_ingested(settings))?;
    let embedder = embedder_for(settings, &live.space).await?;
    for note in embedder.notes() {
        tracing::warn!("{note}");
    }
    let shop = shop::read(&stores.database).await?;
    let desk_settings = auskunft_answer::Settings {
        index_dir: settings.data_dir.join(stores.database.index_folder().await?),
        today: settings.today,
        time_zone: settings.time_zone,
        query_cache_entries: QUERY_CACHE_ENTRIES,
        default_language: shop.map_or_else(Language::german, |shop| shop.language),
    };
    Ok(Desk::open(stores, embedder, desk_settings).await?.opening_embedders(opener(settings)))
}

/// The embedder that made the index's vectors, wherever it is found. Where none is, what is set tells what is wrong.
async fn embedder_for(settings: &Settings, space: &SpaceId) -> Result<Arc<dyn Embedder>, Failure> {
    let open = opener(settings);
    let wanted = space.clone();
    let opening = tokio::task::spawn_blocking(move || open(&wanted));
    if let Ok(Ok(Some(embedder))) = opening.await {
        return Ok(embedder);
    }
    let of_index = || Engine::of_space(space).unwrap_or(Engine::Hashed);
    let is_set = settings.embedder.is_some() || settings.model_dir.is_some();
    let engine = settings.embedder.map_or_else(of_index, Engine::from);
    let at_hand = match open_embedder(settings, engine).await {
        Ok(embedder) if embedder.space() == space => return Ok(embedder),
        Ok(embedder) => format!("the one that is set makes `{}`", embedder.space()),
        Err(error) if is_set || matches!(engine, Engine::Remote | Engine::Fastembed) => error.to_string(),
        Err(_) => "none is set or installed".to_owned(),
    };
    Err(Failure::not_configured(format!(
        "the index holds vectors of `{space}`, and no embedder at hand makes those ({at_hand}): fetch the model that it was built with \
         (`ingest model pull NAME`), set AUSKUNFT_EMBEDDER, AUSKUNFT_MODEL_DIR and AUSKUNFT_REMOTE_MODEL as they were, or build a \
         generation with another one (`ingest DIR --rebuild --embedder NAME`)"
    )))
}

/// Opens embedders of generations that readers are turned to later.
fn opener(settings: &Settings) -> OpenEmbedder {
    let settings = settings.clone();
    Arc::new(move |space| auskunft_embed::open_for(space, &settings))
}

async fn open_embedder(settings: &Settings, engine: Engine) -> Result<Arc<dyn Embedder>, Failure> {
    let wanted = EmbedderSettings::of(engine, settings);
    let opening = tokio::task::spawn_blocking(move || auskunft_embed::open(&wanted));
    let opened = opening.await.map_err(|error| Failure::new(Code::Error, error.to_string()))?;
    opened.map_err(|error| Failure::not_configured(error.to_string()))
}

fn state(
    settings: &Settings,
    access: Access,
    opened: Opened,
    (stores, objects): (Stores, Objects),
    shutdown: Shutdown,
) -> AppState {
    let request_timeout = Duration::from_millis(settings.request_timeout_ms);
    let limits = Limits {
        rate_per_minute: settings.rate_per_minute,
        copies: settings.copies,
        max_body_bytes: settings.max_body_bytes,
        request_timeout,
        heartbeat: HEARTBEAT,
        cors_origins: settings.cors_origins.clone(),
    };
    let metrics = Arc::new(Metrics::default());
    let is_ours = stores.database.is_embedded() && !opened.logs.is_apart();
    AppState {
        log: RequestLog::start(opened.logs, settings.log_queue, Arc::clone(&metrics)),
        log_days: is_ours.then_some(settings.log_days),
        desk: Arc::new(opened.desk),
        stores,
        objects,
        shop_version: Arc::new(AtomicI64::new(opened.shop_version)),
        volatile: opened.volatile,
        rates: Arc::new(Rates::new(VOLATILE_ENTRIES)),
        flights: Flights::default(),
        access,
        limits: Arc::new(limits),
        // Who waited for half of its time would hardly be finished in the other half.
        admission: Admission::new(settings.concurrency, settings.waiting, request_timeout / 2),
        metrics,
        shutdown,
    }
}
