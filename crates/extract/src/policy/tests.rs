use auskunft_model::{SourceKind, Value};

use super::*;
use crate::Record;

fn read(path: &str, text: &str) -> Result<Document, Failure> {
    let source = Source { path: path.to_owned(), kind: SourceKind::Policy };
    let defaults = Defaults { language: Language::german() };
    let extracted = extract(&source, text.as_bytes(), &defaults)?;
    match extracted.records.into_iter().next().unwrap().result? {
        Record::Document(document) => Ok(document),
        Record::Ticket(ticket) => panic!("{ticket:?}"),
    }
}

#[test]
fn stated_fields_become_validity_region_and_attributes() {
    let text = "---\ntitle: Rückgabe EU\nregion: EU\nlanguage: de\nvalid_from: 2025-01-01\nvalid_to: 31.12.2026\n\
                return_days: 30\nwarranty_months: 24\nexcludes: Software, Hygieneartikel\n---\n\
                # Rückgabe\n\n## Frist\n\nSie haben 30 Tage.\n";
    let document = read("policies/r.md", text).unwrap();
    assert_eq!(document.title, "Rückgabe EU");
    assert_eq!(document.region.as_ref().unwrap().as_str(), "EU");
    assert_eq!(document.valid_to.unwrap().to_string(), "2026-12-31");
    let days = Value::Quantity { amount: 30.0, upper: None, unit: "day".to_owned() };
    assert_eq!(document.attributes[0].value, days);
    let excluded: Vec<_> =
        document.attributes.iter().filter(|one| one.key == "excludes").map(|one| one.text.as_str()).collect();
    assert_eq!(excluded, ["Software", "Hygieneartikel"]);
    assert_eq!(document.sections[0].heading_path, ["Frist"]);
}

#[test]
fn impossible_values_are_named() {
    for (field, value) in [
        ("valid_from", "2025-02-30"),
        ("return_days", "zwei"),
        ("region", "überall!"),
        ("warranty_months", "-3"),
    ] {
        let failure = read("p.md", &format!("---\n{field}: {value}\n---\nText")).unwrap_err();
        assert_eq!(failure.reason, Reason::InvalidRecord);
        assert!(failure.detail.contains(field) && failure.detail.contains(value), "{failure}");
    }
    let turned = "---\nvalid_from: 2026-01-01\nvalid_to: 2025-01-01\n---\nText";
    assert!(read("p.md", turned).unwrap_err().detail.contains("2025-01-01"));
}

#[test]
fn pages_and_plain_texts_are_policies_too() {
    let page = "<html lang=en><title>Returns | Shop</title><nav>Menu</nav><h1>Returns</h1><h2>Period</h2><p>30 days.</p>";
    let document = read("p.html", page).unwrap();
    assert_eq!((document.title.as_str(), document.language.as_str()), ("Returns", "en"));
    assert_eq!(document.sections[0].text(), "30 days.");
    let document = read("p.txt", "Versand\n=======\n\nWir liefern innerhalb von drei Tagen.").unwrap();
    assert_eq!(document.title, "Versand");
    assert_eq!(read("p.txt", "  \n").unwrap_err().reason, Reason::NoText);
}

fn attributes_of(document: &Document, key: &str) -> Vec<String> {
    let named = document.attributes.iter().filter(|attribute| attribute.key == key);
    named.map(|attribute| attribute.text.clone()).collect()
}

#[test]
fn a_text_without_fields_states_its_validity_region_and_deadlines_itself() {
    let text = "# Rückgabe (EU)\n\nDiese Regelung gilt vom 1. Januar 2026 bis 31.12.2026.\n\n## Frist\n\nDie Rückgabefrist beträgt \
                30 Tage ab Zustellung.\n\n## Vom Umtausch ausgeschlossen\n\n- Gutscheine\n- geöffnete Software\n\nStand: 03/2025\n";
    let document = read("policies/rueckgabe.md", text).unwrap();
    assert_eq!(document.valid_from.unwrap().to_string(), "2026-01-01");
    assert_eq!(document.valid_to.unwrap().to_string(), "2026-12-31");
    assert_eq!(document.region.as_ref().unwrap().as_str(), "EU");
    assert_eq!(document.version.as_deref(), Some("03/2025"));
    let days = Value::Quantity { amount: 30.0, upper: None, unit: "day".to_owned() };
    assert_eq!(document.attributes[0].value, days);
    assert_eq!(attributes_of(&document, "excludes"), ["Gutscheine", "geöffnete Software"]);
}

#[test]
fn an_english_warranty_is_read_in_months() {
    let page = "<html lang=en><h1>Limited warranty</h1><p>Effective date: March 1, 2026</p><h2>How long</h2>\
                <p>The warranty period is two years from the date of purchase.</p></html>";
    let document = read("policies/warranty-us.html", page).unwrap();
    assert_eq!(document.valid_from.unwrap().to_string(), "2026-03-01");
    assert_eq!(document.region.as_ref().unwrap().as_str(), "US");
    let months = Value::Quantity { amount: 24.0, upper: None, unit: "month".to_owned() };
    assert_eq!(document.attributes[0].value, months);
}

#[test]
fn fields_beat_the_text_and_dates_of_other_things_are_no_validity() {
    let text = "---\nvalid_from: 2025-05-01\nreturn_days: 45\n---\n# Rückgabe\n\nGültig ab 1. Januar 2026.\n\nSie können binnen 14 Tagen widerrufen, \
                freiwillig 45 Tage lang zurückgeben.\n";
    let document = read("p.md", text).unwrap();
    assert_eq!(document.valid_from.unwrap().to_string(), "2025-05-01");
    assert_eq!(attributes_of(&document, "return_days"), ["45"]);
    let voucher = "# Gutscheine\n\nDer Rabattcode aus dem Newsletter ist gültig bis 31.12.2026 und gilt ab dem 01.11.2026.\n";
    let document = read("p.md", voucher).unwrap();
    assert_eq!((document.valid_from, document.valid_to), (None, None));
}

#[test]
fn two_deadlines_that_differ_are_none() {
    let text = "# Rückgabe\n\nDer Widerruf ist 14 Tage lang möglich.\n\nFreiwillige Rückgabe: 30 Tage.\n";
    assert!(attributes_of(&read("p.md", text).unwrap(), "return_days").is_empty());
}
