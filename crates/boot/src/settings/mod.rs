//! The settings of both programs: defaults, then `auskunft.toml`, then the environment, then flags.
//!
//! `keys` names every setting once; `layers` finds the highest layer that states one; this module gives them their
//! types. A secret may stand in a file of its own that `NAME_FILE` names. All problems are reported together.

mod assets;
mod database;
mod hub;
mod keys;
mod layers;
mod mongodb;
mod objects;
mod parse;
mod remote;
mod secret;
mod traces;

#[cfg(test)]
mod tests;

use std::net::SocketAddr;
use std::path::PathBuf;

use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Serialize;

use layers::Layers;

pub use database::DatabaseSettings;
pub use hub::HubSettings;
pub use keys::variables;
pub use mongodb::MongodbSettings;
pub use objects::ObjectSettings;
pub use remote::RemoteSettings;
pub use secret::Secret;
pub use traces::{Sampling, TraceSettings};

/// The settings file in the working directory; `AUSKUNFT_CONFIG` names another.
pub const FILE: &str = "auskunft.toml";

/// The database removes no event of the audit that is younger.
pub const LEAST_AUDIT_DAYS: u32 = 30;

/// Which embedder to use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmbedderChoice {
    /// The encoder over a model folder.
    Native,
    /// Character n-grams, without a model.
    Hashed,
    /// ONNX models by way of fastembed and ONNX Runtime; not every build has it.
    Fastembed,
    /// A service that makes vectors.
    Remote,
}

impl EmbedderChoice {
    /// Its name in settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Hashed => "hashed",
            Self::Fastembed => "fastembed",
            Self::Remote => "remote",
        }
    }
}

/// In which precision a vector index keeps vectors. The table keeps them whole, and similarities are computed from these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum VectorIndex {
    /// Four bytes a number; at most 2,000 dimensions.
    Full,
    /// Two bytes a number: half the memory; at most 4,000 dimensions.
    Half,
}

impl VectorIndex {
    /// Its name in settings, reports and tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::Half => "half",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        [Self::Full, Self::Half].into_iter().find(|index| index.as_str() == name)
    }

    /// The most dimensions that such an index takes: <https://github.com/pgvector/pgvector#hnsw>.
    pub fn most_dimensions(self) -> usize {
        match self {
            Self::Full => 2_000,
            Self::Half => 4_000,
        }
    }
}

/// Where the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// On somebody's desk: conveniences are on.
    Development,
    /// For others: conveniences that could do harm are refused.
    Production,
}

impl Environment {
    /// Its name in settings.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Development => "development",
            Self::Production => "production",
        }
    }
}

