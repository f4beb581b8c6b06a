//! Whether the facts of an answer are exactly those that a question states.

use auskunft_model::Answer;
use serde_json::{Map, Value};

use super::EvaluationQuestion;

/// Kinds that come from the shop's data; the others (`steps`, `remedy`, `faq`, …) are what texts say.
const OF_DATA: &[&str] = &[
    "order",
    "shipment",
    "payment",
    "candidate",
    "return_window",
    "return",
    "price",
    "discontinued",
    "not_sold",
    "warranty",
    "serial_invalid",
    "serial_unknown",
    "comparison",
];

/// Whether every fact of data that a question states is in the answer with every value, and no further one. `None` where the
/// question is about no such facts.
pub(super) fn are_right(question: &EvaluationQuestion, answer: &Answer) -> Option<bool> {
    let wanted: Vec<&Map<String, Value>> = question.facts.iter().filter_map(of_data).collect();
    if wanted.is_empty() {
        return None;
    }
    let given: Vec<Value> = answer.facts.iter().filter_map(|fact| serde_json::to_value(fact).ok()).collect();
    let mut given: Vec<&Map<String, Value>> = given.iter().filter_map(of_data).collect();
    let all_given = wanted.iter().all(|wanted| {
        let place = given.iter().position(|given| holds(given, wanted));
        place.map(|place| given.remove(place)).is_some()
    });
    Some(all_given && given.is_empty())
}

fn of_data(fact: &Value) -> Option<&Map<String, Value>> {
    let fact = fact.as_object()?;
    let kind = fact.get("kind")?.as_str()?;
    OF_DATA.contains(&kind).then_some(fact)
}

/// An absent value and `null` say the same; what is not asked for may be there.
fn holds(given: &Map<String, Value>, wanted: &Map<String, Value>) -> bool {
    wanted.iter().all(|(key, value)| is_held(given.get(key).unwrap_or(&Value::Null), value))
}

fn is_held(given: &Value, wanted: &Value) -> bool {
    match (given, wanted) {
        (Value::Object(given), Value::Object(wanted)) => holds(given, wanted),
        (Value::Array(given), Value::Array(wanted)) => {
            given.len() == wanted.len()
                && given.iter().zip(wanted).all(|(given, wanted)| is_held(given, wanted))
        }
        _ => given == wanted,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::evaluate::testing::answer;

    fn asked(facts: &str) -> EvaluationQuestion {
        serde_json::from_str(&format!(r#"{{"question": "?", "facts": {facts}}}"#)).unwrap()
    }

    #[test]
    fn facts_are_right_only_when_all_values_are_and_none_is_too_many() {
        let right = |facts: &str| are_right(&asked(facts), &answer(""));
        assert_eq!(right(r#"[{"kind": "price", "amount": "1068.90", "stock": null}]"#), Some(true));
        assert_eq!(right(r#"[{"kind": "price", "amount": "1068.91"}]"#), Some(false));
        let two = r#"[{"kind": "price", "amount": "1068.90"}, {"kind": "discontinued"}]"#;
        assert_eq!(right(two), Some(false));
        assert_eq!(right(r#"[{"kind": "serial_invalid"}]"#), Some(false));
        assert_eq!(right(r#"[{"kind": "steps"}]"#), None);
    }
}
