use super::*;
use auskunft_model::{DocumentId, IdentifierKind};

fn product(id: &str, name: &str, maker: &str, category: &str, family: &str) -> ProductRow {
    ProductRow {
        id: ProductId::parse(id).unwrap(),
        name: name.to_owned(),
        maker: Some(maker.to_owned()),
        category: Some(category.to_owned()),
        product_family: Some(family.to_owned()),
        region: None,
        obsolete: false,
        successor_id: None,
        document_id: DocumentId::derive(id, None),
        document_version: String::new(),
        source: format!("products/{id}.html"),
    }
}

fn index() -> ProductIndex {
    let coffee = |id, name| product(id, name, "Brunnwald", "Kaffeevollautomaten", "Kaffeemaschine");
    let sound = |id, name| product(id, name, "Sonoriva", "Kopfhörer", "Kopfhörer");
    let laptop = |id, name| product(id, name, "Tavaro", "Laptops", "Laptop");
    let products = vec![
        coffee("KM-2400-S", "Brunnwald KM-2400 S Kaffeevollautomat"),
        coffee("KM-2400-M", "Brunnwald KM-2400 M Kaffeevollautomat"),
        coffee("KM-2600", "Brunnwald KM-2600 Kaffeevollautomat mit WLAN"),
        sound("SR-Q35", "Sonoriva Q35 Bluetooth-Kopfhörer"),
        sound("SR-Q35-PRO", "Sonoriva Q35 Pro Bluetooth-Kopfhörer"),
        laptop("TB-14-8", "Tavaro Brise 14 Notebook, 8 GB"),
        laptop("TB-14-16", "Tavaro Brise 14 Notebook, 16 GB"),
        laptop("TB-15-16", "Tavaro Brise 15 Notebook, 16 GB"),
        product("SG-310", "Kehrwerk SG 310 Bodenstaubsauger", "Kehrwerk", "Staubsauger", "Staubsauger"),
        product(
            "SG-310-SILENT",
            "Kehrwerk SG 310 Silent Bodenstaubsauger",
            "Kehrwerk",
            "Staubsauger",
            "Staubsauger",
        ),
        product("WG-TR4", "Wegmar Trail 4 Laufschuh", "Wegmar", "Schuhe", "Schuh"),
        product("WG-TR4-WP", "Wegmar Trail 4 WP Laufschuh, wasserdicht", "Wegmar", "Schuhe", "Schuh"),
    ];
    let ean = Identifier { kind: IdentifierKind::Ean, text: "2900010240015".to_owned() };
    ProductIndex::new(products, vec![(ProductId::parse("KM-2400-S").unwrap(), ean)])
}

#[test]
fn names_are_read_again_when_one_changes_and_only_then() {
    let before = index();
    let ean = before.stated.clone();
    let mut rows = before.products.clone();
    rows[0].document_version = "2".to_owned();
    rows[0].successor_id = Some("KM-2600".to_owned());
    let edited = before.with(rows.clone(), ean.clone());
    assert!(Arc::ptr_eq(&before.known, &edited.known));
    let known = edited.get(&rows[0].id).unwrap();
    assert_eq!((known.document_version.as_str(), known.successor_id.as_deref()), ("2", Some("KM-2600")));

    rows[0].name = "Brunnwald Tornado Kaffeevollautomat".to_owned();
    let renamed = edited.with(rows.clone(), ean.clone());
    let named = renamed.find("Wie entkalke ich die Tornado?", |_| false).mention;
    assert_eq!(named, Mention::Bound(rows[0].id.clone()));

    let without = renamed.with(rows[1..].to_vec(), ean);
    assert!(without.get(&rows[0].id).is_none());
    let unnumbered = edited.with(edited.products.clone(), Vec::new());
    assert_eq!(unnumbered.find("2900010240015", |_| false).mention, Mention::Nothing);
    assert_ne!(edited.find("2900010240015", |_| false).mention, Mention::Nothing);
}

fn find(question: &str) -> String {
    let join = |ids: Vec<ProductId>| ids.iter().map(ProductId::as_str).collect::<Vec<_>>().join(" ");
    match index().find(question, |_| false).mention {
        Mention::Nothing => "-".to_owned(),
        Mention::Bound(id) => id.to_string(),
        Mention::Named(ids) => format!("named {}", join(ids)),
        Mention::Ambiguous(ids) => format!("one of {}", join(ids)),
    }
}

#[test]
fn a_number_binds_however_it_is_written() {
    for question in
        ["Wie laut ist der KM-2400 S?", "km 2400 s laut?", "KM2400S", "km-2400-s", "EAN 2900010240015"]
    {
        assert_eq!(find(question), "KM-2400-S", "{question}");
    }
    assert_eq!(find("Beutel für SG 310 Silent"), "SG-310-SILENT");
    assert_eq!(find("SG 310 zieht nicht mehr"), "SG-310");
}

