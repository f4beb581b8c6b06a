//! The command line. Doc comments here are its help.

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::path::PathBuf;

use auskunft_model::{CustomerId, SourceKind};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use clap::{Args, Parser, Subcommand};
use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};

use crate::hook::HookArgs;

/// Turns a shop's catalog into documents, chunks and vectors.
///
/// `ingest DIR` brings the stores in line with the catalog folder DIR: it reads what is new or changed, removes what is gone,
/// and leaves the rest alone. Run it as often as you like; kill it whenever you like.
///
/// Exit codes: 0 ok, 1 error, 2 usage, 3 not configured, 5 a server is unreachable, 6 held by another process,
/// 10 finished but some documents failed, 11 refused because too much would vanish, 12 quality below what was demanded,
/// 130 interrupted (run again to go on).
#[derive(Debug, Parser)]
#[command(name = "ingest", version, args_conflicts_with_subcommands = true, arg_required_else_help = true)]
pub struct Cli {
    /// What to do other than a run.
    #[command(subcommand)]
    pub command: Option<Command>,
    /// The run.
    #[command(flatten)]
    pub run: RunArgs,
    /// Settings that overrule file and environment.
    #[command(flatten)]
    pub settings: SettingArgs,
    /// More log lines on stderr (-v info, -vv debug).
    #[arg(short, long, action = clap::ArgAction::Count, global = true)]
    pub verbose: u8,
    /// Machine-readable output: one JSON object on stdout.
    #[arg(long, global = true)]
    pub json: bool,
}

/// Arguments of a run.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The catalog folder.
    pub dir: Option<PathBuf>,
    /// Print what a run would do, and publish nothing.
    #[arg(long)]
    pub plan: bool,
    /// Let more than 5 % of the documents vanish.
    #[arg(long)]
    pub allow_deletes: bool,
    /// Build a new generation beside the live one, judge it, and turn readers to it; one that was begun is gone on with. Happens by itself
    /// when another embedder, model or chunker is used.
    #[arg(long)]
    pub rebuild: bool,
    /// Judging a new generation.
    #[command(flatten)]
    pub gate: GateArgs,
    /// Files read at once [default: one a core].
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub jobs: Option<usize>,
    /// Stop at the first source that can't be read.
    #[arg(long)]
    pub fail_fast: bool,
    /// No progress on stderr.
    #[arg(short, long)]
    pub quiet: bool,
    /// Whom to tell of the run.
    #[command(flatten)]
    pub hook: HookArgs,
    /// Only what could not be read before; set by the command `retry`.
    #[arg(skip)]
    pub only_failed: bool,
}

/// Arguments of `schedule`.
#[derive(Debug, Args)]
pub struct ScheduleArgs {
    /// When to run: minute, hour, day of the month, month, day of the week, in the shop's time zone (AUSKUNFT_TIME_ZONE), e.g.
    /// "15 3 * * *" for each night at a quarter past three. A time that comes while a run is under way is left out.
    #[arg(long, value_name = "PATTERN", value_parser = cron)]
    pub cron: Cron,
    /// The catalog folder.
    pub dir: PathBuf,
    /// Begin up to so many seconds later, at random.
    #[arg(long, value_name = "SECONDS", default_value_t = 0, value_parser = clap::value_parser!(u32).range(0..=86_400))]
    pub jitter: u32,
    /// Run at once when the last run that was due did not take place (the machine was off, say), or none ever did.
    #[arg(long)]
    pub catch_up: bool,
    /// Tell metrics (/metrics), the last report (/last) and that it is alive (/health) at this address.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
    /// Let more than 5 % of the documents vanish.
    #[arg(long)]
    pub allow_deletes: bool,
    /// Files read at once [default: one a core].
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub jobs: Option<usize>,
    /// Whom to tell of the run.
    #[command(flatten)]
    pub hook: HookArgs,
}

/// Arguments of `work`.
#[derive(Debug, Args)]
pub struct WorkArgs {
    /// The catalog folder: the same files as where the runs are started.
    pub dir: PathBuf,
    /// Files read at once [default: one a core].
    #[arg(long, value_name = "N", value_parser = at_least_one)]
    pub jobs: Option<usize>,
    /// Tell metrics (/metrics), what it does (/last) and that it is alive (/health) at this address.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<SocketAddr>,
}

/// Five fields; seconds and years are nothing for runs that take minutes.
fn cron(text: &str) -> Result<Cron, String> {
    let parser = CronParser::builder().seconds(Seconds::Disallowed).year(Year::Disallowed).build();
    parser.parse(text).map_err(|error| error.to_string())
}