/// The effective settings. Relative paths are relative to the working directory, those in the file, too.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Home of the embedded stores.
    pub data_dir: PathBuf,
    /// Postgres as a server; `None` = embedded in the data folder.
    pub database: Option<DatabaseSettings>,
    /// Where original files are kept.
    pub objects: ObjectSettings,
    /// Where MongoDB keeps texts, documents, tickets and chats; `None` = beside the rest, in Postgres.
    pub mongodb: Option<MongodbSettings>,
    /// Home of models and other assets, and of what can be derived again.
    pub cache_dir: PathBuf,
    /// The embedder that was asked for; `None`: see [`Settings::embedder_or_best`].
    pub embedder: Option<EmbedderChoice>,
    /// Folder of the model, stated or found in the cache folder.
    pub model_dir: Option<PathBuf>,
    /// What stands before questions, for models that want it (`query:`); `None` = what the model's folder says.
    pub query_prefix: Option<String>,
    /// What stands before passages.
    pub passage_prefix: Option<String>,
    /// The precision of the vector index that was asked for; `None`: as the live generation's, else by the dimensions.
    pub vector_index: Option<VectorIndex>,
    /// The service of the remote embedder; `None` = none is stated.
    pub remote: Option<RemoteSettings>,
    /// Where models are fetched from.
    pub hub: HubSettings,
    /// The library of ONNX Runtime, stated or found in the cache folder.
    pub onnxruntime: Option<PathBuf>,
    /// The PDF library, stated or found in the cache folder.
    pub pdfium: Option<PathBuf>,
    /// Where `serve` listens.
    pub listen: SocketAddr,
    /// Questions that one user may ask in a minute; 0 = any number.
    pub rate_per_minute: u32,
    /// The day that validity, deadlines and prices are judged by; `None` = the real one.
    pub today: Option<NaiveDate>,
    /// The shop's time zone: orders, deliveries and deadlines fall on its days.
    pub time_zone: Tz,
    /// Where the program runs.
    pub environment: Environment,
    /// Signs agents' tokens, at least 32 bytes; `None` = nobody stated one.
    pub jwt_key: Option<Secret>,
    /// Whom tokens are for: what their claim `aud` must name where there is one.
    pub jwt_audience: String,
    /// Threads for computing; `None` = as many as the machine has cores.
    pub threads: Option<usize>,
    /// Web origins that may call the API from a browser; empty = none.
    pub cors_origins: Vec<String>,
    /// The longest a request may take, in milliseconds.
    pub request_timeout_ms: u64,
    /// The largest request body, in bytes.
    pub max_body_bytes: usize,
    /// Requests that are worked on at the same time.
    pub concurrency: usize,
    /// Requests that may wait for their turn; more are turned away.
    pub waiting: usize,
    /// How long requests in hand may take to finish after the wish to stop, in milliseconds.
    pub shutdown_timeout_ms: u64,
    /// The Redis that sessions, limits and cached answers are kept in; `None` = this process.
    pub redis_url: Option<Secret>,
    /// What stands before all keys in Redis, where several services share one.
    pub redis_prefix: String,
    /// How long Redis may take for an answer, in milliseconds; beyond, it counts as away.
    pub redis_timeout_ms: u64,
    /// Copies of `serve` that share the limits of questions: each holds its part while Redis is away.
    pub copies: u32,
    /// What a PDF may cost.
    pub pdf: PdfLimits,
    /// Days for which the audit of access to customer data is kept; at least [`LEAST_AUDIT_DAYS`].
    pub audit_days: u32,
    /// The request log's own database; `None` = the main one.
    pub log_database_url: Option<Secret>,
    /// Days for which rows of the request log are kept.
    pub log_days: u32,
    /// Rows of the request log that may wait for a database that is away; more are dropped and counted. One takes about 1 kB.
    pub log_queue: usize,
    /// Days for which messages of chats are kept.
    pub chat_days: u32,
    /// Generations that were live and are kept, the live one included.
    pub keep_generations: u32,
    /// An address that gets each run's report by POST; it may hold a secret.
    pub hook_url: Option<Secret>,
    /// Whether `serve` does what the first questions would wait for before it takes any.
    pub warm_up: bool,
    /// Whether log lines are JSON.
    pub log_json: bool,
    /// Where traces are sent; `None` = there are none.
    pub traces: Option<TraceSettings>,
}

/// What reading a PDF may cost; a file that needs more is refused or cut short, with its reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PdfLimits {
    /// Bytes of a file.
    pub max_bytes: u64,
    /// Pages of a file.
    pub max_pages: u32,
    /// Address space of the process that reads it, in bytes.
    pub memory_bytes: u64,
    /// CPU time for a file, in seconds; each page adds a little.
    pub cpu_seconds: u64,
}

impl Settings {
    /// The embedder that was asked for, else `native` where a model is installed, else `hashed`. An index that exists
    /// keeps the embedder it was built with; this is the choice for a new one.
    pub fn embedder_or_best(&self) -> EmbedderChoice {
        let best = if self.model_dir.is_some() { EmbedderChoice::Native } else { EmbedderChoice::Hashed };
        self.embedder.unwrap_or(best)
    }
}

/// What the command line stated; `None` = nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// `--data-dir`.
    pub data_dir: Option<PathBuf>,
    /// `--embedder`; a name, so that it is checked like the other layers.
    pub embedder: Option<String>,
    /// `--model-dir`.
    pub model_dir: Option<PathBuf>,
    /// `--pdfium`.
    pub pdfium: Option<PathBuf>,
    /// `--listen`.
    pub listen: Option<SocketAddr>,
    /// `--rate-per-minute`.
    pub rate_per_minute: Option<u32>,
    /// `--today`.
    pub today: Option<NaiveDate>,
    /// `--threads` or `--jobs`.
    pub threads: Option<usize>,
}

