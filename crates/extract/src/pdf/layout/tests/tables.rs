use super::*;

fn cells(lines: &[(f32, &[(f32, &str)])]) -> Vec<Span> {
    let cell = |top: f32, &(left, text): &(f32, &str)| span(text, left, top, 10.0, false);
    lines.iter().flat_map(|(top, cells)| cells.iter().map(move |part| cell(*top, part))).collect()
}

fn table(spans: Vec<Span>) -> (Vec<String>, Vec<Vec<String>>) {
    let layout = lay_out(&[&page(1, spans)], &[]);
    match layout.sections[0].blocks.as_slice() {
        [Block::Table { header, rows }] => (header.clone(), rows.clone()),
        other => panic!("{other:?}"),
    }
}

#[test]
fn rows_of_aligned_cells_are_a_table_with_its_header() {
    let mut spans = Vec::new();
    let rows = [
        ("Anzeige", "Ursache", "Abhilfe"),
        ("blinkt gelb", "Tank leer", "Wasser einfüllen"),
        ("blinkt rot", "verkalkt", "entkalken"),
    ];
    for (index, (one, two, three)) in rows.iter().enumerate() {
        let top = 100.0 + 14.0 * index as f32;
        spans.extend([
            span(one, 50.0, top, 10.0, false),
            span(two, 200.0, top, 10.0, false),
            span(three, 350.0, top, 10.0, false),
        ]);
    }
    let layout = lay_out(&[&page(1, spans)], &[]);
    let Some(Block::Table { header, rows }) = layout.sections[0].blocks.first() else { panic!("{layout:?}") };
    assert_eq!(header, &["Anzeige", "Ursache", "Abhilfe"]);
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[1], ["blinkt rot", "verkalkt", "entkalken"]);
}

#[test]
fn cells_of_several_lines_stay_one_row() {
    let mut spans = Vec::new();
    let lines = [
        (100.0, ["Anzeige", "Ursache", "Abhilfe"]),
        (120.0, ["E04", "Brühgruppe sitzt nicht", "Herausnehmen, Riegel prüfen,"]),
        (131.0, ["", "richtig", "bis zum Klicken einschieben"]),
        (150.0, ["Kaffee läuft nur", "Mahlgrad zu fein", "gröber mahlen"]),
        (161.0, ["tropfenweise", "", "und reinigen"]),
    ];
    for (top, cells) in lines {
        for (place, cell) in cells.iter().enumerate().filter(|(_, cell)| !cell.is_empty()) {
            spans.push(span(cell, 50.0 + 150.0 * place as f32, top, 10.0, false));
        }
    }
    let layout = lay_out(&[&page(1, spans)], &[]);
    let Some(Block::Table { rows, .. }) = layout.sections[0].blocks.first() else { panic!("{layout:?}") };
    assert_eq!(
        rows[0],
        ["E04", "Brühgruppe sitzt nicht richtig", "Herausnehmen, Riegel prüfen, bis zum Klicken einschieben"]
    );
    assert_eq!(rows[1][0], "Kaffee läuft nur tropfenweise");
    assert_eq!(rows.len(), 2);
}

#[test]
fn rows_in_groups_stay_rows() {
    let mut spans = Vec::new();
    for (top, key, value) in [
        (100.0, "Gewicht", "2 kg"),
        (111.0, "Breite", "24 cm"),
        (130.0, "Leistung", "5 W"),
        (141.0, "Spannung", "9 V"),
    ] {
        spans.extend([span(key, 50.0, top, 10.0, false), span(value, 200.0, top, 10.0, false)]);
    }
    let layout = lay_out(&[&page(1, spans)], &[]);
    let Some(Block::Table { rows, .. }) = layout.sections[0].blocks.first() else { panic!("{layout:?}") };
    assert_eq!(rows.len(), 4);
}

#[test]
fn keys_and_values_are_a_table_without_header() {
    let mut spans = Vec::new();
    for (index, (key, value)) in
        [("Gewicht", "2,3 kg"), ("Leistung", "1450 W"), ("Farbe", "schwarz")].iter().enumerate()
    {
        let top = 100.0 + 14.0 * index as f32;
        spans.extend([span(key, 50.0, top, 10.0, false), span(value, 200.0, top, 10.0, false)]);
    }
    assert_eq!(
        texts(&lay_out(&[&page(1, spans)], &[])),
        ["Gewicht: 2,3 kg\nLeistung: 1450 W\nFarbe: schwarz"]
    );
}

