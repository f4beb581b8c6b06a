//! Questions that fold out: `details`, buttons and links with the panel they open, boxes named question and answer.

use std::collections::{HashMap, HashSet};

use auskunft_model::Section;
use ego_tree::NodeId;
use scraper::{ElementRef, Html};

use super::found::{Found, clean};
use crate::html::{self, Landmarks, boilerplate, name_words};

/// A longer label is a text that happens to be clickable.
const LONGEST_QUESTION: usize = 300;

/// What is clicked and what opens.
struct Pair<'a> {
    question: String,
    trigger: ElementRef<'a>,
    panel: ElementRef<'a>,
    topic: Option<String>,
}

/// The questions of a page's accordions, in order. A fold that holds folds is a group, its label their topic.
pub(super) fn folded(tree: &Html) -> Vec<Found> {
    let root = tree.root_element();
    let by_id: HashMap<&str, ElementRef<'_>> =
        root.descendent_elements().filter_map(|element| Some((element.attr("id")?, element))).collect();
    let protected = Landmarks::of(root).protected;
    let pairs = pairs(root, &by_id, &protected);
    let panels: HashMap<NodeId, usize> =
        pairs.iter().enumerate().map(|(index, pair)| (pair.panel.id(), index)).collect();
    let around = |index: usize| {
        let above = pairs[index].trigger.ancestors().filter_map(|node| panels.get(&node.id()).copied());
        above.into_iter().find(|group| *group != index)
    };
    let groups: HashSet<usize> = (0..pairs.len()).filter_map(around).collect();
    let found = pairs.iter().enumerate().filter(|(index, _)| !groups.contains(index)).map(|(index, pair)| {
        let group = around(index).map(|group| pairs[group].question.clone());
        Found {
            question: pair.question.clone(),
            topic: group.or_else(|| pair.topic.clone()),
            sections: answer(pair),
        }
    });
    found.collect()
}

/// All pairs outside menus and footers, with the heading above them.
fn pairs<'a>(
    root: ElementRef<'a>,
    by_id: &HashMap<&str, ElementRef<'a>>,
    protected: &HashSet<NodeId>,
) -> Vec<Pair<'a>> {
    let mut found: Vec<Pair<'a>> = Vec::new();
    let (mut panels, mut triggers) = (HashSet::new(), HashSet::new());
    let mut headings: Vec<(u8, ElementRef<'a>)> = Vec::new();
    for element in root.descendent_elements() {
        if element.ancestors().any(|node| triggers.contains(&node.id())) {
            continue;
        }
        if let Some(level) = heading_level(element) {
            headings.retain(|(open, _)| *open < level);
            headings.push((level, element));
        }
        let panel = panel_of(element, by_id).filter(|panel| !panels.contains(&panel.id()));
        let Some(panel) = panel else { continue };
        let question = clean(&html::text_of(element));
        let is_label = !question.is_empty() && question.chars().count() <= LONGEST_QUESTION;
        let stands_in_furniture = element
            .parent()
            .and_then(ElementRef::wrap)
            .is_some_and(|parent| boilerplate::stands_in_furniture(parent, protected));
        if !is_label || stands_in_furniture {
            continue;
        }
        panels.insert(panel.id());
        triggers.insert(element.id());
        let topic = topic(&headings, element);
        found.push(Pair { question, trigger: element, panel, topic });
    }
    found
}

