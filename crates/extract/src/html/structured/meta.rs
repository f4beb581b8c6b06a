//! Open Graph and other `meta` elements.

use auskunft_text::normal::collapse_spaces;
use scraper::Html;

use super::{Stated, term};
use crate::html::elements;

/// What `og:` and `product:` properties state. A page that is no product's still has a title and description.
pub(crate) fn product(document: &Html) -> Stated {
    let properties: Vec<(String, String)> = elements(document.root_element(), "meta")
        .filter_map(|meta| {
            let name = meta.attr("property").or_else(|| meta.attr("name"))?;
            Some((name.to_ascii_lowercase(), collapse_spaces(meta.attr("content")?)))
        })
        .collect();
    let get = |names: &[&str]| {
        let one = |name: &str| properties.iter().find(|(key, value)| key == name && !value.is_empty());
        names.iter().find_map(|name| one(name)).map(|(_, value)| value.clone())
    };
    Stated {
        name: get(&["og:title", "twitter:title"]),
        description: get(&["og:description", "description", "twitter:description"]),
        sku: get(&["product:retailer_item_id", "product:sku"]),
        gtin: get(&["product:ean", "product:gtin", "product:upc", "og:ean", "og:upc"]),
        mpn: get(&["product:mfr_part_no"]),
        brand: get(&["product:brand", "og:brand"]),
        category: get(&["product:category"]),
        price: get(&["product:price:amount", "og:price:amount", "product:sale_price:amount"]),
        currency: get(&["product:price:currency", "og:price:currency", "product:sale_price:currency"]),
        availability: get(&["product:availability", "og:availability"]).map(|text| term(&text)),
        ..Stated::default()
    }
}
