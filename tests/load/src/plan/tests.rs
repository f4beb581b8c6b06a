use std::collections::{BTreeMap, BTreeSet};

use super::*;

fn question(line: &str) -> Question {
    serde_json::from_str(line).unwrap()
}

fn questions() -> Vec<Question> {
    let mut all = Vec::new();
    for place in 0..40 {
        let customer =
            if place % 4 == 0 { format!(r#", "customer_id": "C-{place}""#) } else { String::new() };
        let state = if place % 7 == 0 { "clarify" } else { "answered" };
        all.push(question(&format!(
            r#"{{"question": "q{place}", "state": "{state}", "agent_id": "A-1"{customer}}}"#
        )));
    }
    all.push(question(
        r#"{"question": "und der?", "state": "answered", "after": ["der erste?"], "agent_id": "A-1"}"#,
    ));
    all
}

fn style(repeat: f64) -> Style {
    Style { repeat, length: 5, at_once: 3, distinct: false, name: "t".to_owned(), seed: 7 }
}

fn asked(questions: &[Question], style: Style, number: usize) -> Vec<Ask> {
    let agents = Agents::default();
    let mut plan = Plan::new(questions, &agents, style).unwrap();
    std::iter::repeat_with(|| plan.next()).take(number).collect()
}

#[test]
fn a_round_asks_every_question_once() {
    let questions = questions();
    let asks = asked(&questions, style(0.0), 300);
    let times = |place: usize| asks.iter().filter(|ask| ask.is_judged && ask.question == place).count();
    let counts: BTreeSet<usize> = (0..questions.len()).map(times).collect();
    assert!(counts.iter().max().unwrap() - counts.iter().min().unwrap() <= 2, "{counts:?}");
    assert!(counts.contains(&7), "{counts:?}");
}

#[test]
fn a_conversation_has_one_customer_and_begins_with_what_depends_on_it() {
    let questions = questions();
    let mut sessions: BTreeMap<String, Vec<Ask>> = BTreeMap::new();
    for ask in asked(&questions, style(0.0), 300) {
        sessions.entry(ask.session.to_string()).or_default().push(ask);
    }
    assert!(sessions.values().any(|asks| asks.len() == 5));
    for asks in sessions.values() {
        let customers: BTreeSet<_> = asks.iter().map(|ask| &questions[ask.question].customer_id).collect();
        assert_eq!(customers.len(), 1);
        let judged: Vec<_> = asks.iter().filter(|ask| ask.is_judged).collect();
        assert!(judged.iter().skip(1).all(|ask| questions[ask.question].stands_alone()));
    }
}

#[test]
fn what_is_repeated_was_asked_in_the_same_conversation() {
    let questions = questions();
    let asks = asked(&questions, style(0.3), 2_000);
    let mut seen = BTreeSet::new();
    let mut repeated = 0;
    for ask in &asks {
        repeated += usize::from(!seen.insert((&ask.session, &ask.words)));
    }
    assert!((540..660).contains(&repeated), "{repeated}");
}

#[test]
fn the_same_seed_asks_the_same() {
    let questions = questions();
    let words = |asks: Vec<Ask>| asks.into_iter().map(|ask| ask.words.to_string()).collect::<Vec<_>>();
    assert_eq!(words(asked(&questions, style(0.1), 90)), words(asked(&questions, style(0.1), 90)));
}

#[test]
fn what_is_greeted_was_not_asked_before_by_the_same_run_or_another() {
    let questions = questions();
    let mut greeted = BTreeSet::new();
    for name in ["t.1", "t.2"] {
        let style = Style { distinct: true, name: name.to_owned(), ..style(0.0) };
        greeted.extend(asked(&questions, style, 500).into_iter().map(|ask| ask.words.to_string()));
    }
    assert!(greeted.len() > 996, "{}", greeted.len());
}
