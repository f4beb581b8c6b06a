use super::*;

fn lines_of(placed: &[Placed], role: Role) -> Vec<&str> {
    placed.iter().filter(|piece| piece.role == role).map(|piece| piece.text.as_str()).collect()
}

fn placed(pages: &[Page]) -> Vec<Placed> {
    place(&pages.iter().collect::<Vec<_>>(), &[])
}

/// Pages of some text each, with what `more` adds.
fn pages(count: u32, more: impl Fn(u32) -> Vec<Span>) -> Vec<Page> {
    let page_of = |number: u32| {
        let text = [
            "Der Tank fasst genug Wasser für zehn Tassen, danach",
            "füllen Sie ihn wieder bis zur Marke auf.",
        ];
        let mut spans = more(number);
        spans.extend(body(&text, 50.0, 300.0 + number as f32));
        page(number, spans)
    };
    (1..=count).map(page_of).collect()
}

#[test]
fn running_heads_and_page_numbers_are_dropped() {
    let pages: Vec<Page> = (1..=5)
        .map(|number| {
            let mut spans = vec![span("KM 2400 – Bedienungsanleitung", 50.0, 20.0, 8.0, false)];
            spans.extend(body(
                &[format!("Text der Seite, Nummer {number}, steht hier.").as_str()],
                50.0,
                200.0,
            ));
            spans.push(span(&number.to_string(), 300.0, 780.0, 8.0, false));
            page(number, spans)
        })
        .collect();
    let layout = lay_out(&pages.iter().collect::<Vec<_>>(), &[]);
    assert_eq!(texts(&layout)[2], "Text der Seite, Nummer 3, steht hier.");
    assert_eq!(layout.sections.len(), 5);
    assert_eq!(layout.sections[2].page, Some(3));
}

#[test]
fn a_head_that_changes_with_the_chapter_is_dropped() {
    let heads =
        ["Sicherheit", "Sicherheit", "Betrieb", "Betrieb", "Betrieb", "Pflege", "Pflege", "Pflege", "Daten"];
    let placed = placed(&pages(9, |number| vec![span(heads[number as usize - 1], 200.0, 40.0, 10.0, false)]));
    assert_eq!(lines_of(&placed, Role::Furniture), heads);
}

#[test]
fn roman_page_numbers_and_numbers_on_turned_pages_are_dropped() {
    let mark = |number: u32| {
        let roman = ["i", "ii", "iii", "iv", "v"][number as usize - 1];
        let mut turned = span(&format!("KM 2400 Seite {number}"), 20.0, 400.0, 8.0, false);
        (turned.turned, turned.right) = (true, 30.0);
        vec![span(roman, 300.0, 770.0, 8.0, false), turned]
    };
    let placed = placed(&pages(5, mark));
    assert_eq!(lines_of(&placed, Role::Furniture).len(), 10);
}

#[test]
fn the_number_of_a_step_is_no_page_number_and_the_only_line_of_a_page_no_head() {
    let steps: Vec<Page> = (1..=6)
        .map(|number| {
            let mut spans = vec![span(&format!("{number}."), 50.0, 50.0, 10.0, false)];
            spans.extend(body(&["Drücken Sie die Taste, bis das Licht aufleuchtet."], 90.0, 50.0));
            page(number, spans)
        })
        .collect();
    assert!(placed(&steps).iter().all(|piece| piece.text.starts_with(|sign: char| sign.is_ascii_digit())));
    let labels: Vec<Page> =
        (1..=6).map(|number| page(number, body(&[&format!("Tafel {number}")], 50.0, 50.0))).collect();
    assert_eq!(placed(&labels).len(), 6);
}

#[test]
fn a_title_that_is_repeated_where_its_table_goes_on_stands_once() {
    let title = |number: u32| {
        let continued = if number == 1 { "" } else { " (Fortsetzung)" };
        vec![span(&format!("Tabelle 7. Meldungen{continued}"), 200.0, 110.0, 14.0, true)]
    };
    let pages = pages(3, title);
    let layout = lay_out(&pages.iter().collect::<Vec<_>>(), &[]);
    assert_eq!(layout.headings.len(), 1);
    assert!(layout.sections.iter().all(|section| section.heading_path == ["Tabelle 7. Meldungen"]));
    assert_eq!(lines_of(&placed(&pages), Role::Furniture).len(), 2);
}

#[test]
fn the_label_of_a_part_and_its_title_are_one_heading() {
    let titles = |number: u32| {
        let label = if number == 1 { "Anhang A" } else { "Anhang B" };
        vec![
            span(label, 270.0, 60.0, 14.0, true),
            span(if number == 1 { "Ersatzteile" } else { "Reinigungsmittel" }, 255.0, 90.0, 14.0, true),
        ]
    };
    let pages = pages(3, titles);
    let layout = lay_out(&pages.iter().collect::<Vec<_>>(), &[]);
    let headings: Vec<&str> = layout.headings.iter().map(|heading| heading.text.as_str()).collect();
    assert_eq!(headings, ["Anhang A Ersatzteile", "Anhang B Reinigungsmittel"]);
    assert_eq!(lines_of(&placed(&pages), Role::Furniture), ["Anhang B Reinigungsmittel"]);
}