/// Which layer stated a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Nobody: the default holds.
    Default,
    /// Nobody, but the asset lies where it is looked for.
    Found,
    /// The settings file, or a secret's own.
    File(PathBuf),
    /// An environment variable of the setting's name.
    Environment,
    /// The command line.
    Flag,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Default => formatter.write_str("default"),
            Self::Found => formatter.write_str("found"),
            Self::File(path) => write!(formatter, "file {}", path.display()),
            Self::Environment => formatter.write_str("environment"),
            Self::Flag => formatter.write_str("flag"),
        }
    }
}

impl Serialize for Origin {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// One effective setting, for people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// The name of its environment variable.
    pub name: &'static str,
    /// Its value as text, secrets masked; `None` = not set.
    pub value: Option<String>,
    /// Who stated it.
    pub origin: Origin,
}

/// Settings with where each came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Loaded {
    /// The effective settings.
    pub settings: Settings,
    /// The same, in the order of the documentation.
    pub entries: Vec<Entry>,
}

/// Why the settings cannot be used: every problem, one a line, each naming its origin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the settings cannot be used:\n- {}", problems.join("\n- "))]
pub struct SettingsError {
    /// The problems.
    pub problems: Vec<String>,
    /// All settings as far as they were read.
    pub entries: Vec<Entry>,
}

/// The settings as lines `NAME = value  (origin)`, the names aligned.
pub fn plain(entries: &[Entry]) -> String {
    let width = entries.iter().map(|entry| entry.name.len()).max().unwrap_or(0);
    let line = |entry: &Entry| {
        let value = entry.value.as_deref().unwrap_or("(not set)");
        format!("{:width$} = {value}  ({})\n", entry.name, entry.origin)
    };
    entries.iter().map(line).collect()
}

/// A variable of the process environment, for [`load`].
pub fn process_variable(name: &str) -> Option<String> {
    std::env::var_os(name).map(|value| value.to_string_lossy().into_owned())
}

