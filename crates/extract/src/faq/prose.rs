//! Questions in the running text of a page or Markdown file: headings that ask, `Frage:` and `Antwort:`, tables of two
//! columns, paragraphs that ask.

use std::collections::HashMap;

use auskunft_model::{Block, Section};
use scraper::{ElementRef, Html};

use super::found::{Found, clean, split_inline, stated_answer, stated_question};
use crate::html;
use crate::outline::paragraph;

/// A longer paragraph that ends in a question mark is no question of a list.
const LONGEST_QUESTION: usize = 200;

/// Names of a table's columns of questions.
const QUESTION_COLUMNS: &[&str] = &["frage", "fragen", "question", "questions", "ihre frage", "q"];

/// Sections under the innermost heading that ends in a question mark.
pub(super) fn by_headings(sections: &[Section]) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    let mut places: HashMap<&[String], usize> = HashMap::new();
    for section in sections {
        let Some(at) = asking(section) else { continue };
        let (path, below) = section.heading_path.split_at(at + 1);
        let place = *places.entry(path).or_insert(found.len());
        if place == found.len() {
            let question = clean(&section.heading_path[at]);
            found.push(Found { question, topic: topic(path), sections: Vec::new() });
        }
        found[place].sections.push(Section { heading_path: below.to_vec(), ..section.clone() });
    }
    found
}

/// Which of a section's headings asks, the innermost of several.
pub(super) fn asking(section: &Section) -> Option<usize> {
    section.heading_path.iter().rposition(|heading| asks(heading))
}

fn asks(text: &str) -> bool {
    text.trim_end_matches(['"', '“', '”', '«', ')', ' ']).ends_with('?')
}

/// The innermost heading that is no question.
fn topic(path: &[String]) -> Option<String> {
    path.iter().rev().find(|heading| !asks(heading)).cloned()
}

/// Questions that the blocks of sections hold: labelled, in tables, or (where nothing else was found) as paragraphs.
pub(super) fn by_blocks(sections: &[Section], takes_paragraphs: bool) -> Vec<Found> {
    let mut found = Vec::new();
    for section in sections.iter().filter(|section| asking(section).is_none()) {
        let topic = topic(&section.heading_path);
        for block in &section.blocks {
            if let Block::Table { header, rows } = block {
                found.extend(in_table(header, rows, topic.as_deref()));
            }
        }
        found.extend(labelled(&section.blocks, topic.as_deref()));
        if takes_paragraphs {
            found.extend(asked(&section.blocks, topic.as_deref()));
        }
    }
    found
}

/// Rows of a table with a column of questions, by its name or because most of its cells ask.
fn in_table(header: &[String], rows: &[Vec<String>], topic: Option<&str>) -> Vec<Found> {
    let is_named =
        header.first().is_some_and(|name| QUESTION_COLUMNS.contains(&name.trim().to_lowercase().as_str()));
    let asking =
        rows.iter().filter(|row| row.len() == 2 && row.first().is_some_and(|cell| asks(cell))).count();
    if !is_named && (asking < 2 || asking * 2 < rows.len()) {
        return Vec::new();
    }
    let read = |row: &Vec<String>| match row.as_slice() {
        [question, answer, ..] => made(question, vec![paragraph(answer.clone())], topic),
        _ => None,
    };
    rows.iter().filter_map(read).collect()
}

/// `Frage: …` and what follows up to the next one, `Antwort:` dropped.
fn labelled(blocks: &[Block], topic: Option<&str>) -> Vec<Found> {
    collected(blocks, topic, &|text| {
        let question = stated_question(text)?;
        Some(split_inline(question).map_or((question, None), |(question, answer)| (question, Some(answer))))
    })
}

/// A short paragraph that asks, and what follows up to the next one.
fn asked(blocks: &[Block], topic: Option<&str>) -> Vec<Found> {
    collected(blocks, topic, &|text| {
        let is_question =
            asks(text) && text.chars().count() <= LONGEST_QUESTION && stated_question(text).is_none();
        is_question.then_some((text, None))
    })
}

/// A question and, where it stands in the same line, its answer.
type Read<'a> = &'a dyn Fn(&str) -> Option<(&str, Option<&str>)>;

fn collected(blocks: &[Block], topic: Option<&str>, read: Read<'_>) -> Vec<Found> {
    let mut found = Vec::new();
    let mut open: Option<(String, Vec<Block>)> = None;
    for block in blocks {
        let text = block.text();
        if let Some((question, answer)) = read(&text) {
            found.extend(open.take().and_then(|(question, blocks)| made(&question, blocks, topic)));
            open = Some((question.to_owned(), answer.map(paragraph).into_iter().collect()));
        } else if let Some((_, answer)) = &mut open {
            answer.push(stated_answer(&text).map_or_else(|| block.clone(), paragraph));
        }
    }
    found.extend(open.and_then(|(question, blocks)| made(&question, blocks, topic)));
    found
}

fn made(question: &str, blocks: Vec<Block>, topic: Option<&str>) -> Option<Found> {
    let question = clean(question);
    let section = Section { heading_path: Vec::new(), page: None, blocks, kind: None, language: None };
    let is_whole = !question.is_empty() && !section.text().trim().is_empty();
    is_whole.then(|| Found { question, topic: topic.map(str::to_owned), sections: vec![section] })
}

/// A definition list whose names say that it is one of questions, though none of its terms ends in a question mark.
pub(super) fn definitions(tree: &Html) -> Vec<Found> {
    let mut topic: Option<String> = None;
    let mut found = Vec::new();
    for element in tree.root_element().descendent_elements() {
        match element.value().name() {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => topic = Some(html::text_of(element)),
            "dl" if is_named_faq(element) && !is_inner(element) => {
                found.extend(in_definitions(element, topic.as_deref()))
            }
            _ => {}
        }
    }
    found
}

/// Whether a list stands in an item of another one.
fn is_inner(list: ElementRef<'_>) -> bool {
    list.ancestors().filter_map(ElementRef::wrap).any(|above| above.value().name() == "dl")
}

fn is_named_faq(list: ElementRef<'_>) -> bool {
    let above = list.ancestors().filter_map(ElementRef::wrap).take(3);
    let names = std::iter::once(list).chain(above).flat_map(html::name_words);
    names.into_iter().any(|word| matches!(word.as_str(), "faq" | "faqs" | "fragen" | "questions"))
}

fn in_definitions(list: ElementRef<'_>, topic: Option<&str>) -> Vec<Found> {
    let mut found: Vec<Found> = Vec::new();
    for part in html::own_terms(list) {
        match part.value().name() {
            "dt" => found.push(Found {
                question: clean(&html::text_of(part)),
                topic: topic.map(str::to_owned),
                sections: Vec::new(),
            }),
            "dd" => {
                if let Some(last) = found.last_mut() {
                    last.sections.extend(html::element_sections(part));
                }
            }
            _ => {}
        }
    }
    found.retain(|one| !one.question.is_empty());
    found
}
