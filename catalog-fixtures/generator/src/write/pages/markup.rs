//! Pages that state their facts for machines: JSON-LD, and microdata with Open Graph.

use serde_json::{Value, json};

use super::{Page, Stock, escaped, frame};
use crate::random::Random;
use crate::world::regions::REGIONS;
use crate::write::{SHOP, money};

fn availability(stock: Stock) -> &'static str {
    match stock {
        Stock::Here => "https://schema.org/InStock",
        Stock::Out => "https://schema.org/OutOfStock",
        Stock::Discontinued => "https://schema.org/Discontinued",
    }
}

/// The product as schema.org has it.
fn graph(page: &Page<'_>, is_graph: bool) -> Value {
    let properties: Vec<Value> = page
        .facts
        .iter()
        .map(|(label, value)| json!({ "@type": "PropertyValue", "name": label, "value": value }))
        .collect();
    let mut product = json!({
        "@type": "Product",
        "name": page.name,
        "sku": page.product.sku,
        "mpn": page.product.sku,
        "gtin13": page.product.ean,
        "brand": { "@type": "Brand", "name": page.maker() },
        "category": page.word_of_category(),
        "description": page.lead,
        "additionalProperty": properties,
    });
    if let Some(price) = page.price {
        product["offers"] = json!({
            "@type": "Offer",
            "price": money(price.amount),
            "priceCurrency": REGIONS[price.region].currency,
            "availability": availability(page.stock),
            "url": format!("https://lindtal.example/{}", page.product.page),
        });
    }
    if is_graph {
        let trail = json!({ "@type": "BreadcrumbList", "itemListElement": [{ "@type": "ListItem", "position": 1, "name": SHOP }] });
        return json!({ "@context": "https://schema.org", "@graph": [{ "@type": "WebSite", "name": SHOP }, trail, product] });
    }
    product["@context"] = json!("https://schema.org");
    product
}

impl Page<'_> {
    /// The category in the page's language.
    pub(super) fn word_of_category(&self) -> &str {
        if self.tongue == crate::language::Tongue::German {
            &self.kind.category
        } else {
            &self.kind.category_en
        }
    }

    fn price_line(&self) -> String {
        let vat = self.price.map_or("", |price| {
            let is_included = REGIONS[price.region].vat_included;
            if is_included {
                self.word("inkl. MwSt., zzgl. Versand", "incl. VAT, plus shipping")
            } else {
                "plus sales tax"
            }
        });
        match self.printed_price() {
            Some(price) => format!("<p class=\"price\">{} <small>{vat}</small></p>", escaped(&price)),
            None => {
                format!("<p class=\"price\">{}</p>", self.word("nicht mehr lieferbar", "no longer available"))
            }
        }
    }
}

/// A modern page.
pub(super) fn json_ld(page: &Page<'_>, random: &mut Random) -> String {
    let data = serde_json::to_string_pretty(&graph(page, random.chance(40))).unwrap_or_default();
    let rows: String = page
        .facts
        .iter()
        .map(|(label, value)| format!("<tr><th>{}</th><td>{}</td></tr>\n", escaped(label), escaped(value)))
        .collect();
    let paragraphs: String =
        page.paragraphs.iter().map(|text| format!("<p>{}</p>\n", escaped(text))).collect();
    let (name, lead) = (escaped(&page.name), escaped(&page.lead));
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{name} | {SHOP}</title>\n<meta name=\"description\" content=\"{lead}\">\n<script>window.dataLayer=window.dataLayer||[];dataLayer.push({{\"page\":\"product\"}});</script>\n<script type=\"application/ld+json\">\n{data}\n</script>\n</head>\n<body>\n{cookies}\n<header class=\"site\"><a class=\"logo\" href=\"/\">{SHOP}</a><form role=\"search\"><input name=\"q\"></form>{navigation}</header>\n<main>\n<ol class=\"breadcrumb\"><li>{SHOP}</li><li>{category}</li></ol>\n<h1>{name}</h1>\n{price}\n{cart}\n<p class=\"lead\">{lead}</p>\n<h2>{description}</h2>\n{paragraphs}<h2>{sheet}</h2>\n<table class=\"specs\"><tbody>\n{rows}<tr><th>{number}</th><td>{sku}</td></tr>\n<tr><th>EAN</th><td>{ean}</td></tr>\n</tbody></table>\n</main>\n{reviews}\n{related}\n{foot}\n</body>\n</html>\n",
        lang = page.tongue.code(),
        cookies = frame::cookies(page),
        navigation = frame::navigation(page),
        category = escaped(page.word_of_category()),
        price = page.price_line(),
        cart = page.cart(),
        description = page.word("Beschreibung", "Description"),
        sheet = page.word("Technische Daten", "Specifications"),
        number = page.word("Artikelnummer", "Item number"),
        sku = page.product.sku,
        ean = page.product.ean,
        reviews = frame::reviews(page, random),
        related = frame::related(page, random),
        foot = frame::foot(page),
    )
}

