use super::*;

fn read(html: &str) -> Vec<(String, String)> {
    let page = page(&Html::parse_document(html));
    page.sections.iter().map(|section| (section.heading_path.join(" › "), section.text())).collect()
}

#[test]
fn headings_paragraphs_items_and_tables_keep_their_order() {
    let html = "<h1>T</h1><p>Eins<br>zwei</p><h2>Schritte</h2><ol><li>füllen</li><li>drücken<ul><li>lang</li></ul></li></ol>\
                <table><tr><th>Gewicht</th><td>2 kg</td></tr><tr><th>Farbe</th><td>rot</td></tr></table>";
    let expected = [
        ("T".to_owned(), "Eins\nzwei".to_owned()),
        ("T › Schritte".to_owned(), "1. füllen\n2. drücken\n• lang\nGewicht: 2 kg\nFarbe: rot".to_owned()),
    ];
    assert_eq!(read(html), expected);
}

#[test]
fn furniture_is_left_out_but_never_the_pages_own_heading() {
    let html = "<body class='has-menu'><header class='header'><div>Shop</div></header><nav>Menü</nav>\
        <div id='cookie-banner'>Wir nutzen Cookies</div><div class='product-review-page'><h1>Name</h1><p>Text.</p></div>\
        <div class='relatedProducts'>Passt dazu</div><div class='customer-reviews'>Super!</div>\
        <script>var x;</script><style>p{}</style><footer>Impressum</footer></body>";
    assert_eq!(read(html), [("Name".to_owned(), "Text.".to_owned())]);
}

#[test]
fn a_box_of_links_is_a_menu_and_repeated_blocks_stand_once() {
    let html = "<h1>N</h1><ul><li><a>A</a></li><li><a>B</a></li><li><a>C</a></li><li><a>D</a></li></ul>\
                <p>Gleich.</p><div><p>Gleich.</p></div>";
    assert_eq!(read(html), [("N".to_owned(), "Gleich.".to_owned())]);
}

#[test]
fn tables_that_lay_out_a_page_are_read_as_text_and_headers_are_seen() {
    let layout = "<table><tr><td><h2>Links</h2><p>Text</p></td><td>rechts</td></tr></table>";
    assert_eq!(read(layout), [("Links".to_owned(), "Text\nrechts".to_owned())]);
    let data = "<table><thead><tr><th>Anzeige</th><th>Ursache</th><th>Abhilfe</th></tr></thead>\
                <tr><td>E04</td><td>Tank leer</td><td>füllen</td></tr></table>";
    assert_eq!(
        read(data),
        [(String::new(), "Anzeige | Ursache | Abhilfe\nE04 | Tank leer | füllen".to_owned())]
    );
}

#[test]
fn a_label_and_its_value_in_boxes_of_their_own_are_one_line() {
    let html = "<div>Gewicht:</div><div>250 g</div><div>Hinweis:</div><p>Ein langer Satz, der nicht zu einem Wert gehört, \
                sondern für sich allein steht.</p>";
    let long = "Ein langer Satz, der nicht zu einem Wert gehört, sondern für sich allein steht.";
    assert_eq!(read(html), [(String::new(), format!("Gewicht: 250 g\nHinweis:\n{long}"))]);
}

#[test]
fn tabs_made_of_a_definition_list_are_sections() {
    let html = "<dl><dt>Daten</dt><dd><table><tr><td>Farbe</td><td>rot</td></tr></table></dd><dt>Mehr</dt><dd>Text.</dd></dl>";
    assert_eq!(
        read(html),
        [("Daten".to_owned(), "Farbe: rot".to_owned()), ("Mehr".to_owned(), "Text.".to_owned())]
    );
}

