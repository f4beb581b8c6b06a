//! The house keeps its shape: arrows between crates point down, programs link only what is theirs.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use cargo_metadata::{CargoOpt, DependencyKind, Metadata, MetadataCommand, PackageId};
use e2e::repository;

/// Which of our crates each may use. Tests of a crate may use only these, too.
const HOUSE: [(&str, &[&str]); 9] = [
    ("auskunft-model", &[]),
    ("auskunft-boot", &[]),
    ("auskunft-text", &["auskunft-model"]),
    ("auskunft-extract", &["auskunft-model", "auskunft-text"]),
    ("auskunft-embed", &["auskunft-model", "auskunft-boot", "auskunft-text"]),
    ("auskunft-store", &["auskunft-model", "auskunft-boot", "auskunft-text"]),
    (
        "auskunft-answer",
        &["auskunft-model", "auskunft-boot", "auskunft-text", "auskunft-embed", "auskunft-store"],
    ),
    (
        "ingest",
        &[
            "auskunft-model",
            "auskunft-text",
            "auskunft-boot",
            "auskunft-extract",
            "auskunft-embed",
            "auskunft-store",
            "auskunft-answer",
        ],
    ),
    (
        "serve",
        &[
            "auskunft-model",
            "auskunft-text",
            "auskunft-boot",
            "auskunft-embed",
            "auskunft-store",
            "auskunft-answer",
        ],
    ),
];

/// Packages that stand on top of the house: tests, tools and generators. Nothing of the house may use them.
const ON_TOP: [&str; 2] = ["catalog-generator", "e2e"];

/// What tests of every crate may use, and nothing else.
const FOR_TESTS: [&str; 2] = ["test-onnx", "test-servers"];

/// The graph for this machine; crates of other systems are not needed to build here and may be missing.
fn metadata() -> Metadata {
    let mut command = MetadataCommand::new();
    command.manifest_path(repository("Cargo.toml")).features(CargoOpt::AllFeatures);
    let options = ["--offline", "--filter-platform", &machine()].map(str::to_owned);
    command.other_options(options.to_vec()).exec().unwrap()
}

/// The name that the compiler gives this machine.
fn machine() -> String {
    let output = Command::new("rustc").arg("-vV").output().unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    told.lines().find_map(|line| line.strip_prefix("host: ")).unwrap().to_owned()
}

/// Names of all crates that a package links, however far down; what only builds or tests need is left out.
fn linked(metadata: &Metadata, name: &str) -> BTreeSet<String> {
    let resolve = metadata.resolve.as_ref().unwrap();
    let nodes: BTreeMap<&PackageId, _> = resolve.nodes.iter().map(|node| (&node.id, node)).collect();
    let root = metadata.workspace_packages().into_iter().find(|package| *package.name == name).unwrap();
    let mut seen = BTreeSet::from([&root.id]);
    let mut waiting = vec![&root.id];
    while let Some(id) = waiting.pop() {
        for dependency in &nodes[id].deps {
            let is_linked = dependency.dep_kinds.iter().any(|kind| kind.kind == DependencyKind::Normal);
            if is_linked && seen.insert(&dependency.pkg) {
                waiting.push(&dependency.pkg);
            }
        }
    }
    seen.into_iter().map(|id| metadata[id].name.to_string()).collect()
}

#[test]
fn every_arrow_points_down() {
    let metadata = metadata();
    let house: BTreeMap<&str, &[&str]> = HOUSE.into_iter().collect();
    let members = metadata.workspace_packages();
    let names: BTreeSet<&str> = members.iter().map(|package| package.name.as_str()).collect();
    for package in members {
        let Some(allowed) = house.get(package.name.as_str()) else {
            let is_beside =
                ON_TOP.contains(&package.name.as_str()) || FOR_TESTS.contains(&package.name.as_str());
            assert!(is_beside, "{} has no place in the house", package.name);
            continue;
        };
        for dependency in &package.dependencies {
            let is_ours =
                names.contains(dependency.name.as_str()) && dependency.name != package.name.as_str();
            let is_for_tests = FOR_TESTS.contains(&dependency.name.as_str())
                && dependency.kind == DependencyKind::Development;
            let is_down = !is_ours || is_for_tests || allowed.contains(&dependency.name.as_str());
            assert!(is_down, "{} must not use {}: arrows point down", package.name, dependency.name);
        }
    }
    assert!(HOUSE.iter().all(|(name, _)| names.contains(name)), "a crate is missing: {names:?}");
}

#[test]
fn ingest_links_no_web_server() {
    let linked = linked(&metadata(), "ingest");
    assert!(linked.contains("auskunft-extract"), "the walk over the graph sees nothing: {linked:?}");
    assert!(!linked.contains("axum"), "ingest links axum");
}

#[test]
fn serve_links_no_reader_of_documents() {
    let linked = linked(&metadata(), "serve");
    assert!(linked.contains("axum"), "the walk over the graph sees nothing: {linked:?}");
    for reader in ["auskunft-extract", "pdfium-render", "docling-pdf", "lopdf", "scraper", "ego-tree"] {
        assert!(!linked.contains(reader), "serve links {reader}");
    }
}
