//! Pages without markup for machines: tables of the old days, and a list of facts on an otherwise modern page.

use super::{Page, Stock, escaped, frame};
use crate::random::Random;
use crate::write::SHOP;

impl Page<'_> {
    fn delivery(&self) -> &'static str {
        match self.stock {
            Stock::Here => self.word("Sofort lieferbar", "In stock"),
            Stock::Out => self.word("Zurzeit nicht vorrätig", "Out of stock"),
            Stock::Discontinued => self.word("Nicht mehr lieferbar", "No longer available"),
        }
    }

    fn price_or_end(&self) -> String {
        self.printed_price()
            .unwrap_or_else(|| self.word("nicht mehr lieferbar", "no longer available").to_owned())
    }
}

/// An old page of bare tables that declares `charset`.
pub(super) fn tables(page: &Page<'_>, charset: &str, random: &mut Random) -> String {
    let mut rows = vec![
        (page.word("Hersteller", "Maker").to_owned(), page.maker().to_owned()),
        (page.word("Artikelnummer", "Item number").to_owned(), page.product.sku.clone()),
        ("EAN".to_owned(), page.product.ean.clone()),
        (page.word("Warengruppe", "Category").to_owned(), page.word_of_category().to_owned()),
    ];
    rows.extend(page.facts.iter().cloned());
    rows.push((page.word("Preis", "Price").to_owned(), page.price_or_end()));
    rows.push((page.word("Lieferstatus", "Availability").to_owned(), page.delivery().to_owned()));
    let rows: String = rows
        .iter()
        .map(|(label, value)| {
            format!("  <tr><td class=\"label\">{}:</td><td>{}</td></tr>\n", escaped(label), escaped(value))
        })
        .collect();
    let paragraphs: String =
        page.paragraphs.iter().map(|text| format!("<p>{}</p>\n", escaped(text))).collect();
    let name = escaped(&page.name);
    format!(
        "<html>\n<head><meta http-equiv=\"Content-Type\" content=\"text/html; charset={charset}\"><title>{name} - {SHOP}</title></head>\n<body bgcolor=\"#ffffff\">\n<table width=\"100%\"><tr><td>{navigation}</td></tr></table>\n<div class=\"cookiehinweis\">{consent} <a href=\"#\">OK</a></div>\n<div id=\"inhalt\">\n<h1>{name}</h1>\n<p>{lead}</p>\n{paragraphs}<h2>{head}</h2>\n<table class=\"eigenschaften\" border=\"0\">\n{rows}</table>\n</div>\n{reviews}\n{related}\n{foot}\n</body>\n</html>\n",
        navigation = frame::navigation(page),
        consent = page.word("Diese Seite nutzt Cookies.", "This page uses cookies."),
        lead = escaped(&page.lead),
        head = page.word("Eigenschaften", "Properties"),
        reviews = frame::reviews(page, random),
        related = frame::related(page, random),
        foot = frame::foot(page),
    )
}

/// A modern page without markup, whose facts are a list of definitions.
pub(super) fn list(page: &Page<'_>, random: &mut Random) -> String {
    let rows: String = page
        .facts
        .iter()
        .map(|(label, value)| format!("<dt>{}</dt><dd>{}</dd>\n", escaped(label), escaped(value)))
        .collect();
    let paragraphs: String =
        page.paragraphs.iter().map(|text| format!("<p>{}</p>\n", escaped(text))).collect();
    let name = escaped(&page.name);
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head><meta charset=\"utf-8\"><title>{name} – {maker} | {SHOP}</title></head>\n<body>\n{cookies}\n<div class=\"kopf\">{navigation}</div>\n<article>\n<h1>{name}</h1>\n<div class=\"kaufbox\"><span class=\"preis\">{price}</span> <span class=\"status\">{delivery}</span>{cart}</div>\n<p>{lead}</p>\n{paragraphs}<h2>{sheet}</h2>\n<dl>\n<dt>{by}</dt><dd>{maker}</dd>\n<dt>{number}</dt><dd>{sku}</dd>\n<dt>EAN</dt><dd>{ean}</dd>\n{rows}</dl>\n</article>\n{reviews}\n{related}\n{foot}\n</body>\n</html>\n",
        lang = page.tongue.code(),
        maker = escaped(page.maker()),
        cookies = frame::cookies(page),
        navigation = frame::navigation(page),
        price = escaped(&page.price_or_end()),
        delivery = page.delivery(),
        cart = page.cart(),
        lead = escaped(&page.lead),
        sheet = page.word("Daten auf einen Blick", "At a glance"),
        by = page.word("Hersteller", "Maker"),
        number = page.word("Artikelnummer", "Item number"),
        sku = page.product.sku,
        ean = page.product.ean,
        reviews = frame::reviews(page, random),
        related = frame::related(page, random),
        foot = frame::foot(page),
    )
}
