//! What a file outside the named folders holds, by its content.

use auskunft_model::SourceKind;
use auskunft_text::normal::fold;
use scraper::Html;

use crate::markdown::Dialect;
use crate::{encoding, faq, html, sniff};

/// Enough of a file to tell what it holds, in bytes.
const HEAD: usize = 16 * 1024;

/// Words (folded) that, within the first words of a title, make it that of a rule or a law.
const POLICY_WORDS: &[&str] = &[
    "widerruf",
    "rueckgabe",
    "retoure",
    "umtausch",
    "ruecksend",
    "garantie",
    "gewaehrleistung",
    "datenschutzerkl",
    "datenschutzhinweis",
    "datenschutzbestimm",
    "versandbedingungen",
    "geschaeftsbedingungen",
    "nutzungsbedingungen",
    "zahlungsbedingungen",
    "lieferbedingungen",
    "gesetzbuch",
    "warranty",
    "guarantee",
    "privacy notice",
    "terms and conditions",
    "terms of",
];

/// The same, as words of their own.
const POLICY_NAMES: &[&str] = &["agb", "datenschutz", "policy", "policies", "returns", "refunds"];

/// Words of a title before and with which one names a policy: `Unsere Garantie`; `Sauger mit 5 Jahren Garantie` is a thing.
const TITLE_WORDS: usize = 3;

/// Titles (folded) of lists of questions.
const FAQ_TITLES: &[&str] = &[
    "faq",
    "haeufige fragen",
    "haeufig gestellte fragen",
    "fragen und antworten",
    "fragen & antworten",
    "frequently asked",
    "questions and answers",
];

/// From so many questions on a text is a list of them.
const QUESTIONS: usize = 2;

/// Fields that only policies have, and those that policies have, too.
const POLICY_FIELDS: &[&str] = &["return_days", "warranty_months", "excludes"];
const OTHER_FIELDS: &[&str] = &["valid_from", "region"];

/// Marks (in small letters) of a page that describes a product to machines.
const PRODUCT_MARKS: &[&str] = &[
    "schema.org/product",
    "\"@type\":\"product\"",
    "\"@type\": \"product\"",
    "\"og:type\" content=\"product",
];

/// Marks of a page on which something can be bought.
const BUYING_MARKS: &[&str] = &[
    "in den warenkorb",
    "in den korb",
    "add to cart",
    "add to basket",
    "add-to-cart",
    "addtocart",
    "itemprop=\"price",
];

/// The kind of a file by its name's ending and the first bytes of its content (16 KB are looked at). `None` when it is none
/// that is read: evaluation questions, inputs such as attribute tables, unknown formats.
pub fn classify(path: &str, head: &[u8]) -> Option<SourceKind> {
    if sniff::is_pdf(head) {
        return Some(SourceKind::Manual);
    }
    let name = path.rsplit('/').next().unwrap_or("");
    let extension = name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_ascii_lowercase());
    let text = || encoding::decode(whole_signs(&head[..head.len().min(HEAD)])).text;
    match extension.as_str() {
        "pdf" => Some(SourceKind::Manual),
        "html" | "htm" | "xhtml" => Some(of_page(&text())),
        "json" | "jsonl" | "ndjson" => of_json(&text().to_lowercase()),
        "csv" => of_csv(&text().to_lowercase()),
        "md" | "markdown" => of_text(&text(), Dialect::Markdown),
        "txt" => of_text(&text(), Dialect::Plain),
        _ => None,
    }
}

/// Bytes without a sign that was cut at their end.
fn whole_signs(bytes: &[u8]) -> &[u8] {
    match std::str::from_utf8(bytes) {
        Err(error) if error.error_len().is_none() => &bytes[..error.valid_up_to()],
        _ => bytes,
    }
}

/// A page is a product's unless it says otherwise: that is what a shop has most of.
fn of_page(text: &str) -> SourceKind {
    let small = text.to_lowercase();
    let has = |marks: &[&str]| marks.iter().any(|mark| small.contains(mark));
    if has(PRODUCT_MARKS) || html::depth::is_too_deep(text) {
        return SourceKind::Product;
    }
    if has_fields(text, POLICY_FIELDS) {
        return SourceKind::Policy;
    }
    let titles = titles(text);
    let is_list = || !has(BUYING_MARKS) && faq::count_on_page(text) >= QUESTIONS;
    if small.contains("faqpage") || titles.iter().any(|title| names_questions(title)) || is_list() {
        SourceKind::Faq
    } else if has_fields(text, OTHER_FIELDS) || titles.iter().any(|title| names_policy(title)) {
        SourceKind::Policy
    } else {
        SourceKind::Product
    }
}

