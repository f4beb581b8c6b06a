//! Keys and words as shops print them, folded (see `auskunft_text::normal::fold`).

use auskunft_model::Language;

pub(super) const SKU: &[&str] = &[
    "artikelnummer",
    "artikel-nr",
    "artikelnr",
    "artikel nr",
    "art.-nr",
    "art.nr",
    "art. nr",
    "bestellnummer",
    "bestell-nr",
    "sku",
    "item number",
    "item no",
    "item #",
    "item",
    "product code",
    "catalog #",
    "stock code",
    "ref",
    "reference",
    "артикул",
];
pub(super) const EAN: &[&str] = &[
    "ean", "ean-code", "ean code", "gtin", "gtin13", "upc", "barcode", "ean/gtin", "gtin/ean", "isbn",
    "ean13", "ean-13",
];
pub(super) const PART: &[&str] = &[
    "herstellernummer",
    "hersteller-nr",
    "hersteller-artikelnummer",
    "herstellerartikelnummer",
    "hersteller nr",
    "mpn",
    "teilenummer",
    "part number",
    "part no",
    "manufacturer part number",
];
pub(super) const MODEL: &[&str] = &[
    "modell",
    "modellnummer",
    "modellbezeichnung",
    "model",
    "model number",
    "typenbezeichnung",
    "modell-nr",
];
pub(super) const MAKER: &[&str] = &["marke", "hersteller", "brand", "manufacturer", "maker", "бренд"];
pub(super) const FAMILY: &[&str] =
    &["produktart", "produkttyp", "geraetetyp", "artikeltyp", "typ", "product type", "type", "warengruppe"];
pub(super) const CATEGORY: &[&str] = &["kategorie", "category"];
pub(super) const PRICE: &[&str] = &["preis", "verkaufspreis", "unser preis", "price", "our price"];
pub(super) const AVAILABILITY: &[&str] = &["verfuegbarkeit", "lieferstatus", "lagerstatus", "availability"];

/// Other keys whose values are words, so that a line with them is an attribute.
pub(super) const WORDS: &[&str] = &[
    "farbe",
    "farben",
    "farbton",
    "color",
    "colour",
    "material",
    "produktmaterial",
    "obermaterial",
    "groesse",
    "size",
    "herkunftsland",
    "energieeffizienzklasse",
    "energieklasse",
    "lieferumfang",
    "schutzart",
    "schutzklasse",
    "betriebssystem",
    "anschluesse",
    "kompatibilitaet",
    "garantie",
    "warranty",
    "passform",
    "zielgruppe",
];

/// Names of schema.org's fields as a page of the language calls them: field, German, English.
const FIELDS: &[(&str, &str, &str)] = &[
    ("color", "Farbe", "Color"),
    ("size", "Größe", "Size"),
    ("material", "Material", "Material"),
    ("weight", "Gewicht", "Weight"),
    ("width", "Breite", "Width"),
    ("height", "Höhe", "Height"),
    ("depth", "Tiefe", "Depth"),
];

/// The key of a field of schema.org; other keys as they are.
pub(super) fn of_field(field: &str, language: &Language) -> String {
    let known = FIELDS.iter().find(|(name, ..)| *name == field);
    let name = known
        .map_or(field, |(_, german, english)| if *language == Language::german() { german } else { english });
    name.to_owned()
}

/// Ends of words in keys of what shipping and service cost (`Expressversand`): conditions of the shop, no attributes of the
/// product.
const SHIPPING: &[&str] = &[
    "versand",
    "versandkosten",
    "versandart",
    "versanddauer",
    "versandzeit",
    "lieferung",
    "lieferzeit",
    "lieferdauer",
    "lieferkosten",
    "liefertermin",
    "shipping",
    "delivery",
    "nachnahme",
    "hermes",
    "dhl",
    "hotline",
];

/// Whole keys of the same meaning.
const SERVICES: &[&str] = &["express", "standard", "collect in store", "telefon", "phone", "service"];