#[test]
fn names_in_two_lines_and_headings_over_several_columns_name_each_column() {
    let (header, rows) = table(cells(&[
        (100.0, &[(225.0, "Espresso"), (425.0, "Kaffee")]),
        (
            114.0,
            &[
                (50.0, "Gerät"),
                (150.0, "klein"),
                (230.0, "mittel"),
                (310.0, "groß"),
                (350.0, "klein"),
                (430.0, "mittel"),
                (510.0, "groß"),
            ],
        ),
        (
            128.0,
            &[
                (50.0, "KM 2400"),
                (150.0, "25 ml"),
                (230.0, "40 ml"),
                (310.0, "50 ml"),
                (350.0, "80 ml"),
                (430.0, "120 ml"),
                (510.0, "200 ml"),
            ],
        ),
        (
            142.0,
            &[
                (50.0, "KM 2600"),
                (150.0, "20 ml"),
                (230.0, "35 ml"),
                (310.0, "45 ml"),
                (350.0, "90 ml"),
                (430.0, "130 ml"),
                (510.0, "220 ml"),
            ],
        ),
    ]));
    assert_eq!(
        header,
        [
            "Gerät",
            "Espresso klein",
            "Espresso mittel",
            "Espresso groß",
            "Kaffee klein",
            "Kaffee mittel",
            "Kaffee groß",
        ]
    );
    assert_eq!(rows.len(), 2);
}

#[test]
fn a_name_of_two_lines_beside_names_of_one_belongs_to_the_header() {
    let (header, rows) = table(cells(&[
        (94.0, &[(450.0, "Leistung")]),
        (100.0, &[(50.0, "Gerät"), (250.0, "Farbe")]),
        (106.0, &[(450.0, "in Watt")]),
        (130.0, &[(50.0, "KM 2400"), (250.0, "schwarz"), (450.0, "1450")]),
        (144.0, &[(50.0, "KM 2600"), (250.0, "weiß"), (450.0, "1500")]),
        (158.0, &[(50.0, "KM 2800"), (250.0, "silber"), (450.0, "1600")]),
    ]));
    assert_eq!(header, ["Gerät", "Farbe", "Leistung in Watt"]);
    assert_eq!(rows[0], ["KM 2400", "schwarz", "1450"]);
}

#[test]
fn rows_in_groups_with_empty_cells_stay_rows() {
    let (_, rows) = table(cells(&[
        (100.0, &[(50.0, "15"), (150.0, "647"), (250.0, "GB"), (350.0, "Aachen")]),
        (111.0, &[(50.0, "15"), (150.0, "657"), (350.0, "Berlin")]),
        (122.0, &[(50.0, "15"), (150.0, "658"), (350.0, "Celle")]),
        (150.0, &[(50.0, "16"), (150.0, "502"), (250.0, "GA"), (350.0, "Dresden")]),
        (161.0, &[(50.0, "16"), (150.0, "503"), (350.0, "Emden")]),
    ]));
    assert_eq!(rows.len(), 5);
    assert_eq!(rows[1], ["15", "657", "", "Berlin"]);
}

#[test]
fn a_key_at_half_the_height_of_its_value_stands_in_one_row_with_it() {
    let (_, rows) = table(cells(&[
        (100.0, &[(50.0, "Typ"), (200.0, "KM 2400 mit Mahlwerk")]),
        (130.0, &[(200.0, "Espresso, Kaffee und")]),
        (141.0, &[(50.0, "Getränke"), (200.0, "Milchschaum, auch zwei")]),
        (152.0, &[(200.0, "Tassen zugleich")]),
        (180.0, &[(50.0, "Gewicht"), (200.0, "9,2 kg ohne Zubehör")]),
    ]));
    assert_eq!(rows[1], ["Getränke", "Espresso, Kaffee und Milchschaum, auch zwei Tassen zugleich"]);
    assert_eq!(rows.len(), 3);
}

