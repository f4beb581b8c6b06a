//! `ingest DIR`: one run from the folder to the stores.

mod before;
mod current;
mod execute;
mod planned;
mod summary;
mod target;
mod turn;
mod waves;

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use anyhow::anyhow;
use auskunft_boot::{Code, Settings, shutdown};
use auskunft_embed::Embedder;
use auskunft_store::generation::GenerationInfo;
use auskunft_store::{Objects, Stores, ledger};

use crate::args::RunArgs;
use crate::catalog::Catalog;
use crate::hook;
use crate::opening::{self, Refusal};
use crate::pdf::{PdfPool, PdfSettings};
use crate::printer;
use crate::request_log;
use crate::run::inputs::Inputs;
use crate::run::plan::{self, Ledger, Plan};
use crate::run::report::Report;
use crate::run::{progress, reading};
use target::Target;

/// What all stages of a run share.
struct Run<'a> {
    args: &'a RunArgs,
    settings: &'a Settings,
    target: Target,
    catalog: Arc<Catalog>,
    ledger: Arc<Ledger>,
    plan: Plan,
    embedder: Arc<dyn Embedder>,
    pdfs: Arc<PdfPool>,
    stores: &'a Stores,
    objects: Objects,
    shutdown: shutdown::Shutdown,
    jobs: usize,
    began: Instant,
}

/// Runs, prints the report, returns the exit code.
pub async fn run(args: RunArgs, json: bool, settings: &Settings) -> anyhow::Result<Code> {
    let Some(folder) = args.dir.clone() else {
        return Err(anyhow!(Refusal::Usage("name the catalog folder: `ingest DIR`".to_owned())));
    };
    let shutdown = shutdown::on_signals()?;
    tokio::spawn(abort_when_insisted(shutdown.clone()));
    let began = Instant::now();
    let catalog = tokio::select! {
        biased;
        () = shutdown.requested() => return Err(anyhow!(Refusal::Interrupted)),
        catalog = open_catalog(&folder) => catalog?,
    };
    let stores = opening::stores(settings).await?;
    request_log::prepare(settings, &stores).await;
    let ran = Box::pin(with_stores(&args, settings, catalog, &stores, shutdown, began)).await;
    let ran = opening::as_writer(&stores, ran).await;
    stores.close().await;
    tell(&args, settings, began, &ran).await;
    let (report, code) = ran?;
    if json {
        printer::print_json(&report)?;
    } else {
        printer::print(&report.plain());
    }
    Ok(code)
}

/// Tells whoever wants to know how it went, also when it failed.
async fn tell(args: &RunArgs, settings: &Settings, began: Instant, ran: &anyhow::Result<(Report, Code)>) {
    let ended_at = chrono::Utc::now();
    let (code, report, words) = match ran {
        Ok((report, code)) => (*code, serde_json::to_value(report).ok(), None),
        Err(error) => (opening::exit_code(error), None, Some(format!("{error:#}"))),
    };
    let told = hook::Told {
        began_at: ended_at - began.elapsed(),
        ended_at,
        seconds: began.elapsed().as_secs_f64(),
        code: Some(i32::from(code.number())),
        report,
        words,
    };
    hook::tell(&args.hook, settings, &told).await;
}

/// The first signal lets the documents in hand be finished; whoever sends a second does not want to wait. Nothing is lost:
/// a killed run goes on with the next one.
#[expect(clippy::exit, reason = "ending at once is what the second signal asks for")]
async fn abort_when_insisted(shutdown: shutdown::Shutdown) {
    shutdown.insisted().await;
    std::process::exit(i32::from(Code::Interrupted.number()));
}

/// Walking and hashing blocks.
async fn open_catalog(folder: &Path) -> anyhow::Result<Catalog> {
    let folder = folder.to_owned();
    Ok(tokio::task::spawn_blocking(move || Catalog::open(&folder)).await??)
}

