//! What a part of a policy speaks of, by the words of its headings.

use auskunft_model::{Document, Section};
use auskunft_text::normal::fold;

/// Words (folded) on giving back, and on liability for defects.
pub(super) const RETURNS: &[&str] = &[
    "rueckgabe",
    "widerruf",
    "retour",
    "umtausch",
    "ruecksend",
    "ruecknahme",
    "return",
    "withdraw",
    "cancel",
];
pub(super) const WARRANTY: &[&str] = &["garantie", "gewaehrleistung", "warrant", "guarantee"];

/// Words on other subjects, that have exclusions and deadlines of their own.
const OTHERS: &[&str] = &[
    "haftung",
    "liabil",
    "versand",
    "liefer",
    "shipping",
    "delivery",
    "zahlung",
    "payment",
    "datenschutz",
    "privacy",
    "gutschein",
    "voucher",
    "gift card",
    "gerichtsstand",
    "jurisdiction",
];

/// Whether a text holds one of these words.
pub(super) fn holds(text: &str, words: &[&str]) -> bool {
    let text = fold(text);
    words.iter().any(|word| text.contains(word))
}

/// Whether the title or a heading speaks of a subject.
pub(super) fn speaks_of(document: &Document, words: &[&str]) -> bool {
    let mut headings = document.sections.iter().flat_map(|section| &section.heading_path);
    holds(&document.title, words) || headings.any(|heading| holds(heading, words))
}

/// Whether a text speaks of something that is neither giving back nor a warranty.
pub(super) fn is_other(text: &str) -> bool {
    holds(text, OTHERS)
}

/// Whether the nearest heading of a section that names a subject, else the title, names giving back or a warranty.
pub(super) fn is_on_rights(section: &Section, title: &str) -> bool {
    let above = section.heading_path.iter().rev().map(String::as_str).chain([title]);
    let named = above.map(|text| (holds(text, RETURNS) || holds(text, WARRANTY), is_other(text)));
    named
        .into_iter()
        .find(|(is_right, is_other)| *is_right || *is_other)
        .is_some_and(|(is_right, is_other)| is_right && !is_other)
}
