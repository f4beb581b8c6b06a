//! One record `{id, question, answer, answer_html?, product?, language?}`.

use auskunft_model::{Document, Failure, Kind, Reason, Section, Source};
use auskunft_text::{identifier, normal};
use serde_json::Value;

use crate::records::Row;
use crate::{Defaults, fields, html, language, outline};

/// Fields with a meaning of their own; others of few words become tags.
const KNOWN: &[&str] = &[
    "id",
    "question",
    "answer",
    "answer_html",
    "product",
    "language",
    "tags",
    "category",
    "product_family",
    "maker",
    "version",
    "region",
    "valid_from",
    "valid_to",
];

/// Names that spreadsheets and other systems give to fields, and ours.
const OTHER_NAMES: &[(&str, &str)] = &[
    ("frage", "question"),
    ("antwort", "answer"),
    ("antwort_html", "answer_html"),
    ("produkt", "product"),
    ("sku", "product"),
    ("sprache", "language"),
    ("lang", "language"),
    ("kategorie", "category"),
    ("gültig_ab", "valid_from"),
    ("gültig_bis", "valid_to"),
    ("schlagworte", "tags"),
];

/// Gives fields our names where the record does not use them itself.
pub(super) fn rename(row: &mut Row) {
    for (other, ours) in OTHER_NAMES {
        let key = row.fields.keys().find(|key| key.to_lowercase() == *other).cloned();
        if let Some(key) = key.filter(|_| !row.fields.contains_key(*ours))
            && let Some(value) = row.fields.remove(&key)
        {
            row.fields.insert((*ours).to_owned(), value);
        }
    }
}

/// A longer value of an unknown field is no tag.
const MAX_TAG: usize = 60;

/// The document of a record, or its anchor (where it has one) and why there is none.
pub(super) fn document(
    source: &Source,
    row: &Row,
    defaults: &Defaults,
) -> Result<Document, (Option<String>, Failure)> {
    let question = row.required("question").map_err(|failure| (stated_anchor(row), failure))?;
    let question = normal::collapse_spaces(&question);
    let anchor = stated_anchor(row).unwrap_or_else(|| fields::id_of_words("q", &question));
    read(source, row, &question, &anchor, defaults).map_err(|failure| (Some(anchor.clone()), failure))
}

/// The record's own id in the public form.
fn stated_anchor(row: &Row) -> Option<String> {
    row.text("id").map(|id| fields::id_form(&id)).filter(|id| !id.is_empty())
}

fn read(
    source: &Source,
    row: &Row,
    question: &str,
    anchor: &str,
    defaults: &Defaults,
) -> Result<Document, Failure> {
    let sections = answer(row);
    if sections.is_empty() {
        let detail =
            format!("{}: record `{anchor}` has no answer; write one or delete the record", row.place);
        return Err(Failure::new(Reason::NoText, detail));
    }
    let declared = row.text("language");
    let text = format!("{question}\n{}", outline::text_of(&sections));
    let language = match declared.as_deref().and_then(auskunft_model::Language::parse) {
        Some(stated) => stated,
        None => language::of_text(&text, None, &defaults.language),
    };
    let mut document = Document::new(&source.path, Some(anchor), Kind::Faq, question, language);
    fields::set_validity(&mut document, &row.place, &|key| row.text(key))?;
    document.identifiers = identifier::find(&text);
    document.sections = sections;
    document.product = product(row, &mut document.warnings);
    document.category = row.text("category");
    document.product_family = row.text("product_family");
    document.maker = row.text("maker");
    document.tags = tags(row);
    Ok(document)
}

/// The structured answer when it says at least as much as the plain one.
fn answer(row: &Row) -> Vec<Section> {
    let plain = row.text("answer").map(|text| plain_sections(&text)).unwrap_or_default();
    let structured = row.text("answer_html").map(|html| html::answer_sections(&html)).unwrap_or_default();
    let words = |sections: &[Section]| outline::text_of(sections).split_whitespace().count();
    if words(&structured) * 10 >= words(&plain) * 9 { structured } else { plain }
}

/// A plain answer; some hold HTML all the same.
fn plain_sections(text: &str) -> Vec<Section> {
    if ["</", "<br", "<p>"].iter().any(|tag| text.contains(tag)) {
        return html::answer_sections(text);
    }
    let lines = text.lines().map(normal::collapse_spaces).filter(|line| !line.is_empty()).collect::<Vec<_>>();
    if lines.is_empty() { Vec::new() } else { vec![Section::of_paragraphs(Vec::new(), None, lines)] }
}

/// `product` as text or list; of several the first is taken and the report told.
fn product(row: &Row, warnings: &mut Vec<String>) -> Option<String> {
    let Some(Value::Array(items)) = row.fields.get("product") else { return row.text("product") };
    if items.len() > 1 {
        warnings.push(format!("{}: {} products stated, bound to the first", row.place, items.len()));
    }
    items.iter().find_map(Value::as_str).map(|text| text.trim().to_owned())
}

/// Stated tags, and short words of fields without a meaning of their own (`topic`, `page`, …); no links, dates, numbers.
fn tags(row: &Row) -> Vec<String> {
    let mut found = match row.fields.get("tags") {
        Some(Value::Array(items)) => {
            items.iter().filter_map(Value::as_str).map(|tag| tag.trim().to_owned()).collect()
        }
        _ => row.text("tags").map(|text| fields::tags(&text)).unwrap_or_default(),
    };
    let others = row.fields.iter().filter(|(key, _)| !KNOWN.contains(&key.as_str()));
    for (_, value) in others {
        let text = value.as_str().unwrap_or("").trim();
        let begins_with_letter = text.starts_with(char::is_alphabetic);
        let is_tag = begins_with_letter && !text.contains("://") && text.chars().count() <= MAX_TAG;
        if is_tag && !found.iter().any(|known| known == text) {
            found.push(text.to_owned());
        }
    }
    found
}
