//! What pages state in RDFa, graphs, offers and lists, and where they contradict themselves.

use auskunft_model::{Conflict, Document, Language, Source, SourceKind, Value, Variant};

use super::{AVAILABILITY_KEY, PRICE_KEY, extract};
use crate::{Defaults, Record};

fn read(html: &str) -> Document {
    let source = Source { path: "products/a.html".to_owned(), kind: SourceKind::Product };
    let extracted = extract(&source, html.as_bytes(), &Defaults { language: Language::german() }).unwrap();
    match extracted.records.into_iter().next().unwrap().result.unwrap() {
        Record::Document(document) => document,
        Record::Ticket(ticket) => panic!("{ticket:?}"),
    }
}

fn text<'a>(document: &'a Document, key: &str) -> Option<&'a str> {
    let found = document.attributes.iter().find(|attribute| attribute.key == key);
    found.map(|attribute| attribute.text.as_str())
}

fn price(document: &Document) -> Option<(i64, Option<bool>)> {
    let price = document.attributes.iter().find(|attribute| attribute.key == PRICE_KEY)?;
    match price.value {
        Value::Money { minor, vat_included, .. } => Some((minor, vat_included)),
        _ => None,
    }
}

fn numbers(document: &Document) -> Vec<&str> {
    document.identifiers.iter().map(|identifier| identifier.text.as_str()).collect()
}

fn names(variants: &[Variant]) -> Vec<&str> {
    variants.iter().filter_map(|variant| variant.name.as_deref()).collect()
}

/// Field, what is taken and from where, what is not.
fn told(conflict: &Conflict) -> (&str, &str, &str, &str) {
    (&conflict.field, &conflict.taken, &conflict.taken_from, &conflict.other)
}

#[test]
fn rdfa_is_read_with_prefixes_and_relations() {
    let html = r#"<html prefix="og: http://ogp.me/ns#"><head><meta property="og:title" content="Laden"></head>
        <body vocab="http://schema.org/" typeof="WebPage"><div typeof="Product" resource="/p/1"><h1 property="name">Wasserkocher WK 5</h1>
        <meta property="sku" content="WK-5"><span property="brand" typeof="Brand"><b property="name">Nordsee</b></span>
        <div rel="offers"><div typeof="Offer"><span property="price" content="39.90">39,90</span><meta property="priceCurrency" content="EUR">
        <link property="availability" href="http://schema.org/InStock"></div></div><p>Kocht schnell.</p></div></body></html>"#;
    let document = read(html);
    assert_eq!(document.title, "Wasserkocher WK 5");
    assert_eq!((document.product.as_deref(), document.maker.as_deref()), (Some("WK-5"), Some("Nordsee")));
    assert_eq!(price(&document), Some((3990, None)));
    assert_eq!(text(&document, AVAILABILITY_KEY), Some("InStock"));
}

#[test]
fn a_good_relations_offering_is_a_product() {
    let html = r#"<h1>Toaster</h1><div xmlns:gr="http://purl.org/goodrelations/v1#" typeof="gr:Offering"><span property="gr:name">Toaster</span>
        <span property="gr:hasStockKeepingUnit" content="T-1"></span><span property="gr:hasEAN_UCC-13" content="4006381333931"></span>
        <div rel="gr:hasPriceSpecification"><div typeof="gr:UnitPriceSpecification"><span property="gr:hasCurrency" content="EUR"></span>
        <span property="gr:hasCurrencyValue" content="25.00">25 €</span></div></div></div><p>Röstet.</p>"#;
    let document = read(html);
    assert_eq!(numbers(&document), ["T-1", "4006381333931"]);
    assert_eq!(price(&document), Some((2500, None)));
}

