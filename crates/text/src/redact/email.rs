//! E-mail addresses, also written with `(at)`.

use super::cursor::Cursor;
use super::{Kind, Place};

/// Most characters before the sign (RFC 5321, 4.5.3.1.1).
const LOCAL: usize = 64;
/// Most characters of a domain's label, and most labels that are read.
const LABEL: usize = 63;
const LABELS: usize = 8;

/// An address that begins here.
pub(super) fn at(text: &str, start: usize) -> Option<Place> {
    let mut cursor = Cursor::new(text, start);
    let is_local = |sign: char| sign.is_alphanumeric() || "._%+-'".contains(sign);
    (cursor.skip(LOCAL, is_local) > 0).then_some(())?;
    read_at_sign(&mut cursor).then_some(())?;
    let end = domain_end(cursor)?;
    Some(Place::new(Kind::Email, start..end))
}

/// `@`, ` @ `, `(at)`, `[at]`, ` (at) `.
fn read_at_sign(cursor: &mut Cursor<'_>) -> bool {
    cursor.skip(1, |sign| sign == ' ');
    let forms = ["@", "(at)", "[at]", "(AT)", "[AT]", "{at}"];
    let Some(form) = forms.iter().find(|form| cursor.rest().starts_with(**form)) else { return false };
    cursor.at += form.len();
    cursor.skip(1, |sign| sign == ' ');
    true
}

/// Behind the last label; the last one has letters only.
fn domain_end(mut cursor: Cursor<'_>) -> Option<usize> {
    let mut end = None;
    for index in 0..LABELS {
        let begin = cursor.at;
        let length = cursor.skip(LABEL, |sign| sign.is_alphanumeric() || sign == '-');
        let label = &cursor.rest_from(begin)[..cursor.at - begin];
        if length == 0 {
            break;
        }
        let is_last = length >= 2 && label.chars().all(char::is_alphabetic);
        if index > 0 && is_last && cursor.is_word_end() {
            end = Some(cursor.at);
        }
        if !cursor.eat('.') {
            break;
        }
    }
    end
}
