//! The dashboard and the alert rules speak of counters that exist.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};

use crate::shop::Service;
use crate::yaml;

fn file(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(name);
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The counters that an expression names.
fn named(expression: &str) -> impl Iterator<Item = &str> {
    let words = expression.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    words.filter(|word| word.starts_with("auskunft_"))
}

/// Every expression of the dashboard with its panel.
fn of_dashboard() -> Vec<(String, String)> {
    let dashboard: Value = serde_json::from_str(&file("grafana/auskunft.json")).unwrap();
    let panels = dashboard["panels"].as_array().unwrap();
    let mut ids: Vec<&Value> = panels.iter().map(|panel| &panel["id"]).collect();
    ids.dedup();
    assert_eq!(ids.len(), panels.len(), "panels have ids of their own");
    let mut found = Vec::new();
    for panel in panels {
        for target in panel["targets"].as_array().unwrap() {
            let text = |value: &Value| value.as_str().unwrap().to_owned();
            found.push((text(&panel["title"]), text(&target["expr"])));
        }
    }
    found
}

/// Every expression of the alert rules with its name.
fn of_alerts() -> Vec<(String, String)> {
    let rules = yaml::parse(&file("prometheus/alerts.yml"));
    let mut found = Vec::new();
    for group in rules["groups"].as_array().unwrap() {
        for rule in group["rules"].as_array().unwrap() {
            let text = |value: &Value| value.as_str().unwrap_or_else(|| panic!("{rule}")).to_owned();
            assert!(text(&rule["annotations"]["summary"]).len() > 10, "{rule} does not say what is wrong");
            assert!(["page", "ticket"].contains(&text(&rule["labels"]["severity"]).as_str()), "{rule}");
            found.push((text(&rule["alert"]), text(&rule["expr"])));
        }
    }
    found
}

/// The names of all samples that a running service shows.
async fn shown() -> BTreeSet<String> {
    let service = Service::open().await;
    service.ask("s", "Wie oft muss ich die KM-100 entkalken?").await;
    service.post("/support/rag-answer", &json!({})).await;
    let mut degraded = Service::open().await;
    degraded.state.volatile = std::sync::Arc::new(crate::down::Down);
    degraded.ask("s", "Wie oft muss ich die KM-100 entkalken?").await;
    let mut names = BTreeSet::new();
    for service in [service, degraded] {
        let text = service.get("/metrics").await.text;
        let samples = text.lines().filter(|line| !line.starts_with('#'));
        let name = |line: &str| line.split(['{', ' ']).next().unwrap_or_default().to_owned();
        names.extend(samples.map(name));
    }
    names
}

#[tokio::test]
async fn dashboard_and_alerts_name_counters_that_exist() {
    let shown = shown().await;
    let (dashboard, alerts) = (of_dashboard(), of_alerts());
    assert!(dashboard.len() > 20 && alerts.len() > 8, "{} {}", dashboard.len(), alerts.len());
    for (place, expression) in dashboard.iter().chain(&alerts) {
        let opened = expression.matches(['(', '{', '[']).count();
        assert_eq!(opened, expression.matches([')', '}', ']']).count(), "{place}: {expression}");
        let names: Vec<&str> = named(expression).collect();
        assert!(!names.is_empty() || expression.starts_with("up"), "{place} watches nothing: {expression}");
        for name in names {
            assert!(shown.contains(name), "{place}: there is no {name} in {shown:#?}");
        }
    }
}

#[tokio::test]
async fn every_counter_is_on_the_dashboard_or_watched() {
    let used: BTreeSet<String> = of_dashboard()
        .iter()
        .chain(&of_alerts())
        .flat_map(|(_, expression)| named(expression).map(str::to_owned).collect::<Vec<_>>())
        .collect();
    let base = |name: &str| {
        let suffix = ["_bucket", "_sum", "_count"].into_iter().find_map(|suffix| name.strip_suffix(suffix));
        suffix.map_or_else(|| name.to_owned(), |base| format!("{base}_bucket"))
    };
    let unseen: Vec<String> =
        shown().await.iter().map(|name| base(name)).filter(|name| !used.contains(name)).collect();
    assert_eq!(unseen, Vec::<String>::new());
}
