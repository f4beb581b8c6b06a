//! What holds of any document, not only of the real ones.

use auskunft_model::{Block, Document, Kind, Language, Section, SourceKind};
use proptest::prelude::*;

use crate::drive::{self, invariants};

const KINDS: [SourceKind; 6] = [
    SourceKind::Product,
    SourceKind::Manual,
    SourceKind::Faq,
    SourceKind::Policy,
    SourceKind::Dialog,
    SourceKind::Ticket,
];

const ENDINGS: [&str; 7] = ["html", "md", "txt", "json", "jsonl", "csv", "xhtml"];

/// A line as sources have them, sometimes a word that no budget takes whole.
fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "[A-ZÄÖÜa-zäöüß]{1,14}( [a-zäöüß]{1,12}){0,30}[.:?!]?",
        1 => "[0-9]{1,4}([.,][0-9]{1,3})? (mm|kg|€|°C|W)",
        1 => "[a-z]{200,400}",
        1 => "[\\u{4e00}-\\u{4eff}\\u{3040}-\\u{309f}]{1,80}",
        1 => "[!-~]{1,40}",
    ]
}

fn table() -> impl Strategy<Value = Block> {
    (0usize..5, 1usize..12).prop_flat_map(|(columns, rows)| {
        let header = proptest::collection::vec("[A-Z][a-zäöü]{2,12}", columns);
        let cells = proptest::collection::vec(text(), columns.max(1));
        let rows = proptest::collection::vec(cells, rows);
        (header, rows).prop_map(|(header, rows)| Block::Table { header, rows })
    })
}

fn block() -> impl Strategy<Value = Block> {
    prop_oneof![
        3 => text().prop_map(|text| Block::Paragraph { text }),
        2 => text().prop_map(|text| Block::Item { text: format!("• {text}") }),
        1 => table(),
    ]
}

fn section() -> impl Strategy<Value = Section> {
    let path = proptest::collection::vec("[A-Z][a-zäöü ]{0,30}[a-z]", 0..3);
    let page = proptest::option::of(1u32..9);
    (path, page, proptest::collection::vec(block(), 1..8)).prop_map(|(heading_path, page, blocks)| Section {
        heading_path,
        page,
        blocks,
        kind: None,
        language: None,
    })
}

fn document() -> impl Strategy<Value = Document> {
    ("[A-Z][A-Za-z0-9 ]{0,60}", proptest::collection::vec(section(), 1..6)).prop_map(|(title, sections)| {
        let mut document = Document::new("a.pdf", None, Kind::Manual, &title, Language::german());
        document.sections = sections;
        document
    })
}

/// Texts of the pieces that the readers look at.
fn scrap() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        "<(div|p|h1|h2|table|tr|td|th|dl|dt|dd|ul|ol|li|details|summary|main|br|span)( class=\"(price|nav|x)\")?>",
        "</(div|p|h1|table|tr|dl|ul|ol|details|main)>",
        "<[a-z]{1,4} (item|type)(scope|prop|of)=\"?(name|price|offers|sku)?\"?( itemtype=\"http://schema.org/Product\")?>",
        "<script type=\"application/ld\\+json\">",
        "<t[dh] (col|row)span=\"[0-9]{1,9}\">",
        "\\{\"@type\":\"(Product|FAQPage)\",\"(name|offers|gtin13)\":(\"x\"|\\[|\\{)",
        "(---|\\+\\+\\+|# |## |- |1\\. |\\||\\*\\*|§ 1 |```|> )",
        "[a-zäöü0-9 ?:€.,{}\\[\\]\"']{0,30}",
        "\\{\"(id|question|answer|turns|resolved|created)\":(\"x\"|1|true|\\[\\]|null)\\}",
        "\\{\"from\":\"(customer|agent)\",\"text\":\"[a-zäöü0-9 @+.,-]{0,40}\"\\}",
        "\n",
        any::<String>(),
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn chunks_hold_every_word_once_with_whole_rows_within_the_budget(document in document(), budget in 8usize..300) {
        invariants::chunks(&document, budget);
    }

    #[test]
    fn no_text_makes_a_reader_panic(text in scrap()) {
        for ending in ENDINGS {
            for kind in KINDS {
                drive::file(kind, ending, text.as_bytes());
            }
        }
    }

    #[test]
    fn no_bytes_make_the_layout_panic(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        drive::pdf_layout(&bytes);
    }

    #[test]
    fn no_text_makes_the_small_readers_panic(text in any::<String>(), line in text()) {
        drive::numbers(text.as_bytes());
        drive::numbers(line.as_bytes());
    }
}
