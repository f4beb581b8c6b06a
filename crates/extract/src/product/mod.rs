//! Product pages: identifiers, typed attributes and main text.
//!
//! Per field the most trusted statement wins: JSON-LD, microdata, Open Graph, then tables and lists of the page itself.

mod specs;

use specs::PrintedPrice;

use auskunft_model::{
    Attribute, Block, Document, Failure, Identifier, IdentifierKind, Kind, Language, Reason, Section, Source,
    Value,
};
use auskunft_text::normal::fold;
use auskunft_text::value::read_money;
use auskunft_text::{identifier, read_value};
use scraper::Html;

use crate::html::structured::{Stated, json_ld, meta, microdata};
use crate::html::{self, Page};
use crate::{Defaults, Extracted, encoding, fields, language, outline, sniff};

/// Key of the attribute that holds a product's price; its value is money.
pub const PRICE_KEY: &str = "price";

/// Key of the attribute that holds a product's availability as a schema.org term, e.g. `InStock`.
pub const AVAILABILITY_KEY: &str = "availability";

/// First steps of breadcrumbs that are no category, folded.
const HOME: &[&str] = &[
    "",
    "home",
    "homepage",
    "start",
    "startseite",
    "shop",
    "zurueck",
    "back",
    "accueil",
    "strona glowna",
    "главная",
];

/// What was read of a page, free of its tree.
struct Read {
    page: Page,
    stated: Stated,
    breadcrumb: Vec<String>,
    printed_price: Option<PrintedPrice>,
}

/// Reads a product page into one document.
pub(crate) fn extract(source: &Source, bytes: &[u8], defaults: &Defaults) -> Result<Extracted, Failure> {
    let decoded = encoding::decode(bytes);
    if !sniff::is_html(decoded.text.as_bytes()) && !decoded.text.contains('<') {
        let detail = format!("{} is no HTML page; deliver product pages as HTML", source.path);
        return Err(Failure::new(Reason::Unsupported, detail));
    }
    let read = read(&decoded.text);
    let mut document = document(source, read, defaults);
    if document.sections.is_empty() && document.attributes.is_empty() {
        return Err(Failure::new(
            Reason::NoText,
            format!("{}: the page has no text of its own", source.path),
        ));
    }
    document.warnings.extend(decoded.warning);
    language::mark_sections(&mut document);
    Ok(Extracted::one(document, Vec::new()))
}

fn read(text: &str) -> Read {
    let tree = Html::parse_document(text);
    let page = html::page(&tree);
    let objects = json_ld::objects(&tree);
    let stated = json_ld::product(&objects).unwrap_or_default();
    let stated = stated.or(microdata::product(&tree, page.heading.as_deref()).unwrap_or_default());
    let meta = meta::product(&tree);
    let stated = stated.or(Stated { name: None, ..meta.clone() });
    let stated = Stated { name: stated.name.or_else(|| page.heading.clone()).or(meta.name), ..stated };
    let lists = [json_ld::breadcrumb(&objects), microdata::breadcrumb(&tree), specs::breadcrumb(&tree)];
    let breadcrumb = lists.into_iter().find(|list| !list.is_empty()).unwrap_or_default();
    Read { printed_price: specs::printed_price(&tree), page, stated, breadcrumb }
}

fn document(source: &Source, read: Read, defaults: &Defaults) -> Document {
    let Read { page, stated, breadcrumb, printed_price } = read;
    let from_title = || page.title.as_deref().map(short_title);
    let title = stated.name.clone().or_else(from_title).unwrap_or_else(|| source.stem().to_owned());
    let language = language::of_sections(&page.sections, page.language.as_deref(), &defaults.language);
    let mut document = Document::new(&source.path, None, Kind::Product, &title, language);
    let printed = specs::pairs(&page.sections);
    let stated = stated.or(specs::stated(&printed));
    document.sections = sections(page.sections, &stated, &printed, &title, &document.language);
    document.attributes = attributes(&stated, printed_price);
    document.identifiers = identifiers(&stated, &title);
    document.product = Some(product_id(&stated, source));
    document.maker = stated.brand.clone();
    set_category(&mut document, &stated, &breadcrumb);
    if stated.gtin.as_deref().is_some_and(|gtin| !identifier::is_gtin(gtin)) {
        document.warnings.push(format!("EAN `{}` has a wrong check digit", stated.gtin.unwrap_or_default()));
    }
    document
}

/// A page title without the shop's name behind it.
fn short_title(title: &str) -> String {
    let ends = [" | ", " – ", " - "].into_iter().filter_map(|separator| title.find(separator));
    title[..ends.min().unwrap_or(title.len())].trim().to_owned()
}

/// SKU, else the maker's number, model or EAN, else the file's name.
fn product_id(stated: &Stated, source: &Source) -> String {
    let by_trust = [&stated.sku, &stated.mpn, &stated.model, &stated.gtin];
    let forms = by_trust.into_iter().flatten().map(|text| fields::id_form(text)).filter(|id| !id.is_empty());
    let stem = fields::id_form(source.stem());
    forms.into_iter().next().unwrap_or(if stem.is_empty() {
        fields::id_of_words("p", &source.path)
    } else {
        stem
    })
}