#[test]
fn cells_that_span_rows_and_columns_stand_where_they_belong() {
    let html = "<table><tr><th rowspan=2>Modell</th><th colspan=2>Maße</th></tr><tr><th>Breite</th><th>Höhe</th></tr>\
                <tr><td rowspan=2>A</td><td>30 cm</td><td>20 cm</td></tr><tr><td colspan=2>auf Anfrage</td></tr></table>";
    let expected = "Modell | Maße Breite | Maße Höhe\nA | 30 cm | 20 cm\nA: auf Anfrage";
    assert_eq!(read(html), [(String::new(), expected.to_owned())]);
}

#[test]
fn a_row_across_a_table_is_the_heading_of_the_rows_below() {
    let html = "<h2>Daten</h2><table><tr><th colspan=2>Display</th></tr><tr><th>Größe</th><td>14 Zoll</td></tr>\
                <tr><td colspan=2>Akku</td></tr><tr><td>Laufzeit</td><td>11 h</td></tr>\
                <tr><td colspan=2>* je nach Nutzung</td></tr></table><p>Ende.</p>";
    let expected = [
        ("Daten › Display".to_owned(), "Größe: 14 Zoll".to_owned()),
        ("Daten › Akku".to_owned(), "Laufzeit: 11 h\n* je nach Nutzung".to_owned()),
        ("Daten".to_owned(), "Ende.".to_owned()),
    ];
    assert_eq!(read(html), expected);
}

#[test]
fn a_list_in_a_cell_is_one_value() {
    let html = "<table><tr><th>Lieferumfang</th><td><ul><li>Kabel</li><li>Tasche</li></ul></td></tr><tr><th>Farbe</th><td>rot</td></tr></table>";
    assert_eq!(read(html), [(String::new(), "Lieferumfang: Kabel, Tasche\nFarbe: rot".to_owned())]);
}

#[test]
fn a_table_that_claims_endless_spans_stays_small() {
    let html =
        "<table><tr><td colspan=99999999 rowspan=65000>a</td><td>b</td></tr><tr><td>c</td></tr></table>";
    assert!(read(html).iter().map(|(_, text)| text.len()).sum::<usize>() < 2_000);
}

#[test]
fn what_is_hidden_until_somebody_acts_is_left_out_but_tabs_stay() {
    let html = "<h1>N</h1><p>Sichtbar.</p><div style='display: none'>Artikel wurde hinzugefügt.</div><p hidden>Fehler</p>";
    assert_eq!(read(html), [("N".to_owned(), "Sichtbar.".to_owned())]);
    let long = "Wort ".repeat(100);
    let tab = format!("<h1>N</h1><div class='tab-content' style='display:none'>{long}</div>");
    assert_eq!(read(&tab), [("N".to_owned(), long.trim().to_owned())]);
}

#[test]
fn labels_of_fields_are_left_out_and_other_labels_stay() {
    let html = "<label for=q>Menge</label><input id=q><p><label>Réf. :</label> KNB-2</p><label>Neuf <b>22,50 €</b></label>";
    assert_eq!(read(html), [(String::new(), "Réf. : KNB-2\nNeuf 22,50 €".to_owned())]);
}

#[test]
fn lines_of_links_alone_are_left_out_of_product_pages_only() {
    let html = "<h1>N</h1><p><a href='/x'>Zur Vergleichsliste</a></p><p>Siehe <a href='/y'>hier</a>.</p>";
    let texts = |page: Page| -> Vec<String> { page.sections.iter().map(Section::text).collect() };
    let tree = Html::parse_document(html);
    assert_eq!(texts(product_page(&tree, &Landmarks::of(tree.root_element()))), ["Siehe hier."]);
    assert_eq!(texts(page(&Html::parse_document(html))), ["Zur Vergleichsliste\nSiehe hier."]);
}

