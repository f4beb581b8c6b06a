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
fn nesting_without_end_does_not_exhaust_the_stack() {
    let html = format!("{}Tief unten{}", "<div>".repeat(20_000), "</div>".repeat(20_000));
    assert_eq!(read(&html), [(String::new(), "Tief unten".to_owned())]);
}

#[test]
fn names_are_split_into_words() {
    assert_eq!(split_name("productReviews-list cookie_bar"), ["product", "reviews", "list", "cookie", "bar"]);
}
