//! A real law: what it states is read, and nothing that it does not.

use auskunft_model::{Document, SourceKind, Value};

use crate::samples::{bytes, documents};

const PATH: &str = "policy-de/bgb-verbraucherrecht.md";

fn law() -> Document {
    documents(PATH, SourceKind::Policy, &bytes(PATH)).remove(0)
}

fn values<'a>(document: &'a Document, key: &str) -> Vec<&'a str> {
    let named = document.attributes.iter().filter(|attribute| attribute.key == key);
    named.map(|attribute| attribute.text.as_str()).collect()
}

fn section(document: &Document, heading: &str) -> String {
    let found = document.sections.iter().find(|section| section.heading_path[0].starts_with(heading));
    found.map(auskunft_model::Section::text).unwrap_or_else(|| panic!("no section {heading}"))
}

#[test]
fn the_law_leaves_out_what_its_paragraph_on_the_right_of_withdrawal_names() {
    let law = law();
    let excluded = values(&law, "excludes");
    // Thirteen numbers of the second paragraph and the sentence of the third.
    assert_eq!(excluded.len(), 14, "{excluded:#?}");
    let right = section(&law, "§ 312g ");
    for item in &excluded {
        assert!(right.contains(item), "{item}");
    }
    assert!(excluded[1].starts_with("Verträge zur Lieferung von Waren, die schnell verderben können"));
}

#[test]
fn the_law_states_one_deadline_of_withdrawal_and_several_of_liability() {
    let law = law();
    assert_eq!(values(&law, "return_days"), ["14 Tage"]);
    assert!(section(&law, "§ 355 ").contains("Die Widerrufsfrist beträgt 14 Tage."));
    let days = Value::Quantity { amount: 14.0, upper: None, unit: "day".to_owned() };
    assert!(law.attributes.iter().any(|attribute| attribute.value == days));
    assert!(values(&law, "warranty_months").is_empty(), "two, five and thirty years stand beside each other");
    assert!(section(&law, "§ 438 ").contains("in fünf Jahren"));
}

#[test]
fn dates_within_the_law_are_no_validity_of_it() {
    let law = law();
    assert_eq!((law.valid_from, law.valid_to, law.region, law.version), (None, None, None, None));
}