/// The page's title and its own heading.
fn titles(text: &str) -> Vec<String> {
    let page = html::page(&Html::parse_document(text));
    page.title.into_iter().chain(page.heading).collect()
}

fn names_questions(title: &str) -> bool {
    let folded = fold(title);
    let begins = |part: &str| FAQ_TITLES.iter().any(|name| part.trim_start().starts_with(name));
    parts(&folded).any(begins)
        || folded.split(|sign: char| !sign.is_alphanumeric()).any(|word| matches!(word, "faq" | "faqs"))
}

/// Whether a part of a title begins like that of a policy: `Lindtal | AGB`.
fn names_policy(title: &str) -> bool {
    let folded = fold(title);
    parts(&folded).any(|part| {
        let words: Vec<&str> = part.split_whitespace().take(TITLE_WORDS).collect();
        let beginning = words.join(" ");
        let is_name =
            |word: &&str| POLICY_NAMES.contains(&word.trim_matches(|sign: char| !sign.is_alphanumeric()));
        POLICY_WORDS.iter().any(|word| beginning.contains(word)) || words.iter().any(is_name)
    })
}

/// The parts of a title: name of the page, name of the shop.
fn parts(title: &str) -> impl Iterator<Item = &str> {
    title.split(['|', '»', '#', ':']).flat_map(|part| part.split(" - "))
}

/// Whether a text begins with fields, one of them of these.
fn has_fields(text: &str, keys: &[&str]) -> bool {
    let mark = ["---", "+++"].into_iter().find(|mark| text.starts_with(mark));
    let fields = mark.map(|mark| text[mark.len()..].split(mark).next().unwrap_or(""));
    let mut lines = fields.into_iter().flat_map(str::lines);
    lines.any(|line| {
        keys.iter()
            .any(|key| line.strip_prefix(key).is_some_and(|rest| rest.trim_start().starts_with([':', '='])))
    })
}

/// By the names of fields. Evaluation questions name what is `relevant` and are never indexed.
fn of_json(text: &str) -> Option<SourceKind> {
    let has = |fields: &[&str]| fields.iter().any(|field| text.contains(&format!("\"{field}\"")));
    if has(&["relevant"]) {
        None
    } else if has(&["turns"]) {
        Some(SourceKind::Dialog)
    } else if has(&["customer_id"]) && has(&["subject"]) {
        Some(SourceKind::Ticket)
    } else if has(&["question", "frage"]) && has(&["answer", "answer_html", "antwort", "antwort_html"]) {
        Some(SourceKind::Faq)
    } else {
        None
    }
}

fn of_csv(text: &str) -> Option<SourceKind> {
    let header = text.lines().next().unwrap_or("");
    let has = |names: &[&str]| names.iter().any(|name| header.contains(name));
    (has(&["question", "frage"]) && has(&["answer", "antwort"])).then_some(SourceKind::Faq)
}

