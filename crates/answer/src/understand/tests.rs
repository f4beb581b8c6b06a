use auskunft_model::DocumentId;
use auskunft_store::products::ProductRow;

use super::reading::{Reading, read};
use super::*;
use crate::product_index::ProductIndex;

fn product(id: &str, name: &str, maker: &str, category: &str) -> ProductRow {
    ProductRow {
        id: ProductId::parse(id).unwrap(),
        name: name.to_owned(),
        maker: Some(maker.to_owned()),
        category: Some(category.to_owned()),
        product_family: Some(category.to_owned()),
        region: None,
        obsolete: false,
        successor_id: None,
        document_id: DocumentId::derive(id, None),
        document_version: String::new(),
        source: format!("products/{id}.html"),
    }
}

fn index() -> ProductIndex {
    let products = vec![
        product("KM-2400-S", "Brunnwald KM-2400 S Kaffeevollautomat", "Brunnwald", "Kaffeevollautomat"),
        product("KM-2400-M", "Brunnwald KM-2400 M Kaffeevollautomat", "Brunnwald", "Kaffeevollautomat"),
        product("SG-310", "Kehrwerk SG 310 Bodenstaubsauger", "Kehrwerk", "Bodenstaubsauger"),
        product("SG-310-SILENT", "Kehrwerk SG 310 Silent Bodenstaubsauger", "Kehrwerk", "Bodenstaubsauger"),
        product("SR-Q35", "Sonoriva Q35 Kopfhörer", "Sonoriva", "Kopfhörer"),
    ];
    ProductIndex::new(products, Vec::new())
}

fn read_in(text: &str, conversation: &Conversation) -> Reading {
    let products = index();
    let known = Known { products: &products, is_common: &function_words::holds, is_number: &|_| false };
    read(text, conversation, &known)
}

fn understood(text: &str) -> Reading {
    read_in(text, &Conversation::default())
}

fn intents(text: &str) -> String {
    understood(text).intents().iter().map(|intent| intent.as_str()).collect::<Vec<_>>().join(" ")
}

fn bound(id: &str) -> Mention {
    Mention::Bound(ProductId::parse(id).unwrap())
}

/// The conversation after one question.
fn after(text: &str) -> Conversation {
    let reading = understood(text);
    let product_id = reading.parts.iter().find_map(|part| match &part.mention {
        Mention::Bound(id) => Some(id.clone()),
        _ => None,
    });
    let compared = reading.parts.iter().find_map(|part| match &part.mention {
        Mention::Named(ids) => Some(ids.clone()),
        _ => None,
    });
    let references = reading.references();
    Conversation {
        product_id,
        compared: compared.unwrap_or_default(),
        intents: reading.intents(),
        orders: references.orders,
        serials: references.serials.into_iter().map(|serial| serial.text).collect(),
        question: Some(text.to_owned()),
        ..Conversation::default()
    }
}

#[test]
fn each_kind_of_question_is_told_by_its_words() {
    for (question, expected) in [
        ("Wo ist mein Paket?", "parcel"),
        ("O-5001 ist noch nicht da, was ist los", "parcel"),
        ("Kann ich den SG-310 noch zurückgeben?", "returns"),
        ("when do I get my money back for order O-5001", "returns"),
        ("Meine Kaffeemaschine blinkt gelb", "fault"),
        ("KM-2400 S zeigt E04", "fault"),
        ("Was ksotet die KM-2400 S", "price"),
        ("is the SG 310 in stock?", "price"),
        ("Mein SG-310 ist kaputt, habe ich noch Garantie?", "warranty"),
        ("FSD-240381475203", "warranty"),
        ("Welches Headset ist leiser?", "comparison"),
        ("SG 310 vs SG 310 Silent", "comparison"),
        ("Wie entkalke ich die KM-2400 S?", "technical"),
        ("Wie viele Monate Garantie hat der Q35?", "technical"),
    ] {
        assert_eq!(intents(question), expected, "{question}");
    }
}

#[test]
fn one_who_only_tells_of_a_device_has_trouble_with_it() {
    assert_eq!(intents("Der Espresso ist nur noch lauwarm, es ist die KM-2400 S."), "fault");
    assert_eq!(intents("KM-2400 S Breite Höhe"), "technical");
}

#[test]
fn two_wishes_have_a_part_each() {
    for question in [
        "Wo ist O-5001? Ach ja: Was kostet der Q35?",
        "Wo ist O-5001 Außerdem was kostet der Q35",
        "wo ist O-5001 und was kostet der q35",
    ] {
        let reading = understood(question);
        assert_eq!(intents(question), "parcel price", "{question}");
        assert_eq!(reading.parts[0].references.orders, ["O-5001"], "{question}");
        assert_eq!(reading.parts[0].mention, Mention::Nothing, "{question}");
        assert_eq!(reading.parts[1].mention, bound("SR-Q35"), "{question}");
    }
}

