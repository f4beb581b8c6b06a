//! Files of many records: JSON lists, JSONL and CSV as objects with their place.

use std::borrow::Cow;

use auskunft_model::{Failure, Reason, Source};
use auskunft_text::normal;
use serde_json::{Map, Value};

use crate::encoding;

/// One record as it stands in the file.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Row {
    /// The line it begins on, in JSONL and CSV.
    pub(crate) line: Option<u32>,
    /// Where it stands, for messages: `faqs/a.jsonl line 3`.
    pub(crate) place: String,
    /// Its fields.
    pub(crate) fields: Map<String, Value>,
}

impl Row {
    /// A field as trimmed text; numbers and booleans are text too. Missing, empty and nested values are `None`.
    pub(crate) fn text(&self, key: &str) -> Option<String> {
        let text = match self.fields.get(key)? {
            Value::String(text) => text.trim().to_owned(),
            Value::Number(number) => number.to_string(),
            Value::Bool(answer) => answer.to_string(),
            Value::Null | Value::Array(_) | Value::Object(_) => return None,
        };
        (!text.is_empty()).then_some(text)
    }

    /// A field that the record must have.
    pub(crate) fn required(&self, key: &str) -> Result<String, Failure> {
        self.text(key).ok_or_else(|| {
            Failure::new(Reason::InvalidRecord, format!("{}: field `{key}` is missing", self.place))
        })
    }
}

/// A row, or the line whose row cannot be read and why.
pub(crate) type RowResult = Result<Row, (Option<u32>, Failure)>;

/// Fields of an object that may hold its list of records.
const LISTS: &[&str] =
    &["faqs", "faq", "questions", "tickets", "dialogs", "items", "entries", "records", "data"];

/// The rows of a JSON, JSONL or CSV file. The error is about the file; a broken row is an error of its own.
pub(crate) fn rows(source: &Source, bytes: &[u8]) -> Result<Vec<RowResult>, Failure> {
    let begins = bytes.iter().find(|byte| !byte.is_ascii_whitespace());
    match source.extension().as_str() {
        "csv" => csv_rows(source, bytes),
        "json" => json_rows(source, bytes),
        _ if begins == Some(&b'[') => json_rows(source, bytes),
        _ => Ok(line_rows(source, bytes)),
    }
}

fn json_rows(source: &Source, bytes: &[u8]) -> Result<Vec<RowResult>, Failure> {
    let text = encoding::decode(bytes).text;
    let value: Value = match serde_json::from_str(&text) {
        Ok(value) => value,
        Err(_) if is_lines(&text) => return Ok(line_rows(source, bytes)),
        Err(error) => return Err(broken(source, &error)),
    };
    let items = list(value).ok_or_else(|| {
        let detail = format!("{}: expected a list of records or an object that holds one", source.path);
        Failure::new(Reason::InvalidRecord, detail)
    })?;
    let rows = items.into_iter().enumerate();
    Ok(rows.map(|(index, item)| row(item, None, format!("{} record {}", source.path, index + 1))).collect())
}

fn broken(source: &Source, error: &serde_json::Error) -> Failure {
    let detail = format!("{} line {}: no valid JSON: {error}", source.path, error.line());
    Failure::new(Reason::Damaged, detail)
}

/// Whether a `.json` file holds one object a line.
fn is_lines(text: &str) -> bool {
    let first = text.lines().find(|line| !line.trim().is_empty());
    first.is_some_and(|line| serde_json::from_str::<Map<String, Value>>(line).is_ok())
}

fn list(value: Value) -> Option<Vec<Value>> {
    match value {
        Value::Array(items) => Some(items),
        Value::Object(mut object) => {
            let key = LISTS.iter().find(|key| object.get(**key).is_some_and(Value::is_array));
            match key.and_then(|key| object.remove(*key)) {
                Some(Value::Array(items)) => Some(items),
                _ => Some(vec![Value::Object(object)]),
            }
        }
        _ => None,
    }
}

fn row(item: Value, line: Option<u32>, place: String) -> RowResult {
    match item {
        Value::Object(mut fields) => {
            fields.values_mut().for_each(compose);
            Ok(Row { line, place, fields })
        }
        _ => Err((line, Failure::new(Reason::InvalidRecord, format!("{place}: expected an object")))),
    }
}

/// Composes letters that are written in parts, in every text of a value; JSON may hide them in escapes.
fn compose(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Cow::Owned(composed) = normal::compose(text) {
                *text = composed;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(compose),
        Value::Object(fields) => fields.values_mut().for_each(compose),
        _ => {}
    }
}

fn line_rows(source: &Source, bytes: &[u8]) -> Vec<RowResult> {
    let mut found = Vec::new();
    for (index, line) in text_lines(bytes).into_iter().enumerate() {
        let number = u32::try_from(index + 1).unwrap_or(u32::MAX);
        let place = format!("{} line {number}", source.path);
        let parsed = match line {
            Ok(text) if text.trim().is_empty() => continue,
            Ok(text) => serde_json::from_str(&text).map_err(|error| format!("no valid JSON: {error}")),
            Err(why) => Err(why),
        };
        found.push(match parsed {
            Ok(item) => row(item, Some(number), place),
            Err(why) => Err((Some(number), Failure::new(Reason::InvalidRecord, format!("{place}: {why}")))),
        });
    }
    found
}

