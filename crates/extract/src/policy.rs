//! Rules of the shop and law texts.

use auskunft_model::{Attribute, Document, Failure, Kind, Language, Reason, Section, Source, Value};
use scraper::Html;

use crate::front::{self, Front};
use crate::markdown::{self, Dialect};
use crate::{Defaults, Extracted, encoding, fields, html, language, outline};

/// A text's structure and what it says of itself.
struct Read {
    sections: Vec<Section>,
    heading: Option<String>,
    language: Option<String>,
}

/// Reads a policy of any text format into one document.
pub(crate) fn extract(source: &Source, bytes: &[u8], defaults: &Defaults) -> Result<Extracted, Failure> {
    let decoded = encoding::decode(bytes);
    let front = front::read(&source.path, &decoded.text)?;
    let read = match source.extension().as_str() {
        "html" | "htm" | "xhtml" => read_page(front.body),
        "md" | "markdown" => read_text(front.body, Dialect::Markdown),
        "txt" | "" => read_text(front.body, Dialect::Plain),
        other => {
            let detail =
                format!("{}: policies are read from md, html, txt and pdf, not from `{other}`", source.path);
            return Err(Failure::new(Reason::Unsupported, detail));
        }
    };
    if read.sections.is_empty() {
        return Err(Failure::new(Reason::NoText, format!("{} holds no text", source.path)));
    }
    let mut document = document(source, &front, read, defaults)?;
    language::mark_sections(&mut document);
    Ok(Extracted::one(document, decoded.warning.into_iter().collect()))
}

fn read_page(text: &str) -> Read {
    let page = html::page(&Html::parse_document(text));
    Read { sections: page.sections, heading: page.heading.or(page.title), language: page.language }
}

fn read_text(text: &str, dialect: Dialect) -> Read {
    let (sections, heading) = markdown::sections(text, dialect);
    Read { sections, heading, language: None }
}

fn document(
    source: &Source,
    front: &Front<'_>,
    read: Read,
    defaults: &Defaults,
) -> Result<Document, Failure> {
    let title = front.get("title").map(str::to_owned).or_else(|| read.heading.clone());
    let title = title.unwrap_or_else(|| source.stem().to_owned());
    let stated = front.get("language").and_then(Language::parse);
    let by_text = || language::of_sections(&read.sections, read.language.as_deref(), &defaults.language);
    let mut document =
        Document::new(&source.path, None, Kind::Policy, &title, stated.unwrap_or_else(by_text));
    let get = |key: &str| front.get(key).map(str::to_owned);
    fields::set_validity(&mut document, &source.path, &get)?;
    document.attributes = attributes(source, front)?;
    document.category = get("category");
    document.product = get("product");
    document.product_family = get("product_family");
    document.maker = get("maker");
    document.tags = get("tags").map(|text| fields::tags(&text)).unwrap_or_default();
    let sections = outline::without_title(read.sections, &title);
    document.sections = match read.heading {
        Some(heading) => outline::without_title(sections, &heading),
        None => sections,
    };
    Ok(document)
}

/// What a policy states in numbers, so that deadlines can be computed: days, months, exclusions.
fn attributes(source: &Source, front: &Front<'_>) -> Result<Vec<Attribute>, Failure> {
    let mut found = Vec::new();
    for (key, unit) in [("return_days", "day"), ("warranty_months", "month")] {
        let Some(text) = front.get(key) else { continue };
        let amount: u32 =
            text.parse().map_err(|_| fields::invalid(&source.path, key, text, "is no whole number"))?;
        let value = Value::Quantity { amount: f64::from(amount), upper: None, unit: unit.to_owned() };
        found.push(Attribute { key: key.to_owned(), value, text: text.to_owned() });
    }
    found.extend(front.get("excludes").map(|text| Attribute::text("excludes", text)));
    Ok(found)
}

#[cfg(test)]
mod tests {
    use auskunft_model::SourceKind;

    use super::*;
    use crate::Record;

    fn read(path: &str, text: &str) -> Result<Document, Failure> {
        let source = Source { path: path.to_owned(), kind: SourceKind::Policy };
        let defaults = Defaults { language: Language::german() };
        let extracted = extract(&source, text.as_bytes(), &defaults)?;
        match extracted.records.into_iter().next().unwrap().result? {
            Record::Document(document) => Ok(document),
            Record::Ticket(ticket) => panic!("{ticket:?}"),
        }
    }

    #[test]
    fn stated_fields_become_validity_region_and_attributes() {
        let text = "---\ntitle: Rückgabe EU\nregion: EU\nlanguage: de\nvalid_from: 2025-01-01\nvalid_to: 31.12.2026\n\
                    return_days: 30\nwarranty_months: 24\nexcludes: Software, Hygieneartikel\n---\n\
                    # Rückgabe\n\n## Frist\n\nSie haben 30 Tage.\n";
        let document = read("policies/r.md", text).unwrap();
        assert_eq!(document.title, "Rückgabe EU");
        assert_eq!(document.region.as_ref().unwrap().as_str(), "EU");
        assert_eq!(document.valid_to.unwrap().to_string(), "2026-12-31");
        let days = Value::Quantity { amount: 30.0, upper: None, unit: "day".to_owned() };
        assert_eq!(document.attributes[0].value, days);
        assert_eq!(document.attributes.len(), 3);
        assert_eq!(document.sections[0].heading_path, ["Frist"]);
    }

    #[test]
    fn impossible_values_are_named() {
        for (field, value) in [
            ("valid_from", "2025-02-30"),
            ("return_days", "zwei"),
            ("region", "überall!"),
            ("warranty_months", "-3"),
        ] {
            let failure = read("p.md", &format!("---\n{field}: {value}\n---\nText")).unwrap_err();
            assert_eq!(failure.reason, Reason::InvalidRecord);
            assert!(failure.detail.contains(field) && failure.detail.contains(value), "{failure}");
        }
        let turned = "---\nvalid_from: 2026-01-01\nvalid_to: 2025-01-01\n---\nText";
        assert!(read("p.md", turned).unwrap_err().detail.contains("2025-01-01"));
    }

    #[test]
    fn pages_and_plain_texts_are_policies_too() {
        let page = "<html lang=en><title>Returns | Shop</title><nav>Menu</nav><h1>Returns</h1><h2>Period</h2><p>30 days.</p>";
        let document = read("p.html", page).unwrap();
        assert_eq!((document.title.as_str(), document.language.as_str()), ("Returns", "en"));
        assert_eq!(document.sections[0].text(), "30 days.");
        let document = read("p.txt", "Versand\n=======\n\nWir liefern innerhalb von drei Tagen.").unwrap();
        assert_eq!(document.title, "Versand");
        assert_eq!(read("p.txt", "  \n").unwrap_err().reason, Reason::NoText);
    }
}
