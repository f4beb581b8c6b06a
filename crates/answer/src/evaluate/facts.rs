//! Whether the facts of an answer are exactly those that a question states, and whether all that an answer says stands in its
//! facts or citations.

use std::collections::BTreeSet;

use auskunft_model::{Answer, Fact};
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

/// Words with a digit in the answer's text that stand in none of its facts, citations, suggestions, nor in the names of
/// the products of its facts. `question` and `names` are allowed, too: a number may be said back. Numbers count as equal
/// however their groups, decimals or days are written.
pub(super) fn unsupported(answer: &Answer, question: &str, names: &[String]) -> Vec<String> {
    let mut known = BTreeSet::new();
    let mut take = |text: &str| known.extend(numbers(text));
    answer.citations.iter().for_each(|citation| take(&citation.quote));
    answer.suggestions.iter().for_each(|suggestion| take(suggestion));
    names.iter().for_each(|name| take(name));
    take(question);
    answer.facts.iter().for_each(|fact| fact_numbers(fact, &mut take));
    let text = without_marks(&answer.text);
    numbers(&text).into_iter().filter(|number| !known.contains(number)).collect()
}

fn fact_numbers(fact: &Fact, take: &mut impl FnMut(&str)) {
    let value = serde_json::to_value(fact).unwrap_or_default();
    let mut open = vec![&value];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(fields) => open.extend(fields.values()),
            Value::Array(items) => open.extend(items),
            Value::String(text) => take(text),
            Value::Number(number) => take(&number.to_string()),
            Value::Null | Value::Bool(_) => {}
        }
    }
}

/// The text without the marks of citations, `[1]`.
fn without_marks(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        plain.push_str(&rest[..open]);
        rest = &rest[open..];
        let close = rest.find(']').filter(|close| rest[1..*close].bytes().all(|byte| byte.is_ascii_digit()));
        let skipped = close.map_or(1, |close| close + 1);
        rest = &rest[skipped..];
    }
    plain + rest
}

/// Runs of digits, with what stands for one number or day taken together: `1.068,90` = `1068.90`, `21.11.2026` = `2026-11-21`.
fn numbers(text: &str) -> Vec<String> {
    let is_inner = |sign: char| sign.is_ascii_digit() || matches!(sign, '.' | ',' | '-' | ':' | '\'' | 'T');
    let tokens = text.split(|sign: char| !is_inner(sign));
    tokens.flat_map(|token| token.split('T')).filter_map(normal).collect()
}

fn normal(token: &str) -> Option<String> {
    let token = token.trim_matches(|sign: char| !sign.is_ascii_digit());
    if token.is_empty() {
        return None;
    }
    let parts: Vec<&str> = token.split('.').collect();
    if let [day, month, year] = parts.as_slice()
        && (day.len(), month.len(), year.len()) == (2, 2, 4)
    {
        return Some(format!("{year}{month}{day}"));
    }
    if token.contains(':') {
        // Seconds are not said.
        return Some(token.chars().filter(char::is_ascii_digit).take(4).collect());
    }
    // Decimals that are nothing say nothing: 449.00 and 449.
    let digits: String = token.chars().filter(char::is_ascii_digit).collect();
    let has_cents = token.len() > 3 && token.is_char_boundary(token.len() - 3) && {
        let tail = &token[token.len() - 3..];
        tail == ".00" || tail == ",00"
    };
    Some(if has_cents { digits[..digits.len() - 2].to_owned() } else { digits })
}

#[cfg(test)]
mod tests {
    use super::*;
    use auskunft_model::{Generation, Language, PriceFact, ProductId, Revision, State};

    fn answer(text: &str) -> Answer {
        Answer {
            state: State::Answered,
            text: text.to_owned(),
            language: Language::german(),
            intent: "price".to_owned(),
            product: None,
            facts: vec![Fact::Price(PriceFact {
                source: "products/A".to_owned(),
                product_id: ProductId::parse("A").unwrap(),
                region: "EU".to_owned(),
                currency: "EUR".to_owned(),
                amount: "1068.90".to_owned(),
                vat_included: true,
                stock: None,
            })],
            citations: Vec::new(),
            suggestions: Vec::new(),
            generation: Generation(1),
            revision: Revision(1),
            degraded: Vec::new(),
        }
    }

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

    #[test]
    fn a_number_that_no_fact_holds_is_found() {
        let unsupported =
            |text: &str| unsupported(&answer(text), "Kostet KM-2400?", &["Sonoriva Q35".to_owned()]);
        assert_eq!(unsupported("Q35: 1.068,90 EUR (KM-2400) [1]"), Vec::<String>::new());
        assert_eq!(unsupported("Q35: 1.068,91 EUR [2], 7 Stück"), ["106891", "7"]);
        assert_eq!(unsupported("am 21.11.2026"), ["20261121"]);
    }
}
