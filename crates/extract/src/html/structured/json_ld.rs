//! JSON-LD blocks (schema.org).

use std::collections::HashMap;

use auskunft_text::normal::collapse_spaces;
use scraper::{ElementRef, Html};
use serde_json::{Map, Value};

use super::item::{Item, MAX_BYTES, MAX_CHARS, Property};
use super::{OTHERS, is_product, term};
use crate::html::elements;

/// The page's blocks of JSON-LD. One that cannot be read is left out, the others are kept.
pub(crate) fn blocks(document: &Html) -> Vec<Value> {
    let scripts = elements(document.root_element(), "script").filter(|script| is_json_ld(*script));
    scripts.filter_map(|block| parse(&block.text().collect::<String>())).collect()
}

/// All objects with a type in the page's JSON-LD, in document order.
pub(crate) fn objects(blocks: &[Value]) -> Vec<&Map<String, Value>> {
    let mut found = Vec::new();
    blocks.iter().for_each(|block| collect(block, &mut found));
    found
}

fn is_json_ld(script: ElementRef<'_>) -> bool {
    script
        .attr("type")
        .is_some_and(|kind| kind.trim().to_ascii_lowercase().starts_with("application/ld+json"))
}

/// Strict JSON first; then without comment wrappers, a trailing semicolon and raw control characters inside strings.
fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&cleaned(text)).ok())
}

fn cleaned(text: &str) -> String {
    let mut text = text.trim();
    for wrapper in ["//", "<![CDATA[", "<!--", "/*<![CDATA[*/", "/*"] {
        text = text.strip_prefix(wrapper).unwrap_or(text).trim_start();
    }
    for wrapper in ["/*]]>*/", "-->", "]]>", "*/", "//", ";"] {
        text = text.strip_suffix(wrapper).unwrap_or(text).trim_end();
    }
    text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}

/// Walks lists, graphs and nested objects; depth is bounded by the parser's own limit of 128.
fn collect<'a>(value: &'a Value, found: &mut Vec<&'a Map<String, Value>>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(object) => {
            if object.contains_key("@type") {
                found.push(object);
            }
            let is_other = |key: &str| OTHERS.contains(&term(key).to_ascii_lowercase().as_str());
            let inside = object.iter().filter(|(key, _)| !is_other(key));
            inside.for_each(|(_, value)| collect(value, found));
        }
        _ => {}
    }
}

/// Whether an object has a type; `@type` may be a list.
pub(crate) fn has_type(object: &Map<String, Value>, test: &dyn Fn(&str) -> bool) -> bool {
    match object.get("@type") {
        Some(Value::String(kind)) => test(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(test),
        _ => false,
    }
}

/// Deeper things are left out: a graph that refers to itself without end must end somewhere.
const MAX_DEPTH: usize = 12;

/// The products among the objects, with references inside the page's graph resolved.
pub(crate) fn products(objects: &[&Map<String, Value>]) -> Vec<Item> {
    let named = objects.iter().filter_map(|object| Some((object.get("@id")?.as_str()?, *object)));
    let mut builder = Builder { by_id: named.collect(), room: MAX_BYTES };
    let products = objects.iter().filter(|object| has_type(object, &is_product));
    products.map(|object| builder.item(object, 0)).collect()
}

struct Builder<'a> {
    by_id: HashMap<&'a str, &'a Map<String, Value>>,
    /// Bytes that properties may still take: the same objects are built wherever they are referred to.
    room: usize,
}

impl<'a> Builder<'a> {
    fn item(&mut self, object: &'a Map<String, Value>, depth: usize) -> Item {
        let id = object.get("@id").and_then(Value::as_str);
        let mut item = Item::new(types(object), id.map(str::to_owned));
        for (key, value) in object.iter().filter(|(key, _)| !key.starts_with('@')) {
            self.add(&mut item, key, value, depth + 1);
        }
        item
    }

    fn add(&mut self, item: &mut Item, key: &str, value: &'a Value, depth: usize) {
        if self.room == 0 {
            return;
        }
        let property = match value {
            Value::Array(values) => return values.iter().for_each(|one| self.add(item, key, one, depth)),
            Value::Object(object) if object.contains_key("@value") => object.get("@value").map(data),
            Value::Object(object) if depth < MAX_DEPTH => {
                Some(Property::Item(self.item(self.resolved(object), depth)))
            }
            _ => Some(data(value)),
        };
        if let Some(property) = property {
            self.room = self.room.saturating_sub(property.size());
            item.push([key], property);
        }
    }

    /// The object that a bare reference `{"@id": …}` means.
    fn resolved(&self, object: &'a Map<String, Value>) -> &'a Map<String, Value> {
        let id = object.get("@id").and_then(Value::as_str).filter(|_| object.len() == 1);
        id.and_then(|id| self.by_id.get(id)).copied().unwrap_or(object)
    }
}

fn data(value: &Value) -> Property {
    let text = text(value).unwrap_or_default();
    let end = text.char_indices().nth(MAX_CHARS).map_or(text.len(), |(end, _)| end);
    Property::Data(text[..end].to_owned())
}

fn types(object: &Map<String, Value>) -> Vec<String> {
    match object.get("@type") {
        Some(Value::String(kind)) => vec![kind.clone()],
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// A value as text: strings and numbers themselves, objects by their name or value, lists by their first.
pub(crate) fn text(value: &Value) -> Option<String> {
    let found = match value {
        Value::String(text) => collapse_spaces(text),
        Value::Number(number) => number_text(number),
        Value::Bool(answer) => answer.to_string(),
        Value::Array(items) => return items.iter().find_map(text),
        Value::Object(object) => {
            return ["name", "value", "@value", "@id"].iter().find_map(|key| object.get(*key).and_then(text));
        }
        Value::Null => return None,
    };
    (!found.is_empty()).then_some(found)
}

/// JSON's point is always a decimal sign: a further zero keeps three decimals from being read as a thousands separator.
fn number_text(number: &serde_json::Number) -> String {
    let text = number.to_string();
    let has_three = text.split_once('.').is_some_and(|(_, decimals)| decimals.len() == 3);
    if has_three { format!("{text}0") } else { text }
}

/// Names of the breadcrumb, outermost first.
pub(crate) fn breadcrumb(objects: &[&Map<String, Value>]) -> Vec<String> {
    let list = objects.iter().find(|object| has_type(object, &|kind| term(kind) == "BreadcrumbList"));
    let Some(Value::Array(items)) = list.and_then(|list| list.get("itemListElement")) else {
        return Vec::new();
    };
    let name = |item: &Value| {
        item.get("name").or_else(|| item.get("item").and_then(|item| item.get("name"))).and_then(text)
    };
    items.iter().filter_map(name).collect()
}
