//! The composition of servers and programs, held to its schema and to what the programs know. No engine is needed.

use std::collections::BTreeSet;

use auskunft_boot::{Code, settings};
use e2e::repository;
use serde_json::{Value, json};

use schema::Schema;

mod schema;
mod yaml;

/// The services that run our own image.
const OURS: [&str; 4] = ["serve", "ingest", "schedule", "work"];
const SECRETS: &str = "/run/secrets/";

fn text(path: &str) -> String {
    std::fs::read_to_string(repository(path)).unwrap()
}

fn composition() -> Value {
    yaml::parse(&text("docker-compose.yml"))
}

fn services(composition: &Value) -> impl Iterator<Item = (&String, &Value)> {
    composition["services"].as_object().unwrap().iter()
}

fn words(list: &Value) -> BTreeSet<&str> {
    list.as_array().into_iter().flatten().filter_map(Value::as_str).collect()
}

/// Services that run to their end.
const ONE_SHOT: [&str; 1] = ["ingest"];

/// Whether an image's tag names a version of three numbers or a day; a tag like `17` or `latest` means another image tomorrow.
fn is_pinned(image: &str) -> bool {
    let Some((_, tag)) = image.rsplit_once(':') else { return false };
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|sign| sign.is_ascii_digit());
    tag.split('-').any(|part| {
        let numbers = part.trim_start_matches(|sign: char| sign.is_ascii_lowercase()).split('.');
        let count = numbers.clone().count();
        numbers.clone().all(is_number) && (count >= 3 || (count == 1 && part.len() == "20260918".len()))
    })
}

/// The lines of the Dockerfile, continued ones joined.
fn dockerfile() -> Vec<String> {
    text("Dockerfile").replace("\\\n", " ").lines().map(str::to_owned).collect()
}

#[test]
fn the_composition_and_what_tests_add_to_it_follow_the_schema() {
    let schema = Schema::parse(&text("tests/compose-spec/compose-spec.json"));
    let added = yaml::parse(&text("scripts/servers_kit/ports.yml"));
    assert_eq!(schema.problems(&composition()), [""; 0]);
    assert_eq!(schema.problems(&added), [""; 0]);
}

#[test]
fn what_the_schema_does_not_allow_is_found_wherever_it_stands() {
    let schema = Schema::parse(&text("tests/compose-spec/compose-spec.json"));
    let broken = [
        ("/services/serve/enviroment", json!({})),
        ("/services/serve/healthcheck/retries", json!(["many"])),
        ("/services/serve/depends_on", json!({ "redis": { "condition": "service_happy" } })),
        ("/services/redis/cap_drop", json!(["ALL", "ALL"])),
        ("/services/redis/deploy/resources/limits/memory", json!([512])),
        ("/volums", json!({})),
        ("/services/postgres/image", json!(17)),
    ];
    for (place, value) in broken {
        let mut composition = composition();
        let (parent, name) = place.rsplit_once('/').unwrap();
        composition.pointer_mut(parent).unwrap()[name] = value;
        let problems = schema.problems(&composition);
        let at = problems.first().and_then(|problem| problem.split(':').next()).unwrap_or_default();
        assert!(at.starts_with(place), "{place}: {problems:?}");
    }
}

#[test]
fn every_setting_that_is_named_exists() {
    let known: BTreeSet<String> = settings::variables().into_iter().collect();
    let composition = composition();
    let mut named = BTreeSet::new();
    for name in OURS {
        let environment = composition["services"][name]["environment"].as_object().unwrap();
        named.extend(environment.keys().cloned());
    }
    for line in dockerfile().iter().filter_map(|line| line.strip_prefix("ENV ")) {
        named.extend(
            line.split_whitespace().filter_map(|pair| pair.split_once('=')).map(|(name, _)| name.to_owned()),
        );
    }
    assert!(named.len() >= 10, "{named:?}");
    let unknown: Vec<_> = named.difference(&known).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
}

#[test]
fn secrets_come_from_files_that_each_service_is_given() {
    let composition = composition();
    for (name, service) in services(&composition) {
        let given = words(&service["secrets"]);
        for (variable, value) in service["environment"].as_object().into_iter().flatten() {
            let value = value.as_str().unwrap();
            if let Some(secret) = value.strip_prefix(SECRETS) {
                assert!(variable.ends_with("_FILE") && given.contains(secret), "{name}: {variable}={value}");
            }
            let is_secret = ["PASSWORD", "KEY", "URL"].iter().any(|end| variable.ends_with(end));
            assert!(!is_secret, "{name}: {variable} must come from a file");
        }
        for secret in given {
            assert!(composition["secrets"][secret]["file"].is_string(), "{name}: {secret}");
        }
    }
}

#[test]
fn every_image_is_pinned() {
    let composition = composition();
    let version = env!("CARGO_PKG_VERSION");
    for (name, service) in services(&composition) {
        let image = service["image"].as_str().unwrap();
        assert!(is_pinned(image), "{name}: {image}");
        let is_built = service.get("build").is_some();
        assert_eq!(is_built, image == format!("auskunft:{version}"), "{name}: {image}");
    }
    let lines = dockerfile();
    let bases: Vec<_> = lines.iter().filter_map(|line| line.strip_prefix("FROM ")).collect();
    assert!(
        bases.len() > 1 && bases.iter().all(|base| is_pinned(base.split(' ').next().unwrap())),
        "{bases:?}"
    );
    assert!(is_pinned("mongo:8.0.21") && is_pinned("debian:trixie-20260918-slim"));
    assert!(
        !is_pinned("redis:8")
            && !is_pinned("mongo:latest")
            && !is_pinned("debian")
            && !is_pinned("rust:1.95-slim")
    );
}

