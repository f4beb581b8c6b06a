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

fn excluded_by(text: &str) -> Vec<String> {
    attributes_of(&read("p.md", text).unwrap(), "excludes")
}

#[test]
fn conditions_and_other_lists_are_no_exclusions() {
    for text in [
        "# Widerruf\n\n## § 357 Rechtsfolgen bei Verträgen mit Ausnahme von Finanzdienstleistungen\n\n\
         (7) Der Verbraucher hat Wertersatz zu leisten, wenn\n\n1. der Wertverlust vermeidbar war, und\n2. er belehrt wurde.\n",
        "# Rückgabe\n\nDie Rückgabe ist ausgeschlossen, wenn die Ware:\n\n- getragen wurde\n- beschädigt ist\n",
        "# Rückgabe\n\n## Ausnahmen\n\nFür die Rückgabe brauchen Sie:\n\n- den Beleg\n- den Karton\n",
        "# Rückgabe\n\nNicht ausgeschlossen sind:\n\n- Gutscheine\n",
        "# AGB\n\n## Haftung\n\nAusgeschlossen ist die Haftung für:\n\n- leichte Fahrlässigkeit\n",
        "# Rückgabe und Versand\n\n## Versand\n\n### Ausnahmen\n\n- Inseln\n",
        "# Returns\n\nReturns are excluded unless the item is:\n\n- unused\n- complete\n",
        "# Rückgabe\n\n## Ausgeschlossen\n\n| Art | Tage |\n|---|---|\n| Schuhe | 30 |\n\n- Bitte legen Sie den Beleg bei\n",
    ] {
        assert_eq!(excluded_by(text), [""; 0], "{text}");
    }
}

#[test]
fn what_a_text_says_is_left_out_is_an_exclusion() {
    let items = ["Waren, die schnell verderben", "versiegelte Waren"];
    for text in [
        "# Widerruf\n\n(2) Das Widerrufsrecht besteht, soweit nichts anderes vereinbart ist, nicht bei folgenden Verträgen:\n\n\
         1. Waren, die schnell verderben, und\n2. versiegelte Waren.\n",
        "# Widerruf\n\n## Ausnahmen vom Widerrufsrecht\n\n- Waren, die schnell verderben,\n- versiegelte Waren\n",
        "# Allgemeines\n\nVom Umtausch ausgeschlossen sind:\n\n- Waren, die schnell verderben;\n- versiegelte Waren\n\n\
         Bitte beachten Sie:\n\n- Porto zahlen wir\n",
    ] {
        assert_eq!(excluded_by(text), items, "{text}");
    }
    let sentence = "# Widerruf\n\nDas Widerrufsrecht besteht nicht bei versiegelten Waren, deren Siegel gebrochen ist. Wir helfen gern.\n";
    assert_eq!(excluded_by(sentence), ["versiegelten Waren, deren Siegel gebrochen ist"]);
    let english = "# Returns\n\nThe right to return does not apply to gift cards and opened software.\n\n\
                   Items that cannot be returned:\n\n- earbuds\n";
    assert_eq!(excluded_by(english), ["gift cards and opened software", "earbuds"]);
}

#[test]
fn how_long_the_shop_takes_is_no_deadline_of_the_customer() {
    for text in [
        "# Rückgabe\n\nNach Eingang der Rücksendung erstatten wir binnen 5 Tagen.\n",
        "# Returns\n\nReturns are processed within 10 days.\n",
        "# Rückgabe\n\nAn einem Tag der Rückgabe.\n",
    ] {
        assert_eq!(attributes_of(&read("p.md", text).unwrap(), "return_days"), [""; 0], "{text}");
    }
    for text in [
        "# Gewährleistung\n\nZeigt sich der Mangel binnen 12 Monaten, wird vermutet, dass die Gewährleistung greift.\n",
        "# Gewährleistung\n\nDie Gewährleistung für gebrauchte Ware beträgt ein Jahr.\n",
    ] {
        assert_eq!(attributes_of(&read("p.md", text).unwrap(), "warranty_months"), [""; 0], "{text}");
    }
    let text = "# Gewährleistung\n\nDie Gewährleistung beträgt zwei Jahre, für gebrauchte Ware ein Jahr.\n";
    assert_eq!(attributes_of(&read("p.md", text).unwrap(), "warranty_months"), [""; 0]);
}

#[test]
fn a_pronoun_at_the_end_of_a_file_name_is_no_region() {
    let region = |path: &str| {
        read(path, "# Returns\n\nText.\n").unwrap().region.map(|region| region.as_str().to_owned())
    };
    assert_eq!(region("policies/contact-us.md"), None);
    assert_eq!(region("policies/returns-us-2026.md").as_deref(), Some("US"));
}

#[test]
fn a_deadline_for_some_orders_is_no_validity_of_the_policy() {
    let text = "# Rückgabe\n\nBestellungen, die ab dem 20. Dezember 2025 eingehen, können bis 31. Januar 2026 zurückgegeben werden.\n";
    let document = read("p.md", text).unwrap();
    assert_eq!((document.valid_from, document.valid_to), (None, None));
}
