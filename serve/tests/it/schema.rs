//! Compares a value with the shape that the API's description gives it.

use serde_json::Value;

/// What does not fit, as paths with words; empty when all fits.
pub(crate) fn misfits(description: &Value, schema: &Value, value: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(description, schema, value, "$", &mut found);
    found
}

fn check(description: &Value, schema: &Value, value: &Value, path: &str, found: &mut Vec<String>) {
    if let Some(reference) = schema["$ref"].as_str() {
        let target = &description["components"]["schemas"][reference.rsplit('/').next().unwrap()];
        assert!(!target.is_null(), "{reference} is not described");
        return check(description, target, value, path, found);
    }
    if !has_type(&schema["type"], value) {
        found.push(format!("{path} is {value}, not {}", schema["type"]));
    }
    if let Some(items) = value.as_array() {
        for (place, item) in items.iter().enumerate() {
            check(description, &schema["items"], item, &format!("{path}[{place}]"), found);
        }
    }
    if let (Some(fields), Some(properties)) = (value.as_object(), schema["properties"].as_object()) {
        for (name, field) in fields {
            match properties.get(name) {
                Some(property) => check(description, property, field, &format!("{path}.{name}"), found),
                None => found.push(format!("{path}.{name} is not described")),
            }
        }
        for required in schema["required"].as_array().into_iter().flatten() {
            if !fields.contains_key(required.as_str().unwrap()) {
                found.push(format!("{path}.{required} is missing"));
            }
        }
    }
}

/// A schema without a type takes anything, and so does `object`, which stands for open values.
fn has_type(expected: &Value, value: &Value) -> bool {
    let names: Vec<&str> = match expected {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => return true,
    };
    names.into_iter().any(|name| match name {
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "array" => value.is_array(),
        "null" => value.is_null(),
        _ => true,
    })
}
