//! Support dialogs. A solved one becomes knowledge: the problem, the steps that helped, the outcome, in its people's own
//! words, after personal data was replaced and talk that says nothing was dropped. Unsolved ones are left alone.

mod distill;
mod phrases;
mod talk;
mod turns;

use auskunft_model::{Document, Failure, Kind, Language, Reason, SOLUTION_HEADINGS, Section, Source};
use auskunft_text::{identifier, normal};

use crate::faq::Claimed;
use crate::outline::text_of;
use crate::records::{self, Row};
use crate::{Defaults, Extracted, RecordOutcome, fields, language};
use distill::Distilled;

/// A longer problem is cut at a word for the title.
const TITLE_CHARS: usize = 90;

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
    let turns = turns::read(row)?;
    if !is_resolved(row) {
        let detail = format!("{}: dialog `{anchor}` was not resolved, so it is no knowledge", row.place);
        return Err(Failure::new(Reason::Unresolved, detail));
    }
    if !turns.iter().any(|turn| turn.is_agent && !turn.text.trim().is_empty()) {
        let detail = format!("{}: dialog `{anchor}` has no words of an agent", row.place);
        return Err(Failure::new(Reason::NoText, detail));
    }
    let distilled = distill::distill(&turns::redacted(row, turns));
    if distilled.steps.is_empty() {
        let detail =
            format!("{}: dialog `{anchor}` names no step that helped, so it is no knowledge", row.place);
        return Err(Failure::new(Reason::Unresolved, detail));
    }
    Ok(made(source, row, anchor, date.map(|date| date.to_string()), &distilled, defaults))
}

fn made(
    source: &Source,
    row: &Row,
    anchor: &str,
    date: Option<String>,
    distilled: &Distilled,
    defaults: &Defaults,
) -> Document {
    let stated = row.text("language").and_then(|code| Language::parse(&code));
    let of_text = || language::of_text(&distilled.text(), None, &defaults.language);
    let language = stated.unwrap_or_else(of_text);
    let product = row.text("product");
    let title = title(&language, product.as_deref(), date.as_deref(), distilled);
    let mut document = Document::new(&source.path, Some(anchor), Kind::Dialog, &title, language);
    document.sections = sections(distilled, &document.language);
    document.identifiers = identifier::find(&text_of(&document.sections));
    document.product = product;
    let tags = row.text("tags").map(|text| fields::tags(&text)).unwrap_or_default();
    document.tags = date.into_iter().chain(tags).collect();
    document
}

/// Named by product and problem, else by product and day.
fn title(language: &Language, product: Option<&str>, date: Option<&str>, distilled: &Distilled) -> String {
    let name = if *language == Language::german() { "Support-Dialog" } else { "Support dialog" };
    let name = [Some(name), product].into_iter().flatten().collect::<Vec<_>>().join(" ");
    match (distilled.problem.first(), date) {
        (Some(problem), _) => format!("{name}: {}", shortened(problem)),
        (None, Some(date)) => format!("{name} {date}"),
        (None, None) => name,
    }
}

fn shortened(text: &str) -> String {
    let text = text.trim_end_matches('.');
    if text.chars().nth(TITLE_CHARS).is_none() {
        return text.to_owned();
    }
    let cut: String = text.chars().take(TITLE_CHARS).collect();
    let whole = cut.rsplit_once(' ').map_or(cut.as_str(), |(whole, _)| whole);
    format!("{} …", whole.trim_end_matches([',', ';', ':']))
}

fn sections(distilled: &Distilled, language: &Language) -> Vec<Section> {
    let is_german = *language == Language::german();
    let heading = |german: &str, english: &str| vec![if is_german { german } else { english }.to_owned()];
    let problem = Section::of_paragraphs(heading("Problem", "Problem"), None, distilled.problem_text());
    let outcome = Section::of_paragraphs(heading("Ergebnis", "Outcome"), None, distilled.outcome_text());
    let [german, english] = SOLUTION_HEADINGS;
    let steps = Section {
        heading_path: heading(german, english),
        page: None,
        blocks: distilled.steps.clone(),
        kind: None,
        language: None,
    };
    [problem, steps, outcome].into_iter().filter(|section| !section.blocks.is_empty()).collect()
}

fn is_resolved(row: &Row) -> bool {
    let stated = row.text("resolved").map(|text| normal::fold(&text));
    matches!(stated.as_deref(), Some("true" | "1" | "yes" | "ja"))
}

#[cfg(test)]
mod tests;
