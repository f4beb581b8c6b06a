//! `ingest schedule`: runs at stated times, one at a time, for as long as it is let.
//!
//! Each run is a process of its own, so that what it dies of ends neither the schedule nor what it tells. A time that comes while a run is
//! under way is skipped and counted. A port tells metrics and the last report; a hook gets every report.

mod child;
mod clock;
mod status;

use std::sync::Arc;
use std::time::Duration;

use auskunft_boot::shutdown::{self, Shutdown};
use auskunft_boot::{Code, Settings};
use auskunft_store::{Role, runs};
use chrono::{DateTime, Utc};

use crate::args::{ScheduleArgs, SettingArgs};
use crate::{hook, opening, port};
use child::Order;
use clock::Clock;
use status::Status;

/// Runs until somebody wants it to end; a run that is under way then is interrupted and goes on with the next one.
pub async fn schedule(args: &ScheduleArgs, given: &SettingArgs, settings: &Settings) -> anyhow::Result<Code> {
    let shutdown = shutdown::on_signals()?;
    let clock = Clock { cron: args.cron.clone(), time_zone: settings.time_zone };
    let status = Arc::new(Status::default());
    let _port = port::open(args.listen, &status).await?;
    let order = Order::of(args, given)?;
    keep_time(args, settings, &clock, &order, &status, &shutdown).await?;
    Ok(Code::Ok)
}

async fn keep_time(
    args: &ScheduleArgs,
    settings: &Settings,
    clock: &Clock,
    order: &Order,
    status: &Status,
    shutdown: &Shutdown,
) -> anyhow::Result<()> {
    let mut from = Utc::now();
    if args.catch_up && is_behind(settings, clock, from).await? {
        tracing::info!("the last run that was due did not take place: catching up");
        one_run(args, settings, order, status, shutdown).await;
        from = skip(clock, from, status)?;
    }
    while !shutdown.is_requested() {
        let due = clock.next(from)?;
        status.wait_for(due);
        tracing::info!(%due, "waiting");
        tokio::select! {
            () = shutdown.requested() => break,
            () = sleep_until(due, clock::jitter(args.jitter)) => {}
        }
        one_run(args, settings, order, status, shutdown).await;
        from = skip(clock, due, status)?;
    }
    Ok(())
}

/// Waits in pieces, because the machine may sleep and its clock may be set.
async fn sleep_until(due: DateTime<Utc>, jitter: Duration) {
    const PIECE: Duration = Duration::from_secs(30);
    loop {
        let left = (due - Utc::now()).to_std().unwrap_or_default();
        if left.is_zero() {
            break;
        }
        tokio::time::sleep(left.min(PIECE)).await;
    }
    tokio::time::sleep(jitter).await;
}

async fn one_run(
    args: &ScheduleArgs,
    settings: &Settings,
    order: &Order,
    status: &Status,
    shutdown: &Shutdown,
) {
    status.begin();
    let told = child::run(order, shutdown).await;
    let word = told.outcome();
    if told.code == Some(0) {
        tracing::info!(seconds = told.seconds, "the run is over: {word}");
    } else {
        tracing::warn!(seconds = told.seconds, "the run is over: {word}");
    }
    hook::tell(&args.hook, settings, &told).await;
    status.end(told);
}

/// Counts the times that came and went while a run was under way; returns from when on the next one is looked for.
fn skip(clock: &Clock, since: DateTime<Utc>, status: &Status) -> anyhow::Result<DateTime<Utc>> {
    let now = Utc::now().max(since);
    let skipped = clock.between(since, now)?;
    if skipped > 0 {
        tracing::warn!(skipped, "runs were due while one was under way, and are left out");
        status.skip(skipped);
    }
    Ok(now)
}

/// Whether a run was due since the last one began. Where nothing was ever ingested, one is.
async fn is_behind(settings: &Settings, clock: &Clock, now: DateTime<Utc>) -> anyhow::Result<bool> {
    let Ok(stores) = opening::filled_stores(settings, Role::Reader).await else { return Ok(true) };
    let last = runs::last(&stores.database).await;
    stores.close().await;
    let began = last?.and_then(|run| run["started_at"].as_str()?.parse::<DateTime<Utc>>().ok());
    Ok(match began {
        Some(began) => clock.between(began, now)? > 0,
        None => true,
    })
}