/// What a new generation is judged by before readers are turned to it.
#[derive(Debug, Clone, Args)]
pub struct GateArgs {
    /// Questions with known sources (JSON lines) that the new generation must answer as well as the live one [default: questions.jsonl of
    /// the catalog folder, where it has one].
    #[arg(long, value_name = "FILE")]
    pub questions: Option<PathBuf>,
    /// By how much a share of right answers may be lower than the live generation's.
    #[arg(long, value_name = "SHARE", default_value_t = 0.02, value_parser = share)]
    pub margin: f64,
    /// Turn readers to it although the live generation's embedder is not at hand, so that its answers can't be compared.
    #[arg(long)]
    pub without_comparison: bool,
    /// Use an embedder that does not tell meanings apart in German or English: a model for other languages.
    #[arg(long)]
    pub any_embedder: bool,
}

fn share(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok().filter(|number| (0.0..=1.0).contains(number));
    number.ok_or("write a number from 0 to 1".to_owned())
}

fn at_least_one(text: &str) -> Result<usize, String> {
    let number = text.parse::<usize>().map_err(|error| error.to_string())?;
    if number == 0 { Err("at least 1 is needed".to_owned()) } else { Ok(number) }
}

/// Settings that overrule `auskunft.toml` and the environment.
#[derive(Debug, Args)]
pub struct SettingArgs {
    /// Folder of the embedded stores.
    #[arg(long, global = true, value_name = "DIR")]
    pub data_dir: Option<PathBuf>,
    /// Embedder: native, hashed, fastembed or remote. Naming another one than the live generation's builds a new generation.
    #[arg(long, global = true, value_name = "NAME")]
    pub embedder: Option<String>,
    /// Folder of the embedder's model (native, fastembed).
    #[arg(long, global = true, value_name = "DIR")]
    pub model_dir: Option<PathBuf>,
}

/// What else there is to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run at stated times, one run at a time, until it is ended (SIGTERM).
    Schedule(Box<ScheduleArgs>),
    /// Take part in runs that other processes start (`ingest DIR`, `ingest schedule`), until it is ended (SIGTERM): read some of their files and
    /// compute vectors. Start as many as you like, on any machine that sees the catalog folder; needs stores on a server.
    Work(WorkArgs),
    /// Show what the stores hold, which generations there are, and what the last runs did.
    Status {
        /// Runs to show, the newest first.
        #[arg(long, value_name = "N", default_value_t = 10, value_parser = clap::value_parser!(u32).range(1..=1_000))]
        runs: u32,
        /// The next page: runs before this one.
        #[arg(long, value_name = "RUN")]
        before: Option<String>,
    },
    /// Check that the stores agree with each other.
    Verify {
        /// Mend what can be mended.
        #[arg(long)]
        fix: bool,
    },
    /// Read again what could not be read, or not wholly, whether it changed or not; everything else stays as it is.
    Retry(RunArgs),
    /// Turn readers back to the generation that was live before, at once. Called again, it turns them forward again.
    Rollback {
        /// Turn them to this one instead.
        #[arg(long, value_name = "GENERATION")]
        to: Option<i32>,
    },
    /// Remove generations that are not kept (AUSKUNFT_KEEP_GENERATIONS), and texts, document versions and embeddings that none needs.
    Gc,
    /// Show who saw what of customers' data, and what else the audit holds, oldest first.
    Audit(AuditArgs),
    /// Measure answers against questions with known sources (JSON lines).
    Eval(EvalArgs),
    /// Show what is understood of one file; opens no store and needs no catalog.
    Inspect(InspectArgs),
    /// Show, fetch and find embedding models.
    Model {
        /// What to do.
        #[command(subcommand)]
        command: ModelCommand,
    },
    /// Show the effective settings and where each comes from.
    Config,
    /// Read one PDF for the process that started this one.
    #[command(name = crate::pdf::WORKER_COMMAND, hide = true)]
    PdfWorker,
}

/// What `model` does.
#[derive(Debug, Subcommand)]
pub enum ModelCommand {
    /// Show the models that are known and those that are installed.
    List,
    /// Fetch a model from the hub (HF_ENDPOINT, HF_TOKEN) into the cache folder; interrupted, run it again: it goes on where it was.
    Pull {
        /// A known model, or `owner/name`; behind `@` a revision. With `--embedder fastembed` its ONNX form, or a name of fastembed's own.
        name: String,
        /// No progress on stderr.
        #[arg(short, long)]
        quiet: bool,
    },
    /// Print the folder of a model, or of the one that is used.
    Path {
        /// A known model, or `owner/name`.
        name: Option<String>,
    },
}