#[test]
fn references_inside_a_graph_are_followed_and_endless_ones_end() {
    let html = r##"<script type="application/ld+json">{"@graph":[{"@type":"Product","name":"Sauger","brand":{"@id":"#b"},"offers":{"@id":"#o"},
        "weight":{"@type":"QuantitativeValue","value":2.345,"unitCode":"KGM"},"self":{"@id":"#p"},"@id":"#p"},
        {"@id":"#b","@type":"Brand","name":"Kehrwerk"},{"@id":"#o","@type":"Offer","price":"99.90","priceCurrency":"EUR","itemOffered":{"@id":"#p"}}]}</script>
        <h1>Sauger</h1><p>Saugt.</p>"##;
    let document = read(html);
    assert_eq!(document.maker.as_deref(), Some("Kehrwerk"));
    assert_eq!(price(&document), Some((9990, None)));
    let weight = document.attributes.iter().find(|attribute| attribute.key == "Gewicht").unwrap();
    assert_eq!(weight.value, Value::Quantity { amount: 2345.0, upper: None, unit: "g".to_owned() });
}

const GROUP: &str = r#"<script type="application/ld+json">{"@type":"ProductGroup","name":"Jacke Alva","productGroupID":"ALVA","hasVariant":[
    {"@type":"Product","name":"Jacke Alva M","sku":"ALVA-M","gtin13":"4006381333931","size":"M","color":"Moos","offers":{"price":"129.00","priceCurrency":"EUR"}},
    {"@type":"Product","name":"Jacke Alva L","sku":"ALVA-L","size":"L","offers":{"price":"139.00","priceCurrency":"EUR","availability":"OutOfStock"}}]}</script>
    <h1>Jacke Alva</h1><p>Warm.</p>"#;

#[test]
fn variants_of_a_group_are_recorded_with_their_numbers_and_sizes() {
    let document = read(GROUP);
    assert_eq!(names(&document.variants), ["Jacke Alva M", "Jacke Alva L"]);
    assert_eq!(numbers(&document), ["ALVA-M", "4006381333931", "ALVA-L"]);
    assert_eq!(price(&document), Some((12_900, None)));
    let second = &document.variants[1].attributes;
    let size = second.iter().find(|attribute| attribute.key == "Größe").unwrap();
    assert_eq!(size.value, Value::Size { label: "L".to_owned() });
    assert!(
        second.iter().any(|attribute| attribute.key == AVAILABILITY_KEY && attribute.text == "OutOfStock")
    );
}

#[test]
fn choices_of_the_form_that_state_their_numbers_are_variants() {
    let html = r#"<h1>Schuh</h1><p>Läuft.</p><form class="add-to-cart"><select><option>Bitte wählen</option>
        <option data-sku="S-42">42</option><option data-sku="S-43" data-ean="4006381333931">43</option></select></form>"#;
    let document = read(html);
    assert_eq!(names(&document.variants), ["42", "43"]);
    assert_eq!(numbers(&document), ["S-42", "S-43", "4006381333931"]);
}

#[test]
fn a_list_of_products_names_each_of_them_and_is_none_of_them() {
    let one = |name: &str, sku: &str| {
        format!(
            r#"<div itemscope itemtype="https://schema.org/Product"><meta itemprop="name" content="{name}"><meta itemprop="sku" content="{sku}"></div>"#
        )
    };
    let html = format!(
        "<h1>Alle Sauger</h1><p>Große Auswahl.</p>{}{}{}",
        one("Turbo", "1"),
        one("Leise", "2"),
        one("Mini", "3")
    );
    let document = read(&html);
    assert_eq!(names(&document.variants), ["Turbo", "Leise", "Mini"]);
    assert_eq!((document.title.as_str(), document.product.as_deref()), ("Alle Sauger", None));
    assert!(document.identifiers.is_empty() && document.attributes.is_empty());
    let last = document.sections.last().unwrap();
    assert_eq!(last.text(), "Produkt | Artikelnummer | Preis\nTurbo | 1 | \nLeise | 2 | \nMini | 3 | ");
}

