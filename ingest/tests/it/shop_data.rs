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
        ("shop/customers.csv", "line 2: `region` must be a region such as EU or US-CA"),
        ("shop/customers.csv", "line 3: `customer_id` must be letters, digits"),
        ("shop/orders.csv", "line 2: `total` is `449.0001`"),
        ("shop/order_items.csv", "the header has no column `sku`"),
    ] {
        assert!(
            failures.iter().any(|(source, detail)| *source == file && detail.contains(problem)),
            "{file} {problem}: {failures:?}"
        );
    }
    assert!(!report.to_string().contains("Europa"), "what a customer's row says is told to nobody");
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

#[test]
fn what_the_tables_would_refuse_is_named_before_it_is_tried() {
    let home = Home::new();
    let prices = "sku,region,currency,amount,vat_included,valid_from,valid_to\n\
        KM-1,EU,EUR,1.00,true,2026-02-01,2026-01-31\nKM-2,EU,EUR,1.00,true,0000-01-01,\n\
        KM-3,EU,EUR,1.00,true,2026-02-01,2026-02-01\n";
    write(
        &home,
        &[
            ("faqs/a.md", "## Wie entkalke ich?\n\nMit Zitronensäure.\n"),
            ("shop/customers.csv", CUSTOMERS),
            ("shop/orders.csv", &ORDERS.replace("12:00Z", "12:00+18:00")),
            ("shop/order_items.csv", &ITEMS.replace("O-1,1,KM-2400,1", "O-1,0,KM-2400,0")),
            ("shop/prices.csv", prices),
        ],
    );
    let (code, report) = ingest(&home, &[]);
    assert_eq!((code, &report["chunks"]["written"]), (10, &Value::from(1)), "{report}");
    let told = report["failures"].to_string();
    for problem in [
        "line 2: `valid_to` is `2026-01-31`; it must not be before `valid_from`, which is `2026-02-01`",
        "line 3: `valid_from` is `0000-01-01`; it must be a day",
        "line 2: `line` is `0`; it must be a whole number from 1 up",
        "line 2: `ordered_at` is `2026-11-10T10:12:00+18:00`; it must be a time",
    ] {
        assert!(told.contains(problem), "{problem}: {told}");
    }
    assert!(!told.contains("line 4"), "{told}");
}

#[test]
fn an_agent_that_is_given_no_region_any_more_has_none() {
    let home = Home::new();
    let regions = "agent_id,region\nA-1,EU\nA-1,US\nA-2,EU\n";
    write(
        &home,
        &[
            ("faqs/a.md", "## Wie entkalke ich?\n\nMit Zitronensäure.\n"),
            ("shop/agents.csv", "agent_id,name,role,active\nA-1,Ida,lead,true\nA-2,Jan,agent,true\n"),
            ("shop/agent_permissions.csv", regions),
        ],
    );
    assert_eq!(ingest(&home, &[]).0, 0);
    write(&home, &[("shop/agent_permissions.csv", "agent_id,region\nA-1,EU\n")]);
    let (_, report) = ingest(&home, &[]);
    let loaded =
        serde_json::json!({"file": "shop/agent_permissions.csv", "rows": 1, "written": 0, "removed": 2});
    assert_eq!(
        report["shop_data"],
        serde_json::json!([loaded]),
        "Jan stands in the unchanged file of agents alone"
    );
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
    assert_documented("tables", &tables);
}

/// `docs/shop-data.md` has this text between the marks of that name.
pub(crate) fn assert_documented(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/shop-data.md");
    let document = std::fs::read_to_string(&path).unwrap();
    let (begin, end) = (format!("<!-- {name}: begin -->\n"), format!("<!-- {name}: end -->"));
    let (before, rest) = document.split_once(&begin).unwrap();
    let (written, after) = rest.split_once(&end).unwrap();
    if std::env::var_os("AUSKUNFT_UPDATE_GOLDENS").is_some() {
        std::fs::write(&path, format!("{before}{begin}{text}{end}{after}")).unwrap();
        return;
    }
    assert_eq!(written, text, "AUSKUNFT_UPDATE_GOLDENS=1 writes it");
}
