//! JSON-LD blocks (schema.org).

use auskunft_text::normal::collapse_spaces;
use scraper::{ElementRef, Html};
use serde_json::{Map, Value};

use super::{Stated, is_product, term};
use crate::html::elements;

/// Fields under which other things than the page's own are described.
const OTHERS: &[&str] = &[
    "isRelatedTo",
    "isSimilarTo",
    "isAccessoryOrSparePartFor",
    "isConsumableFor",
    "review",
    "reviews",
    "itemListElement",
    "aggregateRating",
    "itemReviewed",
    "hasVariant",
    "isVariantOf",
];

/// All objects with a type in the page's JSON-LD, in document order. A block that cannot be read is left out, the others
/// are kept.
pub(crate) fn objects(document: &Html) -> Vec<Map<String, Value>> {
    let mut found = Vec::new();
    for block in elements(document.root_element(), "script").filter(|script| is_json_ld(*script)) {
        let text: String = block.text().collect();
        if let Some(value) = parse(&text) {
            collect(value, &mut found);
        }
    }
    found
}

fn is_json_ld(script: ElementRef<'_>) -> bool {
    script
        .attr("type")
        .is_some_and(|kind| kind.trim().to_ascii_lowercase().starts_with("application/ld+json"))
}

/// Strict JSON first; then without comment wrappers, a trailing semicolon and raw control characters inside strings.
fn parse(text: &str) -> Option<Value> {
    serde_json::from_str(text).ok().or_else(|| serde_json::from_str(&cleaned(text)).ok())
}

fn cleaned(text: &str) -> String {
    let mut text = text.trim();
    for wrapper in ["//", "<![CDATA[", "<!--", "/*<![CDATA[*/", "/*"] {
        text = text.strip_prefix(wrapper).unwrap_or(text).trim_start();
    }
    for wrapper in ["/*]]>*/", "-->", "]]>", "*/", "//", ";"] {
        text = text.strip_suffix(wrapper).unwrap_or(text).trim_end();
    }
    text.chars().map(|sign| if sign.is_control() { ' ' } else { sign }).collect()
}

/// Walks lists, graphs and nested objects; depth is bounded by the parser's own limit of 128.
fn collect(value: Value, found: &mut Vec<Map<String, Value>>) {
    match value {
        Value::Array(items) => items.into_iter().for_each(|item| collect(item, found)),
        Value::Object(object) => {
            let inside: Vec<Value> = object
                .iter()
                .filter(|(key, _)| !OTHERS.contains(&key.as_str()))
                .map(|(_, value)| value.clone())
                .collect();
            if object.contains_key("@type") {
                found.push(object);
            }
            inside
                .into_iter()
                .filter(|value| value.is_array() || value.is_object())
                .for_each(|value| collect(value, found));
        }
        _ => {}
    }
}

/// Whether an object has a type; `@type` may be a list.
pub(crate) fn has_type(object: &Map<String, Value>, test: &dyn Fn(&str) -> bool) -> bool {
    match object.get("@type") {
        Some(Value::String(kind)) => test(kind),
        Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(test),
        _ => false,
    }
}

/// What the first product among the objects states.
pub(crate) fn product(objects: &[Map<String, Value>]) -> Option<Stated> {
    let product = objects.iter().find(|object| has_type(object, &is_product))?;
    let offer = offer(product.get("offers")).unwrap_or_default();
    let get = |keys: &[&str]| keys.iter().find_map(|key| product.get(*key)).and_then(text);
    Some(Stated {
        name: get(&["name"]),
        description: get(&["description"]),
        sku: get(&["sku"])
            .or_else(|| get(&["productID"]).and_then(|id| id.strip_prefix("sku:").map(str::to_owned))),
        gtin: get(&["gtin13", "gtin", "gtin14", "gtin12", "gtin8", "ean", "isbn"]),
        mpn: get(&["mpn"]),
        model: get(&["model"]),
        brand: get(&["brand"]).or_else(|| get(&["manufacturer"])),
        category: get(&["category"]),
        attributes: attributes(product),
        ..offer
    })
}

/// A value as text: strings and numbers themselves, objects by their name or value, lists by their first.
pub(crate) fn text(value: &Value) -> Option<String> {
    let found = match value {
        Value::String(text) => collapse_spaces(text),
        Value::Number(number) => number_text(number),
        Value::Bool(answer) => answer.to_string(),
        Value::Array(items) => return items.iter().find_map(text),
        Value::Object(object) => {
            return ["name", "value", "@value", "@id"].iter().find_map(|key| object.get(*key).and_then(text));
        }
        Value::Null => return None,
    };
    (!found.is_empty()).then_some(found)
}