/// Whether a key, folded, is a condition of the shop: `Express` is one, an `Express-Programm` is none.
pub(super) fn is_condition(key: &str) -> bool {
    let mut words = key.split(|sign: char| !sign.is_alphanumeric());
    SERVICES.contains(&key) || words.any(|word| SHIPPING.iter().any(|end| word.ends_with(end)))
}

/// Beginnings of names of groups of rows that say nothing about the rows (`Allgemein`, `Technische Daten`).
const GENERAL: &[&str] = &[
    "allgemein",
    "artikel",
    "basis",
    "beschreibung",
    "daten",
    "datenblatt",
    "detail",
    "eigenschaften",
    "general",
    "grunddaten",
    "hauptmerkmale",
    "information",
    "merkmale",
    "product",
    "produkt",
    "sonstige",
    "specification",
    "spezifikation",
    "tech",
    "uebersicht",
    "weitere",
    "zusatz",
];

/// Whether the name of a group of rows belongs to its keys: `Akku` does, `Allgemein` and a sentence do not.
pub(super) fn is_group(name: &str) -> bool {
    let folded = auskunft_text::normal::fold(name);
    let is_short = folded.split(' ').count() <= 3 && folded.chars().any(char::is_alphabetic);
    is_short && !GENERAL.iter().any(|word| folded.starts_with(word))
}

/// A key without the marks around it, folded: `Artikel-Nr. :` is `artikel-nr`.
pub(super) fn bare(key: &str) -> String {
    auskunft_text::normal::fold(key).trim_end_matches([':', '.', ' ']).to_owned()
}

/// First steps of breadcrumbs that are no category.
pub(super) const HOME: &[&str] = &[
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
    "strona głowna",
    "главная",
];

/// Beginnings of headings under which a page speaks of other products, of customers' opinions or of the shop.
pub(super) const OTHER_HEADINGS: &[&str] = &[
    "kunden kauften",
    "kunden, die",
    "wird oft zusammen",
    "aehnliche",
    "das koennte",
    "passend dazu",
    "passendes zubehoer",
    "weitere artikel",
    "weitere produkte",
    "zuletzt angesehen",
    "zuletzt gesehen",
    "bewertungen",
    "kundenbewertungen",
    "kundenmeinungen",
    "kundenrezensionen",
    "rezensionen",
    "ihre meinung",
    "customers also",
    "customer reviews",
    "product reviews",
    "reviews",
    "related",
    "similar",
    "recommended",
    "you may also",
    "you might also",
    "we also recommend",
    "recently viewed",
    "newsletter",
    "login",
    "anmelden",
    "shopping-optionen",
    "besuchen sie",
    "отзывы",
    "avis",
    "opinie",
];

/// Lines that are signs on buttons and links, not words about the product.
pub(super) const CONTROLS: &[&str] = &[
    "in den warenkorb",
    "jetzt kaufen",
    "add to cart",
    "add to bag",
    "add to basket",
    "buy now",
    "zoom",
    "menge",
    "quantity",
    "anzahl",
    "view larger photo",
    "agrandir l'image",
    "larger image here",
    "continue reading",
    "continue shopping",
    "mehr lesen",
    "weiterlesen",
    "mehr anzeigen",
    "auf die vergleichsliste",
    "auf die wunschliste",
    "auf den merkzettel",
    "merken",
    "vergleichen",
    "bewertungen",
    "reviews",
    "q & a",
    "back to top",
    "nach oben",
    "oder",
    "email to friend",
    "e-mail an einen freund",
    "avis",
    "sort by",
    "items per page",
    "artikelbeschreibung",
    "beschreibung",
    "techn. daten",
    "zusatzinformation",
    "add to wish list",
    "wishlist",
    "size guide",
    "drucken",
    "artikelinfos drucken",
    "feedback zum artikel",
    "print",
    "close",
    "schliessen",
    "x",
    "shipping info",
    "ebook",
    "ajouter au panier",
];
