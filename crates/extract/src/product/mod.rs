//! Product pages: identifiers, typed attributes, variants and the product's own text.
//!
//! Per field the most trusted statement wins: JSON-LD, microdata, RDFa, Open Graph, then what the page prints in
//! definition lists, tables and lines. What others say otherwise is recorded as a conflict.

mod availability;
mod choices;
mod facts;
mod keys;
mod list;
mod merge;
mod own_text;
mod printed;
mod specs;
mod variants;

use auskunft_model::{Block, Document, Failure, Kind, Language, Reason, Section, Source, Variant};
use auskunft_text::identifier;
use auskunft_text::normal::fold;
use scraper::Html;

use crate::html::structured::scopes::{self, Syntax};
use crate::html::structured::{self, Own, Stated, json_ld, meta};
use crate::html::{self, Landmarks, Page};
use crate::{Defaults, Extracted, encoding, fields, language, outline, sniff};

use merge::Merge;
use printed::PrintedPrice;
use specs::{Pair, Place};

/// Key of the attribute that holds a product's price; its value is money.
pub const PRICE_KEY: &str = "price";

/// Key of the attribute that holds a product's availability as a schema.org term, e.g. `InStock`.
pub const AVAILABILITY_KEY: &str = "availability";

/// A description that begins with as many of the same signs is the same one.
const BEGINNING: usize = 120;

/// What was read of a page, free of its tree.
struct Read {
    page: Page,
    /// Descriptions for machines with their syntax, the most trusted first.
    described: Vec<(&'static str, Stated)>,
    /// The products of a page that lists several.
    listed: Vec<Stated>,
    breadcrumb: Vec<String>,
    prices: Vec<PrintedPrice>,
    /// What the page says of VAT in all its prices.
    vat_included: Option<bool>,
    chosen: Vec<Variant>,
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
    let landmarks = Landmarks::of(tree.root_element());
    let page = html::product_page(&tree, &landmarks);
    let heading = page.heading.as_deref();
    let blocks = json_ld::blocks(&tree);
    let objects = json_ld::objects(&blocks);
    let microdata = scopes::read(&tree, Syntax::Microdata);
    let rdfa = scopes::read(&tree, Syntax::Rdfa);
    let mut listed = Vec::new();
    let mut described = Vec::new();
    let mut take = |from: &'static str, own: Own| {
        described.extend(own.stated.into_iter().map(|stated| (from, stated)));
        if listed.is_empty() {
            listed = own.listed;
        }
    };
    take("json-ld", structured::own(&json_ld::products(&objects), heading));
    take("microdata", structured::own(&microdata.items, heading));
    take("rdfa", structured::own(&rdfa.items, heading));
    let meta = meta::product(&tree);
    // The title of a page for social networks is its name only where nothing else names it.
    let has_name = heading.is_some() || described.iter().any(|(_, stated)| stated.name.is_some());
    described.push(("meta", Stated { name: meta.name.clone().filter(|_| !has_name), ..meta }));
    described.push(("microdata", Stated::of_loose(&microdata.loose)));
    let crumbs = [
        json_ld::breadcrumb(&objects),
        structured::breadcrumb(&microdata.items),
        structured::breadcrumb(&rdfa.items),
        printed::breadcrumb(&tree),
    ];
    Read {
        described,
        listed,
        breadcrumb: crumbs.into_iter().find(|list| !list.is_empty()).unwrap_or_default(),
        prices: printed::prices(&tree, &landmarks),
        vat_included: printed::page_vat(&tree),
        chosen: choices::variants(&tree, &landmarks),
        page,
    }
}