fn identifiers(stated: &Stated, title: &str) -> Vec<Identifier> {
    let gtin = stated.gtin.as_ref().filter(|text| identifier::is_gtin(text));
    let named = [
        (IdentifierKind::Sku, stated.sku.as_ref()),
        (IdentifierKind::Ean, gtin),
        (IdentifierKind::Model, stated.model.as_ref()),
        (IdentifierKind::Part, stated.mpn.as_ref()),
    ];
    let named = named.into_iter().filter_map(|(kind, text)| Some(Identifier { kind, text: text?.clone() }));
    let mut found: Vec<Identifier> = named.collect();
    // A number in the title that only begins one of the product's own names its series: siblings bear it too.
    let own: Vec<String> = found.iter().map(|known| identifier::normal_form(&known.text)).collect();
    let is_new =
        |number: &Identifier| !own.iter().any(|own| own.starts_with(&identifier::normal_form(&number.text)));
    found.extend(identifier::find(title).into_iter().filter(is_new));
    found
}

/// Price and availability first, then what the page states of the product.
fn attributes(stated: &Stated, printed: Option<PrintedPrice>) -> Vec<Attribute> {
    let price = stated.price.as_deref().and_then(|text| price_attribute(text, stated, None));
    let price = price
        .or_else(|| printed.and_then(|printed| price_attribute(&printed.text, stated, printed.currency)));
    let availability = stated.availability.as_deref().map(|term| Attribute::text(AVAILABILITY_KEY, term));
    let discontinued = stated.availability.as_deref().filter(|term| *term == "Discontinued");
    let others = stated.attributes.iter().map(|(key, text)| typed(key, text));
    let first = price.into_iter().chain(availability);
    first.chain(discontinued.map(|_| Attribute::text("discontinued", "true"))).chain(others).collect()
}

/// The price as an attribute; without any currency it cannot be compared, and nothing is no price.
fn price_attribute(text: &str, stated: &Stated, currency: Option<&str>) -> Option<Attribute> {
    let mut value = read_money(text, stated.currency.as_deref().or(currency))?;
    let Value::Money { minor, vat_included, .. } = &mut value else { return None };
    *vat_included = vat_included.or(stated.vat_included);
    (*minor > 0).then(|| Attribute { key: PRICE_KEY.to_owned(), value, text: text.to_owned() })
}

fn typed(key: &str, text: &str) -> Attribute {
    let value = if specs::names_product(key) { Value::Text } else { read_value(text) };
    Attribute { key: key.trim_end_matches(':').trim().to_owned(), value, text: text.to_owned() }
}

/// Category and product family: as stated, else the first and last step of the breadcrumb. Where a page tells only one of
/// them, it is both.
fn set_category(document: &mut Document, stated: &Stated, breadcrumb: &[String]) {
    let title = fold(&document.title);
    let is_step = |name: &&String| {
        let folded = fold(name);
        folded != title && !HOME.contains(&folded.as_str())
    };
    let steps: Vec<&String> = breadcrumb.iter().filter(is_step).collect();
    let path: Vec<&str> =
        stated.category.as_deref().unwrap_or("").split(['>', '»', '›']).map(str::trim).collect();
    let category = path.first().copied().filter(|text| !text.is_empty()).map(str::to_owned);
    document.category = category.or_else(|| steps.first().map(|step| (*step).clone()));
    let narrow = path.last().filter(|_| path.len() > 1).map(|text| (*text).to_owned());
    let family = specs::family(&stated.attributes).or(narrow);
    document.product_family = family.or_else(|| steps.last().map(|step| (*step).clone()));
    document.product_family = document.product_family.take().or_else(|| document.category.clone());
    document.category = document.category.take().or_else(|| document.product_family.clone());
}

/// The page's text, with the stated description and attributes where the text lacks them.
fn sections(
    page: Vec<Section>,
    stated: &Stated,
    printed: &[(String, String)],
    title: &str,
    language: &Language,
) -> Vec<Section> {
    let mut sections = outline::without_title(page, title);
    let text = fold(&outline::text_of(&sections));
    if let Some(description) = stated.description.as_deref().map(without_markup)
        && !description.is_empty()
        && !text.contains(&fold(&description))
    {
        sections.insert(0, Section::of_paragraphs(Vec::new(), None, vec![description]));
    }
    let missing = stated.attributes.iter().filter(|pair| !printed.contains(pair));
    let rows: Vec<Vec<String>> = missing.map(|(key, value)| vec![key.clone(), value.clone()]).collect();
    if !rows.is_empty() {
        let heading = if *language == Language::german() { "Technische Daten" } else { "Specifications" };
        let blocks = vec![Block::Table { header: Vec::new(), rows }];
        sections.push(Section {
            heading_path: vec![heading.to_owned()],
            page: None,
            blocks,
            kind: None,
            language: None,
        });
    }
    sections
}

/// Descriptions in structured data often hold HTML.
fn without_markup(text: &str) -> String {
    if !text.contains(['<', '&']) {
        return text.trim().to_owned();
    }
    outline::text_of(&html::fragment_sections(text)).replace('\n', " ")
}

#[cfg(test)]
mod tests;
