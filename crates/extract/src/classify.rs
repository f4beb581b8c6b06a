//! What a file outside the named folders holds, by its content.

use auskunft_model::SourceKind;

use crate::sniff;

/// Words in the beginning of a text that make it a rule or a law.
const POLICY_WORDS: &[&str] = &[
    "widerruf",
    "rückgabe",
    "rueckgabe",
    "garantie",
    "gewährleistung",
    "datenschutz",
    "versandbedingungen",
    "agb",
    "allgemeine geschäftsbedingungen",
    "gesetzbuch",
    "nutzungsbedingungen",
    "return policy",
    "returns policy",
    "warranty",
    "privacy policy",
    "terms and conditions",
    "shipping policy",
];

/// The kind of a file by its name's ending and the first bytes of its content (8 KB tell enough). `None` when it is none
/// that is read: evaluation questions, inputs such as attribute tables, unknown formats.
pub fn classify(path: &str, head: &[u8]) -> Option<SourceKind> {
    if sniff::is_pdf(head) {
        return Some(SourceKind::Manual);
    }
    let name = path.rsplit('/').next().unwrap_or("");
    let extension = name.rsplit_once('.').map_or_else(String::new, |(_, ending)| ending.to_ascii_lowercase());
    let text = String::from_utf8_lossy(head).to_lowercase();
    match extension.as_str() {
        "pdf" => Some(SourceKind::Manual),
        "html" | "htm" | "xhtml" => Some(of_page(&text)),
        "json" | "jsonl" | "ndjson" => of_json(&text),
        "csv" => of_csv(&text),
        "md" | "markdown" | "txt" => of_text(&text),
        _ => None,
    }
}

/// A page is a product's unless it says otherwise: that is what a shop has most of.
fn of_page(text: &str) -> SourceKind {
    let is_product = [
        "schema.org/product",
        "\"@type\":\"product\"",
        "\"@type\": \"product\"",
        "\"og:type\" content=\"product",
    ];
    if is_product.iter().any(|mark| text.contains(mark)) {
        return SourceKind::Product;
    }
    let questions =
        text.matches("?</h").count() + text.matches("?</summary").count() + text.matches("?</dt").count();
    if text.contains("faqpage") || questions >= 2 {
        return SourceKind::Faq;
    }
    let titles = ["<title", "<h1"].into_iter().filter_map(|tag| text.split_once(tag));
    let titles: String = titles.filter_map(|(_, after)| after.split("</").next()).collect();
    if POLICY_WORDS.iter().any(|word| titles.contains(word)) {
        SourceKind::Policy
    } else {
        SourceKind::Product
    }
}

/// By the names of fields. Evaluation questions name what is `relevant` and are never indexed.
fn of_json(text: &str) -> Option<SourceKind> {
    let has = |field: &str| text.contains(&format!("\"{field}\""));
    if has("relevant") {
        None
    } else if has("turns") {
        Some(SourceKind::Dialog)
    } else if has("customer_id") && has("subject") {
        Some(SourceKind::Ticket)
    } else if has("question") && (has("answer") || has("answer_html")) {
        Some(SourceKind::Faq)
    } else {
        None
    }
}

fn of_csv(text: &str) -> Option<SourceKind> {
    let header = text.lines().next().unwrap_or("");
    (header.contains("question") && header.contains("answer")).then_some(SourceKind::Faq)
}

fn of_text(text: &str) -> Option<SourceKind> {
    let has_fields = text.starts_with("---") || text.starts_with("+++");
    let is_heading = |line: &&str| line.starts_with('#') && line.trim_end().ends_with('?');
    if text.lines().filter(is_heading).count() >= 2 {
        return Some(SourceKind::Faq);
    }
    let is_stated = has_fields
        && ["valid_from", "return_days", "warranty_months", "region"].iter().any(|key| text.contains(key));
    let has_paragraphs =
        text.lines().filter(|line| line.trim_start_matches(['#', ' ']).starts_with('§')).count() >= 1;
    let first = text.lines().find(|line| !line.trim().is_empty()).unwrap_or("");
    let is_named = POLICY_WORDS.iter().any(|word| first.contains(word));
    (is_stated || has_paragraphs || is_named).then_some(SourceKind::Policy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_names_the_kind() {
        let cases: &[(&str, &str, Option<SourceKind>)] = &[
            ("x/anleitung.bin", "%PDF-1.4", Some(SourceKind::Manual)),
            ("a.html", "<div itemtype=\"https://schema.org/Product\">", Some(SourceKind::Product)),
            ("a.html", "<h2>Wie lange?</h2><h2>Was kostet es?</h2>", Some(SourceKind::Faq)),
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
            ("notes.txt", "Einkaufsliste", None),
            ("bild.png", "\u{89}PNG", None),
        ];
        for (path, head, expected) in cases {
            assert_eq!(classify(path, head.as_bytes()), *expected, "{path} {head}");
        }
    }
}