/// A page whose markup stands in the text.
pub(super) fn microdata(page: &Page<'_>, random: &mut Random) -> String {
    let rows: String = page
        .facts
        .iter()
        .map(|(label, value)| {
            format!(
                "<div itemprop=\"additionalProperty\" itemscope itemtype=\"https://schema.org/PropertyValue\"><dt itemprop=\"name\">{}</dt><dd itemprop=\"value\">{}</dd></div>\n",
                escaped(label),
                escaped(value)
            )
        })
        .collect();
    let offer = match (page.price, page.printed_price()) {
        (Some(price), Some(printed)) => format!(
            "<div itemprop=\"offers\" itemscope itemtype=\"https://schema.org/Offer\">\n <meta itemprop=\"priceCurrency\" content=\"{}\"><span itemprop=\"price\" content=\"{}\">{}</span> <span>{}</span>\n <link itemprop=\"availability\" href=\"{}\">\n</div>",
            REGIONS[price.region].currency,
            money(price.amount),
            escaped(&printed),
            if REGIONS[price.region].vat_included {
                page.word("inkl. MwSt.", "incl. VAT")
            } else {
                "plus sales tax"
            },
            availability(page.stock)
        ),
        _ => format!("<p>{}</p>", page.word("Nicht mehr lieferbar", "No longer available")),
    };
    let graph = page.price.map_or_else(String::new, |price| {
        format!(
            "<meta property=\"product:price:amount\" content=\"{}\">\n<meta property=\"product:price:currency\" content=\"{}\">\n",
            money(price.amount),
            REGIONS[price.region].currency
        )
    });
    let paragraphs: String =
        page.paragraphs.iter().map(|text| format!("<p>{}</p>\n", escaped(text))).collect();
    let name = escaped(&page.name);
    format!(
        "<!DOCTYPE html>\n<html lang=\"{lang}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{name} {title_end}</title>\n<meta property=\"og:type\" content=\"product\">\n<meta property=\"og:title\" content=\"{name}\">\n{graph}</head>\n<body class=\"shop2\">\n<div class=\"wrap\">\n<div class=\"header\"><img src=\"/logo.svg\" alt=\"{SHOP}\"> {navigation}</div>\n{cookies}\n<div class=\"produkt\" itemscope itemtype=\"https://schema.org/Product\">\n <div class=\"krumen\"><a href=\"/\">{SHOP}</a> › <a href=\"#\">{category}</a></div>\n <meta itemprop=\"category\" content=\"{category}\">\n <h1 itemprop=\"name\">{name}</h1>\n <div class=\"marke\">{by} <span itemprop=\"brand\" itemscope itemtype=\"https://schema.org/Brand\"><span itemprop=\"name\">{maker}</span></span></div>\n <div class=\"nummern\">{number} <span itemprop=\"sku\">{sku}</span> · EAN <span itemprop=\"gtin13\">{ean}</span></div>\n {offer}\n <div itemprop=\"description\"><p><strong>{lead}</strong></p>\n{paragraphs}</div>\n <h2>{sheet}</h2>\n <dl class=\"daten\">\n{rows} </dl>\n</div>\n{related}\n{reviews}\n{foot}\n</div>\n</body>\n</html>\n",
        lang = page.tongue.code(),
        title_end = page.word("günstig kaufen – lindtal.example", "– lindtal.example"),
        navigation = frame::navigation(page),
        cookies = frame::cookies(page),
        category = escaped(page.word_of_category()),
        by = page.word("von", "by"),
        maker = escaped(page.maker()),
        number = page.word("Art.-Nr.", "Item no."),
        sku = page.product.sku,
        ean = page.product.ean,
        lead = escaped(&page.lead),
        sheet = page.word("Datenblatt", "Data sheet"),
        related = frame::related(page, random),
        reviews = frame::reviews(page, random),
        foot = frame::foot(page),
    )
}
