//! Lengths that belong together: `30 x 20 x 10 cm`, `B/H/T 50,1/38,3/34,7 cm`, `300 × 200 mm`.

use auskunft_model::Value;

use super::quantity::{convert, is_remark, unit_at_start};
use crate::number::{self, Number, Style};
use crate::unit::{self, Unit};

/// Letters that name axes before the numbers, in German, English and French: Breite, Höhe, Tiefe, Länge, Durchmesser.
const AXES: &[char] = &['B', 'H', 'T', 'L', 'D', 'W', 'Ø', 'P', 'l', 'b', 'h', 't', 'd', 'w'];

/// A box has three lengths; more are a list.
const MAX_LENGTHS: usize = 3;

/// One length as printed.
struct Length {
    number: Number,
    unit: Option<Unit>,
}

/// Two or three lengths of one text; the last one's unit holds for those without.
pub(super) fn read(text: &str, style: Style) -> Option<Value> {
    let text = without_axes(text);
    let joint = joint(text)?;
    let mut lengths = Vec::new();
    let mut rest = text;
    loop {
        let (length, after) = length(rest)?;
        lengths.push(length);
        if lengths.len() > MAX_LENGTHS {
            return None;
        }
        match after.trim_start().strip_prefix(joint) {
            Some(next) => rest = next.trim_start(),
            None => {
                rest = after;
                break;
            }
        }
    }
    let fits = lengths.len() > 1 && is_remark(rest);
    let unit = lengths.last()?.unit.filter(|unit| fits && unit.base == "mm")?;
    let in_base = |length: &Length| {
        let own = length.unit.unwrap_or(unit);
        (own.base == "mm").then(|| convert(length.number, own, style))
    };
    let amounts: Option<Vec<f64>> = lengths.iter().map(in_base).collect();
    Some(Value::Dimensions { amounts: amounts?, unit: "mm".to_owned() })
}

/// `BxHxT ca. 50 x …`: the names of the axes say nothing that can be compared.
fn without_axes(text: &str) -> &str {
    let is_name = |sign: char| AXES.contains(&sign) || "x×*/ ().:X".contains(sign);
    let names = text.find(|sign: char| !is_name(sign)).unwrap_or(0);
    let has_axis = text[..names].contains(|sign: char| sign.is_alphabetic() && !"xX".contains(sign));
    if has_axis { super::strip_leading(text[names..].trim_start()) } else { text }
}

/// The sign between the first two lengths.
fn joint(text: &str) -> Option<char> {
    let (_, rest) = length(text)?;
    let sign = rest.trim_start().chars().next()?;
    // A slash parts lengths only where several decimals say that it is no fraction and no list of sizes.
    let is_slash = sign == '/' && text.matches('/').count() == 2;
    (matches!(sign, 'x' | 'X' | '×' | '*') || is_slash).then_some(sign)
}

/// A number, its unit if it has one of its own, an axis behind it (`30 cm (B)`, `30 B`).
fn length(text: &str) -> Option<(Length, &str)> {
    let (number, used) = number::at_start(text)?;
    let after = &text[used..];
    let trimmed = after.trim_start();
    let word: usize =
        trimmed.find(|sign: char| !sign.is_alphabetic() && !"\"″”'".contains(sign)).unwrap_or(trimmed.len());
    let (unit, rest) = match joined_unit(&trimmed[..word]) {
        Some((unit, length)) => (Some(unit), without_axis_mark(&trimmed[length..])),
        None => after_axis_mark(without_axis_mark(after)),
    };
    Some((Length { number, unit }, rest))
}

/// A unit behind the axis: `30 (B) cm`.
fn after_axis_mark(text: &str) -> (Option<Unit>, &str) {
    unit_at_start(text.trim_start()).map_or((None, text), |(unit, rest)| (Some(unit), rest))
}

/// A unit at the start of letters, also before a joint without blank: `30cmx20cm`.
fn joined_unit(letters: &str) -> Option<(Unit, usize)> {
    let whole = unit::find(letters).map(|unit| (unit, letters.len()));
    let cut = letters.find(['x', 'X']).filter(|cut| *cut > 0);
    whole.or_else(|| cut.and_then(|cut| unit::find(&letters[..cut]).map(|unit| (unit, cut))))
}

fn without_axis_mark(text: &str) -> &str {
    let trimmed = text.trim_start();
    for axis in AXES {
        let bracketed =
            trimmed.strip_prefix('(').and_then(|rest| rest.strip_prefix(*axis)?.strip_prefix(')'));
        let bare = trimmed.strip_prefix(*axis).filter(|rest| rest.is_empty() || rest.starts_with([' ', ',']));
        if let Some(rest) = bracketed.or(bare) {
            return rest;
        }
    }
    text
}