#[test]
fn contradictions_are_recorded_and_the_more_trusted_statement_is_taken() {
    let html = r#"<meta property="product:price:amount" content="89.00"><meta property="product:price:currency" content="EUR">
        <script type="application/ld+json">{"@type":"Product","name":"Sauger","sku":"S-1","offers":{"price":"99.00","priceCurrency":"EUR"},
        "additionalProperty":{"name":"Leistung","value":"700 W"}}</script><h1>Sauger</h1>
        <table><tr><td>Leistung</td><td>800 W</td></tr><tr><td>Gewicht</td><td>5 kg</td></tr></table>
        <dl><dt>Gewicht</dt><dd>5.900 g</dd><dt>Artikelnummer</dt><dd>S-1</dd></dl>"#;
    let document = read(html);
    let told: Vec<_> = document.conflicts.iter().map(told).collect();
    let expected = [
        ("price", "99.00", "json-ld", "89.00"),
        ("Leistung", "700 W", "json-ld", "800 W"),
        ("Gewicht", "5.900 g", "definition list", "5 kg"),
    ];
    assert_eq!(told, expected);
    assert_eq!(price(&document).map(|(minor, _)| minor), Some(9900));
}

#[test]
fn the_same_said_in_another_form_is_no_contradiction() {
    let html = r#"<title>Sauger SG 1 | Laden</title><meta property="og:title" content="Kehrwerk Sauger SG 1 | Laden">
        <script type="application/ld+json">{"@type":"Product","name":"Sauger SG 1","offers":{"price":1299,"priceCurrency":"EUR","availability":"https://schema.org/InStock"}}</script>
        <h1>Sauger SG 1</h1><p class="price">1.299,00 € inkl. MwSt.</p><ul><li>Verfügbarkeit: auf Lager</li></ul>"#;
    let document = read(html);
    assert_eq!(document.conflicts, []);
    assert_eq!(price(&document), Some((129_900, Some(true))));
}

#[test]
fn a_price_that_the_page_prints_otherwise_is_a_contradiction() {
    let html = r#"<script type="application/ld+json">{"@type":"Product","name":"S","offers":{"price":"99.00","priceCurrency":"EUR"}}</script>
        <h1>S</h1><p class="old-price">129,00 €</p><p class="price">89,00 €</p>"#;
    let document = read(html);
    assert_eq!(
        document.conflicts.iter().map(told).collect::<Vec<_>>(),
        [("price", "99.00", "json-ld", "89,00 €")]
    );
}

#[test]
fn a_price_says_whether_vat_is_included_wherever_the_page_says_it() {
    let note = |html: &str| price(&read(&format!("<h1>S</h1>{html}"))).unwrap().1;
    assert_eq!(note("<div><b class='price'>9,90 €</b><small>zzgl. MwSt.</small></div>"), Some(false));
    assert_eq!(
        note("<b class='price'>9,90 €</b><p>Text.</p><p>* Alle Preise inkl. gesetzl. MwSt.</p>"),
        Some(true)
    );
    assert_eq!(note("<b class='price'>9,90 €</b><p>Text.</p>"), None);
}

fn quantity(document: &Document, key: &str) -> Option<(f64, String)> {
    let found = document.attributes.iter().find(|attribute| attribute.key == key)?;
    match &found.value {
        Value::Quantity { amount, unit, .. } => Some((*amount, unit.clone())),
        _ => None,
    }
}

#[test]
fn a_thing_with_several_names_is_read_once() {
    let open = "<div itemscope itemprop='a b'>".repeat(30);
    let html = format!(
        "<h1>Sauger</h1><p>Text.</p><div itemscope itemtype='https://schema.org/Product'><meta itemprop='name sku' content='S 1'>
        <div itemprop='offers offer' itemscope><meta itemprop='price' content='9.90'><meta itemprop='priceCurrency' content='EUR'></div>
        {open}</div>"
    );
    let document = read(&html);
    assert_eq!(document.product.as_deref(), Some("S-1"));
    assert_eq!(price(&document), Some((990, None)));
    assert_eq!(document.variants, []);
    let names = "<div itemscope itemprop='name value'>".repeat(30);
    read(&format!("<h1>Sauger</h1><p>Text.</p><div itemscope itemtype='https://schema.org/Product'>{names}"));
}

