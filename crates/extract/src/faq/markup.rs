//! Questions that a page states for machines: schema.org `Question` in JSON-LD, microdata and RDFa.

use scraper::{ElementRef, Html};
use serde_json::{Map, Value};

use super::found::{Found, clean};
use crate::html;
use crate::html::structured::{json_ld, term};

/// Questions in JSON-LD.
pub(super) fn in_scripts(tree: &Html) -> Vec<Found> {
    let blocks = json_ld::blocks(tree);
    let objects = json_ld::objects(&blocks);
    let questions =
        objects.iter().filter(|object| json_ld::has_type(object, &|kind| term(kind) == "Question"));
    questions.filter_map(|question| in_json(question)).collect()
}

/// Questions in microdata and RDFa.
pub(super) fn in_markup(tree: &Html) -> Vec<Found> {
    tree.root_element().descendent_elements().filter(is_question).filter_map(in_attributes).collect()
}

fn in_json(question: &Map<String, Value>) -> Option<Found> {
    let answer = question.get("acceptedAnswer").or_else(|| question.get("suggestedAnswer"))?;
    let answer = answer.as_array().and_then(|all| all.first()).unwrap_or(answer);
    let text = answer.get("text").and_then(json_ld::text)?;
    let name = question.get("name").or_else(|| question.get("text")).and_then(json_ld::text)?;
    Some(Found { question: clean(&words(&name)), topic: None, sections: html::answer_sections(&text) })
}

/// A question's name without the tags and entities that some pages put into it.
fn words(name: &str) -> String {
    if !name.contains(['<', '&']) {
        return name.to_owned();
    }
    html::text_of(Html::parse_fragment(name).root_element())
}

fn is_question(element: &ElementRef<'_>) -> bool {
    let kinds = element.attr("itemtype").or_else(|| element.attr("typeof")).unwrap_or("");
    kinds.split_whitespace().any(|kind| term(kind) == "Question")
}

fn property<'a>(element: &ElementRef<'a>) -> &'a str {
    element
        .attr("itemprop")
        .or_else(|| element.attr("property"))
        .map_or("", |name| name.rsplit(':').next().unwrap_or(name))
}

fn in_attributes(scope: ElementRef<'_>) -> Option<Found> {
    let inside = || scope.descendent_elements().skip(1);
    let answer =
        inside().find(|element| matches!(property(element), "acceptedAnswer" | "suggestedAnswer"))?;
    let text = answer.descendent_elements().find(|element| property(element) == "text").unwrap_or(answer);
    let name = inside().find(|element| property(element) == "name")?;
    let question = name.attr("content").map_or_else(|| html::text_of(name), str::to_owned);
    let sections = match text.attr("content") {
        Some(content) => html::answer_sections(content),
        None => html::element_sections(text),
    };
    (!question.trim().is_empty()).then(|| Found { question: clean(&question), topic: None, sections })
}