#[test]
fn a_note_printed_on_every_page_stands_once() {
    let note = "Hinweis: Alle Angaben ohne Gewähr, Stand der Drucklegung.";
    let placed = placed(&pages(6, |_| body(&[note], 50.0, 690.0)));
    assert_eq!(placed.iter().filter(|piece| piece.text == note && piece.role != Role::Furniture).count(), 1);
}

#[test]
fn pages_that_are_alike_but_for_a_number_keep_their_text() {
    let step =
        ["Schalten Sie das Gerät aus und ziehen Sie den Stecker.", "Warten Sie, bis es abgekühlt ist."];
    let alike: Vec<Page> = (1..=12)
        .map(|number| {
            let mut spans = body(&[&format!("Kapitel {number}: Entkalken")], 50.0, 120.0);
            spans.extend(body(&step, 50.0, 300.0));
            page(number, spans)
        })
        .collect();
    assert!(lines_of(&placed(&alike), Role::Furniture).is_empty());
}

#[test]
fn numbers_of_a_table_that_reaches_the_edge_are_no_page_numbers() {
    let pages = pages(8, |number| {
        let mut spans = vec![span(&number.to_string(), 295.0, 770.0, 10.0, false)];
        if number == 5 {
            spans.extend((0..4).flat_map(|row| {
                let top = 700.0 + 14.0 * row as f32;
                [
                    span(&format!("Klinik {row}"), 50.0, top, 10.0, false),
                    span(&(410 + row).to_string(), 295.0, top, 10.0, false),
                ]
            }));
        }
        spans
    });
    let placed = placed(&pages);
    let numbers = lines_of(&placed, Role::Furniture);
    assert_eq!(numbers, ["1", "2", "3", "4", "5", "6", "7", "8"]);
}

#[test]
fn a_footnote_is_told_from_the_text_and_does_not_part_it() {
    let mut first = body(&["Der Kessel wird durch den Druck nicht be\u{2}"], 50.0, 600.0);
    first.push(span("1 Siehe Abschnitt über die Wartung.", 50.0, 680.0, 7.0, false));
    first.push(span("2) Nur beim Modell mit Mahlwerk.", 50.0, 689.0, 7.0, false));
    let second = body(&["schädigt, wenn das Ventil frei bleibt."], 50.0, 100.0);
    let placed = placed(&[page(1, first), page(2, second)]);
    assert_eq!(
        lines_of(&placed, Role::Note),
        ["1 Siehe Abschnitt über die Wartung.", "2) Nur beim Modell mit Mahlwerk."]
    );
    assert_eq!(
        lines_of(&placed, Role::Paragraph),
        ["Der Kessel wird durch den Druck nicht beschädigt,", "wenn das Ventil frei bleibt."]
    );
}

#[test]
fn a_table_of_contents_is_kept_apart() {
    let mut spans = vec![span("Inhalt", 50.0, 60.0, 16.0, true)];
    spans.extend(body(
        &["1 Sicherheit ............ 3", "2 Entkalken ............ 12", "3 Technische Daten ............ 14"],
        50.0,
        100.0,
    ));
    let mut next = vec![span("1 Sicherheit", 50.0, 60.0, 16.0, true)];
    next.extend(body(&["Ziehen Sie vor der Reinigung den Netzstecker."], 50.0, 100.0));
    let pages = [page(1, spans), page(2, next)];
    assert_eq!(
        lines_of(&placed(&pages), Role::Contents),
        ["1 Sicherheit ... 3\n2 Entkalken ... 12\n3 Technische Daten ... 14"]
    );
    let layout = lay_out(&pages.iter().collect::<Vec<_>>(), &[]);
    assert!(matches!(layout.sections[0].blocks.as_slice(), [Block::Contents { .. }]));
    assert_eq!(layout.sections[1].heading_path, ["1 Sicherheit"]);
}

#[test]
fn contents_without_leaders_are_told_by_their_heading() {
    let mut spans = vec![span("Table of Contents", 50.0, 60.0, 16.0, true)];
    for (index, (title, number)) in
        [("Your role", "3"), ("Setting up", "3"), ("Labelling", "9")].iter().enumerate()
    {
        let top = 100.0 + 30.0 * index as f32;
        spans.extend([span(title, 50.0, top, 10.0, false), span(number, 500.0, top, 10.0, false)]);
    }
    assert_eq!(
        lines_of(&placed(&[page(1, spans)]), Role::Contents),
        ["Your role 3\nSetting up 3\nLabelling 9"]
    );
}
