//! Parts of a manual that map signals to causes and remedies.

use auskunft_model::{Block, Kind, Section};

const SIGNALS: [&str; 18] = [
    "anzeige",
    "signal",
    "störung",
    "problem",
    "fehler",
    "symptom",
    "meldung",
    "code",
    "fehlercode",
    "fault",
    "error",
    "indication",
    "indicator",
    "issue",
    "message",
    "led",
    "status",
    "blinken",
];
const CAUSES: [&str; 6] = ["ursache", "grund", "cause", "reason", "bedeutung", "meaning"];
const REMEDIES: [&str; 13] = [
    "abhilfe",
    "behebung",
    "beseitigung",
    "lösung",
    "maßnahme",
    "massnahme",
    "was tun",
    "vorgehen",
    "remedy",
    "solution",
    "action",
    "what to do",
    "correction",
];
const HEADINGS: [&str; 13] = [
    "fehlerbehebung",
    "fehlersuche",
    "fehlerbehandlung",
    "störung",
    "problembehandlung",
    "problembehebung",
    "problemlösung",
    "probleme und lösungen",
    "was tun, wenn",
    "troubleshooting",
    "trouble shooting",
    "problem solving",
    "error messages",
];

/// Whether these column names are those of a table of signals: of signal, cause and remedy two are there.
pub(super) fn is_header(names: &[&str]) -> bool {
    let names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
    if names.iter().any(|name| name.chars().count() > 40) {
        return false;
    }
    let has = |words: &[&str]| names.iter().any(|name| words.iter().any(|word| name.contains(word)));
    let groups = [has(&SIGNALS), has(&CAUSES), has(&REMEDIES)];
    names.len() >= 2 && groups.into_iter().filter(|found| *found).count() >= 2
}

/// Marks sections under a heading for faults, and takes tables of signals into sections of their own.
pub(super) fn mark(sections: Vec<Section>) -> Vec<Section> {
    sections.into_iter().flat_map(marked).collect()
}

fn marked(section: Section) -> Vec<Section> {
    let is_named = section.heading_path.iter().any(|heading| {
        let heading = heading.to_lowercase();
        HEADINGS.iter().any(|word| heading.contains(word))
    });
    if is_named {
        return vec![Section { kind: Some(Kind::Troubleshooting), ..section }];
    }
    let mut parts: Vec<Section> = Vec::new();
    for block in section.blocks {
        let kind = is_signal_table(&block).then_some(Kind::Troubleshooting);
        match parts.last_mut() {
            Some(part) if part.kind == kind => part.blocks.push(block),
            _ => parts.push(Section {
                heading_path: section.heading_path.clone(),
                page: section.page,
                blocks: vec![block],
                kind,
                language: section.language.clone(),
            }),
        }
    }
    parts
}

fn is_signal_table(block: &Block) -> bool {
    match block {
        Block::Table { header, .. } => is_header(&header.iter().map(String::as_str).collect::<Vec<_>>()),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn section(heading: &str, blocks: Vec<Block>) -> Section {
        Section { heading_path: vec![heading.to_owned()], page: Some(2), blocks, kind: None, language: None }
    }

    fn table(header: &[&str]) -> Block {
        let rows = vec![vec!["a".to_owned(), "b".to_owned()]];
        Block::Table { header: header.iter().map(|&name| name.to_owned()).collect(), rows }
    }

    #[test]
    fn a_table_of_signals_becomes_a_section_of_its_own() {
        let text = Block::Paragraph { text: "Reinigen Sie das Gerät.".to_owned() };
        let parts =
            mark(vec![section("Pflege", vec![text, table(&["Anzeige", "Mögliche Ursache", "Abhilfe"])])]);
        let kinds: Vec<_> = parts.iter().map(|part| part.kind).collect();
        assert_eq!(kinds, [None, Some(Kind::Troubleshooting)]);
        assert!(parts.iter().all(|part| part.page == Some(2)));
    }

    #[test]
    fn a_heading_for_faults_marks_its_section_and_other_tables_are_left() {
        let parts = mark(vec![
            section("7 Fehlerbehebung", vec![table(&[])]),
            section("Technische Daten", vec![table(&["Merkmal", "Wert"])]),
        ]);
        assert_eq!(parts[0].kind, Some(Kind::Troubleshooting));
        assert_eq!(parts[1].kind, None);
    }
}
