//! Amounts of money with currency and VAT note.

use auskunft_model::Value;

use crate::normal::fold;
use crate::number;

/// Signs and words of currencies, the longer before its beginning (`US$` before `$`).
const CURRENCIES: &[(&str, &str)] = &[
    ("US$", "USD"),
    ("CA$", "CAD"),
    ("C$", "CAD"),
    ("AU$", "AUD"),
    ("A$", "AUD"),
    ("HK$", "HKD"),
    ("R$", "BRL"),
    ("Euros", "EUR"),
    ("euros", "EUR"),
    ("Euro", "EUR"),
    ("euro", "EUR"),
    ("EURO", "EUR"),
    ("EUR", "EUR"),
    ("eur", "EUR"),
    ("USD", "USD"),
    ("GBP", "GBP"),
    ("CHF", "CHF"),
    ("SFr.", "CHF"),
    ("Fr.", "CHF"),
    ("PLN", "PLN"),
    ("zł", "PLN"),
    ("CZK", "CZK"),
    ("Kč", "CZK"),
    ("SEK", "SEK"),
    ("NOK", "NOK"),
    ("DKK", "DKK"),
    ("HUF", "HUF"),
    ("Ft", "HUF"),
    ("RON", "RON"),
    ("BGN", "BGN"),
    ("RUB", "RUB"),
    ("рублей", "RUB"),
    ("рубля", "RUB"),
    ("руб", "RUB"),
    ("TRY", "TRY"),
    ("JPY", "JPY"),
    ("KRW", "KRW"),
    ("CNY", "CNY"),
    ("INR", "INR"),
    ("ISK", "ISK"),
    ("KWD", "KWD"),
    ("BHD", "BHD"),
    ("JOD", "JOD"),
    ("OMR", "OMR"),
    ("TND", "TND"),
    ("CAD", "CAD"),
    ("AUD", "AUD"),
    ("€", "EUR"),
    ("$", "USD"),
    ("£", "GBP"),
    ("¥", "JPY"),
    ("₽", "RUB"),
    ("₺", "TRY"),
    ("₩", "KRW"),
    ("₹", "INR"),
    ("₴", "UAH"),
    // The Cyrillic letter: `47 405Р`.
    ("Р", "RUB"),
    ("р.", "RUB"),
];

/// Signs and words of currencies with their ISO 4217 codes.
pub fn currencies() -> impl Iterator<Item = (&'static str, &'static str)> {
    CURRENCIES.iter().copied()
}

/// How often a text holds the sign or word of a currency that it holds most.
pub fn count_currencies(text: &str) -> usize {
    CURRENCIES.iter().map(|(sign, _)| places(text, sign).count()).max().unwrap_or(0)
}

/// Where a sign stands in a text, other than inside a word.
fn places(text: &str, sign: &str) -> impl Iterator<Item = usize> {
    text.match_indices(sign).map(|(at, _)| at).filter(move |at| is_apart(text, *at, sign))
}

/// Whether a sign at a place of a text is no part of a longer word: `Ft` is none in `Geschäft`.
fn is_apart(text: &str, at: usize, sign: &str) -> bool {
    let joins = |one: Option<char>, other: Option<char>| {
        one.is_some_and(char::is_alphabetic) && other.is_some_and(char::is_alphabetic)
    };
    let (before, after) = (&text[..at], &text[at + sign.len()..]);
    !joins(before.chars().next_back(), sign.chars().next())
        && !joins(sign.chars().next_back(), after.chars().next())
}

/// Above this amount in major units a number is no price.
const MAX_AMOUNT: f64 = 1e10;

/// Words that may stand before a price in its own field.
const BEFORE: &[&str] = &["", "preis", "price", "uvp", "nur", "ab", "jetzt", "now", "from", "statt", "only"];

/// An amount and what stands around it.
struct Found<'a> {
    value: Value,
    before: &'a str,
    after: &'a str,
}

/// Reads the first amount in a text that is known to be a price, such as a price field: `Preis: 10,83`, `$24.98`,
/// `47 405` with `fallback_currency` (ISO 4217). `None` when there is no amount, no currency, or it is negative.
pub fn read_money(text: &str, fallback_currency: Option<&str>) -> Option<Value> {
    find(text, fallback_currency).map(|found| found.value)
}

/// An amount that is the whole text, apart from a VAT or shipping note.
pub(super) fn strict(text: &str) -> Option<Value> {
    let found = find(text, None)?;
    let before = fold(found.before);
    let is_alone = BEFORE.contains(&before.trim_end_matches([':', ' ']));
    (is_alone && is_note(found.after)).then_some(found.value)
}