/// Arguments of `audit`.
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// About this customer alone.
    #[arg(long, value_name = "ID", value_parser = customer)]
    pub customer: Option<CustomerId>,
    /// From this day or time on (UTC): 2026-11-21 or 2026-11-21T10:12:00Z.
    #[arg(long, value_name = "TIME", value_parser = since)]
    pub since: Option<DateTime<Utc>>,
    /// The next page: those after this event.
    #[arg(long, value_name = "NUMBER", default_value_t = 0)]
    pub after: i64,
    /// Events of a page.
    #[arg(long, value_name = "N", default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=100_000))]
    pub limit: u32,
}

fn customer(text: &str) -> Result<CustomerId, String> {
    CustomerId::parse(text).map_err(|error| error.to_string())
}

/// A day begins at midnight, UTC.
fn since(text: &str) -> Result<DateTime<Utc>, String> {
    let day = text.parse::<NaiveDate>().ok().map(|day| day.and_time(NaiveTime::MIN).and_utc());
    let moment = || DateTime::parse_from_rfc3339(text).ok().map(|moment| moment.to_utc());
    day.or_else(moment).ok_or("write a day or a time, e.g. 2026-11-21 or 2026-11-21T10:12:00Z".to_owned())
}

/// Arguments of `eval`.
#[derive(Debug, Args)]
pub struct EvalArgs {
    /// The questions.
    pub file: PathBuf,
    /// Choose the dense weight on one half of the questions and measure it on the other, both ways.
    #[arg(long)]
    pub cross_validate: bool,
    /// Ask only the questions of this set (their field `set`); may be given several times.
    #[arg(long, value_name = "NAME")]
    pub set: Vec<String>,
    /// Show every question with what was found.
    #[arg(long)]
    pub detail: bool,
    /// Fail with exit code 12 when fewer questions than this share have a right source among the first five.
    #[arg(long, value_name = "SHARE")]
    pub min_success_at_5: Option<f64>,
    /// Fail with exit code 12 when the state is right for fewer questions than this share.
    #[arg(long, value_name = "SHARE")]
    pub min_state_accuracy: Option<f64>,
    /// Fail with exit code 12 when the first cited page is right for fewer questions than this share.
    #[arg(long, value_name = "SHARE")]
    pub min_page_accuracy: Option<f64>,
}

/// Arguments of `inspect`.
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// The file.
    pub file: PathBuf,
    /// What it holds, instead of what its folder and content say: product, manual, faq, policy, dialog or ticket.
    #[arg(long, value_parser = kind)]
    pub kind: Option<SourceKind>,
    /// The catalog folder that it lies in; its shop.toml, manuals.csv and attribute tables are used.
    #[arg(long, value_name = "DIR")]
    pub catalog: Option<PathBuf>,
    /// Write a page for the browser: pictures of a PDF's pages beside the text, boxes around what was understood.
    #[arg(long, value_name = "OUT")]
    pub html: Option<PathBuf>,
    /// Pages to draw for --html.
    #[arg(long, value_name = "FROM-TO", default_value = "1-20", value_parser = pages)]
    pub pages: RangeInclusive<u32>,
    /// Entries of each list in the text form; 0 = all.
    #[arg(long, value_name = "N", default_value_t = 20)]
    pub limit: usize,
    /// Entries of each list to pass over first.
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub skip: usize,
    /// Show texts whole, not their first lines alone.
    #[arg(long)]
    pub full: bool,
}

fn kind(text: &str) -> Result<SourceKind, String> {
    let kinds = [
        SourceKind::Product,
        SourceKind::Manual,
        SourceKind::Faq,
        SourceKind::Policy,
        SourceKind::Dialog,
        SourceKind::Ticket,
    ];
    let names = kinds.map(SourceKind::as_str).join(", ");
    kinds.into_iter().find(|kind| kind.as_str() == text).ok_or(format!("use one of {names}"))
}

/// `7` or `1-20`.
fn pages(text: &str) -> Result<RangeInclusive<u32>, String> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let number = |text: &str| text.trim().parse::<u32>().ok().filter(|&number| number > 0);
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => Ok(first..=last),
        _ => Err("write a page or a range of pages from 1 up, e.g. 7 or 1-20".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_a_day_or_a_moment() {
        assert_eq!(since("2026-11-21").unwrap().to_rfc3339(), "2026-11-21T00:00:00+00:00");
        assert_eq!(since("2026-11-21T10:12:00+02:00").unwrap().to_rfc3339(), "2026-11-21T08:12:00+00:00");
        assert!(since("gestern").is_err());
    }

    #[test]
    fn pages_are_one_or_a_range() {
        assert_eq!(pages("7"), Ok(7..=7));
        assert_eq!(pages("1-20"), Ok(1..=20));
        assert!(pages("0").is_err() && pages("9-3").is_err() && pages("a-b").is_err());
    }
}