fn of_text(text: &str, dialect: Dialect) -> Option<SourceKind> {
    if has_fields(text, POLICY_FIELDS) {
        return Some(SourceKind::Policy);
    }
    let first = text.lines().find(|line| line.chars().any(char::is_alphabetic)).unwrap_or("");
    let has_paragraphs = text.lines().any(|line| line.trim_start_matches(['#', ' ']).starts_with('§'));
    if names_questions(first) || (!has_paragraphs && faq::count_in_text(text, dialect) >= QUESTIONS) {
        return Some(SourceKind::Faq);
    }
    let is_policy = has_paragraphs || has_fields(text, OTHER_FIELDS) || names_policy(first);
    is_policy.then_some(SourceKind::Policy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_names_the_kind() {
        let cases: &[(&str, &str, Option<SourceKind>)] = &[
            ("x/anleitung.bin", "%PDF-1.4", Some(SourceKind::Manual)),
            ("a.html", "<div itemtype=\"https://schema.org/Product\">", Some(SourceKind::Product)),
            (
                "a.html",
                "<h2>Wie lange?</h2><p>Kurz.</p><h2>Was kostet es?</h2><p>Nichts.</p>",
                Some(SourceKind::Faq),
            ),
            ("a.html", "<title>Widerrufsbelehrung</title>", Some(SourceKind::Policy)),
            ("a.jsonl", r#"{"id":"1","question":"?","answer":"!"}"#, Some(SourceKind::Faq)),
            ("a.jsonl", r#"{"id":"1","resolved":true,"turns":[]}"#, Some(SourceKind::Dialog)),
            ("a.json", r#"[{"id":"1","customer_id":"k","subject":"s"}]"#, Some(SourceKind::Ticket)),
            ("questions.jsonl", r#"{"question":"?","relevant":["faqs/a.jsonl"]}"#, None),
            ("queries.jsonl", r#"{"id":"1","text":"?"}"#, None),
            ("a.csv", "id;question;answer", Some(SourceKind::Faq)),
            ("attributes.csv", "sku,key,value,unit", None),
            ("a.md", "---\nregion: EU\n---\nText", Some(SourceKind::Policy)),
            (
                "bgb.md",
                "# Bürgerliches Gesetzbuch\n\n###### § 312 Anwendungsbereich",
                Some(SourceKind::Policy),
            ),
            ("a.md", "# FAQ\n## Wie?\nSo.\n## Wo?\nHier.", Some(SourceKind::Faq)),
            ("a.html", "<title>Lindtal | AGB</title>", Some(SourceKind::Policy)),
            ("a.html", "<title>H&auml;ufige Fragen</title>", Some(SourceKind::Faq)),
            ("a.html", "<h1>Sauger mit 5 Jahren Garantie</h1>", Some(SourceKind::Product)),
            (
                "a.html",
                "<h1>Sauger</h1><h2>Wie laut?</h2><p>71 dB.</p><h2>Wie schwer?</h2><p>5 kg.</p><button>In den Warenkorb</button>",
                Some(SourceKind::Product),
            ),
            (
                "a.html",
                "<h1>Hilfe</h1><details><summary>Wie <b>lange?</b></summary>30 Tage.</details><button aria-expanded=false \
                 aria-controls=b>Was kostet es?</button><div id=b>Nichts.</div>",
                Some(SourceKind::Faq),
            ),
            ("a.html", "---\nreturn_days: 30\n---\n<h1>Hallo</h1><p>Text</p>", Some(SourceKind::Policy)),
            ("a.json", r#"[{"Frage":"?","Antwort":"!"}]"#, Some(SourceKind::Faq)),
            ("a.csv", "Frage;Antwort;SKU", Some(SourceKind::Faq)),
            (
                "a.md",
                "**Frage:** Wie lange?\n\n**Antwort:** Kurz.\n\nFrage: Wo?\n\nAntwort: Hier.",
                Some(SourceKind::Faq),
            ),
            ("a.md", "Häufig gestellte Fragen\n\nNoch keine.", Some(SourceKind::Faq)),
            ("a.txt", "Retouren & Umtausch\n\nBinnen 30 Tagen.", Some(SourceKind::Policy)),
            ("notes.txt", "Gutschein für Oma wegen Rückgabe kaufen", None),
            ("notes.txt", "Einkaufsliste", None),
            ("bild.png", "\u{89}PNG", None),
        ];
        for (path, head, expected) in cases {
            assert_eq!(classify(path, head.as_bytes()), *expected, "{path} {head}");
        }
    }

    #[test]
    fn a_letter_that_is_cut_changes_nothing() {
        let text = "# Häufige Fragen zu Öl".as_bytes();
        for end in 8..=text.len() {
            let _ = classify("a.md", &text[..end]);
        }
        assert_eq!(classify("a.md", &text[..text.len() - 2]), Some(SourceKind::Faq));
        let latin = encoding_rs::WINDOWS_1252
            .encode("<title>Häufige Fragen</title><p>Für alle, die Größen suchen: öfter lesen.</p>")
            .0;
        assert_eq!(classify("a.html", &latin), Some(SourceKind::Faq));
    }
}
