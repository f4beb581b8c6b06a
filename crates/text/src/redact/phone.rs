//! Telephone numbers as Germans and others write them (DIN 5008, E.123, North American numbers).

use super::cursor::Cursor;
use super::{Kind, Place};
use crate::identifier;

/// Digits of a number with country code at most (ITU-T E.164), with room for an extension.
const MOST_DIGITS: usize = 17;
/// Most groups of digits.
const MOST_GROUPS: usize = 8;

/// Digits with what parts them.
struct Run {
    digits: String,
    /// Lengths of the groups.
    groups: Vec<usize>,
    /// The signs between the groups, each as its most telling one.
    joints: Vec<char>,
    end: usize,
}

/// A number that shows by its own form that it is one.
pub(super) fn at(text: &str, start: usize) -> Option<Place> {
    let first = text[start..].chars().next()?;
    let run = match first {
        '+' => international(text, start),
        '0'..='9' | '(' => national(text, start),
        _ => None,
    }?;
    Some(Place::new(Kind::Phone, start..run.end))
}

/// What stands behind a word such as `Tel.`: any number of at least six digits.
pub(super) fn stated(text: &str, start: usize) -> Option<Place> {
    let mut cursor = Cursor::new(text, start);
    cursor.eat('+');
    cursor.eat('(');
    let run = longest(text, cursor.at, MOST_DIGITS, ".-/ ()–\u{a0}")?;
    let is_year_or_date =
        run.groups.len() <= 3 && run.joints.iter().all(|joint| *joint == '.') && is_date(&run);
    let begin =
        if text[..start].ends_with('(') && text[start..run.end].contains(')') { start - 1 } else { start };
    (run.digits.len() >= 6 && !is_year_or_date).then(|| Place::new(Kind::Phone, begin..run.end))
}

/// `+49 170 1234567`, `+1 (555) 123-4567`, `+49(0)30/1234`.
fn international(text: &str, start: usize) -> Option<Run> {
    let run = longest(text, start + 1, MOST_DIGITS, ".-/ ()–\u{a0}")?;
    ((8..=MOST_DIGITS).contains(&run.digits.len()) && !run.digits.starts_with('0')).then_some(run)
}

/// `0170 1234567`, `(030) 123456`, `030/123456`, `0049 …`, `(555) 123-4567`, `555-123-4567`.
fn national(text: &str, start: usize) -> Option<Run> {
    if let Some(run) = american(text, start) {
        return Some(run);
    }
    let mut cursor = Cursor::new(text, start);
    let in_brackets = cursor.eat('(');
    cursor.rest().starts_with('0').then_some(())?;
    let run = longest(text, cursor.at, MOST_DIGITS - 2, "-/ )–\u{a0}")?;
    let is_phone = (!in_brackets || text[start..run.end].contains(')')) && is_german(&run);
    is_phone.then_some(run)
}

/// A trunk zero with an area code, a mobile prefix, or an international prefix; no date, EAN or counter.
fn is_german(run: &Run) -> bool {
    let count = run.digits.len();
    if identifier::is_gtin(&run.digits) && run.groups.len() == 1 || is_date(run) {
        return false;
    }
    if run.digits.starts_with("00") {
        return (11..=MOST_DIGITS).contains(&count) && !run.digits.starts_with("000");
    }
    let is_mobile = ["015", "016", "017"].iter().any(|prefix| run.digits.starts_with(prefix));
    let is_grouped = run.groups.len() >= 2 && (3..=6).contains(&run.groups[0]);
    match run.groups.len() {
        1 => (is_mobile && (10..=13).contains(&count)) || (10..=12).contains(&count),
        _ => is_grouped && (7..=15).contains(&count),
    }
}

/// `01/03/2026`, `01-03-2026`, `03-2026`.
fn is_date(run: &Run) -> bool {
    matches!(run.groups.as_slice(), [1 | 2, 1 | 2, 2 | 4] | [1 | 2, 4] | [4, 2, 2])
}

/// Three, three and four digits with an area code and an exchange that begin with 2 to 9 (North American Numbering Plan); an
/// exchange parted by hyphens may be mistyped.
fn american(text: &str, start: usize) -> Option<Run> {
    let mut cursor = Cursor::new(text, start);
    let has_trunk = cursor.rest().starts_with("1-") || cursor.rest().starts_with("1 (");
    if has_trunk {
        cursor.at += 2;
    }
    let in_brackets = cursor.eat('(');
    let area = cursor.digits(4);
    let closes = !in_brackets || cursor.eat(')');
    let is_parted = cursor.skip(1, |sign| matches!(sign, '-' | '.' | ' ')) > 0 || in_brackets;
    let exchange = cursor.digits(4);
    let joint = cursor.peek().filter(|sign| matches!(sign, '-' | '.' | ' '))?;
    cursor.at += 1;
    let line = cursor.digits(5);
    let is_shaped = (area.len(), exchange.len(), line.len()) == (3, 3, 4) && closes && is_parted;
    let begins = |part: &str| part.starts_with(|digit: char| ('2'..='9').contains(&digit));
    // Three groups of digits parted by blanks alone are as often a count or a part's number.
    let is_telling = joint != ' ' || in_brackets || has_trunk;
    let is_exchange = begins(exchange) || joint == '-';
    (is_shaped && begins(area) && is_exchange && is_telling && cursor.is_word_end()).then(|| Run {
        digits: format!("{area}{exchange}{line}"),
        groups: vec![3, 3, 4],
        joints: vec![joint],
        end: cursor.at,
    })
}

/// As many groups of digits as fit, parted by one or two of these signs.
fn longest(text: &str, start: usize, most: usize, joints: &str) -> Option<Run> {
    let mut cursor = Cursor::new(text, start);
    let mut run = Run { digits: String::new(), groups: Vec::new(), joints: Vec::new(), end: start };
    while run.groups.len() < MOST_GROUPS {
        let group = cursor.digits(most + 1);
        if group.is_empty() || run.digits.len() + group.len() > most || !cursor.is_word_end() {
            break;
        }
        run.digits.push_str(group);
        run.groups.push(group.len());
        run.end = cursor.at;
        let before = cursor.at;
        if cursor.skip(3, |sign| joints.contains(sign)) == 0 {
            break;
        }
        let joint = text[before..cursor.at].chars().find(|sign| !sign.is_whitespace()).unwrap_or(' ');
        run.joints.push(joint);
    }
    (!run.groups.is_empty()).then_some(run)
}