#[test]
fn a_cell_below_a_centred_name_is_in_its_column() {
    let (header, rows) = table(cells(&[
        (100.0, &[(50.0, "Name"), (250.0, "Bezeichnung"), (450.0, "Seite")]),
        (114.0, &[(50.0, "AGE"), (150.0, "ALTER"), (460.0, "11")]),
        (128.0, &[(50.0, "CPT"), (150.0, "EINE SEHR LANGE BEZEICHNUNG DES FELDES"), (460.0, "12")]),
        (142.0, &[(50.0, "DOB"), (150.0, "GEBURTSTAG"), (460.0, "13")]),
    ]));
    assert_eq!(header, ["Name", "Bezeichnung", "Seite"]);
    assert_eq!(rows[0], ["AGE", "ALTER", "11"]);
}

#[test]
fn two_lines_of_a_letterhead_are_no_table() {
    let spans = cells(&[
        (100.0, &[(50.0, "Ministerium für Sicherheit"), (350.0, "Bundesamt für Zuwanderung")]),
        (112.0, &[(50.0, "Abteilung für Antragstellung"), (350.0, "Referat für Rückfragen hierzu")]),
    ]);
    let layout = lay_out(&[&page(1, spans)], &[]);
    assert!(!layout.sections[0].blocks.iter().any(|block| matches!(block, Block::Table { .. })));
}

#[test]
fn a_larger_line_below_a_table_is_the_heading_of_what_follows() {
    let mut spans = cells(&[
        (100.0, &[(50.0, "Anzeige"), (200.0, "Ursache"), (350.0, "Abhilfe")]),
        (120.0, &[(50.0, "blinkt gelb"), (200.0, "Tank leer"), (350.0, "Wasser einfüllen")]),
        (140.0, &[(50.0, "blinkt rot"), (200.0, "verkalkt"), (350.0, "entkalken")]),
        (205.0, &[(50.0, "Merkmal"), (200.0, "KM 2400"), (350.0, "KM 2600")]),
        (225.0, &[(50.0, "Gewicht"), (200.0, "9,2 kg"), (350.0, "9,4 kg")]),
    ]);
    spans.push(span("7 Technische Daten", 50.0, 175.0, 16.0, false));
    let layout = lay_out(&[&page(1, spans)], &[]);
    let tables = layout.sections.iter().flat_map(|section| &section.blocks);
    let rows: Vec<usize> = tables
        .filter_map(|block| match block {
            Block::Table { rows, .. } => Some(rows.len()),
            _ => None,
        })
        .collect();
    assert_eq!(rows, [2, 2], "{layout:?}");
}

#[test]
fn cells_that_a_narrow_gutter_keeps_apart_stay_in_their_columns() {
    // 21 letters of 5 points from 50 to 155: 8 points before the next column.
    let (_, rows) = table(cells(&[
        (100.0, &[(50.0, "Anzeige"), (163.0, "Ursache"), (350.0, "Abhilfe")]),
        (
            120.0,
            &[
                (50.0, "Lampe blinkt zwei Mal"),
                (163.0, "Überhitzung, Leistung ge\u{2}"),
                (350.0, "Lüfter reinigen"),
            ],
        ),
        (131.0, &[(50.0, "kurz orange"), (163.0, "drosselt")]),
        (150.0, &[(50.0, "Er 13"), (163.0, "Lüfter dreht nicht"), (350.0, "Kundendienst")]),
    ]));
    assert_eq!(rows.len(), 2, "{rows:?}");
    assert_eq!(rows[0][1..], ["Überhitzung, Leistung gedrosselt", "Lüfter reinigen"]);
}

#[test]
fn items_that_begin_with_their_number_stay_with_their_bullets() {
    let layout = lay_out(
        &[&page(
            1,
            cells(&[
                (100.0, &[(50.0, "•"), (66.0, "1 × Netzkabel")]),
                (112.0, &[(50.0, "•"), (66.0, "2 × Klebefolie")]),
            ]),
        )],
        &[],
    );
    assert!(texts(&layout).join("\n").contains("• 2 × Klebefolie"), "{layout:?}");
}
