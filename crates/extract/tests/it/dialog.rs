//! Real chats: what nobody says was solved is left alone, and of what was solved no personal data is kept.

use auskunft_extract::{Defaults, Record, extract};
use auskunft_model::{Document, Language, Reason, Source, SourceKind};
use auskunft_text::redact::Redactor;
use serde_json::{Value, json};

use crate::samples::bytes;

const PATH: &str = "dialogs-en/dialogs.jsonl";

fn dialogs() -> Vec<Value> {
    let text = String::from_utf8(bytes(PATH)).unwrap();
    text.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
}

fn turns(dialog: &Value) -> Vec<&str> {
    dialog["turns"].as_array().unwrap().iter().map(|turn| turn["text"].as_str().unwrap()).collect()
}

/// What people labelled as a person's: its kind and the words.
fn personal(dialog: &Value) -> Vec<(&str, &str)> {
    let pairs = dialog["personal"].as_array().unwrap().iter();
    pairs.map(|pair| (pair[0].as_str().unwrap(), pair[1].as_str().unwrap())).collect()
}

fn read(dialogs: &[Value]) -> Vec<Result<Document, Reason>> {
    let lines: Vec<String> = dialogs.iter().map(Value::to_string).collect();
    let source = Source { path: PATH.to_owned(), kind: SourceKind::Dialog };
    let defaults = Defaults { language: Language::german() };
    let extracted = extract(&source, lines.join("\n").as_bytes(), &defaults).unwrap();
    let result = |outcome: auskunft_extract::RecordOutcome| match outcome.result {
        Ok(Record::Document(document)) => Ok(document),
        Ok(Record::Ticket(ticket)) => panic!("{ticket:?}"),
        Err(failure) => Err(failure.reason),
    };
    extracted.records.into_iter().map(result).collect()
}

/// The same chat as if it had been kept whole: an agent asks for what the customer then says of himself, and helps.
fn whole(dialog: &Value) -> Value {
    let secrets = personal(dialog);
    let mut said = Vec::new();
    for text in turns(dialog) {
        if secrets.iter().any(|(_, secret)| text.contains(secret)) {
            said.push(json!({"from": "agent", "text": "Could you tell me your full name and account number, please?"}));
        }
        said.push(json!({"from": "customer", "text": text}));
    }
    said.push(json!({"from": "agent", "text": "I moved your plan. Restart the modem after ten minutes."}));
    json!({"id": dialog["id"], "resolved": true, "turns": said})
}

fn is_said(secret: &str, text: &str) -> bool {
    let words = |text: &str| -> Vec<String> {
        text.split(|sign: char| !sign.is_alphanumeric()).map(str::to_lowercase).collect()
    };
    let text = words(text);
    words(secret).iter().any(|word| text.contains(word))
}

#[test]
fn chats_that_nobody_says_were_solved_are_left_alone() {
    let outcomes = read(&dialogs());
    assert_eq!(outcomes.len(), 37);
    assert!(outcomes.iter().all(|outcome| outcome == &Err(Reason::Unresolved)), "{outcomes:?}");
}

#[test]
fn what_customers_say_of_themselves_is_in_no_document() {
    let dialogs = dialogs();
    let (mut secrets, mut problems) = (0, 0);
    for (dialog, outcome) in dialogs.iter().zip(read(&dialogs.iter().map(whole).collect::<Vec<_>>())) {
        let document = outcome.unwrap_or_else(|reason| panic!("{}: {reason:?}", dialog["id"]));
        let text = serde_json::to_string(&document).unwrap();
        for (kind, secret) in personal(dialog) {
            secrets += 1;
            assert!(
                !is_said(secret, &text.replace(dialog["id"].as_str().unwrap(), "")),
                "{kind} {secret}: {text}"
            );
        }
        assert!(text.contains("Restart the modem after ten minutes."), "{text}");
        problems += usize::from(document.sections.len() > 1);
    }
    assert!(secrets >= 27 && problems >= 30, "{secrets} secrets, {problems} problems");
}

#[test]
fn names_and_accounts_are_known_without_the_question_before_them() {
    let mut missed: Vec<String> = Vec::new();
    let mut all = 0;
    for dialog in dialogs() {
        let mut redactor = Redactor::default();
        turns(&dialog).iter().for_each(|turn| redactor.learn(turn));
        let redacted: Vec<String> = turns(&dialog).iter().map(|turn| redactor.redact(turn).text).collect();
        for (_, secret) in
            personal(&dialog).into_iter().filter(|(kind, _)| matches!(*kind, "name" | "account"))
        {
            all += 1;
            if redacted.iter().any(|turn| is_said(secret, turn)) {
                missed.push(secret.to_owned());
            }
        }
    }
    // A single unknown word in small letters could be anything.
    assert_eq!((all, missed), (18, vec!["ajianu".to_owned()]));
}