#[test]
fn a_link_to_another_product_in_large_letters_heads_no_text_of_this_one() {
    let html = "<h1>Piano S52</h1><p>Sofort lieferbar.</p><h1><a href='/piano-s51'>Produktvideo S51</a></h1><p>88 Tasten.</p>\
                <h2><a href='#daten'>Daten</a></h2><p>38 kg.</p><h2><a href='/zubehoer'>Passend</a></h2><p>Bank.</p>";
    let tree = Html::parse_document(html);
    let page = product_page(&tree, &Landmarks::of(tree.root_element()));
    let read: Vec<(String, String)> =
        page.sections.iter().map(|section| (section.heading_path.join("/"), section.text())).collect();
    let line = |heading: &str, text: &str| (heading.to_owned(), text.to_owned());
    let expected = [
        line("Piano S52", "Sofort lieferbar.\n88 Tasten."),
        line("Piano S52/Daten", "38 kg."),
        line("Piano S52/Passend", "Bank."),
    ];
    assert_eq!(read, expected);
}

#[test]
fn a_dialog_that_waits_for_a_click_is_no_text_of_the_page() {
    let html = "<h1>N</h1><p>Text.</p><div id='customerServiceDialog_Returns' class='dialogBox'><p>Rückgabe binnen eines \
                Jahres.</p></div>";
    assert_eq!(read(html), [("N".to_owned(), "Text.".to_owned())]);
}

#[test]
fn nesting_without_end_does_not_exhaust_the_stack() {
    let html = format!("{}Tief unten{}", "<div>".repeat(20_000), "</div>".repeat(20_000));
    assert_eq!(read(&html), [(String::new(), "Tief unten".to_owned())]);
}

#[test]
fn names_are_split_into_words() {
    assert_eq!(split_name("productReviews-list cookie_bar"), ["product", "reviews", "list", "cookie", "bar"]);
}

#[test]
fn broken_lines_of_japanese_are_joined_without_a_blank() {
    assert_eq!(
        read("<p>電源を\n   入れて<b>ください</b>\n。OK\nです</p>"),
        [(String::new(), "電源を入れてください。OK です".to_owned())]
    );
}

#[test]
fn long_cells_are_not_spread_over_a_table() {
    let long = "Wort ".repeat(20_000);
    let html = format!(
        "<table><tr><th colspan=200 rowspan=200>{long}</th></tr>{}<tr><td>a</td></tr></table>",
        "<tr></tr>".repeat(199)
    );
    assert_eq!(read(&html), [(String::new(), format!("{}\na", long.trim()))]);
}

#[test]
fn what_cells_of_a_page_spread_is_bounded() {
    let word = "W".repeat(500);
    let table = format!(
        "<table><tr><th colspan=200 rowspan=200>{word}</th></tr>{}<tr><td>a</td></tr></table>",
        "<tr></tr>".repeat(199)
    );
    let pages = read(&format!("<h1>T</h1>{}", table.repeat(20)));
    assert!(pages.iter().map(|(_, text)| text.len()).sum::<usize>() < 50_000_000);
}

#[test]
fn the_same_short_line_stands_under_each_of_its_headings() {
    let html = "<h1>N</h1><h2>Rückgabe</h2><p>Kosten: keine.</p><h2>Umtausch</h2><p>Kosten: keine.</p>";
    let expected = [("N › Rückgabe", "Kosten: keine."), ("N › Umtausch", "Kosten: keine.")];
    assert_eq!(read(html), expected.map(|(path, text)| (path.to_owned(), text.to_owned())));
}

#[test]
fn a_step_stands_in_each_procedure_and_a_procedure_once() {
    let first = "<ol><li>Menü öffnen</li><li>OK drücken</li></ol>";
    let second = "<ol><li>Deckel öffnen</li><li>OK drücken</li></ol>";
    let html = format!("<h1>N</h1>{first}<p>Danach:</p>{second}<div>{first}</div>");
    let expected = "1. Menü öffnen\n2. OK drücken\nDanach:\n1. Deckel öffnen\n2. OK drücken";
    assert_eq!(read(&html), [("N".to_owned(), expected.to_owned())]);
}
