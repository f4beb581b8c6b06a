//! The name, default and nature of every setting.

/// One setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Key {
    /// Its environment variable. Its name in the file is the same without `AUSKUNFT_`, in lower case.
    pub(super) name: &'static str,
    /// Its default as text, where it has one.
    pub(super) default: Option<&'static str>,
    /// Whether its value must not be shown.
    pub(super) secret: bool,
}

impl Key {
    /// The variable that names a file with its value.
    pub(super) fn file_variable(&self) -> String {
        format!("{}_FILE", self.name)
    }

    /// Its name in the settings file.
    pub(super) fn in_file(&self) -> String {
        self.name.strip_prefix("AUSKUNFT_").unwrap_or(self.name).to_ascii_lowercase()
    }
}

const fn key(name: &'static str, default: Option<&'static str>) -> Key {
    Key { name, default, secret: false }
}

const fn secret(name: &'static str) -> Key {
    Key { name, default: None, secret: true }
}

pub(super) const DATA_DIR: Key = key("AUSKUNFT_DATA_DIR", Some("./auskunft-data"));
pub(super) const DATABASE_URL: Key = secret("DATABASE_URL");
pub(super) const DATABASE_CONNECTIONS: Key = key("AUSKUNFT_DATABASE_CONNECTIONS", Some("16"));
pub(super) const DATABASE_STATEMENT_MS: Key = key("AUSKUNFT_DATABASE_STATEMENT_MS", Some("30000"));
pub(super) const DATABASE_TIMEOUT_MS: Key = key("AUSKUNFT_DATABASE_TIMEOUT_MS", Some("2000"));
pub(super) const WRITER_LEASE_SECONDS: Key = key("AUSKUNFT_WRITER_LEASE_SECONDS", Some("30"));
pub(super) const CACHE_DIR: Key = key("AUSKUNFT_CACHE_DIR", None);
pub(super) const EMBEDDER: Key = key("AUSKUNFT_EMBEDDER", None);
pub(super) const VECTOR_INDEX: Key = key("AUSKUNFT_VECTOR_INDEX", None);
pub(super) const MODEL_DIR: Key = key("AUSKUNFT_MODEL_DIR", None);
pub(super) const REMOTE_URL: Key = key("AUSKUNFT_REMOTE_URL", None);
pub(super) const REMOTE_MODEL: Key = key("AUSKUNFT_REMOTE_MODEL", None);
pub(super) const REMOTE_KEY: Key = secret("AUSKUNFT_REMOTE_KEY");
pub(super) const REMOTE_DIMENSIONS: Key = key("AUSKUNFT_REMOTE_DIMENSIONS", None);
pub(super) const QUERY_PREFIX: Key = key("AUSKUNFT_QUERY_PREFIX", None);
pub(super) const PASSAGE_PREFIX: Key = key("AUSKUNFT_PASSAGE_PREFIX", None);
pub(super) const REMOTE_MAX_TOKENS: Key = key("AUSKUNFT_REMOTE_MAX_TOKENS", Some("512"));
pub(super) const REMOTE_BATCH: Key = key("AUSKUNFT_REMOTE_BATCH", Some("64"));
pub(super) const REMOTE_CONCURRENCY: Key = key("AUSKUNFT_REMOTE_CONCURRENCY", Some("4"));
pub(super) const REMOTE_PER_MINUTE: Key = key("AUSKUNFT_REMOTE_PER_MINUTE", Some("0"));
pub(super) const REMOTE_TIMEOUT_MS: Key = key("AUSKUNFT_REMOTE_TIMEOUT_MS", Some("30000"));
pub(super) const REMOTE_RETRIES: Key = key("AUSKUNFT_REMOTE_RETRIES", Some("5"));
pub(super) const HF_ENDPOINT: Key = key("HF_ENDPOINT", Some("https://huggingface.co"));
pub(super) const HF_TOKEN: Key = secret("HF_TOKEN");
pub(super) const ONNXRUNTIME: Key = key("AUSKUNFT_ONNXRUNTIME", None);
pub(super) const PDFIUM: Key = key("AUSKUNFT_PDFIUM", None);
pub(super) const LISTEN: Key = key("AUSKUNFT_LISTEN", Some("127.0.0.1:8080"));
pub(super) const RATE_PER_MINUTE: Key = key("AUSKUNFT_RATE_PER_MINUTE", Some("30"));
pub(super) const TODAY: Key = key("AUSKUNFT_TODAY", None);
pub(super) const TIME_ZONE: Key = key("AUSKUNFT_TIME_ZONE", Some("Europe/Berlin"));
pub(super) const ENVIRONMENT: Key = key("AUSKUNFT_ENV", Some("development"));
pub(super) const THREADS: Key = key("AUSKUNFT_THREADS", None);
pub(super) const CORS_ORIGINS: Key = key("AUSKUNFT_CORS_ORIGINS", None);
pub(super) const REQUEST_TIMEOUT_MS: Key = key("AUSKUNFT_REQUEST_TIMEOUT_MS", Some("10000"));
pub(super) const MAX_BODY_BYTES: Key = key("AUSKUNFT_MAX_BODY_BYTES", Some("65536"));
pub(super) const CONCURRENCY: Key = key("AUSKUNFT_CONCURRENCY", Some("32"));
pub(super) const WAITING: Key = key("AUSKUNFT_WAITING", Some("256"));
pub(super) const SHUTDOWN_TIMEOUT_MS: Key = key("AUSKUNFT_SHUTDOWN_TIMEOUT_MS", Some("10000"));
pub(super) const PDF_MAX_BYTES: Key = key("AUSKUNFT_PDF_MAX_BYTES", Some("536870912"));
pub(super) const PDF_MAX_PAGES: Key = key("AUSKUNFT_PDF_MAX_PAGES", Some("5000"));
pub(super) const PDF_MEMORY_BYTES: Key = key("AUSKUNFT_PDF_MEMORY_BYTES", Some("1610612736"));
pub(super) const PDF_CPU_SECONDS: Key = key("AUSKUNFT_PDF_CPU_SECONDS", Some("20"));
pub(super) const OBJECTS: Key = key("AUSKUNFT_OBJECTS", None);
pub(super) const AWS_ACCESS_KEY_ID: Key = secret("AWS_ACCESS_KEY_ID");
pub(super) const AWS_SECRET_ACCESS_KEY: Key = secret("AWS_SECRET_ACCESS_KEY");
pub(super) const AWS_SESSION_TOKEN: Key = secret("AWS_SESSION_TOKEN");
pub(super) const AWS_REGION: Key = key("AWS_REGION", None);
pub(super) const AWS_ENDPOINT_URL: Key = key("AWS_ENDPOINT_URL", None);
pub(super) const JWT_KEY: Key = secret("AUSKUNFT_JWT_KEY");
pub(super) const JWT_AUDIENCE: Key = key("AUSKUNFT_JWT_AUDIENCE", Some("auskunft"));
pub(super) const AUDIT_DAYS: Key = key("AUSKUNFT_AUDIT_DAYS", Some("1095"));
pub(super) const LOG_DAYS: Key = key("AUSKUNFT_LOG_DAYS", Some("90"));
pub(super) const LOG_QUEUE: Key = key("AUSKUNFT_LOG_QUEUE", Some("10000"));
pub(super) const LOG_DATABASE_URL: Key = secret("LOG_DATABASE_URL");
pub(super) const CHAT_DAYS: Key = key("AUSKUNFT_CHAT_DAYS", Some("365"));
pub(super) const KEEP_GENERATIONS: Key = key("AUSKUNFT_KEEP_GENERATIONS", Some("2"));
pub(super) const HOOK_URL: Key = secret("AUSKUNFT_HOOK_URL");
pub(super) const MONGODB_URL: Key = secret("MONGODB_URL");
pub(super) const MONGODB_TIMEOUT_MS: Key = key("AUSKUNFT_MONGODB_TIMEOUT_MS", Some("1000"));
pub(super) const REDIS_URL: Key = secret("REDIS_URL");
pub(super) const REDIS_PREFIX: Key = key("AUSKUNFT_REDIS_PREFIX", None);
pub(super) const REDIS_TIMEOUT_MS: Key = key("AUSKUNFT_REDIS_TIMEOUT_MS", Some("50"));
pub(super) const COPIES: Key = key("AUSKUNFT_COPIES", Some("1"));
pub(super) const WARM_UP: Key = key("AUSKUNFT_WARM_UP", Some("true"));
pub(super) const LOG_JSON: Key = key("AUSKUNFT_LOG_JSON", Some("false"));
pub(super) const OTLP_ENDPOINT: Key = key("OTEL_EXPORTER_OTLP_ENDPOINT", None);
pub(super) const OTLP_HEADERS: Key = secret("OTEL_EXPORTER_OTLP_HEADERS");
pub(super) const OTLP_PROTOCOL: Key = key("OTEL_EXPORTER_OTLP_PROTOCOL", Some("http/protobuf"));
pub(super) const OTLP_TIMEOUT: Key = key("OTEL_EXPORTER_OTLP_TIMEOUT", Some("10000"));
pub(super) const SERVICE_NAME: Key = key("OTEL_SERVICE_NAME", Some("auskunft"));
pub(super) const RESOURCE_ATTRIBUTES: Key = key("OTEL_RESOURCE_ATTRIBUTES", None);
pub(super) const TRACES_SAMPLER: Key = key("OTEL_TRACES_SAMPLER", Some("parentbased_always_on"));
pub(super) const TRACES_SAMPLER_ARG: Key = key("OTEL_TRACES_SAMPLER_ARG", Some("1"));
pub(super) const SPAN_QUEUE: Key = key("OTEL_BSP_MAX_QUEUE_SIZE", Some("2048"));

