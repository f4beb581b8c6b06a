//! The language of documents and of their parts.

use auskunft_model::{Document, Language, Section};
use auskunft_text::language::detect;

use crate::outline::text_of;

/// From this many characters on, letters tell the language more surely than a page's own `lang`, which templates copy.
const TELLING: usize = 200;

/// A section of fewer characters is taken to be in its document's language.
const SECTION_TELLING: usize = 300;

/// How much text is enough to tell.
const ENOUGH: usize = 4000;

/// The language of sections: what the letters of a longer text say, else what is declared, else what small words say,
/// else the shop's.
pub(crate) fn of_sections(sections: &[Section], declared: Option<&str>, default: &Language) -> Language {
    let text: String = text_of(sections).chars().take(ENOUGH).collect();
    of_text(&text, declared, default)
}

/// The language of a text, by the same order of trust as [`of_sections`].
pub(crate) fn of_text(text: &str, declared: Option<&str>, default: &Language) -> Language {
    let detected = detect(text);
    let is_telling = text.chars().nth(TELLING).is_some();
    let declared = declared.and_then(Language::parse);
    let by_trust = if is_telling { [detected, declared] } else { [declared, detected] };
    by_trust.into_iter().flatten().next().unwrap_or_else(|| default.clone())
}

/// Marks longer sections that are in another of the shop's languages than their document.
pub(crate) fn mark_sections(document: &mut Document) {
    for section in &mut document.sections {
        let text = section.text();
        if text.chars().nth(SECTION_TELLING).is_none() {
            continue;
        }
        let known = detect(&text).filter(|found| matches!(found.as_str(), "de" | "en"));
        section.language = known.filter(|found| *found != document.language);
    }
}
