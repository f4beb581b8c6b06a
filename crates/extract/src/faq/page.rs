//! FAQ pages and Markdown: one document per question, however the page sets its questions.

use std::collections::HashSet;

use auskunft_model::{Document, Failure, Kind, Language, Reason, Section, Source};
use auskunft_text::{identifier, normal};
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
    let left_out = left_out(&sections, &found);
    if found.is_empty() {
        let document = whole(&context, sections)?;
        let no_question =
            "no questions found (headings that end in ?, folds, `Frage:`), read as one text".to_owned();
        return Ok(Extracted::one(document, warnings.chain([no_question]).collect()));
    }
    let warnings = warnings.chain(left_out).collect();
    Ok(Extracted { records: outcomes(&context, found), warnings })
}

/// A paragraph of a page with fewer of its words in questions and answers is in none of them.
const KNOWN_SHARE: f64 = 0.75;
/// Fewer words outside of questions and answers are a page's greeting.
const GREETING_WORDS: usize = 40;

/// A warning where much of a page's text is in no question or answer.
fn left_out(sections: &[Section], found: &[Found]) -> Option<String> {
    let words = |text: &str| normal::question_key(text).split(' ').map(str::to_owned).collect::<Vec<_>>();
    let texts =
        found.iter().map(|found| format!("{}\n{}", found.question, outline::text_of(&found.sections)));
    let told: HashSet<String> = texts.flat_map(|text| words(&text)).collect();
    let blocks = sections.iter().flat_map(|section| &section.blocks).map(|block| words(&block.text()));
    let outside = blocks.filter(|block| {
        let known = block.iter().filter(|word| told.contains(*word)).count();
        (known as f64) < block.len() as f64 * KNOWN_SHARE
    });
    let count: usize = outside.map(|block| block.len()).sum();
    (count >= GREETING_WORDS).then(|| {
        format!("{count} words of the page stand outside its questions and are left out; give them a file of their own")
    })
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
    questions.add(markup::in_scripts(&tree));
    questions.add(markup::in_markup(&tree));
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
    let under_headings = prose::by_headings(sections);
    if questions.len() > 0 || under_headings.len() != 1 || !is_by_the_way(sections) {
        questions.add(under_headings);
    }
    let takes_paragraphs = questions.len() == 0;
    let of_blocks = prose::by_blocks(sections, takes_paragraphs);
    // A single paragraph that asks is rhetoric, two are a list.
    if !takes_paragraphs || of_blocks.len() > 1 {
        questions.add(of_blocks);
    }
}

/// Whether a page says more beside its only question than in answer to it: `Noch Fragen?` at its foot.
fn is_by_the_way(sections: &[Section]) -> bool {
    let words = |section: &Section| section.text().split_whitespace().count();
    let (answer, rest): (Vec<&Section>, Vec<&Section>) =
        sections.iter().partition(|section| prose::asking(section).is_some());
    let count = |sections: Vec<&Section>| sections.into_iter().map(words).sum::<usize>();
    count(rest) > count(answer)
}

fn outcomes(context: &Context<'_>, found: Vec<Found>) -> Vec<RecordOutcome> {
    let mut claimed = Claimed::default();
    let mut anchors = HashSet::new();
    let place = |index: usize| format!("{} question {}", context.source.path, index + 1);
    let found = found.into_iter().enumerate();
    found
        .map(|(index, one)| {
            let anchor = anchor(&one, &mut anchors);
            claimed.outcome(&place(index), None, document(context, one, anchor))
        })
        .collect()
}

/// An id of the question's words; where those are taken, of its topic's, too, and then of its answer's.
fn anchor(found: &Found, taken: &mut HashSet<String>) -> String {
    let (question, topic) = (&found.question, found.topic.as_deref().unwrap_or(""));
    let plain = fields::id_of_words("q", question);
    if taken.insert(plain.clone()) {
        return plain;
    }
    let with_topic = fields::id_of_words("q", &format!("{topic} {question}"));
    if taken.insert(with_topic.clone()) {
        return with_topic;
    }
    fields::id_of_words("q", &format!("{topic} {question} {}", found.answer_key()))
}

fn document(
    context: &Context<'_>,
    found: Found,
    anchor: String,
) -> Result<Document, (Option<String>, Failure)> {
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