/// Reads the settings of all layers. `variable` gives an environment variable ([`process_variable`]; a map in tests); an
/// empty one counts as not set.
pub fn load(
    flags: &Overrides,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Result<Loaded, Box<SettingsError>> {
    let mut layers = Layers::read(variable);
    let settings = assemble(&mut layers, flags, variable);
    layers.refuse_what_is_not_supported();
    if settings.environment == Environment::Production && settings.today.is_some() {
        let origin = layers.origin(keys::TODAY);
        layers.problem(format!(
            "{} ({origin}) is refused in production: answers would be judged by a wrong day",
            keys::TODAY.name
        ));
    }
    if (1..LEAST_AUDIT_DAYS).contains(&settings.audit_days) {
        let origin = layers.origin(keys::AUDIT_DAYS);
        layers.problem(format!(
            "{} ({origin}) is invalid: the audit is kept for at least {LEAST_AUDIT_DAYS} days",
            keys::AUDIT_DAYS.name
        ));
    }
    let (entries, problems) = layers.finish();
    if problems.is_empty() {
        Ok(Loaded { settings, entries })
    } else {
        Err(Box::new(SettingsError { problems, entries }))
    }
}

/// Every setting, in the order of the documentation. Where a value has a problem, the default stands in; the problem is
/// kept by `layers`, so such settings are never used.
fn assemble(
    layers: &mut Layers<'_>,
    flags: &Overrides,
    variable: &dyn Fn(&str) -> Option<String>,
) -> Settings {
    let flag = flags.clone();
    let data_dir =
        layers.take(keys::DATA_DIR, flag.data_dir, parse::path, parse::show_path).unwrap_or_default();
    // Read in the order in which they are shown.
    let database = DatabaseSettings::read(layers);
    let objects = ObjectSettings::read(layers, &data_dir);
    let mongodb = MongodbSettings::read(layers);
    let Embedding { cache_dir, embedder, vector_index, model_dir, query_prefix, passage_prefix } =
        Embedding::read(layers, flags, variable);
    Settings {
        data_dir,
        database,
        objects,
        mongodb,
        embedder,
        vector_index,
        model_dir,
        query_prefix,
        passage_prefix,
        remote: RemoteSettings::read(layers),
        hub: HubSettings::read(layers),
        onnxruntime: assets::onnxruntime(layers, &cache_dir),
        pdfium: assets::pdfium(layers, flag.pdfium, &cache_dir),
        cache_dir,
        listen: listen(layers, flag.listen),
        rate_per_minute: layers.number(keys::RATE_PER_MINUTE, flag.rate_per_minute),
        today: layers.take(keys::TODAY, flag.today, parse::date, ToString::to_string),
        time_zone: layers
            .take(keys::TIME_ZONE, None, parse::time_zone, ToString::to_string)
            .unwrap_or(Tz::Europe__Berlin),
        environment: layers
            .take(keys::ENVIRONMENT, None, parse::environment, |choice| choice.as_str().into())
            .unwrap_or(Environment::Development),
        jwt_key: layers.take(keys::JWT_KEY, None, parse::jwt_key, ToString::to_string),
        jwt_audience: layers.text(keys::JWT_AUDIENCE, parse::audience),
        threads: layers.take(keys::THREADS, flag.threads, parse::positive, ToString::to_string),
        cors_origins: layers
            .take(keys::CORS_ORIGINS, None, parse::origins, |origins| origins.join(","))
            .unwrap_or_default(),
        request_timeout_ms: layers.positive(keys::REQUEST_TIMEOUT_MS),
        max_body_bytes: layers.positive(keys::MAX_BODY_BYTES),
        concurrency: layers.positive(keys::CONCURRENCY),
        waiting: layers.number(keys::WAITING, None),
        shutdown_timeout_ms: layers.number(keys::SHUTDOWN_TIMEOUT_MS, None),
        redis_url: layers.take(keys::REDIS_URL, None, parse::secret, ToString::to_string),
        redis_prefix: layers.text(keys::REDIS_PREFIX, parse::key_prefix),
        redis_timeout_ms: layers.positive(keys::REDIS_TIMEOUT_MS),
        copies: layers.positive(keys::COPIES),
        pdf: pdf_limits(layers),
        audit_days: layers.positive(keys::AUDIT_DAYS),
        log_database_url: layers.take(keys::LOG_DATABASE_URL, None, parse::database_url, ToString::to_string),
        log_days: layers.positive(keys::LOG_DAYS),
        log_queue: layers.positive(keys::LOG_QUEUE),
        chat_days: layers.positive(keys::CHAT_DAYS),
        keep_generations: layers.positive(keys::KEEP_GENERATIONS),
        hook_url: layers.take(keys::HOOK_URL, None, parse::secret, ToString::to_string),
        warm_up: layers.take(keys::WARM_UP, None, parse::switch, ToString::to_string).unwrap_or(true),
        log_json: layers.take(keys::LOG_JSON, None, parse::switch, ToString::to_string).unwrap_or(false),
        traces: TraceSettings::read(layers),
    }
}

fn listen(layers: &mut Layers<'_>, flag: Option<SocketAddr>) -> SocketAddr {
    let stated = layers.take(keys::LISTEN, flag, parse::address, ToString::to_string);
    stated.unwrap_or(SocketAddr::from(([127, 0, 0, 1], 8080)))
}

/// What makes vectors, and what they are looked for by.
struct Embedding {
    cache_dir: PathBuf,
    embedder: Option<EmbedderChoice>,
    vector_index: Option<VectorIndex>,
    model_dir: Option<PathBuf>,
    query_prefix: Option<String>,
    passage_prefix: Option<String>,
}

impl Embedding {
    fn read(layers: &mut Layers<'_>, flag: &Overrides, variable: &dyn Fn(&str) -> Option<String>) -> Self {
        let cache_dir = assets::cache_dir(layers, variable);
        let named = flag.embedder.as_deref().map(parse::embedder);
        Self {
            embedder: layers
                .take_checked(keys::EMBEDDER, named, parse::embedder, |choice| choice.as_str().into()),
            vector_index: layers
                .take(keys::VECTOR_INDEX, None, parse::vector_index, |index| index.as_str().into()),
            model_dir: assets::model_dir(layers, flag.model_dir.clone(), &cache_dir),
            query_prefix: layers.take(keys::QUERY_PREFIX, None, parse::text, String::clone),
            passage_prefix: layers.take(keys::PASSAGE_PREFIX, None, parse::text, String::clone),
            cache_dir,
        }
    }
}

fn pdf_limits(layers: &mut Layers<'_>) -> PdfLimits {
    PdfLimits {
        max_bytes: layers.positive(keys::PDF_MAX_BYTES),
        max_pages: layers.positive(keys::PDF_MAX_PAGES),
        memory_bytes: layers.positive(keys::PDF_MEMORY_BYTES),
        cpu_seconds: layers.positive(keys::PDF_CPU_SECONDS),
    }
}