#[test]
fn the_beginning_of_a_number_means_one_of_its_variants() {
    assert_eq!(find("Wie laut ist der KM-2400?"), "one of KM-2400-S KM-2400-M");
    assert_eq!(find("KM-2500"), "-");
}

#[test]
fn a_name_binds_with_its_number() {
    assert_eq!(find("Wie lange hält der Akku vom Sonoriva Q35?"), "SR-Q35");
    assert_eq!(find("Wie kopple ich den Q35 Pro?"), "SR-Q35-PRO");
    assert_eq!(find("Mein Brise 14 16 GB geht nicht an"), "TB-14-16");
    assert_eq!(find("Hat das Brise 15 HDMI?"), "TB-15-16");
    assert_eq!(find("Wie schwer sind die Wegmar Trail 4?"), "WG-TR4");
    assert_eq!(find("Sind die Wegmar Trail 4 WP wasserdicht?"), "WG-TR4-WP");
}

#[test]
fn a_name_that_fits_several_is_ambiguous() {
    assert_eq!(find("Was kostet das Brise 14?"), "one of TB-14-8 TB-14-16");
    assert_eq!(find("Wie viel Wasser passt in meinen Brunnwald?"), "one of KM-2400-S KM-2400-M KM-2600");
}

#[test]
fn words_for_a_kind_of_product_name_none() {
    assert_eq!(find("Hat der Kaffeevollautomat WLAN?"), "-");
    assert_eq!(find("Ist der Schuh wasserdicht?"), "-");
    assert_eq!(find("Bluetooth koppeln"), "-");
}

#[test]
fn several_named_products_are_a_comparison() {
    assert_eq!(find("Welcher ist leiser, KM-2400 S oder KM-2400 M?"), "named KM-2400-S KM-2400-M");
    assert_eq!(find("Filtert der Q35 oder der Q35 Pro mehr Lärm?"), "named SR-Q35 SR-Q35-PRO");
}

#[test]
fn a_name_may_be_misspelt_by_one_letter() {
    assert_eq!(find("Sonorvia Q35 koppeln"), "SR-Q35");
    assert_eq!(find("Brunwald KM-2600"), "KM-2600");
}

#[test]
fn a_line_with_its_number_binds_however_it_is_spelt() {
    for question in ["wie schwer ist das brsie 15", "Brise15?", "Tavaro Birse 15 lädt nicht"] {
        assert_eq!(find(question), "TB-15-16", "{question}");
    }
    assert_eq!(find("trial 4 wp"), "WG-TR4-WP");
}

#[test]
fn umlauts_may_lose_their_dots() {
    let products =
        vec![product("MQ-FOEHN8", "Sonoriva Föhn 8 Kopfhörer", "Sonoriva", "Kopfhörer", "Kopfhörer")];
    let index = ProductIndex::new(products, Vec::new());
    for question in ["fohn 8", "foehn 8", "Föhn 8"] {
        let bound = Mention::Bound(ProductId::parse("MQ-FOEHN8").unwrap());
        assert_eq!(index.find(question, |_| true).mention, bound, "{question}");
    }
}

#[test]
fn of_the_second_product_the_variant_is_enough() {
    assert_eq!(find("KM-2400 S oder M?"), "named KM-2400-S KM-2400-M");
    assert_eq!(find("SG 310 oder SG 310 Silent"), "named SG-310 SG-310-SILENT");
}

#[test]
fn an_ordinary_word_is_no_misspelt_name() {
    assert_eq!(index().find("Der Train ist leer", |_| true).mention, Mention::Nothing);
}

#[test]
fn a_product_that_is_called_so_comes_before_those_whose_pages_say_so() {
    let also = Identifier { kind: IdentifierKind::Model, text: "SG-310".to_owned() };
    let products = index().products;
    let index = ProductIndex::new(products, vec![(ProductId::parse("SG-310-SILENT").unwrap(), also)]);
    let bound = Mention::Bound(ProductId::parse("SG-310").unwrap());
    assert_eq!(index.find("SG-310", |_| false).mention, bound);
}

#[test]
fn a_number_that_no_variant_has_is_reported() {
    let naming = index().find("Hat das Tavaro Brise 17 einen Touchscreen?", |_| false);
    assert_eq!(naming.unknown.as_deref(), Some("brise 17"));
    let naming = index().find("Wie lange hält der Akku vom Sonoriva Q55?", |_| false);
    assert_eq!(naming.unknown.as_deref(), Some("sonoriva q55"));
}
