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
        ("1 1/2 l", 1500.0, "ml"),
        ("2.63 in.", 66.802, "mm"),
        ("1'299 g", 1299.0, "g"),
        ("1\u{202f}200 W", 1200.0, "W"),
        ("230 V~", 230.0, "V"),
        ("113 kWh/Jahr", 113_000.0, "Wh/a"),
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
    assert_eq!(quantity_of("220-240 V"), (220.0, Some(240.0), "V".to_owned()));
    assert_eq!(quantity_of("100 to 240 V AC"), (100.0, Some(240.0), "V".to_owned()));
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
    assert_eq!(money_of("CHF 1'299.–"), (129_900, "CHF".to_owned(), None));
    assert_eq!(money_of("EUR 1,299.00"), (129_900, "EUR".to_owned(), None));
    assert_eq!(money_of("1\u{202f}299,00 €"), (129_900, "EUR".to_owned(), None));
    assert_eq!(money_of("¥1,299"), (1299, "JPY".to_owned(), None));
    assert_eq!(money_of("KWD 1.250"), (1250, "KWD".to_owned(), None));
    assert_eq!(money_of("99,00 € excl. VAT"), (9900, "EUR".to_owned(), Some(false)));
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
        "30 x 20 x 10 x 5 cm",
        "30 x 20 kg",
        "24/7",
        "1/2",
        "2 in 1",
        "A++",
        "IP65/IP67",
        "IP-Kamera",
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

#[test]
fn lengths_that_belong_together_are_dimensions() {
    let cases: &[(&str, &[f64])] = &[
        ("30 x 20 x 10 cm", &[300.0, 200.0, 100.0]),
        ("1353 × 792 × 309 mm", &[1353.0, 792.0, 309.0]),
        ("BxHxT ca. 50,1 x 38,3 x 34,7 cm", &[501.0, 383.0, 347.0]),
        ("B/H/T ca. 50,1/38,3/34,7 cm", &[501.0, 383.0, 347.0]),
        ("30 cm x 20 cm", &[300.0, 200.0]),
        ("30cmx20cm", &[300.0, 200.0]),
        ("30 (B) x 20 (H) x 10 (T) cm", &[300.0, 200.0, 100.0]),
    ];
    for (text, amounts) in cases {
        let expected = Value::Dimensions { amounts: amounts.to_vec(), unit: "mm".to_owned() };
        assert_eq!(read_value(text), expected, "{text}");
    }
}

fn attribute_of(key: &str, text: &str) -> Value {
    read_attribute(key, text, &Language::german())
}

#[test]
fn classes_are_kept_with_their_scale() {
    let class =
        |scheme: &str, class: &str| Value::Class { scheme: scheme.to_owned(), class: class.to_owned() };
    assert_eq!(read_value("IP67"), class("ip", "IP67"));
    assert_eq!(read_value("IPX4 (spritzwassergeschützt)"), class("ip", "IPX4"));
    assert_eq!(attribute_of("Energieeffizienzklasse", "A+++"), class("energy", "A+++"));
    assert_eq!(attribute_of("Energieeffizienzklasse", "B (Spektrum A bis G)"), class("energy", "B"));
    assert_eq!(attribute_of("Energieeffizienzklasse", "Beste"), Value::Text);
    assert_eq!(attribute_of("Vitamin", "A"), Value::Text);
}

#[test]
fn sizes_stay_as_printed_where_the_key_says_that_they_are_sizes() {
    for label in ["42", "42,5", "42 2/3", "UK 8", "XL", "S, M, L", "W32/L34", "M40/42, 2XL52/54", "38-40"] {
        assert_eq!(attribute_of("Größe", label), Value::Size { label: label.to_owned() }, "{label}");
    }
    assert!(matches!(attribute_of("Größe", "15,6 Zoll"), Value::Quantity { .. }));
    assert!(matches!(attribute_of("Größe", "30 x 20 cm"), Value::Dimensions { .. }));
    assert_eq!(attribute_of("Anzahl", "42"), Value::Number { amount: 42.0 });
}

#[test]
fn a_unit_in_the_key_holds_for_a_bare_number() {
    let grams = |amount| Value::Quantity { amount, upper: None, unit: "g".to_owned() };
    assert_eq!(attribute_of("Gewicht (kg)", "2,3"), grams(2300.0));
    assert_eq!(attribute_of("Gewicht in kg:", "2,3"), grams(2300.0));
    assert_eq!(attribute_of("Waga g.", "2.6000"), grams(2.6));
    assert_eq!(attribute_of("Gewicht (kg)", "250 g"), grams(250.0));
    let box_ = Value::Dimensions { amounts: vec![300.0, 200.0], unit: "mm".to_owned() };
    assert_eq!(attribute_of("Maße (cm)", "30 x 20"), box_);
}

#[test]
fn an_english_page_parts_thousands_by_commas() {
    let hours = read_attribute("Life", "1,000", &Language::english());
    assert_eq!(hours, Value::Number { amount: 1000.0 });
    let kilos = read_attribute("Load", "1,250 kg", &Language::english());
    assert_eq!(kilos, Value::Quantity { amount: 1_250_000.0, upper: None, unit: "g".to_owned() });
}

#[test]
fn endless_values_are_running_text_and_read_at_once() {
    for endless in ["1x", "1 x ", "1/", "1 111 ", "12 cm x ", "999.", "1–"] {
        assert_eq!(attribute_of("Maße", &endless.repeat(100_000)), Value::Text, "{endless}");
    }
    let word = "x".repeat(300_000);
    assert_eq!(attribute_of("Maße", &format!("1{word}")), Value::Text);
    assert_eq!(attribute_of(&format!("Maße in {word}"), "1"), Value::Number { amount: 1.0 });
}

#[test]
fn a_currency_inside_a_word_is_none() {
    for note in ["nur für Geschäftskunden", "für Elektronik", "zzgl. Einrichtung", "ohne Europalette"] {
        let text = format!("99,00 € netto, {note}");
        assert_eq!(money_of(&text), (9900, "EUR".to_owned(), Some(false)), "{text}");
    }
    assert_eq!(read_money("Gift 50", None), None);
    assert_eq!(read_money("Faktor 4 Euronorm", None), None);
    assert_eq!(read_money("20 Euros", None), read_money("20 €", None));
    assert_eq!(read_money("500 рублей", None), read_money("500 ₽", None));
    assert_eq!(read_money("99EUR", None), read_money("EUR99", None));
    assert_eq!(read_value("99 € netto (107 Ft)"), Value::Text);
}

#[test]
fn the_point_of_structured_data_parts_decimals() {
    let grams = |amount| Value::Quantity { amount, upper: None, unit: "g".to_owned() };
    let data = |text: &str, language| read_data("Gewicht", text, &language);
    assert_eq!(data("1.250 kg", Language::german()), grams(1250.0));
    assert_eq!(data("1,250 kg", Language::german()), grams(1250.0));
    assert_eq!(data("1.250 kg", Language::english()), grams(1250.0));
    assert_eq!(data("1.250,5 kg", Language::german()), grams(1_250_500.0));
    assert_eq!(attribute_of("Gewicht", "1.250 kg"), grams(1_250_000.0));
    let turns = read_data("Drehzahl", "1.250 U/min", &Language::german());
    assert_eq!(turns, Value::Quantity { amount: 1250.0, upper: None, unit: "rpm".to_owned() });
}