async fn with_stores(
    args: &RunArgs,
    settings: &Settings,
    catalog: Catalog,
    stores: &Stores,
    shutdown: shutdown::Shutdown,
    began: Instant,
) -> anyhow::Result<(Report, Code)> {
    let (target, embedder) = target::choose(args, settings, stores).await?;
    if let Target::Beside { begun, why, .. } = &target
        && !args.quiet
    {
        let verb = if begun.is_some() { "going on with" } else { "building" };
        progress::say(&format!("{verb} a new generation, because {why}"));
    }
    let ledger = read_ledger(stores, target.info()).await?;
    let failed = match target.info().filter(|_| args.only_failed) {
        Some(info) => ledger::failed_sources(&stores.database, info.generation).await?,
        None => HashSet::new(),
    };
    let jobs = opening::jobs(args.jobs, settings);
    let pdfs = Arc::new(PdfPool::new(PdfSettings::of(settings, jobs)));
    let (catalog, ledger) = (Arc::new(catalog), Arc::new(ledger));
    let plan = tokio::select! {
        biased;
        () = shutdown.requested() => return Err(anyhow!(Refusal::Interrupted)),
        plan = make_plan(args, &catalog, &pdfs, &ledger, &failed) => plan?,
    };
    if matches!(target, Target::First { .. }) && plan.found == 0 {
        let folder = args.dir.as_deref().unwrap_or(Path::new("")).display();
        return Err(anyhow!(Refusal::NothingThere(format!(
            "`{folder}` holds no source: put pages into products/, PDFs into manuals/, questions into faqs/, rules into \
             policies/, dialogs into dialogs/, or name another folder"
        ))));
    }
    let objects = Objects::of(&settings.objects)?;
    let run = Run {
        args,
        settings,
        target,
        catalog,
        ledger,
        plan,
        embedder,
        pdfs,
        stores,
        objects,
        shutdown,
        jobs,
        began,
    };
    if args.plan {
        return Box::pin(planned::plan(run)).await;
    }
    check_guard(&run)?;
    Box::pin(execute::execute(run)).await
}

/// Planning reads what changed, and blocks.
async fn make_plan(
    args: &RunArgs,
    catalog: &Arc<Catalog>,
    pdfs: &Arc<PdfPool>,
    ledger: &Arc<Ledger>,
    failed: &HashSet<String>,
) -> anyhow::Result<Plan> {
    if args.only_failed {
        return Ok(plan::of_failed(catalog, ledger, failed));
    }
    let (catalog, pdfs, ledger) = (Arc::clone(catalog), Arc::clone(pdfs), Arc::clone(ledger));
    let plan = move || plan::make(Inputs { catalog: &catalog, pdfs: &pdfs }, &ledger);
    Ok(tokio::task::spawn_blocking(plan).await?)
}

impl Run<'_> {
    fn inputs(&self) -> Inputs<'_> {
        Inputs { catalog: &self.catalog, pdfs: &self.pdfs }
    }

    fn work(&self) -> reading::Work {
        let (catalog, embedder) = (Arc::clone(&self.catalog), Arc::clone(&self.embedder));
        reading::Work { catalog, embedder, pdfs: Arc::clone(&self.pdfs) }
    }
}

fn check_guard(run: &Run<'_>) -> anyhow::Result<()> {
    match run.plan.refusal() {
        Some(refusal) if !run.args.allow_deletes => Err(anyhow!(Refusal::Guard(refusal))),
        _ => Ok(()),
    }
}

/// What the generation holds that is written.
async fn read_ledger(stores: &Stores, written: Option<&GenerationInfo>) -> anyhow::Result<Ledger> {
    let Some(info) = written else { return Ok(Ledger::default()) };
    let sources = ledger::sources(&stores.database, info.generation).await?;
    let documents = ledger::documents(&stores.database, info.generation).await?;
    Ok(Ledger { sources, documents })
}
