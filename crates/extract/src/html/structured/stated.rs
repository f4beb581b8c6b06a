//! What a description says of a product, field by field.

use std::collections::HashSet;

use super::{Item, term};

/// No product has more attributes; what a page says beyond is left out.
const MAX_ATTRIBUTES: usize = 1_000;

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Said {
    pub(crate) key: String,
    pub(crate) value: String,
    /// Said for machines: a point in a number parts decimals.
    pub(crate) is_data: bool,
}

/// What one description of a product states. Missing fields are `None`; nothing is interpreted yet.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Stated {
    pub(crate) name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) sku: Option<String>,
    pub(crate) gtin: Option<String>,
    pub(crate) mpn: Option<String>,
    pub(crate) model: Option<String>,
    pub(crate) brand: Option<String>,
    pub(crate) category: Option<String>,
    pub(crate) price: Option<String>,
    pub(crate) currency: Option<String>,
    pub(crate) vat_included: Option<bool>,
    /// The last part of a schema.org term, e.g. `InStock`.
    pub(crate) availability: Option<String>,
    /// E.g. of `additionalProperty`.
    pub(crate) attributes: Vec<Said>,
    /// Its variants: products of the group, or several offers.
    pub(crate) variants: Vec<Stated>,
}

const GTINS: &[&str] = &[
    "gtin13",
    "gtin",
    "gtin14",
    "gtin12",
    "gtin8",
    "ean",
    "isbn",
    "hasean_ucc-13",
    "hasgtin-14",
    "hasgtin-8",
];
const OFFERS: &[&str] = &["offers", "offer", "offerdetails", "hasoffer"];
const PRICES: &[&str] = &["price", "lowprice", "hascurrencyvalue", "hasmincurrencyvalue"];
const CURRENCIES: &[&str] = &["pricecurrency", "currency", "hascurrency"];
const SPECIFICATIONS: &[&str] = &["pricespecification", "haspricespecification"];

/// Deeper offers in offers are no offers of shops.
const MAX_DEPTH: usize = 4;

impl Stated {
    /// What a thing states of itself.
    pub(crate) fn of(item: &Item) -> Self {
        let mut offers = Vec::new();
        add_offers(item, 0, &mut offers);
        let mut stated = Self::alone(item);
        for offer in &offers {
            stated.fill(Self::of_offer(offer));
        }
        stated.variants = variants(item, &offers);
        if let Some(first) = stated.variants.iter().find(|variant| variant.price.is_some()).cloned() {
            stated.fill(Self { price: first.price, currency: first.currency, ..Self::default() });
        }
        stated
    }

    /// Properties that a broken page states outside of any thing: numbers and the price, never names.
    pub(crate) fn of_loose(loose: &Item) -> Self {
        Self { name: None, description: None, brand: None, category: None, ..Self::of(loose) }
    }

    /// The fields of a thing itself, without its offers.
    fn alone(item: &Item) -> Self {
        let numbers = numbers(item);
        let marked =
            |mark: &str| numbers.iter().find(|(kind, _)| kind == mark).map(|(_, number)| number.clone());
        let sku = item.text(&["sku", "hasstockkeepingunit"]).map(|text| without_mark(&text));
        let gtin = item
            .text(GTINS)
            .or_else(|| ["ean", "gtin13", "gtin", "isbn", "upc"].into_iter().find_map(marked));
        Self {
            name: item.text(&["name"]),
            description: item.text(&["description"]),
            sku: sku.or_else(|| marked("sku")).or_else(|| marked("")),
            gtin,
            mpn: item.text(&["mpn", "hasmpn"]).or_else(|| marked("mpn")),
            model: item.text(&["model"]),
            brand: item.text(&["brand", "manufacturer", "hasmanufacturer", "hasbrand"]),
            category: item.text(&["category"]),
            attributes: attributes(item),
            ..Self::price_of(item)
        }
    }

    /// An offer and what it offers. Its name is that of the offer, so it is none of the product's.
    fn of_offer(offer: &Item) -> Self {
        let mut stated = Self { name: None, description: None, category: None, ..Self::alone(offer) };
        for offered in offer.items(&["itemoffered"]) {
            stated.fill(Self { name: None, description: None, ..Self::alone(offered) });
        }
        stated
    }

    fn price_of(item: &Item) -> Self {
        let specification = item.items(SPECIFICATIONS).find(|one| !is_old_price(one));
        let inside = |names: &[&str]| specification.and_then(|one| one.text(names));
        let price = item.text(&PRICES[..1]).or_else(|| inside(PRICES)).or_else(|| item.text(&PRICES[1..]));
        let vat = item.text(&["valueaddedtaxincluded"]).or_else(|| inside(&["valueaddedtaxincluded"]));
        Self {
            price,
            currency: item.text(CURRENCIES).or_else(|| inside(CURRENCIES)),
            vat_included: vat.and_then(|text| text.to_ascii_lowercase().parse().ok()),
            availability: item.term(&["availability"]),
            ..Self::default()
        }
    }

    /// Fills what is missing here from another description of the same product. Attributes of the same key are not
    /// doubled.
    pub(crate) fn fill(&mut self, other: Self) {
        let fields = [
            (&mut self.name, other.name),
            (&mut self.description, other.description),
            (&mut self.sku, other.sku),
            (&mut self.gtin, other.gtin),
            (&mut self.mpn, other.mpn),
            (&mut self.model, other.model),
            (&mut self.brand, other.brand),
            (&mut self.category, other.category),
            (&mut self.price, other.price),
            (&mut self.currency, other.currency),
            (&mut self.availability, other.availability),
        ];
        for (own, other) in fields {
            *own = own.take().or(other);
        }
        self.vat_included = self.vat_included.or(other.vat_included);
        let known: HashSet<String> = self.attributes.iter().map(|said| said.key.clone()).collect();
        self.attributes.extend(other.attributes.into_iter().filter(|said| !known.contains(&said.key)));
    }

