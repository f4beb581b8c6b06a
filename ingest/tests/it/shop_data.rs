//! `shop/*.csv`: loaded whole or not at all, wrong rows by name, nothing written twice.

use std::fmt::Write as _;
use std::path::Path;

use auskunft_store::shop_data::{Kind, TABLES};
use serde_json::Value;

use crate::support::{Home, run};

const CUSTOMERS: &str = "customer_id;name;region\nC-1;Ute Muster;EU\nC-2;Ali Beispiel;CH\n";
const ORDERS: &str = "order_id,customer_id,ordered_at,region,currency,total,status\n\
    O-1,C-1,2026-11-10T10:12:00Z,EU,EUR,449.00,shipped\n";
const ITEMS: &str = "order_id,line,sku,quantity,unit_price\nO-1,1,KM-2400,1,449.00\n";

fn write(home: &Home, files: &[(&str, &str)]) {
    for (name, text) in files {
        home.write(name, text);
    }
}

fn ingest(home: &Home, arguments: &[&str]) -> (i32, Value) {
    let ran = run(home.command("data").arg(home.catalog()).args(arguments).arg("--json"));
    (ran.code, ran.json())
}

#[test]
fn files_are_loaded_once_and_again_when_they_change() {
    let home = Home::new();
    write(
        &home,
        &[
            ("faqs/a.md", "## Wie entkalke ich?\n\nMit Zitronensäure.\n"),
            ("shop/customers.csv", CUSTOMERS),
            ("shop/orders.csv", ORDERS),
            ("shop/order_items.csv", ITEMS),
            ("shop/wishes.csv", "a,b\n"),
        ],
    );
    let (code, planned) = ingest(&home, &["--plan"]);
    assert_eq!((code, planned["shop_data"].as_array().unwrap().len()), (0, 3));
    let (code, first) = ingest(&home, &[]);
    assert_eq!(code, 0, "{first}");
    assert_eq!(first["shop_data"], planned["shop_data"]);
    assert_eq!(
        first["shop_data"][0],
        serde_json::json!({"file": "shop/customers.csv", "rows": 2, "written": 2})
    );
    assert!(first["notes"].to_string().contains("shop/wishes.csv"), "{first}");
    let (_, unchanged) = ingest(&home, &[]);
    assert_eq!(unchanged["shop_data"], serde_json::json!([]));
    write(&home, &[("shop/orders.csv", &ORDERS.replace("shipped", "delivered"))]);
    let (_, changed) = ingest(&home, &[]);
    assert_eq!(
        changed["shop_data"],
        serde_json::json!([{"file": "shop/orders.csv", "rows": 1, "written": 1}])
    );
}

#[test]
fn wrong_rows_are_named_and_keep_everything_out_but_the_documents() {
    let home = Home::new();
    let customers = CUSTOMERS.replace("C-2", "C 2").replace("EU", "Europa");
    write(
        &home,
        &[
            ("faqs/a.md", "## Wie entkalke ich?\n\nMit Zitronensäure.\n"),
            ("shop/customers.csv", &customers),
            ("shop/orders.csv", &ORDERS.replace("449.00,shipped", "449.0001,lost")),
            ("shop/order_items.csv", "order_id,line\nO-1,1\n"),
        ],
    );
    let (code, report) = ingest(&home, &[]);
    assert_eq!((code, &report["chunks"]["written"]), (10, &Value::from(1)), "{report}");
    let failures: Vec<(&str, &str)> = report["failures"]
        .as_array()
        .unwrap()
        .iter()
        .map(|failure| (failure["source"].as_str().unwrap(), failure["detail"].as_str().unwrap()))
        .collect();
    for (file, problem) in [
        ("shop/customers.csv", "line 2: `region` is `Europa`"),
        ("shop/customers.csv", "line 3: `customer_id` is `C 2`"),
        ("shop/orders.csv", "line 2: `total` is `449.0001`"),
        ("shop/order_items.csv", "the header has no column `sku`"),
    ] {
        assert!(
            failures.iter().any(|(source, detail)| *source == file && detail.contains(problem)),
            "{file} {problem}: {failures:?}"
        );
    }
    // What the files contradict each other in is found by the database, and named alike.
    write(
        &home,
        &[
            ("shop/customers.csv", CUSTOMERS),
            ("shop/orders.csv", &ORDERS.replace("C-1", "C-7")),
            ("shop/order_items.csv", ITEMS),
        ],
    );
    let (code, report) = ingest(&home, &[]);
    assert_eq!((code, &report["shop_data"]), (10, &serde_json::json!([])));
    assert!(report["failures"].to_string().contains("line 2: no row of customers has this customer_id"));
    write(&home, &[("shop/orders.csv", ORDERS)]);
    let (code, report) = ingest(&home, &[]);
    assert_eq!((code, report["shop_data"].as_array().unwrap().len()), (0, 3), "{report}");
}

/// The document that other systems are built by names every table and column.
#[test]
fn the_interface_is_documented_as_it_is() {
    let mut tables = String::from("| table | columns |\n|---|---|\n");
    for table in &TABLES {
        let columns: Vec<String> = table
            .columns
            .iter()
            .map(|column| {
                let kind = match column.kind {
                    Kind::Choice(words) => words.join(" \\| "),
                    other => format!("{other:?}").to_lowercase(),
                };
                let name = if table.key.contains(&column.name) {
                    format!("**{}**", column.name)
                } else {
                    column.name.to_owned()
                };
                format!("{name}{} ({kind})", if column.optional { "?" } else { "" })
            })
            .collect();
        writeln!(tables, "| `{}` | {} |", table.name, columns.join(", ")).unwrap();
    }
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/shop-data.md");
    let document = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = document.split_once("<!-- tables: begin -->\n").unwrap();
    let (written, after) = rest.split_once("<!-- tables: end -->").unwrap();
    if std::env::var_os("AUSKUNFT_UPDATE_GOLDENS").is_some() {
        let text = format!("{before}<!-- tables: begin -->\n{tables}<!-- tables: end -->{after}");
        std::fs::write(&path, text).unwrap();
        return;
    }
    assert_eq!(written, tables, "AUSKUNFT_UPDATE_GOLDENS=1 writes it");
}
