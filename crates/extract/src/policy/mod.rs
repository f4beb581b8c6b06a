//! Rules of the shop and law texts.

mod calendar;
mod deadline;
mod excluded;
mod stated;
mod subject;
mod validity;

use auskunft_model::{Attribute, Document, Failure, Kind, Language, Reason, Section, Source};
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
    stated::complete(&mut document, source.stem());
    Ok(document)
}

/// Completes a policy that was read elsewhere (a PDF has no fields) from its own text.
pub(crate) fn complete(document: &mut Document, source: &Source) {
    stated::complete(document, source.stem());
}

/// What a policy states in numbers, so that deadlines can be computed: days, months, exclusions.
fn attributes(source: &Source, front: &Front<'_>) -> Result<Vec<Attribute>, Failure> {
    let mut found = Vec::new();
    for (key, unit) in [("return_days", "day"), ("warranty_months", "month")] {
        let Some(text) = front.get(key) else { continue };
        let amount: u32 =
            text.parse().map_err(|_| fields::invalid(&source.path, key, text, "is no whole number"))?;
        found.push(stated::quantity(key, amount, unit, text));
    }
    found.extend(front.list("excludes").iter().map(|item| Attribute::text("excludes", item)));
    Ok(found)
}

#[cfg(test)]
mod tests;