#[test]
fn references_do_not_multiply_what_they_refer_to() {
    let long = "Wort ".repeat(400_000);
    let many = |reference: &str, count: usize| vec![reference; count].join(",");
    let html = format!(
        r##"<h1>S</h1><p>Text.</p><script type="application/ld+json">{{"@graph":[{{"@type":"Product","name":"S","sku":"4711","a":[{}]}},
        {{"@id":"#b","@type":"Thing","b":[{}]}},{{"@id":"#c","@type":"Thing","c":[{}],"description":"{long}"}}]}}</script>"##,
        many(r##"{"@id":"#b"}"##, 900),
        many(r##"{"@id":"#c"}"##, 900),
        many(r##"{"@id":"#b"}"##, 900)
    );
    assert_eq!(numbers(&read(&html)), ["4711"]);
    let scopes = "<b itemscope itemref='x'></b>".repeat(20_000);
    let html =
        format!("<h1>S</h1><p>Text.</p>{scopes}<div id='x'>{}</div>", "<i itemprop=a>b</i>".repeat(20_000));
    assert_eq!(read(&html).title, "S");
}

#[test]
fn properties_that_stand_elsewhere_belong_to_the_thing() {
    let html = "<h1>S</h1><p>Text.</p><div itemscope itemtype='https://schema.org/Product' itemref='n w'><b itemprop=name>S</b></div>
        <p id='n'><span itemprop='sku'>4711</span></p><p id='w'><meta itemprop='weight' content='2.5 kg'></p>";
    let document = read(html);
    assert_eq!(numbers(&document), ["4711"]);
    assert_eq!(quantity(&document, "Gewicht"), Some((2500.0, "g".to_owned())));
}

#[test]
fn the_point_parts_decimals_in_data_and_thousands_in_text() {
    let json = r#"<h1>S</h1><p>Text.</p><script type="application/ld+json">{"@type":"Product","name":"S","weight":{"value":"1.250","unitCode":"KGM"},
        "additionalProperty":[{"name":"Drehzahl","value":"1.250 U/min"},{"name":"Länge","value":"2.345","unitCode":"MTR"}]}</script>"#;
    let document = read(json);
    assert_eq!(quantity(&document, "Gewicht"), Some((1250.0, "g".to_owned())));
    assert_eq!(quantity(&document, "Drehzahl"), Some((1250.0, "rpm".to_owned())));
    assert_eq!(quantity(&document, "Länge"), Some((2345.0, "mm".to_owned())));
    let microdata = |weight: &str| {
        read(&format!(
            "<h1>S</h1><p>Text.</p><div itemscope itemtype='https://schema.org/Product'><b itemprop=name>S</b>{weight}</div>"
        ))
    };
    let weight = |weight: &str| quantity(&microdata(weight), "Gewicht").map(|(amount, _)| amount);
    assert_eq!(weight("<meta itemprop='weight' content='1.250 kg'>"), Some(1250.0));
    assert_eq!(weight("<span itemprop='weight'>1.250 g</span>"), Some(1250.0));
    assert_eq!(weight("<meta itemprop='weight' content='1.250,50 g'>"), Some(1250.5));
}

#[test]
fn many_attributes_are_read_at_once() {
    let property = |index: usize| format!(r#"{{"name":"Wert {index}","value":"{index} kg"}}"#);
    let properties: Vec<String> = (0..20_000).map(property).collect();
    let html = format!(
        r#"<h1>S</h1><p>Text.</p><script type="application/ld+json">{{"@type":"Product","name":"S","additionalProperty":[{0}],
        "offers":{{"additionalProperty":[{0}]}}}}</script>"#,
        properties.join(",")
    );
    let started = std::time::Instant::now();
    assert!(read(&html).attributes.len() <= 2_000);
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}
