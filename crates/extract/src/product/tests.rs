use auskunft_model::{Attribute, IdentifierKind, SourceKind, Value};

use super::*;
use crate::Record;

fn read(path: &str, html: &str) -> Document {
    let source = Source { path: path.to_owned(), kind: SourceKind::Product };
    let extracted = extract(&source, html.as_bytes(), &Defaults { language: Language::german() }).unwrap();
    match extracted.records.into_iter().next().unwrap().result.unwrap() {
        Record::Document(document) => document,
        Record::Ticket(ticket) => panic!("{ticket:?}"),
    }
}

fn money(document: &Document) -> Option<(i64, String, Option<bool>)> {
    document.attributes.iter().find(|attribute| attribute.key == PRICE_KEY).and_then(|attribute| {
        match &attribute.value {
            Value::Money { minor, currency, vat_included } => Some((*minor, currency.clone(), *vat_included)),
            _ => None,
        }
    })
}

fn attribute<'a>(document: &'a Document, key: &str) -> Option<&'a Attribute> {
    document.attributes.iter().find(|attribute| attribute.key == key)
}

const JSON_LD: &str = r#"<html lang="de"><title>KM-2400 S | Shop</title>
<script type="application/ld+json">/*<![CDATA[*/ {"@graph":[{"@type":["Product","Thing"],"name":"Kaffeemaschine KM-2400 S",
"description":"Brüht	leise.","sku":"KM-2400-S","gtin13":"4006381333931","mpn":"24-00","brand":{"@type":"Brand","name":"Brunnau"},
"category":"Haushalt > Kaffeemaschinen","isRelatedTo":{"@type":"Product","name":"Anderes","sku":"X"},
"offers":{"@type":"Offer","price":1299.5,"priceCurrency":"EUR","availability":"https://schema.org/InStock",
"priceSpecification":{"valueAddedTaxIncluded":true}},
"additionalProperty":[{"name":"Leistung","value":1450,"unitCode":"WTT"},{"name":"Produktart","value":"Kaffeemaschine"}]}]}; /*]]>*/</script>
<script type="application/ld+json">{ kaputt </script>
<h1>Kaffeemaschine KM-2400 S</h1><h2>Technische Daten</h2><table><tr><td>Gewicht:</td><td>ca. 2,3 kg</td></tr></table></html>"#;

#[test]
fn json_ld_names_the_product_and_types_its_attributes() {
    let document = read("products/km.html", JSON_LD);
    assert_eq!(document.title, "Kaffeemaschine KM-2400 S");
    assert_eq!(document.product.as_deref(), Some("KM-2400-S"));
    assert_eq!(document.maker.as_deref(), Some("Brunnau"));
    assert_eq!(document.category.as_deref(), Some("Haushalt"));
    assert_eq!(document.product_family.as_deref(), Some("Kaffeemaschine"));
    assert_eq!(money(&document), Some((129_950, "EUR".to_owned(), Some(true))));
    assert_eq!(attribute(&document, AVAILABILITY_KEY).unwrap().text, "InStock");
    let watts = Value::Quantity { amount: 1450.0, upper: None, unit: "W".to_owned() };
    assert_eq!(attribute(&document, "Leistung").unwrap().value, watts);
    let grams = Value::Quantity { amount: 2300.0, upper: None, unit: "g".to_owned() };
    assert_eq!(attribute(&document, "Gewicht").unwrap().value, grams);
    let kinds: Vec<_> = document.identifiers.iter().map(|identifier| identifier.kind.as_str()).collect();
    assert_eq!(kinds, ["sku", "ean", "part"]);
}

#[test]
fn a_number_in_the_title_names_the_product_unless_it_is_its_series() {
    let texts = |html: &str| -> Vec<String> {
        read("a.html", html).identifiers.into_iter().map(|identifier| identifier.text).collect()
    };
    let page = "<h1>Sauger SG 310 Silent</h1><table><tr><td>SKU</td><td>SG-310-SILENT</td></tr></table>";
    assert_eq!(texts(page), ["SG-310-SILENT"]);
    assert_eq!(texts(&page.replace("SG-310-SILENT", "4711")), ["4711", "SG 310"]);
}

#[test]
fn what_only_the_markup_states_is_in_the_text_too() {
    let document = read("products/km.html", JSON_LD);
    assert_eq!(document.sections[0].text(), "Brüht leise.");
    assert_eq!(document.sections[1].text(), "Gewicht: ca. 2,3 kg");
    assert_eq!(document.sections[2].text(), "Leistung: 1450 W\nProduktart: Kaffeemaschine");
}

#[test]
fn microdata_of_the_pages_own_product_is_read_with_its_offer() {
    let html = r#"<div itemscope itemtype="http://schema.org/Product"><span itemprop="name">Anderes</span></div>
        <div itemscope itemtype="http://schema.org/Product"><h1 itemprop="name">Staubsauger VC 300</h1>
        <meta itemprop="sku" content="VC 300"><span itemprop="brand" itemscope><b itemprop="name">Nordsee</b></span>
        <div itemprop="offers" itemscope itemtype="http://schema.org/Offer"><span itemprop="price">89,90 €</span>
        <link itemprop="availability" href="http://schema.org/OutOfStock"></div>
        <div itemprop="review" itemscope><span itemprop="name">Toll</span></div><p>Saugt gut.</p></div>"#;
    let document = read("a.html", html);
    assert_eq!(
        (document.title.as_str(), document.product.as_deref()),
        ("Staubsauger VC 300", Some("VC-300"))
    );
    assert_eq!(document.maker.as_deref(), Some("Nordsee"));
    assert_eq!(money(&document), Some((8990, "EUR".to_owned(), None)));
    assert_eq!(attribute(&document, AVAILABILITY_KEY).unwrap().text, "OutOfStock");
}

#[test]
fn a_page_without_markup_is_read_from_what_it_prints() {
    let html = r#"<html><title>Jacke Alva – Laden</title><div class="breadcrumb"><a>Start</a><a>Kleidung</a><a>Jacken</a></div>
        <h1>Jacke Alva</h1><div class="old-price">199,00 €</div><div class="price">129,00 € inkl. MwSt.</div>
        <dl><dt>Artikelnummer</dt><dd>JA 77/b</dd><dt>EAN</dt><dd>4006381333931</dd><dt>Material</dt><dd>Wolle</dd></dl></html>"#;
    let document = read("a.html", html);
    assert_eq!(document.product.as_deref(), Some("JA-77-b"));
    assert_eq!(money(&document), Some((12_900, "EUR".to_owned(), Some(true))));
    assert_eq!(
        (document.category.as_deref(), document.product_family.as_deref()),
        (Some("Kleidung"), Some("Jacken"))
    );
    assert_eq!(attribute(&document, "Material").unwrap().text, "Wolle");
}

#[test]
fn the_price_of_another_product_is_never_taken() {
    let html = r#"<h1>Sauger leise</h1><table><tr><td>Preis:</td><td>189,90 EUR</td></tr>
        <tr><td>Lieferstatus</td><td>Sofort lieferbar</td></tr></table>
        <aside class="related"><span class="price">139,90 €</span></aside>"#;
    let document = read("a.html", html);
    assert_eq!(money(&document), Some((18_990, "EUR".to_owned(), None)));
    assert_eq!(attribute(&document, AVAILABILITY_KEY).unwrap().text, "InStock");
    let without = read(
        "a.html",
        r#"<h1>Sauger</h1><p>Text.</p><div class="teaser"><b class="price">139,90 €</b></div>"#,
    );
    assert_eq!(money(&without), None);
}

#[test]
fn without_any_number_the_file_names_the_product() {
    assert_eq!(
        read("products/Größe L.html", "<h1>Ding</h1><p>Text.</p>").product.as_deref(),
        Some("Groesse-L")
    );
}

#[test]
fn a_wrong_check_digit_is_reported_and_no_identifier() {
    let document = read("a.html", &JSON_LD.replace("4006381333931", "4006381333932"));
    assert!(document.warnings[0].contains("4006381333932"), "{:?}", document.warnings);
    assert!(document.identifiers.iter().all(|identifier| identifier.kind != IdentifierKind::Ean));
}

#[test]
fn a_value_of_several_quantities_is_read_as_each_of_them() {
    let html = "<h1>Kanne</h1><table><tr><td>Netzanschluss</td><td>220-240 V ~ 50/60 Hz</td></tr>\
                <tr><td>Leistung</td><td>230 V, 1500 W</td></tr></table>";
    let document = read("products/kanne.html", html);
    let read: Vec<(&str, &str)> =
        document.attributes.iter().map(|one| (one.key.as_str(), one.text.as_str())).collect();
    let expected = [
        ("Netzanschluss", "220-240 V ~ 50/60 Hz"),
        ("Netzanschluss (Spannung)", "220-240 V"),
        ("Netzanschluss (Frequenz)", "50/60 Hz"),
        ("Leistung", "230 V, 1500 W"),
        ("Leistung (Spannung)", "230 V"),
    ];
    assert_eq!(read, expected);
    let power = Value::Quantity { amount: 1500.0, upper: None, unit: "W".to_owned() };
    assert_eq!(document.attributes[3].value, power);
}

#[test]
fn rows_of_a_group_bear_its_name_and_say_nothing_of_the_product() {
    let html = r#"<h1>Sauger SG 5</h1><p>Text.</p><table><tr><th colspan=2>Allgemein</th></tr><tr><td>Hersteller</td><td>Kehrwerk</td></tr>
        <tr><td>Gewicht</td><td>5 kg</td></tr><tr><th colspan=2>Akku</th></tr><tr><td>Typ</td><td>Li-Ion</td></tr>
        <tr><th colspan=2>Verpackung</th></tr><tr><td>Gewicht</td><td>7 kg</td></tr></table>"#;
    let document = read("a.html", html);
    let printed: Vec<(&str, &str)> =
        document.attributes.iter().map(|one| (one.key.as_str(), one.text.as_str())).collect();
    let expected = [
        ("Hersteller", "Kehrwerk"),
        ("Gewicht", "5 kg"),
        ("Akku Typ", "Li-Ion"),
        ("Verpackung Gewicht", "7 kg"),
    ];
    assert_eq!(printed, expected);
    assert_eq!((document.maker.as_deref(), document.product_family), (Some("Kehrwerk"), None));
}

#[test]
fn only_whole_words_name_conditions_of_the_shop() {
    let row = |key: &str| format!("<tr><td>{key}</td><td>12 Monate</td></tr>");
    let kept =
        ["Express-Programm", "Standardfarbe", "Serviceintervall", "Service interval", "Versandgewicht"];
    let conditions =
        ["Versand", "Versandkosten", "Standard delivery", "Express-Versand", "Lieferzeit ca.", "Service"];
    let rows: String = kept.iter().chain(&conditions).map(|key| row(key)).collect();
    let document = read("a.html", &format!("<h1>S</h1><p>Text.</p><table>{rows}</table>"));
    let keys: Vec<&str> = document.attributes.iter().map(|one| one.key.as_str()).collect();
    assert_eq!(keys, kept);
}

#[test]
fn what_comes_later_is_not_in_stock() {
    let said = |text: &str| {
        let html =
            format!("<h1>S</h1><p>Text.</p><table><tr><td>Verfügbarkeit</td><td>{text}</td></tr></table>");
        attribute(&read("a.html", &html), AVAILABILITY_KEY).map(|one| one.text.clone())
    };
    for text in ["verfügbar ab 12.03.", "Lieferbar ab Mai", "Available on backorder", "Available from 3 May"]
    {
        assert_eq!(said(text).as_deref(), Some("BackOrder"), "{text}");
    }
    for text in ["Verfügbar", "lieferbar ab Lager", "Ab sofort lieferbar", "available"] {
        assert_eq!(said(text).as_deref(), Some("InStock"), "{text}");
    }
    assert_eq!(said("Available for pre-order").as_deref(), Some("PreOrder"));
}
