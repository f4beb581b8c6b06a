//! Who said what, and the same without personal data.

use auskunft_model::{Failure, Reason};
use auskunft_text::normal::fold;
use auskunft_text::redact::Redactor;
use serde_json::Value;

use super::talk;
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
        // The value is not told: some exports write the person's name here.
        _ => {
            let detail = format!("{}: `from` of a turn is neither `customer` nor `agent`", row.place);
            return Err(Failure::new(Reason::InvalidRecord, detail));
        }
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
/// that is given so is learnt. The question stands until the agent says something else: the customer may ask for a moment
/// first, or answer in several turns.
fn without_answers(turns: Vec<Turn>, redactor: &mut Redactor) -> Vec<Turn> {
    let (mut asked, mut is_answered) = (String::new(), false);
    let mut kept = Vec::with_capacity(turns.len());
    for turn in turns {
        if turn.is_agent {
            if talk::asks_person(&turn.text) || !talk::is_empty(&turn.text) {
                (asked, is_answered) = (turn.text.clone(), false);
            }
            kept.push(turn);
            continue;
        }
        let words = talk::telling_words(&turn.text);
        let most = if is_answered { NAME_WORDS } else { ANSWER_WORDS };
        let asks_back = turn.text.trim_end().ends_with('?');
        if !talk::asks_person(&asked) || words.len() > most || asks_back {
            kept.push(turn);
            continue;
        }
        if !is_answered && talk::asks_name(&asked) && words.len() <= NAME_WORDS {
            redactor.learn_name(&words.join(" "));
        }
        is_answered |= !words.is_empty();
        kept.push(Turn { text: String::new(), ..turn });
    }
    kept
}
