use super::*;

fn read(text: &str) -> Vec<(String, String)> {
    let (sections, _) = sections(text, Dialect::Markdown);
    sections.iter().map(|section| (section.heading_path.join(" › "), section.text())).collect()
}

#[test]
fn wrapped_lines_are_one_paragraph_and_items_keep_their_marks() {
    let text =
        "# T\n\nEine Zeile\nund ihre Fortsetzung.\n\n1.  erstens\n    weiter\n\n    a)  darunter\n- Punkt\n";
    let expected = "Eine Zeile und ihre Fortsetzung.\n1. erstens weiter\na) darunter\n• Punkt";
    assert_eq!(read(text), [("T".to_owned(), expected.to_owned())]);
}

#[test]
fn marks_of_emphasis_and_links_are_dropped_and_words_kept() {
    let text =
        "Ein **fetter** *Text* mit [Link](https://x.example/a) und `code`, 3 * 4, \\*Stern, < 5 W, Wert*";
    assert_eq!(read(text)[0].1, "Ein fetter Text mit Link und code, 3 * 4, *Stern, < 5 W, Wert*");
}

#[test]
fn tables_become_tables() {
    let text = "## Frist\n| Region | Tage |\n|---|---:|\n| EU | 14 |\n| US | 30 |\n\nDanach.";
    let (sections, heading) = sections(text, Dialect::Markdown);
    assert_eq!(heading.as_deref(), Some("Frist"));
    let Block::Table { header, rows } = &sections[0].blocks[0] else { panic!("{sections:?}") };
    assert_eq!((header.len(), rows.len()), (2, 2));
    assert_eq!(sections[0].text(), "Region: Tage\nEU: 14\nUS: 30\nDanach.");
}

#[test]
fn headings_come_in_three_writings() {
    let text = "Oben\n====\nA\n\nUnten\n-----\nB\n\n**Geht das?**\nJa.";
    let expected = ["Oben", "Oben › Unten", "Oben › Unten › Geht das?"];
    assert_eq!(read(text).iter().map(|(path, _)| path.as_str()).collect::<Vec<_>>(), expected);
}

#[test]
fn a_plain_text_has_headings_without_marks() {
    let text = "WIDERRUF\n\n§ 1 Frist\n\nSie haben *14* Tage.\n\n2. Folgen\n\nWir zahlen zurück.";
    let (sections, heading) = sections(text, Dialect::Plain);
    assert_eq!(heading.as_deref(), Some("WIDERRUF"));
    let paths: Vec<_> = sections.iter().map(|section| section.heading_path.join("/")).collect();
    assert_eq!(paths, ["WIDERRUF/§ 1 Frist", "WIDERRUF/2. Folgen"]);
    assert_eq!(sections[0].text(), "Sie haben *14* Tage.");
}
