//! The language of documents and of their parts.

use auskunft_model::{Document, Language, Section};
use auskunft_text::language::{detect, detect_part};
use auskunft_text::normal::fold;

use crate::outline::text_of;

/// From this many characters on, letters tell the language more surely than a page's own `lang`, which templates copy.
const TELLING: usize = 200;

/// How far away a section that tells its language may stand from one that does not.
const NEIGHBOURS: usize = 3;

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

/// Marks sections that are in another language than their document. What tells nothing by itself (a table of numbers, a
/// heading's line) goes with the sections around it when both are in one other language, and with a heading above it that
/// names its language (`English`, `Deutsch`).
pub(crate) fn mark_sections(document: &mut Document) {
    let told: Vec<Option<Language>> = document.sections.iter().map(of_section).collect();
    for index in 0..told.len() {
        let found = told[index].clone().or_else(|| of_neighbours(&told, index));
        document.sections[index].language = found.filter(|found| *found != document.language);
    }
}

fn of_section(section: &Section) -> Option<Language> {
    let text = section.text();
    let with_headings = || format!("{}\n{text}", section.heading_path.join("\n"));
    let stated = || section.heading_path.iter().find_map(|heading| named(heading));
    detect_part(&text).or_else(stated).or_else(|| detect_part(&with_headings()))
}

/// The language of both neighbours that tell one, when it is the same.
fn of_neighbours(told: &[Option<Language>], index: usize) -> Option<Language> {
    let before = told[..index].iter().rev().take(NEIGHBOURS).flatten().next()?;
    let after = told[index + 1..].iter().take(NEIGHBOURS).flatten().next()?;
    (before == after).then(|| before.clone())
}

/// A heading that is nothing but a language's name.
fn named(heading: &str) -> Option<Language> {
    let code = match fold(heading).as_str() {
        "deutsch" | "german" | "de" => "de",
        "english" | "englisch" | "en" => "en",
        "francais" | "franzoesisch" | "french" | "fr" => "fr",
        "italiano" | "italienisch" | "italian" | "it" => "it",
        "espanol" | "spanisch" | "spanish" | "es" => "es",
        "nederlands" | "niederlaendisch" | "dutch" | "nl" => "nl",
        "polski" | "polnisch" | "polish" | "pl" => "pl",
        _ => return None,
    };
    Language::parse(code)
}

#[cfg(test)]
mod tests {
    use super::*;
    use auskunft_model::Kind;

    fn marked(sections: &[(&str, &str)]) -> Vec<Option<String>> {
        let section = |(heading, text): &(&str, &str)| {
            Section::of_paragraphs(vec![(*heading).to_owned()], None, vec![(*text).to_owned()])
        };
        let mut document = Document::new("m.pdf", None, Kind::Manual, "M", Language::german());
        document.sections = sections.iter().map(section).collect();
        mark_sections(&mut document);
        document.sections.iter().map(|section| section.language.as_ref().map(Language::to_string)).collect()
    }

    #[test]
    fn short_sections_of_a_manual_in_two_languages_are_told_apart() {
        let sections = [
            ("Reinigen", "Wischen Sie das Gerät mit einem feuchten Tuch ab und lassen Sie es trocknen."),
            ("Technische Daten", "230 V, 50 Hz, 1450 W"),
            ("Entsorgen", "Geben Sie das Gerät nicht in den Hausmüll."),
            ("Cleaning", "Wipe the appliance with a damp cloth and let it dry."),
            ("Technical data", "230 V, 50 Hz, 1450 W"),
            ("Disposal", "Do not put the appliance into the household waste."),
        ];
        let english = Some("en".to_owned());
        assert_eq!(marked(&sections), [None, None, None, english.clone(), english.clone(), english]);
    }

    #[test]
    fn a_heading_that_names_a_language_tells_what_its_text_does_not() {
        assert_eq!(
            marked(&[("English", "Power 1450 W"), ("Deutsch", "Leistung 1450 W")]),
            [Some("en".to_owned()), None]
        );
    }
}
