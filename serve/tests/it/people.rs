//! The people of the small shop: agents with their regions, customers, an order.

use std::path::Path;

use auskunft_model::AgentId;
use auskunft_store::Stores;
use auskunft_store::shop_data::{self, Table};
use chrono::{TimeDelta, Utc};
use serve::access::token::{self, DEVELOPMENT_KEY};
use serve::access::{Claims, Key};

/// An agent for the EU.
pub(crate) const EU: &str = "A-01";
/// An agent for the US.
pub(crate) const US: &str = "A-02";
/// A lead for both.
pub(crate) const LEAD: &str = "A-03";
/// A technician for the EU, who sees no payments.
pub(crate) const TECHNICIAN: &str = "A-05";
/// An agent that may not work any more.
pub(crate) const GONE: &str = "A-04";

const TABLES: [(&str, &[&[&str]]); 6] = [
    (
        "agents",
        &[
            &["A-01", "Britta Lorenz", "agent", "true"],
            &["A-02", "Carlos Reyes", "agent", "true"],
            &["A-03", "Dagmar Voss", "lead", "true"],
            &["A-04", "Emil Krug", "agent", "false"],
            &["A-05", "Frida Stein", "technician", "true"],
        ],
    ),
    (
        "agent_permissions",
        &[
            &["A-01", "EU"],
            &["A-02", "US"],
            &["A-03", "EU"],
            &["A-03", "US"],
            &["A-04", "EU"],
            &["A-05", "EU"],
        ],
    ),
    (
        "customers",
        &[
            &["C-1", "Ute Muster", "", "", "", "", "", "DE", "EU", "de"],
            &["C-2", "Jane Sample", "", "", "", "", "", "US", "US", "en"],
        ],
    ),
    (
        "orders",
        &[
            &["O-1", "C-1", "2026-11-10T10:12:00Z", "EU", "EUR", "129.00", "shipped"],
            &["O-2", "C-2", "2026-11-10T10:12:00Z", "US", "USD", "99.00", "shipped"],
            &["O-500003", "C-1", "2026-11-12T10:12:00Z", "EU", "EUR", "129.00", "awaiting_payment"],
        ],
    ),
    (
        "order_items",
        &[
            &["O-1", "1", "KM-100", "1", "129.00"],
            &["O-2", "1", "ST-7", "1", "99.00"],
            &["O-500003", "1", "KM-100", "1", "129.00"],
        ],
    ),
    ("payments", &[&["P-3", "O-500003", "invoice", "129.00", "EUR", "pending", "2026-11-12T10:12:00Z"]]),
];

/// Writes them into a data folder.
pub(crate) async fn load_into(folder: &Path) {
    let stores = Stores::open_embedded(folder, "ingest").await.unwrap();
    load_on(&stores).await;
    stores.close().await;
}

/// Writes them into stores.
pub(crate) async fn load_on(stores: &Stores) {
    shop_data::load(&stores.database, &TABLES).await.unwrap().unwrap();
}

/// A token of the development key for an agent, for an hour.
pub(crate) fn token_of(agent: &str) -> String {
    let (id, now) = (AgentId::parse(agent).unwrap(), Utc::now());
    token::mint(&development_key(), &id, now, now + TimeDelta::hours(1))
}

/// What a token says.
pub(crate) fn claims(text: &str) -> Claims {
    token::verify(&development_key(), text, Utc::now()).unwrap()
}

fn development_key() -> Key {
    Key::new(DEVELOPMENT_KEY).unwrap()
}

/// The rows of a table by column.
pub(crate) fn rows(name: &str) -> Vec<std::collections::HashMap<String, String>> {
    let Some((_, rows)) = TABLES.iter().find(|(table, _)| *table == name) else { return Vec::new() };
    let columns = &Table::named(name).unwrap().columns;
    let row = |values: &&[&str]| {
        let cells = columns.iter().zip(values.iter());
        cells.map(|(column, value)| (column.name.to_owned(), (*value).to_owned())).collect()
    };
    rows.iter().map(row).collect()
}
