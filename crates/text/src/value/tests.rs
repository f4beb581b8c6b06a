use super::*;

fn quantity_of(text: &str) -> (f64, Option<f64>, String) {
    match read_value(text) {
        Value::Quantity { amount, upper, unit } => (amount, upper, unit),
        other => panic!("{text}: {other:?}"),
    }
}

fn money_of(text: &str) -> (i64, String, Option<bool>) {
    match read_value(text) {
        Value::Money { minor, currency, vat_included } => (minor, currency, vat_included),
        other => panic!("{text}: {other:?}"),
    }
}

#[test]
fn quantities_come_in_base_units() {
    let cases: &[(&str, f64, &str)] = &[
        ("2,3 kg", 2300.0, "g"),
        ("ca. 1½ l", 1500.0, "ml"),
        ("1200W", 1200.0, "W"),
        ("1.450 W", 1450.0, "W"),
        ("5,000 mAh", 5000.0, "mAh"),
        ("68 dB(A)", 68.0, "dB"),
        ("68 dB (A)", 68.0, "dB"),
        ("24 Monate Garantie", 24.0, "month"),
        ("2 Jahre", 24.0, "month"),
        ("bis zu 30 Std.", 30.0, "h"),
        ("14Zoll", 355.6, "mm"),
        ("1 TB", 1000.0, "GB"),
        ("-20 °C", -20.0, "°C"),
        ("2,3 kg (ohne Kabel)", 2300.0, "g"),
        ("0,5 m", 500.0, "mm"),
        ("15 bar Pumpendruck", 15.0, "bar"),
    ];
    for (text, amount, unit) in cases {
        assert_eq!(quantity_of(text), (*amount, None, (*unit).to_owned()), "{text}");
    }
}

#[test]
fn ranges_keep_both_ends() {
    assert_eq!(quantity_of("220–240 V"), (220.0, Some(240.0), "V".to_owned()));
    assert_eq!(quantity_of("0 bis 35 °C"), (0.0, Some(35.0), "°C".to_owned()));
    assert_eq!(quantity_of("-10 - +40 °C"), (-10.0, Some(40.0), "°C".to_owned()));
    assert_eq!(quantity_of("8 mm – 1 cm"), (8.0, Some(10.0), "mm".to_owned()));
}

#[test]
fn money_is_in_minor_units_with_currency_and_vat_note() {
    assert_eq!(money_of("1.299,00 €"), (129_900, "EUR".to_owned(), None));
    assert_eq!(money_of("€ 1.299"), (129_900, "EUR".to_owned(), None));
    assert_eq!(money_of("1,299.00 EUR"), (129_900, "EUR".to_owned(), None));
    assert_eq!(money_of("$11.99"), (1199, "USD".to_owned(), None));
    assert_eq!(money_of("CHF 20.–"), (2000, "CHF".to_owned(), None));
    assert_eq!(money_of("49,- €"), (4900, "EUR".to_owned(), None));
    let gross = "10,83 € inkl. 19 % MwSt. zzgl. Versand";
    assert_eq!(money_of(gross), (1083, "EUR".to_owned(), Some(true)));
    assert_eq!(money_of("10,83 € zzgl. MwSt."), (1083, "EUR".to_owned(), Some(false)));
}

#[test]
fn a_price_field_may_lack_its_currency() {
    let expected = Value::Money { minor: 4_740_500, currency: "RUB".to_owned(), vat_included: None };
    assert_eq!(read_money("47 405", Some("RUB")), Some(expected));
    assert_eq!(read_money("47 405", None), None);
    assert_eq!(read_money("-5,00 €", None), None);
    assert_eq!(read_money("auf Anfrage", Some("EUR")), None);
}

#[test]
fn what_is_not_one_value_stays_text() {
    let texts = [
        "230 V / 50 Hz",
        "30 x 20 x 10 cm",
        "113 kWh/Jahr",
        "A++",
        "IP67",
        "schwarz",
        "",
        "5 Tassen",
        "4006381333931",
        "007",
        "M40/42",
        "21.11.2026",
        "12,50 € / 100 ml",
        "4,92 € inkl. MwSt: 5,95 €",
        "50-20 W",
    ];
    for text in texts {
        assert_eq!(read_value(text), Value::Text, "{text}");
    }
}

#[test]
fn a_bare_number_is_a_number() {
    assert_eq!(read_value("88"), Value::Number { amount: 88.0 });
    assert_eq!(read_value("ca. 4,5"), Value::Number { amount: 4.5 });
}