fn document(source: &Source, read: Read, defaults: &Defaults) -> Document {
    let language =
        language::of_sections(&read.page.sections, read.page.language.as_deref(), &defaults.language);
    if !read.listed.is_empty() {
        return list::document(source, read, language);
    }
    let described = read.described.iter().find_map(|(_, stated)| stated.name.as_deref());
    let names: Vec<&str> = read.page.heading.as_deref().into_iter().chain(described).collect();
    let own = own_text::own(read.page.sections.clone(), &names);
    let pairs = specs::pairs(&own, &read.page, &language);
    let mut merge = merged(&read, &pairs, &language);
    let title = title(source, &read.page, &merge.stated);
    let price = facts::price(&merge.stated, &read.prices, read.vat_included);
    if let Some(printed) = read.prices.first() {
        merge.printed_price(&printed.text);
    }
    let Merge { stated, conflicts, .. } = merge;
    let mut document = Document::new(&source.path, None, Kind::Product, &title, language);
    document.sections = sections(own, &stated, &pairs, &title, &document.language);
    document.attributes = facts::attributes(&stated, price, &document.language);
    document.variants = variants::of(&stated, read.chosen, &document.language);
    document.identifiers = facts::identifiers(&stated, &document.variants, &title);
    let text = fold(&outline::text_of(&document.sections));
    let unnamed = variants::section(&document.variants, false, &text, &document.language);
    document.sections.extend(unnamed);
    document.conflicts = conflicts;
    document.product = Some(product_id(&stated, source));
    document.maker = stated.brand.clone();
    set_category(&mut document, &stated, &read.breadcrumb);
    if let Some(gtin) = stated.gtin.as_deref().filter(|gtin| !identifier::is_gtin(gtin)) {
        document.warnings.push(format!("EAN `{gtin}` has a wrong check digit"));
    }
    document
}

/// One description out of what is described for machines and what is printed.
fn merged(read: &Read, pairs: &[Pair], language: &Language) -> Merge {
    let mut merge = Merge::new(language.clone());
    for (from, stated) in &read.described {
        merge.add(from, stated.clone());
    }
    for place in Place::ALL {
        let here: Vec<&Pair> = pairs.iter().filter(|pair| pair.place == place).collect();
        merge.add(place.as_str(), specs::stated(&here));
    }
    merge
}

/// The stated name, else the heading, else the page's title without the shop's name, else the file's name.
fn title(source: &Source, page: &Page, stated: &Stated) -> String {
    let from_title = || page.title.as_deref().map(short_title);
    let named = stated.name.clone().or_else(|| page.heading.clone()).or_else(from_title);
    named.filter(|name| !name.is_empty()).unwrap_or_else(|| source.stem().to_owned())
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

/// Category and product family: as stated, else the first and last step of the breadcrumb. Where a page tells only one of
/// them, it is both.
fn set_category(document: &mut Document, stated: &Stated, breadcrumb: &[String]) {
    let title = fold(&document.title);
    let is_step = |name: &&String| {
        let folded = fold(name);
        folded != title && !keys::HOME.contains(&folded.as_str())
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
    printed: &[Pair],
    title: &str,
    language: &Language,
) -> Vec<Section> {
    let mut sections = outline::without_title(page, title);
    let text = bare(&outline::text_of(&sections));
    if let Some(description) = stated.description.as_deref().map(without_markup)
        && !description.is_empty()
        && !text.contains(beginning(&bare(&description)))
    {
        sections.insert(0, Section::of_paragraphs(Vec::new(), None, vec![description]));
    }
    let is_printed =
        |key: &str, value: &str| printed.iter().any(|pair| pair.key == key && pair.value == value);
    let missing = stated.attributes.iter().filter(|said| !is_printed(&said.key, &said.value));
    let rows: Vec<Vec<String>> = missing.map(|said| vec![said.key.clone(), said.value.clone()]).collect();
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

/// Letters and digits alone: a description is the same text in lines and lists as in one line.
fn bare(text: &str) -> String {
    fold(text).chars().filter(|sign| sign.is_alphanumeric()).collect()
}

/// Enough of a description to know it again.
fn beginning(text: &str) -> &str {
    text.char_indices().nth(BEGINNING).map_or(text, |(end, _)| &text[..end])
}

/// Descriptions in structured data often hold HTML.
fn without_markup(text: &str) -> String {
    if !text.contains(['<', '&']) {
        return text.trim().to_owned();
    }
    outline::text_of(&html::fragment_sections(text)).replace('\n', " ")
}

#[cfg(test)]
mod markup_tests;
#[cfg(test)]
mod tests;