    /// Whether it says anything that tells it from its siblings.
    fn is_distinct(&self) -> bool {
        self.sku.is_some() || self.gtin.is_some() || self.name.is_some() || !self.attributes.is_empty()
    }
}

fn is_old_price(specification: &Item) -> bool {
    let kind = specification.term(&["pricetype"]).unwrap_or_default();
    matches!(kind.as_str(), "ListPrice" | "SRP" | "MSRP" | "StrikethroughPrice" | "RegularPrice")
}

/// Offers and the single offers of summaries, the single ones first: they state prices, summaries state ranges.
fn add_offers<'a>(item: &'a Item, depth: usize, offers: &mut Vec<&'a Item>) {
    let (mut summaries, mut single) = (Vec::new(), Vec::new());
    for offer in item.items(OFFERS) {
        let is_summary = offer.is(&|kind| term(kind) == "AggregateOffer");
        if is_summary { summaries.push(offer) } else { single.push(offer) }
    }
    offers.extend(single);
    for summary in summaries {
        if depth < MAX_DEPTH {
            add_offers(summary, depth + 1, offers);
        }
        offers.push(summary);
    }
}

/// Numbers with their marks: `productID` and `identifier` hold `sku:4711`, or a property with a name and a value.
fn numbers(item: &Item) -> Vec<(String, String)> {
    let fields = ["productid", "identifier"];
    let mut found = Vec::new();
    for one in item.items(&fields) {
        let mark = one.text(&["propertyid", "name"]).unwrap_or_default().to_ascii_lowercase();
        found.extend(one.text(&["value"]).map(|value| (mark, value)));
    }
    for text in item.texts(&fields) {
        match text.split_once(':') {
            Some((mark, number)) => found.push((mark.trim().to_ascii_lowercase(), number.trim().to_owned())),
            None => found.push((String::new(), text)),
        }
    }
    found
}

/// `sku:4711` as `4711`.
fn without_mark(text: &str) -> String {
    let marked = text.get(..4).filter(|mark| mark.eq_ignore_ascii_case("sku:"));
    text[marked.map_or(0, str::len)..].trim().to_owned()
}

/// Products of the group; else the offers, where several differ in more than their price.
fn variants(item: &Item, offers: &[&Item]) -> Vec<Stated> {
    let members: Vec<Stated> = item.items(&["hasvariant"]).map(Stated::of).collect();
    if !members.is_empty() {
        return members.into_iter().map(|member| Stated { variants: Vec::new(), ..member }).collect();
    }
    let single = offers.iter().filter(|offer| !offer.is(&|kind| term(kind) == "AggregateOffer"));
    let named = |offer: &&Item| {
        let offered = offer.items(&["itemoffered"]).find_map(|offered| offered.text(&["name"]));
        Stated { name: offer.text(&["name"]).or(offered), ..Stated::of_offer(offer) }
    };
    let offered: Vec<Stated> = single.map(named).filter(Stated::is_distinct).collect();
    if offered.len() > 1 { offered } else { Vec::new() }
}

/// `additionalProperty` and the few fields of a product that are attributes in a shop, by their schema.org names.
fn attributes(item: &Item) -> Vec<Said> {
    const OWN: &[&str] = &["color", "size", "material", "weight", "width", "height", "depth"];
    let said = |key: String, (value, is_data): (String, bool)| Said { key, value, is_data };
    let properties = item.items(&["additionalproperty"]).take(MAX_ATTRIBUTES);
    let stated = properties.filter_map(|one| Some(said(one.text(&["name"])?, quantity(one)?)));
    let own = OWN.iter().filter_map(|field| Some(said((*field).to_owned(), measured(item, field)?)));
    let group = item.value(&["inproductgroupwithid"]).map(|group| said("family".to_owned(), group));
    stated.chain(own).chain(group).collect()
}

fn measured(item: &Item, field: &str) -> Option<(String, bool)> {
    item.items(&[field]).find_map(quantity).or_else(|| item.value(&[field]))
}

/// `value` with its unit (`unitText`, or the UN/ECE Recommendation 20 code of common units), and whether it is data.
fn quantity(item: &Item) -> Option<(String, bool)> {
    let (value, is_data) = item.value(&["value", "name"])?;
    let unit = item.text(&["unittext"]).or_else(|| item.text(&["unitcode"]).map(unit_of_code));
    Some((unit.map_or_else(|| value.clone(), |unit| format!("{value} {unit}")), is_data))
}

fn unit_of_code(code: String) -> String {
    let unit = match code.as_str() {
        "KGM" => "kg",
        "GRM" => "g",
        "LBR" => "lb",
        "ONZ" => "oz",
        "MMT" => "mm",
        "CMT" => "cm",
        "MTR" => "m",
        "INH" => "inch",
        "LTR" => "l",
        "MLT" => "ml",
        "CLT" => "cl",
        "WTT" => "W",
        "KWT" => "kW",
        "VLT" => "V",
        "HTZ" => "Hz",
        "MON" => "Monate",
        "ANN" => "Jahre",
        "DAY" => "Tage",
        "HUR" => "h",
        "MIN" => "min",
        "2N" => "dB",
        "BAR" => "bar",
        "CEL" => "°C",
        "P1" => "%",
        _ => return code,
    };
    unit.to_owned()
}
