//! From settings to a running service, and back to closed stores.

use std::future::IntoFuture;
use std::time::Duration;

use auskunft_boot::settings::{self, Loaded};
use auskunft_boot::{Code, Settings, Shutdown, shutdown, telemetry};
use auskunft_model::AgentId;
use axum::serve::ListenerExt;
use chrono::{TimeDelta, Utc};
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::access;
use crate::access::revocations::{self, Revocations};
use crate::args::Args;
use crate::failure::Failure;
use crate::fresh;
use crate::log;
use crate::opening::open;
use crate::router::router;
use crate::state::AppState;
use crate::traces::Traces;

/// How long the end waits at most for the last traces to be taken.
const LAST_TRACES: Duration = Duration::from_secs(2);

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

/// A token for an agent, as a line; nothing but settings is read.
pub fn token(args: &Args, agent: &str, minutes: u32) -> (String, Result<(), Failure>) {
    match mint(args, agent, minutes) {
        Ok(token) => (format!("{token}\n"), Ok(())),
        Err(failure) => (String::new(), Err(failure)),
    }
}

fn mint(args: &Args, agent: &str, minutes: u32) -> Result<String, Failure> {
    let Loaded { settings, .. } = settings::load(&args.overrides(), &settings::process_variable)?;
    let key = access::key(&settings)?;
    let agent =
        AgentId::parse(agent).map_err(|error| Failure::new(Code::Usage, format!("--agent: {error}")))?;
    let now = Utc::now();
    Ok(access::token::mint(&key, &agent, now, now + TimeDelta::minutes(i64::from(minutes))))
}

/// Runs the program until a signal stops it.
pub fn main(args: &Args) -> Result<(), Failure> {
    let Loaded { settings, .. } = settings::load(&args.overrides(), &settings::process_variable)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::new(Code::Error, format!("the threads do not start: {error}")))?;
    let ended = runtime.block_on(async {
        let traces = begin_telemetry(&settings)?;
        std::panic::set_hook(Box::new(tell_panic));
        let shutdown = shutdown::on_signals()
            .map_err(|error| Failure::new(Code::Error, format!("signals cannot be watched: {error}")))?;
        let ended = Box::pin(run(&settings, shutdown)).await;
        if let Some(traces) = traces {
            // After a second signal nothing is waited for.
            let is_cut_off = matches!(&ended, Err(failure) if failure.code == Code::Interrupted);
            traces.stop(if is_cut_off { Duration::ZERO } else { LAST_TRACES }).await;
        }
        ended
    });
    // What was cut off at the deadline must not hold the program.
    runtime.shutdown_timeout(Duration::from_secs(2));
    ended
}

/// Logs, and traces where a collector is stated.
fn begin_telemetry(settings: &Settings) -> Result<Option<Traces>, Failure> {
    let (traces, layer) = settings.traces.as_ref().map(Traces::start).transpose()?.unzip();
    telemetry::init("info", settings.log_json, layer)
        .map_err(|error| Failure::not_configured(error.to_string()))?;
    Ok(traces)
}

/// Where a defect is, never its message: messages quote what was worked on, and that may be a person's words.
fn tell_panic(panic: &std::panic::PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "panic");
}

/// Opens the stores, serves until the shutdown is requested, finishes the requests in hand, closes the stores.
pub async fn run(settings: &Settings, shutdown: Shutdown) -> Result<(), Failure> {
    access::key(settings)?;
    // First, so that a wrong port is known at once.
    let listener = TcpListener::bind(settings.listen).await.map_err(|error| {
        let message =
            format!("cannot listen at {}: {error}; set AUSKUNFT_LISTEN or --listen", settings.listen);
        Failure::new(Code::Error, message)
    })?;
    let state = Box::pin(open(settings, shutdown)).await?;
    Box::pin(serve(state, listener, Duration::from_millis(settings.shutdown_timeout_ms))).await
}

/// Serves until the shutdown is requested, then accepts nothing new, lets requests in hand finish for at most `drain`, and
/// closes the stores.
pub async fn serve(state: AppState, listener: TcpListener, drain: Duration) -> Result<(), Failure> {
    let address = listener.local_addr().map_err(|error| Failure::new(Code::Error, error.to_string()))?;
    let (shutdown, stores) = (state.shutdown.clone(), state.stores.clone());
    let standing = state.desk.standing();
    let request_log = state.log.clone();
    let refreshing = tokio::spawn(fresh::keep_fresh(state.clone(), shutdown.clone()));
    let preparing = tokio::spawn(fresh::keep_prepared(state.clone(), shutdown.clone()));
    let keeping = tokio::spawn(keep_log(state.clone()));
    let revoking = tokio::spawn(keep_revoked(state.clone(), shutdown.clone()));
    tracing::info!(
        generation = standing.generation.0,
        revision = standing.revision.0,
        chunks = standing.chunks,
        products = standing.products,
        "listening at http://{address}"
    );
    let (ended, deadline) = serve_until_drained(state, listener, &shutdown, drain).await;
    for task in [refreshing, preparing, revoking, keeping] {
        task.abort();
        // Aborting is no failure.
        let _ = task.await;
    }
    tokio::select! {
        () = request_log.drain(deadline) => {}
        () = shutdown.insisted() => {}
    }
    request_log.logs().clone().close().await;
    stores.close().await;
    ended
}

async fn keep_log(state: AppState) {
    log::keep(state.log.logs().clone(), state.log_days, &state.metrics, state.shutdown.clone()).await;
}

/// Ends with the moment by which everything should have ended.
async fn serve_until_drained(
    state: AppState,
    listener: TcpListener,
    shutdown: &Shutdown,
    drain: Duration,
) -> (Result<(), Failure>, Instant) {
    let listener = listener.tap_io(|stream| {
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps delaying small packets");
        }
    });
    let (sender, asked) = watch::channel(None);
    let stop = shutdown.clone();
    let stopping = async move {
        stop.requested().await;
        sender.send_replace(Some(Instant::now() + drain));
        tracing::info!("stopping: finishing requests in hand");
    };
    let serving = axum::serve(listener, router(state)).with_graceful_shutdown(stopping);
    let deadline = async {
        shutdown.requested().await;
        tokio::time::sleep(drain).await;
    };
    let ended = tokio::select! {
        ended = serving.into_future() => ended.map_err(|error| Failure::new(Code::Error, error.to_string())),
        () = deadline => {
            tracing::warn!(drain_ms = drain.as_millis(), "requests in hand were cut off at the deadline");
            Ok(())
        }
        () = shutdown.insisted() => Err(Failure::new(Code::Interrupted, "stopped at once by a second signal")),
    };
    // After a second signal nothing is waited for.
    let end = asked.borrow().filter(|_| ended.is_ok()).unwrap_or_else(Instant::now);
    (ended, end)
}

/// Keeps the list of revoked tokens whole, until the shutdown. That it cannot be kept now is said by whatever is away.
async fn keep_revoked(state: AppState, shutdown: Shutdown) {
    let mut revocations = Revocations::default();
    loop {
        if let Err(error) = revocations.refresh(&state.stores.database, &state.volatile).await {
            tracing::debug!(%error, "the list of revoked tokens cannot be compared with the database's");
        }
        tokio::select! {
            () = shutdown.requested() => return,
            () = tokio::time::sleep(revocations::REFRESH) => {}
        }
    }
}
