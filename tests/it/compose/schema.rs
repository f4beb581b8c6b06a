//! As much of JSON Schema (2020-12) as the schema of Compose files needs. A keyword or pattern that is not known here ends the
//! test, so nothing passes unseen. Libraries for it would have everything else compiled a second time, with other features.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

type Keywords = Map<String, Value>;

/// A schema with what it refers to.
pub(super) struct Schema {
    root: Value,
}

impl Schema {
    /// From its text.
    pub(super) fn parse(text: &str) -> Self {
        Self { root: serde_json::from_str(text).unwrap() }
    }

    /// What is wrong with a document; each problem begins with its place.
    pub(super) fn problems(&self, document: &Value) -> Vec<String> {
        self.judge(&self.root, document, "")
    }

    fn judge(&self, schema: &Value, value: &Value, place: &str) -> Vec<String> {
        match schema {
            Value::Bool(true) => Vec::new(),
            Value::Bool(false) => vec![format!("{place}: nothing may stand here")],
            _ => {
                let keywords = schema.as_object().unwrap();
                keywords.keys().flat_map(|keyword| self.keyword(keyword, keywords, value, place)).collect()
            }
        }
    }

    fn keyword(&self, name: &str, schema: &Keywords, value: &Value, place: &str) -> Vec<String> {
        let stated = &schema[name];
        match name {
            "$ref" => self.judge(self.target(stated), value, place),
            "allOf" => list(stated).flat_map(|one| self.judge(one, value, place)).collect(),
            "items" => list(value).flat_map(|item| self.judge(stated, item, place)).collect(),
            "properties" => self.entries(value, place, |key| stated.get(key)),
            "patternProperties" => self.entries(value, place, |key| pattern_of(schema, key)),
            "additionalProperties" => {
                self.entries(value, place, |key| (!names_it(schema, key)).then_some(stated))
            }
            "unevaluatedProperties" => {
                self.entries(value, place, |key| (!self.speaks_of(schema, key)).then_some(stated))
            }
            "$schema" | "$id" | "$defs" | "title" | "description" | "default" | "deprecated" => Vec::new(),
            _ if self.holds(name, stated, value, place) => Vec::new(),
            _ => vec![format!("{place}: {value} is against {name} {stated}")],
        }
    }

    /// Keywords that hold or don't.
    fn holds(&self, name: &str, stated: &Value, value: &Value, place: &str) -> bool {
        let fitting = || list(stated).filter(|one| self.judge(one, value, place).is_empty()).count();
        match name {
            "anyOf" => fitting() > 0,
            "oneOf" => fitting() == 1,
            "type" => stated.as_str().map_or_else(
                || list(stated).any(|kind| is_of(kind.as_str().unwrap(), value)),
                |kind| is_of(kind, value),
            ),
            "enum" => list(stated).any(|one| one == value),
            "required" => list(stated).all(|name| value.get(name.as_str().unwrap()).is_some()),
            "minimum" => value.as_f64().is_none_or(|number| number >= stated.as_f64().unwrap()),
            "maximum" => value.as_f64().is_none_or(|number| number <= stated.as_f64().unwrap()),
            "uniqueItems" => {
                let different: BTreeSet<String> = list(value).map(Value::to_string).collect();
                different.len() == list(value).count()
            }
            "pattern" => value.as_str().is_none_or(|text| matches(stated.as_str().unwrap(), text)),
            other => panic!("the schema's keyword `{other}` is not known here"),
        }
    }

    fn target(&self, reference: &Value) -> &Value {
        let path = reference.as_str().unwrap().strip_prefix('#').unwrap();
        self.root.pointer(path).unwrap()
    }

    /// Judges each entry of an object by the schema for its key, where there is one.
    fn entries<'a>(
        &self,
        value: &Value,
        place: &str,
        schema: impl Fn(&str) -> Option<&'a Value>,
    ) -> Vec<String> {
        let entries = value.as_object().into_iter().flatten();
        let judged = entries.filter_map(|(key, entry)| {
            schema(key).map(|schema| self.judge(schema, entry, &format!("{place}/{key}")))
        });
        judged.flatten().collect()
    }

    /// Whether a schema, or one that it is made of, says something of a key.
    fn speaks_of(&self, schema: &Keywords, key: &str) -> bool {
        let target = schema.get("$ref").map(|reference| self.target(reference));
        let mut parts = schema.get("allOf").into_iter().flat_map(list).chain(target);
        names_it(schema, key) || parts.any(|part| self.speaks_of(part.as_object().unwrap(), key))
    }
}

/// Whether a schema by itself says something of a key.
fn names_it(schema: &Keywords, key: &str) -> bool {
    schema.get("properties").is_some_and(|named| named.get(key).is_some())
        || pattern_of(schema, key).is_some()
}

/// The schema of the pattern that a key matches.
fn pattern_of<'a>(schema: &'a Keywords, key: &str) -> Option<&'a Value> {
    let mut patterns = schema.get("patternProperties")?.as_object()?.iter();
    patterns.find(|(pattern, _)| matches(pattern, key)).map(|(_, schema)| schema)
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn is_of(kind: &str, value: &Value) -> bool {
    match kind {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("there is no type `{other}`"),
    }
}

/// The schema's patterns, one by one.
fn matches(pattern: &str, text: &str) -> bool {
    let is_name = |sign: char| sign.is_ascii_alphanumeric() || "._-".contains(sign);
    match pattern {
        ".+" | "^.+$" => !text.is_empty(),
        "^x-" => text.starts_with("x-"),
        "^[a-z]+$" => !text.is_empty() && text.chars().all(|sign| sign.is_ascii_lowercase()),
        "^[a-zA-Z0-9._-]+$" => !text.is_empty() && text.chars().all(is_name),
        other => panic!("the schema's pattern `{other}` is not known here"),
    }
}
