//! Whether an answer is the one that its question wants.

use serde::Serialize;
use serde_json::{Map, Value};

use crate::questions::Question;
use crate::wire::Answer;

/// Kinds of facts that come from the shop's data; the others are what texts say.
const OF_DATA: [&str; 13] = [
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

/// What is said of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Verdict {
    /// State and facts are those that are wanted.
    Right,
    /// They are not, and the answer does not say that something was missing.
    Wrong,
    /// Something was missing, and the answer says so.
    Degraded,
    /// Nothing is known about what is wanted.
    Unjudged,
}

/// Judges an answer.
pub(crate) fn judge(question: &Question, answer: &Answer) -> Verdict {
    if !answer.degraded.is_empty() {
        return Verdict::Degraded;
    }
    let Some(state) = &question.state else { return Verdict::Unjudged };
    if *state == answer.state && facts_are_right(question, answer) { Verdict::Right } else { Verdict::Wrong }
}

/// Whether every fact of data that a question states is there with every value, and no further one.
fn facts_are_right(question: &Question, answer: &Answer) -> bool {
    let wanted: Vec<_> = question.facts.iter().filter(|fact| is_of_data(fact)).collect();
    if wanted.is_empty() {
        return true;
    }
    let mut given: Vec<_> = answer.facts.iter().filter(|fact| is_of_data(fact)).collect();
    let all_given = wanted.iter().all(|wanted| {
        let place = given.iter().position(|given| holds(given, wanted));
        place.map(|place| given.swap_remove(place)).is_some()
    });
    all_given && given.is_empty()
}

fn is_of_data(fact: &Map<String, Value>) -> bool {
    fact.get("kind").and_then(Value::as_str).is_some_and(|kind| OF_DATA.contains(&kind))
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

    fn judged(state: &str, facts: &str, degraded: &str) -> Verdict {
        let question = r#"{"question": "?", "state": "answered", "facts": [
            {"kind": "price", "amount": "9.90", "stock": null}, {"kind": "steps", "value": "3"}]}"#;
        let answer = format!(
            r#"{{"request_id": "r", "state": "{state}", "answer": "x", "language": "de", "intent": "price", "facts": [{facts}],
            "citations": [], "generation": 1, "revision": 1, "cached": false, "degraded": [{degraded}],
            "operations": {{"total": 0}}, "timings_ms": {{"total": 1.0}}}}"#
        );
        judge(&serde_json::from_str(question).unwrap(), &serde_json::from_str(&answer).unwrap())
    }

    #[test]
    fn state_and_facts_of_data_must_be_those_that_are_wanted() {
        let price = r#"{"kind": "price", "amount": "9.90", "region": "EU"}"#;
        assert_eq!(judged("answered", price, ""), Verdict::Right);
        assert_eq!(judged("handoff", price, ""), Verdict::Wrong);
        assert_eq!(judged("answered", &price.replace("9.90", "9.91"), ""), Verdict::Wrong);
        assert_eq!(judged("answered", &format!("{price}, {price}"), ""), Verdict::Wrong);
        assert_eq!(judged("handoff", "", r#""facts""#), Verdict::Degraded);
    }
}
