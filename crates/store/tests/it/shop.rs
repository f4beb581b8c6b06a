//! A shop as its files state it, and the same in a database.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use auskunft_model::Digest;
use auskunft_store::Database;
use auskunft_store::shop_data::{Load, Row, TABLES, Table};

/// A row: its values by the names of its columns; empty = no value.
pub(crate) type Cells = BTreeMap<String, String>;

/// Rows by table.
#[derive(Debug, Default)]
pub(crate) struct Shop {
    tables: BTreeMap<&'static str, Vec<Cells>>,
}

impl Shop {
    /// What `shop/*.csv` of a catalog hold.
    pub(crate) fn read(catalog: &Path) -> Self {
        let mut shop = Self::default();
        for table in &TABLES {
            let path = catalog.join(table.file());
            if path.is_file() {
                shop.tables.insert(table.name, read(&path));
            }
        }
        shop
    }

    /// The small shop of the repository, and an agent of every role for each of its regions and for both.
    pub(crate) fn small() -> Self {
        let mut shop =
            Self::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../catalog-fixtures/small"));
        for role in ["agent", "technician", "returns", "billing", "lead"] {
            for regions in [&["EU"][..], &["US"], &["EU", "US"], &[]] {
                let id = format!("X-{role}-{}", regions.concat());
                let agent =
                    [("agent_id", id.as_str()), ("name", "Jemand"), ("role", role), ("active", "true")];
                shop.add("agents", &agent);
                for region in regions {
                    shop.add("agent_permissions", &[("agent_id", &id), ("region", region)]);
                }
            }
        }
        shop
    }

    fn add(&mut self, table: &'static str, cells: &[(&str, &str)]) {
        let cells = cells.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        self.tables.entry(table).or_default().push(cells);
    }

    /// The rows of a table.
    pub(crate) fn rows(&self, table: &str) -> &[Cells] {
        self.tables.get(table).map_or(&[], Vec::as_slice)
    }

    /// Writes everything into a database.
    pub(crate) async fn load(&self, database: &Database) {
        let mut load = Load::begin(database).await.unwrap();
        for table in &TABLES {
            let rows = self.rows(table.name).iter().zip(2..).map(|(cells, line)| row(table, cells, line));
            load.stage(table, Digest::of(table.name.as_bytes()), rows).await.unwrap();
        }
        load.finish(true).await.unwrap().unwrap();
    }
}

fn row(table: &Table, cells: &Cells, line: u64) -> Row {
    let value = |name: &str| cells.get(name).filter(|value| !value.is_empty()).cloned();
    Row { line, values: table.columns.iter().map(|column| value(column.name)).collect() }
}

fn read(path: &PathBuf) -> Vec<Cells> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    reader.deserialize().collect::<Result<_, _>>().unwrap()
}