fn heading_level(element: ElementRef<'_>) -> Option<u8> {
    match element.value().name().as_bytes() {
        [b'h', level @ b'1'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

/// The innermost heading above a trigger that is no question and does not hold or stand for it.
fn topic(headings: &[(u8, ElementRef<'_>)], trigger: ElementRef<'_>) -> Option<String> {
    let holds = |heading: &ElementRef<'_>| {
        heading.id() == trigger.id() || trigger.ancestors().any(|node| node.id() == heading.id())
    };
    let texts = headings
        .iter()
        .rev()
        .filter(|(_, heading)| !holds(heading))
        .map(|(_, heading)| html::text_of(*heading));
    texts.into_iter().find(|text| !text.is_empty() && !text.ends_with('?'))
}

/// What an element opens.
fn panel_of<'a>(element: ElementRef<'a>, by_id: &HashMap<&str, ElementRef<'a>>) -> Option<ElementRef<'a>> {
    let tag = element.value().name();
    if tag == "summary" {
        return element
            .parent()
            .and_then(ElementRef::wrap)
            .filter(|parent| parent.value().name() == "details");
    }
    named_panel(element, by_id).or_else(|| panel_beside(element, tag))
}

/// By `aria-controls`, `data-target`, or a link to an id that folds out.
fn named_panel<'a>(element: ElementRef<'a>, by_id: &HashMap<&str, ElementRef<'a>>) -> Option<ElementRef<'a>> {
    let toggles = ["data-toggle", "data-bs-toggle", "data-uk-toggle"]
        .iter()
        .any(|name| element.attr(name) == Some("collapse"));
    let opens = element.attr("aria-controls").filter(|_| element.attr("aria-expanded").is_some() || toggles);
    let target = || {
        ["data-bs-target", "data-target", "href"]
            .iter()
            .find_map(|name| element.attr(name))
            .filter(|_| toggles)
    };
    let id = opens.or_else(target)?.trim_start_matches('#');
    let panel = by_id.get(id).copied()?;
    let is_inside = panel.ancestors().any(|node| node.id() == element.id())
        || element.ancestors().any(|node| node.id() == panel.id());
    (!is_inside && !is_menu(panel)).then_some(panel)
}

fn is_menu(element: ElementRef<'_>) -> bool {
    let above = element.ancestors().filter_map(ElementRef::wrap);
    std::iter::once(element)
        .chain(above)
        .any(|one| matches!(one.value().name(), "nav" | "header" | "footer" | "form"))
}

/// The box behind a box named question, or behind a button or label that asks.
fn panel_beside<'a>(element: ElementRef<'a>, tag: &str) -> Option<ElementRef<'a>> {
    let names = name_words(element);
    let is_named = is_question_name(&names) && !matches!(tag, "ul" | "ol" | "section" | "article" | "body");
    let asks = || matches!(tag, "button" | "label") && html::text_of(element).trim_end().ends_with('?');
    if !is_named && !asks() {
        return None;
    }
    let next = next_element(element).or_else(|| {
        let parent = element.parent().and_then(ElementRef::wrap)?;
        // A heading or box that holds nothing but the question stands for it.
        (html::text_of(parent) == html::text_of(element)).then(|| next_element(parent)).flatten()
    })?;
    let answers = is_answer_name(&name_words(next));
    (answers || (asks() && !is_question_name(&name_words(next)))).then_some(next)
}

fn next_element(element: ElementRef<'_>) -> Option<ElementRef<'_>> {
    element.next_siblings().find_map(ElementRef::wrap)
}

/// `faq-question`, `frage`, `accordion__title`.
fn is_question_name(names: &[String]) -> bool {
    let has = |words: &[&str]| names.iter().any(|name| words.contains(&name.as_str()));
    has(&["question", "frage", "faqquestion"])
        || (has(&["accordion", "akkordeon", "faq", "toggle", "collapse", "collapsible"])
            && has(&[
                "title", "header", "heading", "head", "trigger", "toggle", "button", "btn", "label", "titel",
                "summary",
            ]))
}

/// `faq-answer`, `antwort`, `accordion__content`.
fn is_answer_name(names: &[String]) -> bool {
    let has = |words: &[&str]| names.iter().any(|name| words.contains(&name.as_str()));
    has(&[
        "answer",
        "antwort",
        "faqanswer",
        "content",
        "panel",
        "body",
        "collapse",
        "inhalt",
        "text",
        "inner",
        "details",
    ])
}

/// The text of a panel; the question itself, where the panel repeats it, is left out.
fn answer(pair: &Pair<'_>) -> Vec<Section> {
    let mut sections = html::element_sections(pair.panel);
    if let Some(first) = sections.first_mut()
        && first.blocks.first().is_some_and(|block| clean(&block.text()) == pair.question)
    {
        first.blocks.remove(0);
    }
    for section in &mut sections {
        section.heading_path.retain(|heading| clean(heading) != pair.question);
    }
    sections.retain(|section| !section.blocks.is_empty());
    sections
}
