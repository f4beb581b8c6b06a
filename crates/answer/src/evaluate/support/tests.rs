use auskunft_model::{DocumentId, ProductId};
use auskunft_store::names::Names;
use auskunft_store::products::ProductRow;

use super::*;
use crate::evaluate::testing::{answer, citation};

fn product(name: &str, maker: &str) -> ProductRow {
    ProductRow {
        id: ProductId::parse("A").unwrap(),
        name: name.to_owned(),
        maker: Some(maker.to_owned()),
        category: None,
        product_family: Some("Kopfhörer".to_owned()),
        region: None,
        obsolete: false,
        successor_id: None,
        document_id: DocumentId::derive("products/a.html", None),
        document_version: String::new(),
        source: "products/a.html".to_owned(),
    }
}

fn dictionary() -> Dictionary {
    let products = [
        product("Sonoriva Q35 Kopfhörer", "Sonoriva"),
        product("Polatris Nova 26 Pro Kopfhörer", "Polatris"),
    ];
    let names = Names {
        carriers: vec!["Albion Parcels".to_owned()],
        people: vec!["Jürgen Order".to_owned(), "Grace May".to_owned()],
    };
    Dictionary::new(&products, &names)
}

/// What is wrong with a text about the Sonoriva Q35, which was asked for as "Q35 von Blitzbote".
fn found(text: &str) -> Vec<String> {
    let names = ["Sonoriva Q35 Kopfhörer".to_owned()];
    let mut answer = answer(text);
    answer.citations = vec![citation("m.pdf", None, "Der Akku hält 30 Stunden. Versand mit Nordpost.")];
    let found = unsupported(&answer, "Kostet der Q35 von Blitzbote etwas (KM-2400)?", &names, &dictionary());
    found.iter().map(|one| format!("{:?} {}", one.what, one.text)).collect()
}

const NOTHING: [String; 0] = [];

#[test]
fn a_number_that_no_fact_holds_is_found() {
    assert_eq!(found("Q35: 1.068,90 EUR (KM-2400) [1]"), NOTHING);
    assert_eq!(found("Q35: 1.068,91 EUR [2], 7 Stück"), ["Number 106891", "Number 7"]);
    assert_eq!(found("am 21.11.2026"), ["Number 20261121"]);
}

#[test]
fn what_facts_citations_question_and_fixed_phrases_hold_may_be_said() {
    assert_eq!(found("Sonoriva Q35 Kopfhörer: 1.068,90 EUR inkl. MwSt. (EU)."), NOTHING);
    assert_eq!(found("Der Akku hält 30 Stunden. Versand mit Nordpost. [1]"), NOTHING);
    assert_eq!(found("BLITZBOTE kenne ich nicht."), NOTHING);
}

#[test]
fn a_foreign_product_maker_carrier_or_person_is_found_however_it_is_written() {
    assert_eq!(
        found("Der nova ist gemeint"),
        ["Product nova", "Word nova"],
        "a series by its own name, without capitals"
    );
    assert!(found("Sonoriva Q35 oder Polatris Nova 26").contains(&"Product nova 26".to_owned()));
    assert_eq!(found("Das ist von POLATRIS."), ["Maker polatris", "Word polatris"]);
    assert!(found("Paket mit Albion Parcels: unterwegs.").contains(&"Carrier albion parcels".to_owned()));
    assert!(found("Bestellung von Juergen").contains(&"Person juergen".to_owned()));
}

#[test]
fn the_full_name_of_a_person_is_found_though_each_word_may_be_said() {
    assert_eq!(found("this order may go to grace may"), ["Person grace", "Person grace may", "Word grace"]);
    assert_eq!(found("your role may not see this order"), NOTHING);
}

#[test]
fn a_word_that_nobody_gave_is_found() {
    assert_eq!(found("Q35: Versand mit Hermesius"), ["Word hermesius"]);
}

#[test]
fn what_is_suggested_is_given_only_when_it_is_a_product_of_the_shop() {
    let mut answer = answer("Welches Produkt ist gemeint: Polatris Nova 26 Pro Kopfhörer oder Nebula?");
    answer.suggestions = vec!["Polatris Nova 26 Pro Kopfhörer".to_owned(), "Nebula".to_owned()];
    let found = unsupported(&answer, "?", &[], &dictionary());
    assert_eq!(found, [Unsupported { what: What::Word, text: "nebula".to_owned() }]);
}
