//! What may be said to whom, by the shop's own files.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use serde_json::Value;

use super::Trial;

/// Rows of a table by column.
type Rows = Vec<HashMap<String, String>>;

/// What the shop's rows say, read without the product.
pub(super) struct Judge {
    pub(super) agents: Vec<(String, bool)>,
    regions: HashSet<(String, String)>,
    pub(super) customers: Vec<(String, String)>,
    region_of: HashMap<String, String>,
    /// Numbers of orders, parcels, devices and returns, and whose they are.
    pub(super) owners: HashMap<String, String>,
    pub(super) numbers: Vec<String>,
    /// The regions that texts are bound to, by their sources.
    texts: HashMap<String, String>,
}

fn cell<'a>(row: &'a HashMap<String, String>, column: &str) -> &'a str {
    row.get(column).map_or("", String::as_str)
}

impl Judge {
    pub(super) fn new(table: impl Fn(&str) -> Rows, texts: HashMap<String, String>) -> Self {
        let text = |row: &HashMap<String, String>, column: &str| cell(row, column).to_owned();
        let customers = table("customers");
        let orders: HashMap<String, String> =
            table("orders").iter().map(|row| (text(row, "order_id"), text(row, "customer_id"))).collect();
        let mut owners = orders.clone();
        let numbered = [
            ("shipments", "shipment_id"),
            ("shipments", "tracking_number"),
            ("serials", "serial"),
            ("returns", "return_id"),
            ("payments", "payment_id"),
        ];
        for (name, column) in numbered {
            let rows = table(name);
            let owned = rows.iter().map(|row| (text(row, column), orders[cell(row, "order_id")].clone()));
            owners.extend(owned.filter(|(number, _)| !number.is_empty()));
        }
        let mut numbers: Vec<String> = owners.keys().cloned().collect();
        numbers.sort();
        Self {
            agents: table("agents")
                .iter()
                .map(|row| (text(row, "agent_id"), cell(row, "active") == "true"))
                .collect(),
            regions: table("agent_permissions")
                .iter()
                .map(|row| (text(row, "agent_id"), text(row, "region")))
                .collect(),
            region_of: customers.iter().map(|row| (text(row, "customer_id"), text(row, "region"))).collect(),
            customers: customers.iter().map(|row| (text(row, "customer_id"), text(row, "name"))).collect(),
            owners,
            numbers,
            texts,
        }
    }

    /// The regions of the texts that are cited; each must be one of the agent's, and the customer's when that one is seen and its own
    /// orders are not spoken of: these follow the rules of where they were placed.
    pub(super) fn cited_regions(&self, body: &Value, trial: &Trial<'_>, holds: bool) -> usize {
        let citations = body["citations"].as_array().cloned().unwrap_or_default();
        let sources = citations.iter().filter_map(|citation| citation["source"].as_str());
        let regions: Vec<&String> = sources.filter_map(|source| self.texts.get(source)).collect();
        for region in &regions {
            let agent = &trial.agent.0;
            assert!(
                self.regions.contains(&(agent.clone(), (*region).clone())),
                "{region} to {agent}: {body}"
            );
            let is_customers = self.region_of.get(&trial.customer) == Some(*region);
            assert!(holds || is_customers || !self.may_see(trial.agent, &trial.customer), "{region}: {body}");
        }
        regions.len()
    }

    pub(super) fn may_see(&self, agent: &(String, bool), customer: &str) -> bool {
        let region = self.region_of.get(customer);
        agent.1 && region.is_some_and(|region| self.regions.contains(&(agent.0.clone(), region.clone())))
    }

    /// Numbers in a text that belong to somebody else than `allowed`, apart from those that were `typed`.
    pub(super) fn foreign<'a>(
        &self,
        text: &'a str,
        allowed: Option<&str>,
        typed: &HashSet<String>,
    ) -> Vec<&'a str> {
        let is_inner = |sign: char| sign.is_ascii_alphanumeric() || sign == '-';
        let words = text.split(|sign: char| !is_inner(sign));
        let is_foreign = |word: &&str| {
            let owner = self.owners.get(*word);
            owner.is_some_and(|owner| Some(owner.as_str()) != allowed) && !typed.contains(*word)
        };
        words.filter(is_foreign).collect()
    }
}

pub(super) fn csv_rows(folder: &Path, name: &str) -> Rows {
    let Ok(text) = std::fs::read_to_string(folder.join("shop").join(format!("{name}.csv"))) else {
        return Vec::new();
    };
    let mut lines = text.lines();
    let split = |line: &str| line.split(',').map(str::to_owned).collect::<Vec<_>>();
    let head = split(lines.next().unwrap());
    // A quoted cell with a comma would shift the columns: such rows are none of numbers.
    lines
        .filter(|line| !line.contains('"'))
        .map(|line| head.iter().cloned().zip(split(line)).collect())
        .collect()
}

/// The regions that the policies of a catalog state at their head.
pub(super) fn regions_of_policies(catalog: &Path) -> HashMap<String, String> {
    let files = std::fs::read_dir(catalog.join("policies")).unwrap();
    let region = |path: &Path| {
        let text = std::fs::read_to_string(path).ok()?;
        let stated = text.lines().take(12).find_map(|line| line.strip_prefix("region:"))?;
        Some((format!("policies/{}", path.file_name()?.to_str()?), stated.trim().to_owned()))
    };
    files.filter_map(|file| region(&file.unwrap().path())).collect()
}