#[test]
fn what_leads_up_to_a_wish_belongs_to_it() {
    let reading = understood("Der SG 310 Silent gefällt mir doch nicht, O-5001. Kann ich ihn zurückgeben?");
    assert_eq!(reading.parts.len(), 1);
    assert_eq!(reading.parts[0].mention, bound("SG-310-SILENT"));
    assert_eq!(reading.parts[0].references.orders, ["O-5001"]);
    assert!(!reading.parts[0].running_return);
    assert!(understood("Habt ihr meine Rücksendung zu O-5001 erhalten?").parts[0].running_return);
}

#[test]
fn a_comparison_knows_its_attribute_and_its_direction() {
    let of = |text: &str| understood(text).parts.iter().find_map(|part| part.comparison.clone()).unwrap();
    let quieter = of("Welcher ist leiser, SG 310 oder SG 310 Silent?");
    assert_eq!((quieter.aspects[0].keys[0], quieter.aspects[0].better), ("Lautstärke", Better::Lower));
    let tank = of("Wo passt mehr Wasser rein, KM-2400 S oder M?");
    assert_eq!((tank.aspects[0].keys[0], tank.aspects[0].better), ("Wassertank", Better::Higher));
    assert!(of("Worin unterscheiden sich SG 310 und SG 310 Silent?").aspects.is_empty());
    assert_eq!(aspect_of("sound level").unwrap().keys[0], "Lautstärke");
    assert_eq!(aspect_of("Weight").unwrap().better, Better::Lower);
}

#[test]
fn a_question_without_a_topic_is_about_the_last_one() {
    let compared = after("Welcher ist leiser, SG 310 oder SG 310 Silent?");
    let reading = read_in("und um wie viel?", &compared);
    assert!(reading.is_follow_up && reading.leans);
    assert_eq!(reading.intents(), [Intent::Comparison]);
    assert_eq!(reading.parts[0].comparison.as_ref().unwrap().aspects[0].keys[0], "Lautstärke");
    let returned = after("Kann ich den SG-310 aus O-5001 noch zurückgeben?");
    let reading = read_in("und wie lange gilt das?", &returned);
    assert_eq!(reading.intents(), [Intent::Returns]);
    assert_eq!(reading.references().orders, ["O-5001"]);
    assert_eq!(reading.parts[0].mention, bound("SG-310"));
}

#[test]
fn a_new_wish_takes_over_what_it_is_about() {
    let spoken = after("Wie entkalke ich die KM-2400 S?");
    let reading = read_in("und was kostet sie?", &spoken);
    assert_eq!(reading.intents(), [Intent::Price]);
    assert_eq!(reading.evidence_part().unwrap().mention, bound("KM-2400-S"));
    let reading = read_in("Und wie schwer ist der Wassertank von der Maschine, ist er leicht?", &spoken);
    assert!(!reading.is_follow_up);
    assert_eq!(reading.parts[0].mention, bound("KM-2400-S"));
}

#[test]
fn a_question_that_stands_alone_takes_nothing_over() {
    let spoken = after("Was kostet die KM-2400 S?");
    let reading = read_in("Wie laut ist der Q35?", &spoken);
    assert!(!reading.leans);
    assert_eq!(reading.parts[0].mention, bound("SR-Q35"));
}

#[test]
fn other_words_are_wished_for_the_last_question() {
    let spoken = after("Wie entkalke ich die KM-2400 S?");
    let reading = read_in("Kannst du das anders formulieren?", &spoken);
    assert_eq!(reading.talk, Some(Talk::Rephrase));
    assert_eq!(reading.search_text("Kannst du das anders formulieren?"), "Wie entkalke ich die KM-2400 S?");
    assert_eq!(understood("Vielen Dank!").talk, Some(Talk::Thanks));
}

#[test]
fn a_model_number_that_nobody_has_is_told() {
    let unknown = |text: &str| understood(text).unknown;
    assert_eq!(unknown("wie laut ist der kehrwerk qx-538?").as_deref(), Some("QX-538"));
    assert_eq!(unknown("Was ist leiser, SG 310 oder YV-119?").as_deref(), Some("YV-119"));
    for known in
        ["Wie laut ist der SG-310?", "Wo ist O-563277?", "zeigt E04", "AK767806822", "USB-C mit 100 W?"]
    {
        assert_eq!(unknown(known), None, "{known}");
    }
}

