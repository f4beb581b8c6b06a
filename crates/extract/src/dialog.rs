//! Support dialogs. Only the agent's turns of solved ones are knowledge; the customer's words are personal data.

use auskunft_model::{Document, Failure, Kind, Language, Reason, Section, Source};
use auskunft_text::{identifier, normal};
use serde_json::Value;

use crate::faq::Claimed;
use crate::records::{self, Row};
use crate::{Defaults, Extracted, RecordOutcome, fields, language};

/// Reads a file of dialogs, one document per solved dialog.
pub(crate) fn extract(source: &Source, bytes: &[u8], defaults: &Defaults) -> Result<Extracted, Failure> {
    let rows = records::rows(source, bytes)?;
    let mut claimed = Claimed::default();
    let outcomes = rows.into_iter().map(|row| match row {
        Ok(row) => {
            let place = row.place.clone();
            claimed.outcome(&place, row.line, document(source, &row, defaults))
        }
        Err((line, failure)) => RecordOutcome { anchor: None, line, result: Err(failure) },
    });
    let records: Vec<RecordOutcome> = outcomes.collect();
    if records.is_empty() {
        return Err(Failure::new(Reason::NoText, format!("{} holds no records", source.path)));
    }
    Ok(Extracted { records, warnings: Vec::new() })
}

fn document(source: &Source, row: &Row, defaults: &Defaults) -> Result<Document, (Option<String>, Failure)> {
    let id = row.required("id").map_err(|failure| (None, failure))?;
    let anchor = fields::id_form(&id);
    if anchor.is_empty() {
        return Err((None, fields::invalid(&row.place, "id", &id, "has no letter or digit")));
    }
    read(source, row, &anchor, defaults).map_err(|failure| (Some(anchor), failure))
}

fn read(source: &Source, row: &Row, anchor: &str, defaults: &Defaults) -> Result<Document, Failure> {
    let date = row.text("date").map(|text| fields::date(&row.place, "date", &text)).transpose()?;
    let turns = agent_turns(row)?;
    if !is_resolved(row) {
        let detail = format!("{}: dialog `{anchor}` was not resolved, so it is no knowledge", row.place);
        return Err(Failure::new(Reason::Unresolved, detail));
    }
    if turns.is_empty() {
        let detail = format!("{}: dialog `{anchor}` has no words of an agent", row.place);
        return Err(Failure::new(Reason::NoText, detail));
    }
    let text = turns.join("\n");
    let stated = row.text("language").and_then(|code| Language::parse(&code));
    let language = stated.unwrap_or_else(|| language::of_text(&text, None, &defaults.language));
    let product = row.text("product");
    let date = date.map(|date| date.to_string());
    let title = title(&language, product.as_deref(), date.as_deref());
    let mut document = Document::new(&source.path, Some(anchor), Kind::Dialog, &title, language);
    document.identifiers = identifier::find(&text);
    document.product = product;
    document.tags = date
        .into_iter()
        .chain(row.text("tags").map(|text| fields::tags(&text)).unwrap_or_default())
        .collect();
    document.sections = vec![Section::of_paragraphs(Vec::new(), None, turns)];
    Ok(document)
}

/// Named by product and day: no words of the customer.
fn title(language: &Language, product: Option<&str>, date: Option<&str>) -> String {
    let name = if *language == Language::german() { "Support-Dialog" } else { "Support dialog" };
    [Some(name), product, date].into_iter().flatten().collect::<Vec<_>>().join(" ")
}

fn is_resolved(row: &Row) -> bool {
    let stated = row.text("resolved").map(|text| text.to_lowercase());
    matches!(stated.as_deref(), Some("true" | "1" | "yes" | "ja"))
}

/// What the agent said, in order. A turn by anyone but agent and customer is an error: whose words are they?
fn agent_turns(row: &Row) -> Result<Vec<String>, Failure> {
    let Some(Value::Array(turns)) = row.fields.get("turns") else {
        return Err(Failure::new(
            Reason::InvalidRecord,
            format!("{}: field `turns` is missing or no list", row.place),
        ));
    };
    let mut found = Vec::new();
    for turn in turns {
        let text = |key: &str| turn.get(key).and_then(Value::as_str).unwrap_or("");
        match text("from").to_lowercase().as_str() {
            "agent" => found.push(normal::collapse_spaces(text("text"))),
            "customer" => {}
            other => return Err(fields::invalid(&row.place, "from", other, "is neither customer nor agent")),
        }
    }
    found.retain(|text| !text.is_empty());
    Ok(found)
}

#[cfg(test)]
mod tests {
    use auskunft_model::SourceKind;

    use super::*;
    use crate::Record;

    fn read_all(text: &str) -> Vec<RecordOutcome> {
        let source = Source { path: "dialogs/d.jsonl".to_owned(), kind: SourceKind::Dialog };
        extract(&source, text.as_bytes(), &Defaults { language: Language::german() }).unwrap().records
    }

    const SOLVED: &str = r#"{"id":"d1","date":"2026-03-01","language":"de","product":"KM-2400","resolved":true,"turns":[{"from":"customer","text":"Hier Erika Muster, die Maschine blinkt"},{"from":"agent","text":"Bitte entkalken Sie die KM-2400."}]}"#;

    #[test]
    fn only_the_agents_words_of_a_solved_dialog_are_kept() {
        let found = read_all(SOLVED);
        let Ok(Record::Document(document)) = &found[0].result else { panic!("{found:?}") };
        assert_eq!(document.anchor.as_deref(), Some("d1"));
        assert_eq!(document.sections[0].text(), "Bitte entkalken Sie die KM-2400.");
        assert_eq!(document.title, "Support-Dialog KM-2400 2026-03-01");
        assert_eq!(document.tags, ["2026-03-01"]);
        assert!(!format!("{document:?}").contains("Erika"));
    }

    #[test]
    fn an_unsolved_dialog_is_no_knowledge() {
        let found = read_all(&SOLVED.replace("true", "false"));
        assert_eq!(found[0].result.as_ref().unwrap_err().reason, Reason::Unresolved);
        assert_eq!(found[0].anchor.as_deref(), Some("d1"));
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
        let second = found[3].result.as_ref().unwrap_err();
        assert!(second.detail.contains("line 4") && second.detail.contains("line 3"), "{second}");
    }
}
