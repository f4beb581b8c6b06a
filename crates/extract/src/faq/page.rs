//! FAQ pages and Markdown: questions as headings, `details`, definition lists or schema.org FAQPage.

use auskunft_model::{Document, Failure, Kind, Language, Reason, Section, Source};
use auskunft_text::{identifier, normal};
use scraper::Html;

use super::Claimed;
use crate::front::{self, Front};
use crate::html::structured::{json_ld, term};
use crate::markdown::{self, Dialect};
use crate::{Defaults, Extracted, RecordOutcome, encoding, fields, html, language, outline};

/// A question with its answer, before it is a document.
struct Found {
    question: String,
    /// The headings down to the question.
    path: Vec<String>,
    topic: Option<String>,
    sections: Vec<Section>,
}

/// What holds for all questions of a file.
struct Context<'a> {
    source: &'a Source,
    front: Front<'a>,
    declared: Option<String>,
    defaults: &'a Defaults,
}

/// Reads a page or Markdown file.
pub(super) fn extract(source: &Source, bytes: &[u8], defaults: &Defaults) -> Result<Extracted, Failure> {
    let decoded = encoding::decode(bytes);
    let front = front::read(&source.path, &decoded.text)?;
    let is_markup = source.extension().contains("htm");
    let (found, sections, declared) =
        if is_markup { read_page(front.body) } else { read_markdown(front.body) };
    let declared = front.get("language").map(str::to_owned).or(declared);
    let context = Context { source, front, declared, defaults };
    let warnings = decoded.warning.into_iter();
    if found.is_empty() {
        let document = whole(&context, sections)?;
        let no_question = "no questions found (headings that end in ?), read as one text".to_owned();
        return Ok(Extracted::one(document, warnings.chain([no_question]).collect()));
    }
    Ok(Extracted { records: outcomes(&context, found), warnings: warnings.collect() })
}

fn read_page(text: &str) -> (Vec<Found>, Vec<Section>, Option<String>) {
    let tree = Html::parse_document(text);
    let page = html::page(&tree);
    let mut found = stated(&tree);
    for one in by_headings(&page.sections) {
        let key = normal::question_key(&one.question);
        if !found.iter().any(|known| normal::question_key(&known.question) == key) {
            found.push(one);
        }
    }
    (found, page.sections, page.language)
}

fn read_markdown(text: &str) -> (Vec<Found>, Vec<Section>, Option<String>) {
    let (sections, _) = markdown::sections(text, Dialect::Markdown);
    (by_headings(&sections), sections, None)
}

/// Questions of a schema.org FAQPage in JSON-LD.
fn stated(tree: &Html) -> Vec<Found> {
    let objects = json_ld::objects(tree);
    let questions =
        objects.iter().filter(|object| json_ld::has_type(object, &|kind| term(kind) == "Question"));
    let read = |question: &serde_json::Map<String, serde_json::Value>| {
        let answer = question.get("acceptedAnswer").or_else(|| question.get("suggestedAnswer"))?;
        let answer = answer.as_array().and_then(|all| all.first()).unwrap_or(answer);
        let sections = html::fragment_sections(&answer.get("text").and_then(json_ld::text)?);
        Some(Found {
            question: question.get("name").and_then(json_ld::text)?,
            path: Vec::new(),
            topic: None,
            sections,
        })
    };
    questions.filter_map(read).collect()
}

/// Sections under the innermost heading that ends in a question mark.
fn by_headings(sections: &[Section]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for section in sections {
        let Some(at) = section.heading_path.iter().rposition(|heading| heading.ends_with('?')) else {
            continue;
        };
        let (path, below) = section.heading_path.split_at(at + 1);
        let part = Section { heading_path: below.to_vec(), ..section.clone() };
        match found.iter_mut().find(|known| known.path == path) {
            Some(known) => known.sections.push(part),
            None => found.push(Found {
                question: section.heading_path[at].clone(),
                path: path.to_vec(),
                topic: path.iter().rev().find(|heading| !heading.ends_with('?')).cloned(),
                sections: vec![part],
            }),
        }
    }
    found
}

fn outcomes(context: &Context<'_>, found: Vec<Found>) -> Vec<RecordOutcome> {
    let mut claimed = Claimed::default();
    let place = |index: usize| format!("{} question {}", context.source.path, index + 1);
    let found = found.into_iter().enumerate();
    found.map(|(index, one)| claimed.outcome(&place(index), None, document(context, one))).collect()
}

fn document(context: &Context<'_>, found: Found) -> Result<Document, (Option<String>, Failure)> {
    let anchor = fields::id_of_words("q", &found.question);
    let text = format!("{}\n{}", found.question, outline::text_of(&found.sections));
    let mut document = new_document(context, Some(&anchor), &found.question, &text);
    set_labels(context, &mut document).map_err(|failure| (Some(anchor), failure))?;
    document.tags.extend(found.topic);
    document.sections = found.sections;
    Ok(document)
}

/// A file without questions is still knowledge: one document.
fn whole(context: &Context<'_>, sections: Vec<Section>) -> Result<Document, Failure> {
    if sections.is_empty() {
        return Err(Failure::new(Reason::NoText, format!("{} holds no text", context.source.path)));
    }
    let heading = sections.iter().find_map(|section| section.heading_path.first().cloned());
    let title = context.front.get("title").map(str::to_owned).or(heading);
    let title = title.unwrap_or_else(|| context.source.stem().to_owned());
    let mut document = new_document(context, None, &title, &outline::text_of(&sections));
    set_labels(context, &mut document)?;
    document.sections = outline::without_title(sections, &title);
    Ok(document)
}

fn new_document(context: &Context<'_>, anchor: Option<&str>, title: &str, text: &str) -> Document {
    let stated = context.front.get("language").and_then(Language::parse);
    let default = &context.defaults.language;
    let language = stated.unwrap_or_else(|| language::of_text(text, context.declared.as_deref(), default));
    let mut document = Document::new(&context.source.path, anchor, Kind::Faq, title, language);
    document.identifiers = identifier::find(text);
    document
}

fn set_labels(context: &Context<'_>, document: &mut Document) -> Result<(), Failure> {
    let get = |key: &str| context.front.get(key).map(str::to_owned);
    fields::set_validity(document, &context.source.path, &get)?;
    document.product = get("product");
    document.category = get("category");
    document.product_family = get("product_family");
    document.maker = get("maker");
    document.tags = get("tags").map(|text| fields::tags(&text)).unwrap_or_default();
    Ok(())
}
