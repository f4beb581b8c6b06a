//! What tells names and numbers from words, and the numbers that look like a product's and are nobody's.

use auskunft_text::identifier;

use super::references::References;
use crate::analysis::words;
use crate::function_words;
use crate::product_index::{Mention, ProductIndex};

/// What is known beside the question.
pub(crate) struct Known<'a> {
    /// All products.
    pub(crate) products: &'a ProductIndex,
    /// Whether a folded word is an ordinary one.
    pub(crate) is_common: &'a dyn Fn(&str) -> bool,
    /// Whether a number in normal form stands in some text.
    pub(crate) is_number: &'a dyn Fn(&str) -> bool,
}

/// A model number in a question that no product and no text has. `products` are those that the question names.
pub(super) fn unknown_number(
    text: &str,
    mention: &Mention,
    compares: bool,
    known: &Known<'_>,
) -> Option<String> {
    let is_named = matches!(mention, Mention::Bound(_) | Mention::Named(_));
    if is_named && !compares {
        return None;
    }
    let is_unknown = |number: &String| {
        let form = identifier::normal_form(number);
        !known.products.knows_number(&form) && !(known.is_number)(&form)
    };
    let printed = identifier::find(text).into_iter().map(|number| number.text);
    let glued = glued(text);
    let of_maker = of_maker(text, known);
    printed.chain(glued).chain(of_maker).filter(|number| !is_reference(number)).find(is_unknown)
}

/// `yv-119` in small letters: letters and digits in one token.
fn glued(text: &str) -> impl Iterator<Item = String> + '_ {
    let tokens = text.split(|sign: char| !(sign.is_alphanumeric() || sign == '-'));
    let mixed = tokens.filter(|token| is_letters_then_digits(token));
    mixed.flat_map(|token| identifier::find(&token.to_uppercase())).map(|number| number.text)
}

/// Two to five letters, perhaps a hyphen, three to five digits.
fn is_letters_then_digits(token: &str) -> bool {
    let letters = token.chars().take_while(char::is_ascii_alphabetic).count();
    let digits = token[letters..].trim_start_matches('-');
    (2..=5).contains(&letters)
        && (3..=5).contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// "Adlerwald YV 119": letters and digits behind a maker's name.
fn of_maker(text: &str, known: &Known<'_>) -> Option<String> {
    let words = words(text);
    let found = words.windows(3).find(|three| {
        let letters = three[1].len() <= 4
            && three[1].chars().all(|sign| sign.is_ascii_alphabetic())
            && !function_words::holds(&three[1]);
        let digits = three[2].len() >= 2 && three[2].chars().all(|sign| sign.is_ascii_digit());
        known.products.is_maker(&three[0]) && letters && digits
    });
    found.map(|three| format!("{}-{}", three[1], three[2]).to_uppercase())
}

fn is_reference(number: &str) -> bool {
    References::of(number, &[]).has_number()
}