fn find<'a>(text: &'a str, fallback: Option<&str>) -> Option<Found<'a>> {
    let start = text.find(|character: char| character.is_ascii_digit())?;
    let (number, length) = number::at_start(&text[start..])?;
    let (before, currency_before) = currency_at_end(&text[..start]);
    let after = strip_no_cents(&text[start + length..]);
    let (after, currency_after) = currency_at_start(after);
    let currency = currency_before.or(currency_after).or(fallback)?.to_ascii_uppercase();
    let is_negative = before.trim_end().ends_with(['-', '\u{2212}']);
    let is_code = currency.len() == 3 && currency.bytes().all(|letter| letter.is_ascii_uppercase());
    let digits = minor_digits(&currency);
    let amount = if digits == 3 { number.as_decimal() } else { number.as_whole() };
    if is_negative || amount > MAX_AMOUNT || !is_code {
        return None;
    }
    let minor = (amount * 10_f64.powi(digits)).round() as i64;
    let vat_included = vat_note(&format!("{before} {after}"));
    Some(Found { value: Value::Money { minor, currency, vat_included }, before, after })
}

/// Decimals of a currency's minor unit (ISO 4217).
fn minor_digits(currency: &str) -> i32 {
    match currency {
        "JPY" | "KRW" | "ISK" | "CLP" | "VND" | "XAF" | "XOF" | "XPF" | "PYG" | "UGX" => 0,
        "KWD" | "BHD" | "JOD" | "OMR" | "TND" | "IQD" | "LYD" => 3,
        _ => 2,
    }
}

fn currency_at_end(text: &str) -> (&str, Option<&'static str>) {
    let trimmed = text.trim_end();
    let ends = |sign: &str| trimmed.ends_with(sign) && is_apart(trimmed, trimmed.len() - sign.len(), sign);
    let found = CURRENCIES.iter().find(|(sign, _)| ends(sign));
    found.map_or((text, None), |(sign, code)| (trimmed[..trimmed.len() - sign.len()].trim_end(), Some(*code)))
}

fn currency_at_start(text: &str) -> (&str, Option<&'static str>) {
    let trimmed = text.trim_start();
    let found = CURRENCIES.iter().find(|(sign, _)| trimmed.starts_with(sign) && is_apart(trimmed, 0, sign));
    found.map_or((text, None), |(sign, code)| (&trimmed[sign.len()..], Some(*code)))
}

/// `,-`, `.--`, `,–` in place of cents.
fn strip_no_cents(text: &str) -> &str {
    let Some(rest) = text.strip_prefix([',', '.']) else { return text };
    let dashes = rest.trim_start_matches(['-', '–', '—']);
    if dashes.len() < rest.len() { dashes } else { text }
}

/// Whether what follows an amount belongs to a price: nothing, a star, a note about tax or shipping.
fn is_note(text: &str) -> bool {
    let has_other_amount = count_currencies(text) > 0;
    let text = fold(text);
    let text = text.trim_start_matches(['*', '.', ',', ' ', '(', '¹']);
    let begins =
        ["inkl", "incl", "zzgl", "exkl", "excl", "plus", "netto", "brutto", "uvp", "ohne", "einschl"];
    !has_other_amount && (text.is_empty() || begins.iter().any(|word| text.starts_with(word)))
}

/// Whether a text says that VAT is included (`inkl. 19 % MwSt.`) or not (`zzgl. MwSt.`): the nearest such word before that
/// for the tax. `None` when it does not say.
pub fn vat_note(text: &str) -> Option<bool> {
    const TAX: &[&str] = &[
        "mwst",
        "19mwst",
        "ust",
        "must",
        "vat",
        "tax",
        "mehrwertsteuer",
        "umsatzsteuer",
        "tva",
        "iva",
        "btw",
    ];
    let folded = fold(text);
    let words: Vec<&str> =
        folded.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let tax = words.iter().position(|word| TAX.contains(word));
    if let Some(tax) = tax {
        return words[..tax].iter().rev().take(5).find_map(|word| marker(word));
    }
    words.iter().find_map(|word| match *word {
        "netto" | "ht" => Some(false),
        "brutto" | "ttc" => Some(true),
        _ => None,
    })
}

fn marker(word: &str) -> Option<bool> {
    match word {
        "inkl" | "incl" | "including" | "inc" | "inklusive" | "einschl" | "enthaelt" => Some(true),
        "zzgl" | "exkl" | "excl" | "excluding" | "ex" | "plus" | "ohne" | "zuzueglich" => Some(false),
        _ => None,
    }
}