#[test]
fn the_world_is_no_topic_for_a_shop() {
    for question in
        ["Wie wird das Wetter in Hamburg?", "Write me a poem", "Was hat die Entwicklung vom SG-310 gekostet?"]
    {
        let reading = understood(question);
        assert!(reading.is_off_topic, "{question}");
        assert_eq!(reading.intents(), [Intent::Other], "{question}");
    }
    for question in ["Wo ist mein Paket? Draußen regnet es", "Kocht die KM-2400 S den Kaffee heiß genug?"] {
        assert!(!understood(question).is_off_topic, "{question}");
    }
}

#[test]
fn what_any_parcel_costs_or_takes_is_nobodys_parcel() {
    for (question, expected) in [
        ("Was kostet die Lieferung?", "price"),
        ("Wie lange dauert der Versand eines Pakets normalerweise?", "technical"),
        ("Wo finde ich die Seriennummer?", "technical"),
        ("Liefert ihr Pakete auch nach Österreich?", "technical"),
        ("Wie lange dauert es noch, bis mein Paket kommt?", "parcel"),
        ("Wann kommt die Lieferung?", "parcel"),
        ("Wo ist Bestellung 511842?", "parcel"),
    ] {
        assert_eq!(intents(question), expected, "{question}");
    }
    assert_eq!(understood("Wo ist Bestellung 511842?").references().orders, ["511842"]);
}

#[test]
fn a_pronoun_in_a_question_for_a_parcel_is_the_parcel() {
    let reading = read_in("Wo bleibt mein Paket, kommt es heute?", &after("Was kostet der Q35?"));
    assert_eq!(reading.parts[0].mention, Mention::Nothing);
    let reading = read_in("Wo ist meine letzte Bestellung, ist es da?", &after("Wo ist O-5001?"));
    assert!(reading.references().orders.is_empty() && reading.references().latest);
    let reading = read_in("Und wann kommt es an?", &after("Wo ist O-5001?"));
    assert_eq!(reading.references().orders, ["O-5001"]);
}

#[test]
fn a_kind_of_product_is_asked_for_in_a_shop_whatever_else_is_spoken_of() {
    for question in ["Welche Kopfhörer sind gut für den Flug?", "Taugt der Staubsauger was bei jedem Wetter?"]
    {
        assert!(!understood(question).is_off_topic, "{question}");
    }
    for question in ["Wie wird morgen das Wetter?", "Was kostet ein Flug nach Wien?", "Was ist 7 mal 8?"] {
        assert!(understood(question).is_off_topic, "{question}");
    }
    assert!(!understood("Sag mal, was ist eine Sprengung?").is_off_topic);
}

#[test]
fn a_quantity_behind_a_maker_is_no_unknown_model() {
    for question in ["Hat der Kaffeevollautomat von Brunnwald mehr als 15 bar?", "Läuft Sonoriva 24 Stunden?"]
    {
        assert_eq!(understood(question).unknown, None, "{question}");
    }
    assert_eq!(understood("Was kostet der Brunnwald 77?").unknown.as_deref(), Some("brunnwald 77"));
}

#[test]
fn many_sentences_are_read_as_few() {
    let long = "Wo ist O-5001? Was kostet der Q35? ".repeat(40);
    let reading = understood(&long);
    assert!(reading.parts.len() <= 13, "{}", reading.parts.len());
}

#[test]
fn a_comparison_may_ask_for_two_things_and_its_words_may_mean_another() {
    let aspects = |text: &str| {
        let comparison = understood(text).parts[0].comparison.clone().unwrap();
        let names = |aspects: &[Aspect]| aspects.iter().map(|aspect| aspect.keys[0]).collect::<Vec<_>>();
        (
            names(&comparison.aspects),
            comparison.otherwise.iter().flat_map(|one| names(one)).collect::<Vec<_>>(),
        )
    };
    let (both, _) = aspects("Was ist leiser und leichter, KM-2400 S oder KM-2400 M?");
    assert!(both.contains(&"Lautstärke") && both.contains(&"Gewicht"), "{both:?}");
    let (first, otherwise) = aspects("Welche hat das längere Kabel: KM-2400 S oder KM-2400 M?");
    assert!(first.iter().chain(&otherwise).any(|key| *key == "Kabellänge"), "{first:?} {otherwise:?}");
    let jacket =
        |id, layers| product(id, &format!("Regensteig Polder 53 {layers} Jacke"), "Regensteig", "Jacken");
    let products = ProductIndex::new(vec![jacket("WJ-P53-2L", "2L"), jacket("WJ-P53-3L", "3L")], Vec::new());
    let known = Known { products: &products, is_common: &function_words::holds, is_number: &|_| false };
    let named = read(
        "In welcher schwitze ich weniger: Regensteig Polder 53 2L oder Polder 53 3L?",
        &Conversation::default(),
        &known,
    );
    let comparison = named.parts[0].comparison.clone().unwrap();
    assert_eq!(comparison.aspects[0].keys[0], "Atmungsaktivität", "a name is no wish");
}