#[test]
fn what_runs_always_is_watched_and_everything_is_limited() {
    let composition = composition();
    for (name, service) in services(&composition) {
        let limits = &service["deploy"]["resources"]["limits"];
        assert!(limits["cpus"].is_string() && limits["memory"].is_string(), "{name} has no limits");
        let runs_always = !ONE_SHOT.contains(&name.as_str());
        assert_eq!(service["healthcheck"]["test"].is_array(), runs_always, "{name}: its health");
        assert_eq!(service["restart"] == "unless-stopped", runs_always, "{name}: its restart");
    }
    // What writes is not started by `up`.
    for name in ["ingest", "schedule", "work"] {
        assert!(composition["services"][name]["profiles"].is_array(), "{name}");
    }
}

#[test]
fn nothing_is_open_beyond_this_machine_and_every_volume_and_network_is_declared() {
    let composition = composition();
    for (name, service) in services(&composition) {
        let ports = words(&service["ports"]);
        assert!(ports.iter().all(|port| port.starts_with("127.0.0.1:")), "{name}: {ports:?}");
        for network in words(&service["networks"]) {
            assert!(composition["networks"].get(network).is_some(), "{name}: {network}");
        }
        for volume in words(&service["volumes"]) {
            let source = volume.split(':').next().unwrap();
            let is_folder = source.starts_with(['.', '/', '$']);
            assert!(is_folder || composition["volumes"].get(source).is_some(), "{name}: {volume}");
        }
    }
    assert_eq!(composition["networks"]["stores"]["internal"], true);
}

#[test]
fn files_that_composition_and_image_take_exist() {
    let composition = composition();
    for (name, config) in composition["configs"].as_object().unwrap() {
        let file = config["file"].as_str().unwrap();
        assert!(repository(file).is_file(), "{name}: {file}");
    }
    for line in text(".dockerignore").lines().filter_map(|line| line.strip_prefix('!')) {
        assert!(repository(line).exists(), ".dockerignore: {line}");
    }
}

#[test]
fn the_cron_job_names_settings_and_exit_codes_that_exist() {
    let job = yaml::parse(&text("deploy/kubernetes/ingest-cronjob.yml"));
    assert_eq!((job["apiVersion"].as_str(), job["kind"].as_str()), (Some("batch/v1"), Some("CronJob")));
    assert_eq!(job["spec"]["concurrencyPolicy"], "Forbid");
    let of_job = &job["spec"]["jobTemplate"]["spec"];
    let container = &of_job["template"]["spec"]["containers"][0];
    let known: BTreeSet<String> = settings::variables().into_iter().collect();
    let variables: Vec<&str> =
        container["env"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert!(variables.iter().all(|name| known.contains(*name)), "{variables:?}");
    // The same image, and the same times, as in the composition.
    let composition = composition();
    assert_eq!(container["image"], composition["services"]["ingest"]["image"]);
    let command = words(&composition["services"]["schedule"]["command"]);
    assert!(command.contains(job["spec"]["schedule"].as_str().unwrap()), "{command:?}");
    let codes = &of_job["podFailurePolicy"]["rules"][0]["onExitCodes"]["values"];
    let final_codes =
        [Code::Usage, Code::NotConfigured, Code::SomeFailed, Code::GuardRefused, Code::QualityGate];
    assert_eq!(*codes, json!(final_codes.map(Code::number)));
    assert_volumes(&of_job["template"]["spec"]);
}

/// Every volume that is mounted is there.
fn assert_volumes(pod: &Value) {
    let names = |list: &Value| -> BTreeSet<String> {
        list.as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&pod["containers"][0]["volumeMounts"]), names(&pod["volumes"]));
}

#[test]
fn workers_are_told_what_the_cron_job_is_told() {
    let workers = yaml::parse(&text("deploy/kubernetes/ingest-workers.yml"));
    let job = yaml::parse(&text("deploy/kubernetes/ingest-cronjob.yml"));
    assert_eq!(
        (workers["apiVersion"].as_str(), workers["kind"].as_str()),
        (Some("apps/v1"), Some("Deployment"))
    );
    let (pod, of_job) =
        (&workers["spec"]["template"], &job["spec"]["jobTemplate"]["spec"]["template"]["spec"]);
    assert_eq!(workers["spec"]["selector"]["matchLabels"], pod["metadata"]["labels"]);
    let (container, of_job) = (&pod["spec"]["containers"][0], &of_job["containers"][0]);
    assert_eq!(container["image"], of_job["image"]);
    let arguments = words(&container["args"]);
    assert!(words(&composition()["services"]["work"]["command"]).intersection(&arguments).count() >= 3);
    let port = format!("0.0.0.0:{}", container["ports"][0]["containerPort"]);
    assert!(arguments.contains(port.as_str()), "{arguments:?}");
    // What decides how a file is read is the same: else they would take no part.
    let told = of_job["env"].as_array().unwrap();
    for one in container["env"].as_array().unwrap() {
        assert!(told.contains(one), "{one}");
    }
    assert_volumes(&pod["spec"]);
}
