//! YAML as JSON values, with `<<` as Compose reads it.

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value};

/// The first document of a text.
pub(super) fn parse(text: &str) -> Value {
    json(&Yaml::load_from_str(text).unwrap()[0])
}

fn json(node: &Yaml<'_>) -> Value {
    match node {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(value)) => Value::from(*value),
        Yaml::Value(Scalar::Integer(value)) => Value::from(*value),
        Yaml::Value(Scalar::FloatingPoint(value)) => Value::from(value.into_inner()),
        Yaml::Value(Scalar::String(value)) => Value::from(value.as_ref()),
        Yaml::Sequence(nodes) => nodes.iter().map(json).collect(),
        Yaml::Mapping(nodes) => {
            mapping(nodes.iter().map(|(name, node)| (name.as_str().unwrap(), json(node))))
        }
        other => panic!("{other:?} is nothing that a Compose file holds"),
    }
}

/// What stands beside `<<` wins over what it brings.
fn mapping<'a>(entries: impl Iterator<Item = (&'a str, Value)>) -> Value {
    let (merged, own): (Vec<_>, Vec<_>) = entries.partition(|(name, _)| *name == "<<");
    let mut all: Map<String, Value> =
        merged.into_iter().flat_map(|(_, value)| value.as_object().unwrap().clone()).collect();
    all.extend(own.into_iter().map(|(name, value)| (name.to_owned(), value)));
    Value::Object(all)
}
