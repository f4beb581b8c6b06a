//! Who said what, and the same without personal data.

use auskunft_model::{Failure, Reason};
use auskunft_text::normal::fold;
use auskunft_text::redact::Redactor;
use serde_json::Value;

use super::talk;
use crate::fields;
use crate::records::Row;

/// What one person said at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Turn {
    /// Whether the shop's side speaks.
    pub(super) is_agent: bool,
    /// The words.
    pub(super) text: String,
}

/// A longer answer to a question about the person says more than was asked.
const ANSWER_WORDS: usize = 8;
/// Most words of a name.
const NAME_WORDS: usize = 3;

/// Fields of a dialog or of a turn that may name people.
const NAME_FIELDS: &[&str] =
    &["customer", "customer_name", "agent", "agent_name", "name", "author", "speaker", "sender"];
/// What stands there and is no name.
const ROLES: &[&str] = &["agent", "customer", "kunde", "kundin", "support", "bot", "system", "user"];

/// The turns in order. A turn by anyone but agent and customer is an error: whose words are they?
pub(super) fn read(row: &Row) -> Result<Vec<Turn>, Failure> {
    let Some(Value::Array(turns)) = row.fields.get("turns") else {
        let detail = format!("{}: field `turns` is missing or no list", row.place);
        return Err(Failure::new(Reason::InvalidRecord, detail));
    };
    turns.iter().map(|turn| read_turn(row, turn)).collect()
}

fn read_turn(row: &Row, turn: &Value) -> Result<Turn, Failure> {
    let text = |key: &str| turn.get(key).and_then(Value::as_str).unwrap_or("");
    let speaker = text("from");
    let is_agent = match speaker.to_lowercase().as_str() {
        "agent" => true,
        "customer" => false,
        other => return Err(fields::invalid(&row.place, "from", other, "is neither customer nor agent")),
    };
    Ok(Turn { is_agent, text: text("text").to_owned() })
}

/// The turns with personal data replaced. A name that one turn introduces, or a field of the record or of a turn states, is
/// replaced in all of them.
pub(super) fn redacted(row: &Row, turns: Vec<Turn>) -> Vec<Turn> {
    let mut redactor = Redactor::default();
    for name in labels(row).filter(|name| !ROLES.contains(&fold(name).as_str())) {
        redactor.learn_name(&name);
    }
    turns.iter().for_each(|turn| redactor.learn(&turn.text));
    let turns = without_answers(turns, &mut redactor);
    let redacted = |turn: Turn| Turn { text: redactor.redact(&turn.text).text, ..turn };
    turns.into_iter().map(redacted).collect()
}

/// What the fields for names hold, of the dialog and of each turn.
fn labels(row: &Row) -> impl Iterator<Item = String> + '_ {
    let turns = row.fields.get("turns").and_then(Value::as_array).into_iter().flatten();
    let of_turns = turns.flat_map(|turn| NAME_FIELDS.iter().filter_map(|field| turn.get(*field)?.as_str()));
    NAME_FIELDS.iter().filter_map(|field| row.text(field)).chain(of_turns.map(str::to_owned))
}

/// Empties short answers to questions such as `Wie lautet Ihre Kundennummer?`: they are personal data in any form. A name
/// that is given so is learnt.
fn without_answers(turns: Vec<Turn>, redactor: &mut Redactor) -> Vec<Turn> {
    let mut asked = String::new();
    let mut kept = Vec::with_capacity(turns.len());
    for turn in turns {
        if turn.is_agent {
            asked.clone_from(&turn.text);
            kept.push(turn);
            continue;
        }
        let is_answer = talk::asks_person(&asked) && talk::word_count(&turn.text) <= ANSWER_WORDS;
        if is_answer && talk::asks_name(&asked) && talk::word_count(&turn.text) <= NAME_WORDS {
            redactor.learn_name(&turn.text);
        }
        kept.push(if is_answer { Turn { text: String::new(), ..turn } } else { turn });
        asked.clear();
    }
    kept
}