/// Every setting that takes effect, in the order of the documentation.
pub(super) const ALL: &[Key] = &[
    DATA_DIR,
    DATABASE_URL,
    DATABASE_CONNECTIONS,
    DATABASE_STATEMENT_MS,
    DATABASE_TIMEOUT_MS,
    WRITER_LEASE_SECONDS,
    OBJECTS,
    AWS_ACCESS_KEY_ID,
    AWS_SECRET_ACCESS_KEY,
    AWS_SESSION_TOKEN,
    AWS_REGION,
    AWS_ENDPOINT_URL,
    MONGODB_URL,
    MONGODB_TIMEOUT_MS,
    CACHE_DIR,
    EMBEDDER,
    VECTOR_INDEX,
    MODEL_DIR,
    QUERY_PREFIX,
    PASSAGE_PREFIX,
    REMOTE_URL,
    REMOTE_MODEL,
    REMOTE_KEY,
    REMOTE_DIMENSIONS,
    REMOTE_MAX_TOKENS,
    REMOTE_BATCH,
    REMOTE_CONCURRENCY,
    REMOTE_PER_MINUTE,
    REMOTE_TIMEOUT_MS,
    REMOTE_RETRIES,
    HF_ENDPOINT,
    HF_TOKEN,
    ONNXRUNTIME,
    PDFIUM,
    LISTEN,
    RATE_PER_MINUTE,
    TODAY,
    TIME_ZONE,
    ENVIRONMENT,
    JWT_KEY,
    JWT_AUDIENCE,
    THREADS,
    CORS_ORIGINS,
    REQUEST_TIMEOUT_MS,
    MAX_BODY_BYTES,
    CONCURRENCY,
    WAITING,
    SHUTDOWN_TIMEOUT_MS,
    REDIS_URL,
    REDIS_PREFIX,
    REDIS_TIMEOUT_MS,
    COPIES,
    PDF_MAX_BYTES,
    PDF_MAX_PAGES,
    PDF_MEMORY_BYTES,
    PDF_CPU_SECONDS,
    AUDIT_DAYS,
    LOG_DATABASE_URL,
    LOG_DAYS,
    LOG_QUEUE,
    CHAT_DAYS,
    KEEP_GENERATIONS,
    HOOK_URL,
    WARM_UP,
    LOG_JSON,
    OTLP_ENDPOINT,
    OTLP_HEADERS,
    OTLP_PROTOCOL,
    OTLP_TIMEOUT,
    SERVICE_NAME,
    RESOURCE_ATTRIBUTES,
    TRACES_SAMPLER,
    TRACES_SAMPLER_ARG,
    SPAN_QUEUE,
];

/// Settings that are known but have no effect yet: an error where set, because ignoring one in silence would keep data
/// in another place than its owner believes, or leave open what was meant to be closed.
pub(super) const NOT_SUPPORTED: &[(Key, &str)] =
    &[(secret("DATABASE_READ_URL"), NOT_YET), (secret("VECTOR_DATABASE_URL"), NOT_YET)];

/// Every setting that is known.
pub(super) fn known() -> impl Iterator<Item = Key> {
    ALL.iter().copied().chain(NOT_SUPPORTED.iter().map(|(key, _)| *key))
}

/// The environment variables that state settings: one for each, for a secret `…_FILE` as well, and `AUSKUNFT_CONFIG`.
pub fn variables() -> Vec<String> {
    let secret_files = known().filter(|key| key.secret).map(|key| key.file_variable());
    known().map(|key| key.name.to_owned()).chain(secret_files).chain(["AUSKUNFT_CONFIG".to_owned()]).collect()
}

const NOT_YET: &str = "this version has no use for it yet; unset it";
