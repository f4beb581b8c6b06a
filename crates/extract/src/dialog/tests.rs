use auskunft_model::SourceKind;

use super::*;
use crate::Record;

fn read_all(text: &str) -> Vec<RecordOutcome> {
    let source = Source { path: "dialogs/d.jsonl".to_owned(), kind: SourceKind::Dialog };
    extract(&source, text.as_bytes(), &Defaults { language: Language::german() }).unwrap().records
}

/// A solved dialog of these turns: `a:` speaks the agent, `c:` the customer.
fn solved(turns: &[&str]) -> Document {
    let turn = |turn: &&str| {
        let from = if turn.starts_with("a:") { "agent" } else { "customer" };
        serde_json::json!({"from": from, "text": turn[2..].trim()})
    };
    let turns: Vec<_> = turns.iter().map(turn).collect();
    let row = serde_json::json!({"id": "d1", "resolved": true, "turns": turns});
    match read_all(&row.to_string()).remove(0).result {
        Ok(Record::Document(document)) => document,
        other => panic!("{other:?}"),
    }
}

fn sections_of(document: &Document) -> Vec<(String, String)> {
    document.sections.iter().map(|section| (section.heading_path.join("/"), section.text())).collect()
}

const SOLVED: &str = r#"{"id":"d1","date":"2026-03-01","language":"de","product":"KM-2400","resolved":true,"turns":[{"from":"customer","text":"Hallo, hier Erika Muster. Die Maschine blinkt gelb."},{"from":"agent","text":"Guten Tag Frau Muster, bitte entkalken Sie die KM-2400."},{"from":"customer","text":"Läuft wieder, danke! Viele Grüße, Erika"}]}"#;

#[test]
fn a_solved_dialog_is_problem_solution_and_outcome() {
    let found = read_all(SOLVED);
    let Ok(Record::Document(document)) = &found[0].result else { panic!("{found:?}") };
    assert_eq!(document.anchor.as_deref(), Some("d1"));
    let expected = [
        ("Problem", "Die Maschine blinkt gelb."),
        ("Lösung", "Bitte entkalken Sie die KM-2400."),
        ("Ergebnis", "Läuft wieder, danke!"),
    ];
    assert_eq!(sections_of(document), expected.map(|(head, text)| (head.to_owned(), text.to_owned())));
    assert_eq!(document.title, "Support-Dialog KM-2400: Die Maschine blinkt gelb");
    assert_eq!(document.tags, ["2026-03-01"]);
    let everything = format!("{document:?}");
    assert!(!everything.contains("Erika") && !everything.contains("Muster"), "{everything}");
}

#[test]
fn talk_that_says_nothing_is_dropped() {
    let document = solved(&[
        "a: Guten Tag, wie kann ich Ihnen helfen?",
        "c: Hallo! Mein Name ist Olaf Beispiel, Kundennummer C-1003. Der Akku lädt nicht.",
        "a: Einen Moment bitte, ich schaue nach.",
        "a: Danke für Ihre Geduld. Reinigen Sie die Kontakte mit einem trockenen Tuch. Kann ich sonst noch etwas für Sie tun?",
        "c: Nein danke, er lädt jetzt.",
        "a: Gern geschehen. Schönen Tag noch!",
    ]);
    let expected = [
        ("Problem", "Der Akku lädt nicht."),
        ("Lösung", "Reinigen Sie die Kontakte mit einem trockenen Tuch."),
        ("Ergebnis", "Nein danke, er lädt jetzt."),
    ];
    assert_eq!(sections_of(&document), expected.map(|(head, text)| (head.to_owned(), text.to_owned())));
}

/// The solution of a dialog in which the agent says this.
fn solution_of(words: &str) -> Option<String> {
    let agent = serde_json::json!({"from": "agent", "text": words});
    let customer = serde_json::json!({"from": "customer", "text": "It does not charge."});
    let row = serde_json::json!({"id": "d1", "resolved": true, "turns": [customer, agent]});
    match read_all(&row.to_string()).remove(0).result {
        Ok(Record::Document(document)) => Some(document.sections[1].text()),
        _ => None,
    }
}

#[test]
fn a_step_in_polite_words_is_kept() {
    for (said, kept) in [
        ("Please hold the power button for 10 seconds.", "Please hold the power button for 10 seconds."),
        ("Press and hold ON/OFF for five seconds.", "Press and hold ON/OFF for five seconds."),
        ("Melden Sie sich in der App ab und wieder an.", "Melden Sie sich in der App ab und wieder an."),
        ("Danke für die Rückmeldung, entfernen Sie bitte den Filter.", "Entfernen Sie bitte den Filter."),
        (
            "Danke für Ihre Geduld und ziehen Sie den Stecker.",
            "Danke für Ihre Geduld und ziehen Sie den Stecker.",
        ),
        (
            "Thank you for waiting! Please wait until the light is green.",
            "Please wait until the light is green.",
        ),
        ("Sorry to hear that, try another cable.", "Try another cable."),
        ("Einen Moment warten, dann den Tank einsetzen.", "Einen Moment warten, dann den Tank einsetzen."),
    ] {
        assert_eq!(solution_of(said).as_deref(), Some(kept), "{said}");
    }
}

