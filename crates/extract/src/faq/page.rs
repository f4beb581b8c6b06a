//! FAQ pages and Markdown: one document per question, however the page sets its questions.

use auskunft_model::{Document, Failure, Kind, Language, Reason, Section, Source};
use auskunft_text::identifier;
use scraper::Html;

use super::found::{Found, Questions};
use super::{Claimed, accordion, markup, prose};
use crate::front::{self, Front};
use crate::markdown::{self, Dialect};
use crate::{Defaults, Extracted, RecordOutcome, encoding, fields, html, language, outline};

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
    let dialect = if source.extension() == "txt" { Dialect::Plain } else { Dialect::Markdown };
    let (found, sections, declared) =
        if is_markup { read_page(front.body) } else { read_markdown(front.body, dialect) };
    let declared = front.get("language").map(str::to_owned).or(declared);
    let context = Context { source, front, declared, defaults };
    let warnings = decoded.warning.into_iter();
    if found.is_empty() {
        let document = whole(&context, sections)?;
        let no_question =
            "no questions found (headings that end in ?, folds, `Frage:`), read as one text".to_owned();
        return Ok(Extracted::one(document, warnings.chain([no_question]).collect()));
    }
    Ok(Extracted { records: outcomes(&context, found), warnings: warnings.collect() })
}

/// How many questions that end in a question mark a page or text holds; a text is read as this dialect.
pub(super) fn count(text: &str, dialect: Option<Dialect>) -> usize {
    let (found, ..) = dialect.map_or_else(|| read_page(text), |dialect| read_markdown(text, dialect));
    found.iter().filter(|one| one.question.trim_end().ends_with('?')).count()
}

/// By trust: what is stated for machines, what folds out, headings and labels; single paragraphs only when nothing else is.
fn read_page(text: &str) -> (Vec<Found>, Vec<Section>, Option<String>) {
    let tree = Html::parse_document(text);
    let page = html::page(&tree);
    let mut questions = Questions::default();
    questions.add(markup::stated(&tree));
    questions.add(accordion::folded(&tree));
    questions.add(prose::definitions(&tree));
    add_prose(&mut questions, &page.sections);
    (questions.into_vec(), page.sections, page.language)
}

fn read_markdown(text: &str, dialect: Dialect) -> (Vec<Found>, Vec<Section>, Option<String>) {
    let (sections, _) = markdown::sections(text, dialect);
    let mut questions = Questions::default();
    add_prose(&mut questions, &sections);
    (questions.into_vec(), sections, None)
}

fn add_prose(questions: &mut Questions, sections: &[Section]) {
    questions.add(prose::by_headings(sections));
    let takes_paragraphs = questions.len() == 0;
    let of_blocks = prose::by_blocks(sections, takes_paragraphs);
    // A single paragraph that asks is rhetoric, two are a list.
    if !takes_paragraphs || of_blocks.len() > 1 {
        questions.add(of_blocks);
    }
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
