use auskunft_model::{
    ComparedValue, ComparisonFact, Fact, PriceFact, ProductId, ReturnWindowFact, WarrantyFact,
};
use chrono::NaiveDate;

use super::*;

fn id(text: &str) -> ProductId {
    ProductId::parse(text).unwrap()
}

fn on(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn said(of: &Fact, tongue: Tongue) -> String {
    fact(of, tongue, &|product| format!("Gerät {product}")).unwrap()
}

#[test]
fn money_and_days_are_written_as_the_language_does() {
    let price = Fact::Price(PriceFact {
        source: "products/A".to_owned(),
        product_id: id("A"),
        region: "CH".to_owned(),
        currency: "CHF".to_owned(),
        amount: "1068.90".to_owned(),
        vat_included: true,
        stock: Some(0),
    });
    assert_eq!(said(&price, Tongue::German), "Gerät A: 1.068,90 CHF inkl. MwSt. (CH); nicht auf Lager.");
    assert_eq!(said(&price, Tongue::English), "Gerät A: 1,068.90 CHF incl. VAT (CH); out of stock.");
}

#[test]
fn a_return_window_says_until_or_since_when() {
    let window = |excluded: bool, open: bool, deadline: Option<&str>| {
        Fact::ReturnWindow(ReturnWindowFact {
            source: "orders/O-1".to_owned(),
            order_id: "O-1".to_owned(),
            product_id: id("A"),
            days: 14,
            delivered_on: deadline.map(|_| on("2026-11-01")),
            deadline: deadline.map(on),
            excluded,
            open,
            policy: "policies/p.md".to_owned(),
        })
    };
    let german = |excluded, open, deadline| said(&window(excluded, open, deadline), Tongue::German);
    assert!(german(false, true, Some("2026-11-15")).contains("bis 15.11.2026"));
    assert!(german(false, false, Some("2026-11-15")).contains("am 15.11.2026 abgelaufen"));
    assert!(german(true, false, Some("2026-11-15")).contains("ausgeschlossen"));
    assert!(german(false, true, None).contains("noch nicht ganz zugestellt"));
}

#[test]
fn a_thing_without_a_number_has_a_warranty_too() {
    let warranty = Fact::Warranty(WarrantyFact {
        source: "orders/O-1".to_owned(),
        serial: None,
        product_id: id("A"),
        order_id: "O-1".to_owned(),
        purchased_on: on("2026-01-31"),
        region: "EU".to_owned(),
        months: 24,
        ends_on: on("2028-01-31"),
        active: true,
    });
    assert_eq!(
        said(&warranty, Tongue::German),
        "Gerät A: Garantie bis 31.01.2028 (24 Monate ab Kauf am 31.01.2026, Bestellung O-1, Region EU)."
    );
}

#[test]
fn a_missing_value_of_a_comparison_is_said() {
    let value = |product: &str, value: Option<&str>| ComparedValue {
        product_id: id(product),
        value: value.map(str::to_owned),
        source: None,
    };
    let comparison = Fact::Comparison(ComparisonFact {
        attribute: "Gewicht".to_owned(),
        unit: "kg".to_owned(),
        better: Some("lower".to_owned()),
        values: vec![value("A", Some("2.3")), value("B", None)],
        best: None,
    });
    assert_eq!(said(&comparison, Tongue::German), "Gewicht – Gerät A: 2,3 kg; Gerät B: keine Angabe.");
}
