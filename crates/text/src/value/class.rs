//! Classes of fixed scales: the EU energy label and ingress protection.

use auskunft_model::Value;

/// An energy class: `A`–`G` (Regulation (EU) 2017/1369), `A+`–`A+++` of the label before; `(Spektrum A bis G)` may follow.
pub(super) fn energy(text: &str) -> Option<Value> {
    let text = text.trim();
    let text = ["Klasse", "klasse", "class", "Class"]
        .iter()
        .find_map(|word| text.strip_prefix(word))
        .unwrap_or(text);
    let text = text.trim_start_matches([':', ' ']);
    let letter = text.chars().next().filter(|letter| ('A'..='G').contains(letter))?;
    let pluses = text[1..].bytes().take_while(|byte| *byte == b'+').count();
    let rest = text[1 + pluses..].trim_start();
    let is_scale = rest.is_empty() || rest.starts_with(['(', ',', '/', '[']);
    let fits = pluses == 0 || (letter == 'A' && pluses <= 3);
    (is_scale && fits).then(|| class("energy", format!("{letter}{}", "+".repeat(pluses))))
}

/// An ingress protection code (IEC 60529): `IP67`, `IP X4`, `IP65/IP67` is two and stays text.
pub(super) fn protection(text: &str) -> Option<Value> {
    let digits = text.strip_prefix("IP")?.trim_start_matches([' ', '-']);
    let code: String = digits.chars().take_while(char::is_ascii_alphanumeric).collect();
    let mut signs = code.chars();
    let first = signs.next().is_some_and(|sign| sign == 'X' || ('0'..='6').contains(&sign));
    let second = signs.next().is_some_and(|sign| sign == 'X' || sign.is_ascii_digit());
    let letter = signs.as_str();
    let has_end = letter.is_empty() || matches!(letter, "A" | "B" | "C" | "D" | "H" | "M" | "S" | "W" | "K");
    let rest = digits[code.len()..].trim_start();
    let is_alone = !rest.starts_with('/') && !rest.contains("IP");
    (first && second && has_end && is_alone).then(|| class("ip", format!("IP{code}")))
}

fn class(scheme: &str, class: String) -> Value {
    Value::Class { scheme: scheme.to_owned(), class }
}
