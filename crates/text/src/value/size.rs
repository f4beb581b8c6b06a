//! Sizes of clothing and shoes, kept as printed.

use auskunft_model::Value;

/// Words before a size that name its scale.
const SCALES: &[&str] =
    &["EU", "EUR", "UK", "US", "DE", "FR", "IT", "W", "L", "Gr.", "Größe", "size", "Size"];

/// Words that are a size.
const WORDS: &[&str] = &[
    "XXXS",
    "XXS",
    "XS",
    "S",
    "M",
    "L",
    "XL",
    "XXL",
    "XXXL",
    "One Size",
    "one size",
    "Onesize",
    "OS",
    "Einheitsgröße",
    "Universal",
];

/// A label that consists of sizes only: `42`, `UK 8`, `XL`, `S–M`, `W32/L34`, `S, M, L`. Quantities are none.
pub(super) fn read(text: &str) -> Option<Value> {
    let label = text.trim();
    if label.is_empty() {
        return None;
    }
    let is_size = label.split([',', ';', '/', '|', '–']).map(str::trim).all(is_one);
    is_size.then(|| Value::Size { label: label.to_owned() })
}

fn is_one(text: &str) -> bool {
    if WORDS.contains(&text) {
        return true;
    }
    let rest = SCALES.iter().find_map(|scale| text.strip_prefix(scale)).unwrap_or(text).trim_start();
    let number = rest.strip_suffix(" EU").or_else(|| rest.strip_suffix(" UK")).unwrap_or(rest);
    is_number(number)
        || is_mixed(text)
        || number.split_once('-').is_some_and(|(from, to)| is_number(from) && is_number(to))
}

/// `42`, `42,5`, `42.5`, `42 2/3` is cut at the slash before and so `42 2` and `3`, `42½`.
fn is_number(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let rest = &text[digits..];
    let is_half = matches!(rest, "" | ".5" | ",5" | "½" | " ½" | " 1" | " 2" | "C" | "Y" | "K" | "R");
    (1..=3).contains(&digits) && is_half
}

/// `2XL`, `M40`, `3XL56`: letters of a size with digits.
fn is_mixed(text: &str) -> bool {
    let has_letter = text.contains(|sign: char| "SMLX".contains(sign));
    let fits = |sign: char| sign.is_ascii_digit() || "SMLX".contains(sign);
    has_letter && text.len() <= 6 && text.chars().all(fits)
}