/// JSON's point is always a decimal sign: two decimals keep it from being read as a thousands separator.
fn number_text(number: &serde_json::Number) -> String {
    let is_whole = number.is_i64() || number.is_u64();
    if is_whole { number.to_string() } else { format!("{:.2}", number.as_f64().unwrap_or_default()) }
}

fn offer(offers: Option<&Value>) -> Option<Stated> {
    let offer = match offers? {
        Value::Array(items) => items.iter().find_map(Value::as_object)?,
        Value::Object(object) => object,
        _ => return None,
    };
    let specification = match offer.get("priceSpecification") {
        Some(Value::Array(items)) => items.iter().find_map(Value::as_object),
        Some(Value::Object(object)) => Some(object),
        _ => None,
    };
    let in_specification = |key: &str| specification.and_then(|object| object.get(key));
    let get = |key: &str| offer.get(key).or_else(|| in_specification(key)).and_then(text);
    Some(Stated {
        price: get("price").or_else(|| get("lowPrice")),
        currency: get("priceCurrency"),
        vat_included: in_specification("valueAddedTaxIncluded").and_then(Value::as_bool),
        availability: get("availability").map(|url| term(&url)),
        ..Stated::default()
    })
}

/// `additionalProperty` and the few fields of a product that are attributes in a shop.
fn attributes(product: &Map<String, Value>) -> Vec<(String, String)> {
    const OWN: &[(&str, &str)] = &[
        ("color", "Farbe"),
        ("size", "Größe"),
        ("material", "Material"),
        ("weight", "Gewicht"),
        ("inProductGroupWithID", "family"),
    ];
    let properties = match product.get("additionalProperty") {
        Some(Value::Array(items)) => items.as_slice(),
        Some(single) => std::slice::from_ref(single),
        None => &[],
    };
    let stated = properties.iter().filter_map(Value::as_object).filter_map(property);
    let own =
        OWN.iter().filter_map(|(field, key)| Some(((*key).to_owned(), quantity(product.get(*field)?)?)));
    stated.chain(own).collect()
}

fn property(object: &Map<String, Value>) -> Option<(String, String)> {
    let key = object.get("name").and_then(text)?;
    Some((key, quantity_of(object)?))
}

fn quantity(value: &Value) -> Option<String> {
    value.as_object().map_or_else(|| text(value), quantity_of)
}

/// `value` with its unit (`unitText`, or the UN/ECE Recommendation 20 code of common units).
fn quantity_of(object: &Map<String, Value>) -> Option<String> {
    let value = object.get("value").or_else(|| object.get("name")).and_then(text)?;
    let unit = object
        .get("unitText")
        .and_then(text)
        .or_else(|| object.get("unitCode").and_then(text).map(unit_of_code));
    Some(unit.map_or_else(|| value.clone(), |unit| format!("{value} {unit}")))
}

fn unit_of_code(code: String) -> String {
    let unit = match code.as_str() {
        "KGM" => "kg",
        "GRM" => "g",
        "MMT" => "mm",
        "CMT" => "cm",
        "MTR" => "m",
        "LTR" => "l",
        "MLT" => "ml",
        "WTT" => "W",
        "KWT" => "kW",
        "VLT" => "V",
        "HTZ" => "Hz",
        "MON" => "Monate",
        "ANN" => "Jahre",
        "HUR" => "h",
        "MIN" => "min",
        "2N" => "dB",
        "BAR" => "bar",
        "CEL" => "°C",
        _ => return code,
    };
    unit.to_owned()
}

/// Names of the breadcrumb, outermost first.
pub(crate) fn breadcrumb(objects: &[Map<String, Value>]) -> Vec<String> {
    let list = objects.iter().find(|object| has_type(object, &|kind| term(kind) == "BreadcrumbList"));
    let Some(Value::Array(items)) = list.and_then(|list| list.get("itemListElement")) else {
        return Vec::new();
    };
    let name = |item: &Value| {
        item.get("name").or_else(|| item.get("item").and_then(|item| item.get("name"))).and_then(text)
    };
    items.iter().filter_map(name).collect()
}