/// The lines as text. A file that is UTF-8 but for single lines loses only those; a file in another encoding is decoded
/// as a whole.
fn text_lines(bytes: &[u8]) -> Vec<Result<String, String>> {
    let lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    let non_ascii = || lines.iter().filter(|line| !line.is_ascii());
    let has_utf8 = non_ascii().any(|line| std::str::from_utf8(line).is_ok());
    let has_other = non_ascii().any(|line| std::str::from_utf8(line).is_err());
    if has_other && !has_utf8 {
        return encoding::decode(bytes).text.lines().map(|line| Ok(line.to_owned())).collect();
    }
    let text = |line: &&[u8]| match std::str::from_utf8(line) {
        Ok(text) => Ok(text.trim_start_matches('\u{feff}').to_owned()),
        Err(error) => Err(format!("not utf-8 at byte {}", error.valid_up_to() + 1)),
    };
    lines.iter().map(text).collect()
}

fn csv_rows(source: &Source, bytes: &[u8]) -> Result<Vec<RowResult>, Failure> {
    let text = encoding::decode(bytes).text;
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter(&text)).flexible(true).from_reader(text.as_bytes());
    let headers = reader.headers().cloned().map_err(|error| {
        Failure::new(Reason::Damaged, format!("{}: the header line cannot be read: {error}", source.path))
    })?;
    let keys: Vec<String> = headers.iter().map(|key| key.trim().to_lowercase()).collect();
    let mut found = Vec::new();
    for record in reader.records() {
        found.push(csv_row(source, &keys, record));
    }
    Ok(found)
}

fn csv_row(source: &Source, keys: &[String], record: Result<csv::StringRecord, csv::Error>) -> RowResult {
    let number = |line: u64| u32::try_from(line).unwrap_or(u32::MAX);
    let record = record.map_err(|error| {
        let line = error.position().map(|position| number(position.line()));
        let place = line.map_or_else(|| source.path.clone(), |line| format!("{} line {line}", source.path));
        (line, Failure::new(Reason::InvalidRecord, format!("{place}: no valid CSV: {error}")))
    })?;
    let line = record.position().map(|position| number(position.line()));
    let place = format!("{} line {}", source.path, line.unwrap_or(0));
    if record.len() != keys.len() {
        let detail = format!(
            "{place}: {} columns where the header names {}; quote values with separators",
            record.len(),
            keys.len()
        );
        return Err((line, Failure::new(Reason::InvalidRecord, detail)));
    }
    let values = record.iter().map(|value| Value::String(value.to_owned()));
    Ok(Row { line, place, fields: keys.iter().cloned().zip(values).collect() })
}

/// The separator that the header line holds most of.
fn delimiter(text: &str) -> u8 {
    let header = text.lines().next().unwrap_or("");
    let count = |sign: u8| header.bytes().filter(|byte| *byte == sign).count();
    [b',', b';', b'\t'].into_iter().rev().max_by_key(|sign| count(*sign)).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use auskunft_model::SourceKind;

    use super::*;

    fn read(path: &str, bytes: &[u8]) -> Vec<RowResult> {
        rows(&Source { path: path.to_owned(), kind: SourceKind::Faq }, bytes).unwrap()
    }

    #[test]
    fn a_broken_line_is_named_and_the_others_are_kept() {
        let found = read("a.jsonl", b"{\"id\":1}\n{broken\n\n{\"id\":\"x\"}\n");
        assert_eq!(found.len(), 3);
        let (line, failure) = found[1].clone().unwrap_err();
        assert_eq!(line, Some(2));
        assert!(failure.detail.starts_with("a.jsonl line 2:"), "{failure}");
        assert_eq!(found[2].as_ref().unwrap().text("id").as_deref(), Some("x"));
        assert_eq!(found[2].as_ref().unwrap().line, Some(4));
    }

    #[test]
    fn a_line_in_another_encoding_costs_one_line_and_a_whole_file_is_decoded() {
        let found = read("a.jsonl", b"{\"q\":\"Gr\xc3\xb6\xc3\x9fe\"}\n{\"q\":\"Gr\xf6\xdfe\"}\n");
        assert!(found[0].is_ok() && found[1].is_err());
        let found = read("a.jsonl", b"{\"q\":\"Gr\xf6\xdfe und L\xe4nge\"}\n");
        assert_eq!(found[0].as_ref().unwrap().text("q").as_deref(), Some("Größe und Länge"));
    }

    #[test]
    fn lists_come_bare_or_inside_an_object_or_line_by_line() {
        assert_eq!(read("a.json", b"[{\"id\":1},{\"id\":2}]").len(), 2);
        assert_eq!(read("a.json", b"{\"faqs\":[{\"id\":1}]}").len(), 1);
        assert_eq!(read("a.json", b"{\"id\":1}").len(), 1);
        assert_eq!(read("a.json", b"{\"id\":1}\n{\"id\":2}").len(), 2);
        let source = Source { path: "a.json".to_owned(), kind: SourceKind::Faq };
        assert_eq!(rows(&source, b"[{\"id\":").unwrap_err().reason, Reason::Damaged);
    }

    #[test]
    fn csv_separators_are_seen_and_wrong_column_counts_are_named() {
        let found =
            read("a.csv", "id;question;answer\n1;\"Was; wie?\";Ja\n2;zu wenig\n3;Wo?;Hier\n".as_bytes());
        assert_eq!(found[0].as_ref().unwrap().text("question").as_deref(), Some("Was; wie?"));
        assert!(found[1].as_ref().unwrap_err().1.detail.starts_with("a.csv line 3:"));
        assert_eq!(found[2].as_ref().unwrap().text("answer").as_deref(), Some("Hier"));
    }
}
