//! Days, moments, amounts and numbers as people write them.

use chrono::{DateTime, NaiveDate, Utc};

use super::Tongue;

/// `21.11.2026`, `2026-11-21`.
pub(super) fn day(on: NaiveDate, tongue: Tongue) -> String {
    on.format(tongue.pick("%d.%m.%Y", "%Y-%m-%d")).to_string()
}

/// `21.11.2026, 06:01 Uhr (UTC)`, `2026-11-21, 06:01 UTC`.
pub(super) fn moment(at: DateTime<Utc>, tongue: Tongue) -> String {
    at.format(tongue.pick("%d.%m.%Y, %H:%M Uhr (UTC)", "%Y-%m-%d, %H:%M UTC")).to_string()
}

/// `1.068,90 EUR`, `1,068.90 EUR`; `amount` is written with a point and without groups.
pub(super) fn money(amount: &str, currency: &str, tongue: Tongue) -> String {
    format!("{} {currency}", number(amount, tongue))
}

/// A number with the tongue's signs between groups of three (from five digits on, DIN 5008 asks for them in amounts from four)
/// and before the decimals; what is no plain number stays as it is.
pub(super) fn number(text: &str, tongue: Tongue) -> String {
    let (whole, decimals) = text.split_once('.').unwrap_or((text, ""));
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(decimals) {
        return text.to_owned();
    }
    let (group, point) = tongue.pick(('.', ','), (',', '.'));
    let mut grouped = String::with_capacity(text.len() + 4);
    for (place, digit) in whole.chars().enumerate() {
        if place > 0 && (whole.len() - place).is_multiple_of(3) {
            grouped.push(group);
        }
        grouped.push(digit);
    }
    if decimals.is_empty() { grouped } else { format!("{grouped}{point}{decimals}") }
}
