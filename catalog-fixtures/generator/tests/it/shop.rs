//! A written shop, read back.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::Value;

pub(crate) type Row = BTreeMap<String, String>;

/// A shop's folder.
pub(crate) struct Shop {
    folder: PathBuf,
}

/// A text without what typesetting and markup do to it: blanks, hyphens, case.
pub(crate) fn plain(text: &str) -> String {
    text.chars()
        .filter(|sign| !sign.is_whitespace() && !"-\u{ad}\u{a0}".contains(*sign))
        .flat_map(char::to_lowercase)
        .collect()
}

fn cents(text: &str) -> i64 {
    let (whole, part) = text.split_once('.').unwrap();
    assert_eq!(part.len(), 2, "{text}");
    whole.parse::<i64>().unwrap() * 100 + part.parse::<i64>().unwrap()
}

impl Shop {
    pub(crate) fn read(folder: &Path) -> Self {
        Self { folder: folder.to_path_buf() }
    }

    fn bytes(&self, path: &str) -> Vec<u8> {
        std::fs::read(self.folder.join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    fn text(&self, path: &str) -> String {
        let bytes = self.bytes(path);
        String::from_utf8(bytes)
            .unwrap_or_else(|error| encoding_rs::WINDOWS_1252.decode(error.as_bytes()).0.into_owned())
    }

    fn lines(&self, path: &str) -> Vec<Value> {
        self.text(path).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub(crate) fn questions(&self) -> Vec<Value> {
        self.lines("questions.jsonl")
    }

    pub(crate) fn table(&self, path: &str) -> Vec<Row> {
        let bytes = self.bytes(path);
        csv::Reader::from_reader(bytes.as_slice()).deserialize().map(Result::unwrap).collect()
    }

    /// What stands at a place, made plain: a page of a manual, a record, or a file.
    pub(crate) fn said(&self, source: &str) -> String {
        let (path, anchor) = source.split_once('#').unwrap_or((source, ""));
        if let Some(page) = anchor.strip_prefix("page=") {
            let document = lopdf::Document::load_mem(&self.bytes(path)).unwrap();
            return plain(&document.extract_text(&[page.parse().unwrap()]).unwrap());
        }
        let text = self.text(path);
        if path.ends_with(".html") {
            let text = text.replace("&amp;", "&").replace("&quot;", "\"");
            return if anchor.is_empty() || text.contains(&format!("id=\"{anchor}\"")) {
                plain(&text)
            } else {
                String::new()
            };
        }
        if anchor.is_empty() { plain(&text) } else { self.record(path, anchor) }
    }

    fn record(&self, path: &str, id: &str) -> String {
        let text = self.text(path);
        let found = match path.rsplit_once('.').unwrap().1 {
            "jsonl" => {
                text.lines().find(|line| line.contains(&format!("\"id\":\"{id}\""))).map(str::to_owned)
            }
            "json" => text.contains(&format!("\"id\": \"{id}\"")).then_some(text),
            _ => text.lines().find(|line| line.starts_with(&format!("{id},"))).map(str::to_owned),
        };
        plain(&found.unwrap_or_default())
    }

    /// All that people ask, say and read in records.
    pub(crate) fn spoken(&self) -> Vec<String> {
        let mut texts = Vec::new();
        for question in self.questions() {
            texts.extend(question["question"].as_str().map(str::to_owned));
            texts.extend(
                question["answer"]
                    .as_array()
                    .into_iter()
                    .flatten()
                    .filter_map(Value::as_str)
                    .map(str::to_owned),
            );
        }
        for dialog in self.lines("dialogs/dialoge-01.jsonl") {
            texts.extend(
                dialog["turns"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .filter_map(|turn| turn["text"].as_str())
                    .map(str::to_owned),
            );
        }
        for ticket in self.lines("tickets/tickets-01.jsonl") {
            texts.extend(
                ["subject", "body"].iter().filter_map(|key| ticket[*key].as_str()).map(str::to_owned),
            );
        }
        for faq in self.lines("faqs/fragen-01.jsonl") {
            texts.extend(
                ["question", "answer"].iter().filter_map(|key| faq[*key].as_str()).map(str::to_owned),
            );
        }
        texts
    }

    fn by_order(&self, path: &str) -> BTreeMap<String, Vec<Row>> {
        let mut groups: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for row in self.table(path) {
            groups.entry(row["order_id"].clone()).or_default().push(row);
        }
        groups
    }

    /// Items make the total, payments the total, refunds what came back; every price is one of that day.
    pub(crate) fn check_money(&self) {
        let (items, payments) = (self.by_order("shop/order_items.csv"), self.by_order("shop/payments.csv"));
        let returns = self.by_order("shop/returns.csv");
        let prices = self.table("shop/prices.csv");
        for order in self.table("shop/orders.csv") {
            let id = &order["order_id"];
            let total = cents(&order["total"]);
            let sum: i64 = items[id]
                .iter()
                .map(|item| cents(&item["unit_price"]) * item["quantity"].parse::<i64>().unwrap())
                .sum();
            assert_eq!(sum, total, "{id}");
            let paid = |status: &str| -> i64 {
                payments[id]
                    .iter()
                    .filter(|payment| payment["status"] == status)
                    .map(|payment| cents(&payment["amount"]))
                    .sum()
            };
            assert_eq!(paid("paid") + paid("pending") + paid("failed"), total, "{id}");
            let back: i64 = returns
                .get(id)
                .into_iter()
                .flatten()
                .filter(|row| row["status"] == "refunded")
                .map(|row| cents(&row["refund_amount"]))
                .sum();
            let is_cancelled = order["status"] == "cancelled";
            assert_eq!(paid("refunded"), if is_cancelled { total } else { back }, "{id}");
            let day = &order["ordered_at"][..10];
            for item in &items[id] {
                let is_a_price = prices.iter().any(|price| {
                    price["sku"] == item["sku"]
                        && price["region"] == order["region"]
                        && price["amount"] == item["unit_price"]
                        && price["valid_from"].as_str() <= day
                        && (price["valid_to"].is_empty() || day <= price["valid_to"].as_str())
                });
                assert!(is_a_price, "{id}: {item:?}");
            }
        }
    }

    /// Ordered, shipped, told of by the carrier, sent back: one after the other, nothing after today.
    pub(crate) fn check_times(&self) {
        let now = "2026-11-21T08:00:00Z";
        let ordered: BTreeMap<String, Row> = self
            .table("shop/orders.csv")
            .into_iter()
            .map(|order| (order["order_id"].clone(), order))
            .collect();
        let mut events: BTreeMap<String, Vec<Row>> = BTreeMap::new();
        for event in self.table("shop/shipment_events.csv") {
            events.entry(event["shipment_id"].clone()).or_default().push(event);
        }
        for shipment in self.table("shop/shipments.csv") {
            let id = &shipment["shipment_id"];
            assert!(ordered[&shipment["order_id"]]["ordered_at"] < shipment["shipped_at"], "{id}");
            let times: Vec<&str> = events[id].iter().map(|event| event["at"].as_str()).collect();
            assert!(times.is_sorted() && shipment["shipped_at"].as_str() <= times[0], "{id}: {times:?}");
            assert_eq!(times.last().copied(), Some(shipment["last_event_at"].as_str()), "{id}");
            assert!(times.iter().all(|at| *at <= now), "{id}: {times:?}");
            let last = events[id].last().unwrap();
            assert_eq!(last["status"], shipment["status"], "{id}");
        }
        for back in self.table("shop/returns.csv") {
            let order = &ordered[&back["order_id"]];
            assert!(
                order["ordered_at"] < back["requested_at"] && back["requested_at"].as_str() <= now,
                "{back:?}"
            );
            assert!(
                back["received_at"].is_empty() || back["requested_at"] <= back["received_at"],
                "{back:?}"
            );
        }
    }
}