#[test]
fn polite_words_alone_are_no_step() {
    for said in [
        "Hello, how can I help you today?",
        "Thank you for contacting us. One moment please.",
        "I'm sorry to hear that, let me check the order.",
        "Please hold.",
        "Hold on, please.",
        "Is there anything else I can help you with? Have a nice day!",
        "Es tut mir leid, dass Ihr Gerät Ärger macht.",
        "Gern geschehen, melden Sie sich gern wieder. Schönen Tag noch!",
        "Vielen Dank für Ihre Geduld und Ihr Verständnis.",
        "Das freut mich zu hören.",
    ] {
        assert_eq!(solution_of(said), None, "{said}");
    }
}

#[test]
fn an_answer_to_who_are_you_is_not_kept_however_late_it_comes() {
    let document = solved(&[
        "c: Der KM-2600 blinkt gelb.",
        "a: Wie ist Ihr Name?",
        "c: Moment bitte",
        "a: Gerne.",
        "c: Wozu brauchen Sie ihn?",
        "c: özge yilmaz",
        "c: köln",
        "a: Einen Moment, ich schaue nach. Füllen Sie den Tank, özge. Warten Sie einen Moment.",
        "c: Läuft.",
    ]);
    let everything = format!("{document:?}").to_lowercase();
    assert!(!["özge", "yilmaz", "köln"].iter().any(|word| everything.contains(word)), "{everything}");
    assert!(sections_of(&document)[1].1.ends_with("Warten Sie einen Moment."), "{everything}");
}

#[test]
fn questions_and_answers_belong_to_the_problem_and_what_did_not_help_is_left_out() {
    let document = solved(&[
        "c: Die KM-2600 blinkt.",
        "a: Wie lautet Ihre Kundennummer?",
        "c: C-1003",
        "a: Welche Farbe hat das Licht?",
        "c: gelb",
        "a: Schalten Sie die Maschine aus und wieder ein.",
        "c: Leider nein, sie blinkt immer noch.",
        "a: Gehen Sie so vor:\n1. Tank füllen\n2. Taste drei Sekunden halten",
        "c: Das war es!",
    ]);
    let found = sections_of(&document);
    assert_eq!(found[0].1, "Die KM-2600 blinkt. Welche Farbe hat das Licht? gelb");
    assert_eq!(found[1].1, "Gehen Sie so vor:\n1. Tank füllen\n2. Taste drei Sekunden halten");
    assert_eq!(found[2].1, "Das war es!");
}

#[test]
fn a_name_in_a_field_of_the_record_is_replaced_too() {
    let text = SOLVED.replace("\"product\"", "\"customer_name\":\"Petra Sommer\",\"product\"");
    let text = text.replace("blinkt gelb", "blinkt gelb, sagt Petra");
    let found = read_all(&text);
    assert!(!format!("{found:?}").contains("Petra"), "{found:?}");
}

#[test]
fn an_unsolved_dialog_and_one_without_advice_are_no_knowledge() {
    let found = read_all(&SOLVED.replace("true", "false"));
    assert_eq!(found[0].result.as_ref().unwrap_err().reason, Reason::Unresolved);
    assert_eq!(found[0].anchor.as_deref(), Some("d1"));
    let found = read_all(
        &SOLVED.replace("Guten Tag Frau Muster, bitte entkalken Sie die KM-2400.", "Gern geschehen!"),
    );
    assert_eq!(found[0].result.as_ref().unwrap_err().reason, Reason::Unresolved);
}

#[test]
fn impossible_dates_strange_speakers_and_second_claims_are_named() {
    let text = [
        SOLVED.replace("2026-03-01", "2026-13-01"),
        SOLVED.replace("d1", "d2").replace("\"agent\"", "\"bot\""),
        SOLVED.replace("d1", "d3"),
        SOLVED.replace("d1", "d3"),
    ];
    let found = read_all(&text.join("\n"));
    let reasons: Vec<_> =
        found.iter().map(|one| one.result.as_ref().err().map(|failure| failure.reason)).collect();
    let expected =
        [Some(Reason::InvalidRecord), Some(Reason::InvalidRecord), None, Some(Reason::DuplicateId)];
    assert_eq!(reasons, expected);
    let strange = found[1].result.as_ref().unwrap_err();
    assert!(strange.detail.contains("`from`") && !strange.detail.contains("bot"), "{strange}");
    let second = found[3].result.as_ref().unwrap_err();
    assert!(second.detail.contains("line 4") && second.detail.contains("line 3"), "{second}");
}

#[test]
fn a_name_that_labels_a_turn_is_replaced_in_all_turns() {
    let row = serde_json::json!({"id": "d1", "resolved": true, "turns": [
        {"from": "customer", "name": "ajianu", "text": "Der Sauger pfeift laut, schrieb ajianu gestern."},
        {"from": "agent", "author": "agent", "speaker": "Wenzel", "text": "Wenzel rät: Reinigen Sie den Filter, der agent hilft."},
    ]});
    let outcome = read_all(&row.to_string()).remove(0).result;
    let Ok(Record::Document(document)) = outcome else { panic!("{outcome:?}") };
    let text = text_of(&document.sections);
    assert_eq!(
        text,
        "Der Sauger pfeift laut, schrieb [Name] gestern.\n[Name] rät: Reinigen Sie den Filter, der agent hilft."
    );
}
