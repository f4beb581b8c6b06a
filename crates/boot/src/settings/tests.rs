use std::path::Path;

use super::*;

/// An environment of these variables, with a settings file of that content in a folder that nothing else is in.
struct Given {
    folder: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Given {
    fn new(file: Option<&str>, variables: &[(&'static str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut all = vec![("HOME", folder.path().display().to_string())];
        if let Some(text) = file {
            let path = folder.path().join("settings.toml");
            std::fs::write(&path, text).unwrap();
            all.push(("AUSKUNFT_CONFIG", path.display().to_string()));
        }
        all.extend(variables.iter().map(|(name, value)| (*name, (*value).to_owned())));
        Self { folder, variables: all }
    }

    /// The same with one more variable.
    fn and(mut self, name: &'static str, value: &str) -> Self {
        self.variables.push((name, value.to_owned()));
        self
    }

    fn load(&self, flags: &Overrides) -> Result<Loaded, Box<SettingsError>> {
        load(flags, &|name| {
            self.variables.iter().find(|(known, _)| *known == name).map(|(_, value)| value.clone())
        })
    }

    fn problems(&self) -> Vec<String> {
        self.load(&Overrides::default()).unwrap_err().problems
    }
}

fn entry<'a>(entries: &'a [Entry], name: &str) -> &'a Entry {
    entries.iter().find(|entry| entry.name == name).unwrap()
}

#[test]
fn without_any_statement_the_defaults_hold() {
    let loaded = Given::new(None, &[]).load(&Overrides::default()).unwrap();
    let settings = &loaded.settings;
    assert_eq!(settings.data_dir, Path::new("./auskunft-data"));
    assert_eq!(settings.listen.to_string(), "127.0.0.1:8080");
    assert_eq!(settings.rate_per_minute, 30);
    assert_eq!(settings.environment, Environment::Development);
    assert_eq!((settings.pdf.max_bytes, settings.pdf.max_pages), (512 << 20, 5_000));
    assert_eq!((settings.embedder, settings.embedder_or_best()), (None, EmbedderChoice::Hashed));
    assert_eq!(loaded.entries.len(), keys::ALL.len());
    assert!(loaded.entries.iter().all(|entry| entry.origin == Origin::Default));
}

#[test]
fn each_layer_wins_over_those_below() {
    let file = "listen = \"127.0.0.1:1\"\nrate_per_minute = 5\ntoday = 2026-01-02\ncors_origins = [\"https://a.example\", \"http://b:3000\"]";
    let given = Given::new(
        Some(file),
        &[
            ("AUSKUNFT_LISTEN", "127.0.0.1:2"),
            ("AUSKUNFT_RATE_PER_MINUTE", "6"),
            ("AUSKUNFT_PDFIUM", " "),
            ("AUSKUNFT_PDF_MAX_PAGES", "12"),
        ],
    );
    let flags = Overrides { rate_per_minute: Some(7), ..Overrides::default() };
    let Loaded { settings, entries } = given.load(&flags).unwrap();
    assert_eq!(settings.listen.port(), 2);
    assert_eq!(settings.rate_per_minute, 7);
    assert_eq!(settings.today, NaiveDate::from_ymd_opt(2026, 1, 2));
    assert_eq!(settings.cors_origins, ["https://a.example", "http://b:3000"]);
    assert_eq!(settings.pdf.max_pages, 12);
    assert_eq!(settings.pdfium, None, "an empty variable counts as not set");
    assert_eq!(entry(&entries, "AUSKUNFT_RATE_PER_MINUTE").origin, Origin::Flag);
    assert_eq!(entry(&entries, "AUSKUNFT_LISTEN").origin, Origin::Environment);
    assert!(entry(&entries, "AUSKUNFT_TODAY").origin.to_string().ends_with("settings.toml"));
    assert!(plain(&entries).contains("= 127.0.0.1:2  (environment)"));
}

#[test]
fn assets_at_their_usual_place_are_found() {
    let given = Given::new(None, &[]);
    let cache = given.folder.path().join(".cache/auskunft");
    std::fs::create_dir_all(cache.join("models/all-minilm-l6-v2")).unwrap();
    std::fs::create_dir_all(cache.join("pdfium")).unwrap();
    std::fs::write(cache.join("pdfium/libpdfium.so"), "").unwrap();
    std::fs::create_dir_all(cache.join("onnxruntime")).unwrap();
    std::fs::write(cache.join("onnxruntime/libonnxruntime.so"), "").unwrap();
    let loaded = given.load(&Overrides::default()).unwrap();
    assert_eq!(loaded.settings.model_dir, Some(cache.join("models/all-minilm-l6-v2")));
    assert_eq!(loaded.settings.embedder_or_best(), EmbedderChoice::Native);
    assert_eq!(entry(&loaded.entries, "AUSKUNFT_PDFIUM").origin, Origin::Found);
    assert_eq!(loaded.settings.onnxruntime, Some(cache.join("onnxruntime/libonnxruntime.so")));
    let stated = given.and("AUSKUNFT_ONNXRUNTIME", "/lib/other.so").and("AUSKUNFT_EMBEDDER", "fastembed");
    let settings = stated.load(&Overrides::default()).unwrap().settings;
    assert_eq!(settings.onnxruntime, Some("/lib/other.so".into()));
    assert_eq!(settings.embedder, Some(EmbedderChoice::Fastembed));
    let elsewhere = Overrides { model_dir: Some("m".into()), ..Overrides::default() };
    assert_eq!(stated.load(&elsewhere).unwrap().settings.model_dir, Some("m".into()));
}

#[test]
fn every_problem_is_reported_with_its_origin() {
    let given = Given::new(
        Some("data_dirr = \"x\"\nrate_per_minute = -1\nthreads = 1.5"),
        &[("AUSKUNFT_LISTEN", "8080"), ("AUSKUNFT_CONCURRENCY", "0"), ("AUSKUNFT_CORS_ORIGINS", "*")],
    );
    let problems = given.problems();
    assert_eq!(problems.len(), 6, "{problems:?}");
    let all = problems.join("\n");
    assert!(all.contains("settings.toml: `data_dirr` is no setting"), "{all}");
    assert!(all.contains("AUSKUNFT_LISTEN (environment) is invalid: `8080`"), "{all}");
    assert!(all.contains("AUSKUNFT_RATE_PER_MINUTE (file "), "{all}");
}

#[test]
fn a_named_settings_file_must_exist_and_be_toml() {
    let missing = Given::new(None, &[("AUSKUNFT_CONFIG", "/nowhere/auskunft.toml")]);
    assert!(missing.problems()[0].contains("/nowhere/auskunft.toml cannot be read"));
    assert!(Given::new(Some("\ndatabase_url = geheim"), &[]).problems()[0].contains("is no TOML: line 2"));
}

#[test]
fn what_has_no_effect_yet_is_refused_and_secrets_are_not_shown() {
    let given = Given::new(
        Some("vector_database_url = \"postgres://user:geheim@host/vectors\""),
        &[("DATABASE_URL", "mysql://user:geheim@host/db"), ("AUSKUNFT_EMBEDDER", "gpt")],
    );
    let error = given.load(&Overrides::default()).unwrap_err();
    let text = error.to_string();
    assert_eq!(error.problems.len(), 3, "{text}");
    assert!(text.contains("settings.toml) is set, but this version has no use for it yet"), "{text}");
    assert!(
        text.contains("DATABASE_URL (environment) is invalid: it is no address like postgres://"),
        "{text}"
    );
    assert!(
        text.contains("there is no embedder `gpt`; use `native`, `hashed`, `fastembed` or `remote`"),
        "{text}"
    );
    assert!(!text.contains("geheim") && !plain(&error.entries).contains("geheim"));
    assert_eq!(entry(&error.entries, "VECTOR_DATABASE_URL").value.as_deref(), Some("********"));
}

#[test]
fn the_address_of_mongodb_is_one_and_never_shown() {
    let good = "mongodb://user:geheim@host/shop";
    let loaded = Given::new(None, &[("MONGODB_URL", good)]).load(&Overrides::default()).unwrap();
    assert_eq!(loaded.settings.mongodb.map(|mongodb| mongodb.url.reveal().to_owned()).as_deref(), Some(good));
    assert!(!plain(&loaded.entries).contains("geheim"));
    let problems = Given::new(None, &[("MONGODB_URL", "postgres://user:geheim@host")]).problems();
    assert!(problems[0].contains("MONGODB_URL") && problems[0].contains("mongodb://"), "{problems:?}");
    assert!(!problems[0].contains("geheim"), "{problems:?}");
}

#[test]
fn another_day_is_refused_in_production() {
    let given = Given::new(None, &[("AUSKUNFT_TODAY", "2026-01-02"), ("AUSKUNFT_ENV", "production")]);
    assert!(given.problems()[0].contains("AUSKUNFT_TODAY (environment) is refused in production"));
}

#[test]
fn the_key_of_tokens_is_long_enough_and_never_shown() {
    let long = "geheim-geheim-geheim-geheim-geheim";
    let loaded = Given::new(None, &[("AUSKUNFT_JWT_KEY", long)]).load(&Overrides::default()).unwrap();
    assert_eq!(loaded.settings.jwt_key.as_ref().map(Secret::reveal), Some(long));
    let shown = format!("{:?} {}", loaded.settings, plain(&loaded.entries));
    assert!(shown.contains("********") && !shown.contains("geheim"), "{shown}");
    let problems = Given::new(Some("jwt_key = \"geheim\""), &[]).problems();
    assert!(problems[0].contains("AUSKUNFT_JWT_KEY (file ") && problems[0].contains("it has 6 bytes"));
    assert!(!problems[0].contains("geheim"), "{problems:?}");
}

#[test]
fn a_secret_may_stand_in_a_file_of_its_own() {
    let long = "geheim-geheim-geheim-geheim-geheim";
    let given = Given::new(Some("jwt_key = \"another-another-another-another-another\""), &[]);
    let file = given.folder.path().join("jwt_key");
    std::fs::write(&file, format!("{long}\n")).unwrap();
    let name = file.display().to_string();
    let named = given.and("AUSKUNFT_JWT_KEY_FILE", &name);
    let loaded = named.load(&Overrides::default()).unwrap();
    assert_eq!(loaded.settings.jwt_key.as_ref().map(Secret::reveal), Some(long));
    let shown = plain(&loaded.entries);
    assert!(shown.contains(&format!("********  (file {name})")) && !shown.contains("geheim"), "{shown}");
    let both = named.and("AUSKUNFT_JWT_KEY", long);
    assert_eq!(
        both.problems(),
        ["AUSKUNFT_JWT_KEY and AUSKUNFT_JWT_KEY_FILE are both set; unset one of them"]
    );
}

#[test]
fn a_secrets_file_that_holds_none_is_a_problem() {
    let given = Given::new(None, &[]);
    let empty = given.folder.path().join("empty");
    std::fs::write(&empty, "\n").unwrap();
    let given = given
        .and("AUSKUNFT_JWT_KEY_FILE", &empty.display().to_string())
        .and("REDIS_URL_FILE", "/nowhere/redis_url");
    let problems = given.problems();
    assert_eq!(problems.len(), 2, "{problems:?}");
    let all = problems.join("\n");
    assert!(all.contains("AUSKUNFT_JWT_KEY_FILE: the file ") && all.contains("is empty"), "{all}");
    assert!(all.contains("REDIS_URL_FILE: the file /nowhere/redis_url cannot be read"), "{all}");
}

#[test]
fn the_database_is_a_server_where_one_is_stated() {
    let loaded = |variables: &[(&'static str, &str)]| Given::new(None, variables).load(&Overrides::default());
    assert_eq!(loaded(&[]).unwrap().settings.database, None);
    let url = "postgres://user:geheim@host/db";
    let Loaded { settings, entries } = loaded(&[("DATABASE_URL", url)]).unwrap();
    let database = settings.database.clone().unwrap();
    assert_eq!(database.url.reveal(), url);
    assert_eq!((database.connections, database.statement_ms, database.lease_seconds), (16, 30_000, 30));
    assert!(!format!("{settings:?}{}", plain(&entries)).contains("geheim"));
    let bounds = [("AUSKUNFT_DATABASE_CONNECTIONS", "1"), ("AUSKUNFT_WRITER_LEASE_SECONDS", "1")];
    assert_eq!(loaded(&bounds).unwrap_err().problems.len(), 2);
}

#[test]
fn an_address_from_a_file_is_judged_like_others() {
    let given = Given::new(None, &[]);
    let file = given.folder.path().join("url");
    std::fs::write(&file, "host/db?password=geheim").unwrap();
    let problems = given.and("DATABASE_URL_FILE", &file.display().to_string()).problems();
    assert!(
        problems[0].starts_with("DATABASE_URL (file ") && !problems[0].contains("geheim"),
        "{problems:?}"
    );
}

#[test]
fn only_secrets_have_files() {
    let names = variables();
    let has = |name: &str| names.iter().any(|known| known == name);
    assert!(has("AUSKUNFT_CONFIG") && has("AUSKUNFT_LISTEN") && !has("AUSKUNFT_LISTEN_FILE"));
    assert!(has("AUSKUNFT_JWT_KEY_FILE") && has("MONGODB_URL") && has("MONGODB_URL_FILE"));
}

#[test]
fn days_are_those_of_a_time_zone_that_there_is() {
    let zone = |text: &str| Given::new(None, &[("AUSKUNFT_TIME_ZONE", text)]);
    let of = |given: &Given| given.load(&Overrides::default()).unwrap().settings.time_zone.name();
    assert_eq!((of(&zone("")), of(&zone("America/New_York"))), ("Europe/Berlin", "America/New_York"));
    let problem = &zone("Berlin").problems()[0];
    assert!(problem.contains("AUSKUNFT_TIME_ZONE") && problem.contains("Europe/Berlin"), "{problem}");
}

#[test]
fn traces_are_off_until_an_endpoint_is_stated_and_its_keys_are_never_shown() {
    let loaded = |variables: &[(&'static str, &str)]| Given::new(None, variables).load(&Overrides::default());
    assert_eq!(loaded(&[("OTEL_TRACES_SAMPLER", "always_on")]).unwrap().settings.traces, None);
    let Loaded { settings, entries } = loaded(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318/"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "authorization=geheim"),
        ("OTEL_RESOURCE_ATTRIBUTES", "deployment.environment.name=staging"),
        ("OTEL_TRACES_SAMPLER", "parentbased_traceidratio"),
        ("OTEL_TRACES_SAMPLER_ARG", "0.1"),
    ])
    .unwrap();
    let traces = settings.traces.clone().unwrap();
    assert_eq!(traces.url, "http://collector:4318/v1/traces");
    assert_eq!((traces.service_name.as_str(), traces.queue), ("auskunft", 2_048));
    assert_eq!(traces.sampling, Sampling { follows_caller: true, per_million: 100_000 });
    assert_eq!(entry(&entries, "OTEL_TRACES_SAMPLER_ARG").value.as_deref(), Some("0.1"));
    assert!(!format!("{settings:?}{}", plain(&entries)).contains("geheim"));
    let wrong = [("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"), ("OTEL_TRACES_SAMPLER", "sometimes")];
    let error = loaded(&wrong).unwrap_err();
    assert!(error.problems.len() == 2 && error.problems[0].contains("http/protobuf"), "{error}");
}

#[test]
fn web_addresses_hold_no_passwords_and_belong_to_their_models() {
    for (name, address) in [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://user:geheim@host"),
        ("AUSKUNFT_REMOTE_URL", "https://user:geheim@host/v1"),
        ("HF_ENDPOINT", "https://user:geheim@host"),
    ] {
        let problems =
            Given::new(None, &[(name, address), ("AUSKUNFT_REMOTE_MODEL", "m")]).problems().join(" ");
        assert!(problems.contains(name) && !problems.contains("geheim"), "{problems}");
        for wrong in ["collector:4318", "http://", "grpc://host", "http://ho st", "http://host?key=1"] {
            assert!(!Given::new(None, &[(name, wrong)]).problems().is_empty(), "{wrong}");
        }
    }
    let given = [("AUSKUNFT_REMOTE_URL", "http://127.0.0.1:11434/v1/"), ("AUSKUNFT_REMOTE_MODEL", "bge-m3")];
    let remote = Given::new(None, &given).load(&Overrides::default()).unwrap().settings.remote.unwrap();
    assert_eq!((remote.url.as_str(), remote.batch, remote.per_minute), ("http://127.0.0.1:11434/v1", 64, 0));
    let alone = Given::new(None, &given[..1]).problems();
    assert!(alone[0].contains("AUSKUNFT_REMOTE_MODEL belong together"), "{alone:?}");
}
