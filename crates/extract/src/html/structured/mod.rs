//! What a page states about itself for machines: JSON-LD, microdata, Open Graph.

pub(crate) mod json_ld;
pub(crate) mod meta;
pub(crate) mod microdata;

/// What one vocabulary of a page states about its product. Missing fields are `None`; nothing is interpreted yet.
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
    /// Key and value, e.g. of `additionalProperty`.
    pub(crate) attributes: Vec<(String, String)>,
}

impl Stated {
    /// Fills what is missing here from a vocabulary that is trusted less. Attributes of the same key are not doubled.
    pub(crate) fn or(mut self, other: Self) -> Self {
        self.name = self.name.or(other.name);
        self.description = self.description.or(other.description);
        self.sku = self.sku.or(other.sku);
        self.gtin = self.gtin.or(other.gtin);
        self.mpn = self.mpn.or(other.mpn);
        self.model = self.model.or(other.model);
        self.brand = self.brand.or(other.brand);
        self.category = self.category.or(other.category);
        self.vat_included = self.vat_included.or(other.vat_included);
        self.price = self.price.or(other.price);
        self.currency = self.currency.or(other.currency);
        self.availability = self.availability.or(other.availability);
        for (key, value) in other.attributes {
            if !self.attributes.iter().any(|(known, _)| *known == key) {
                self.attributes.push((key, value));
            }
        }
        self
    }
}

/// `http://schema.org/InStock`, `schema:InStock` and `InStock` as `InStock`.
pub(crate) fn term(text: &str) -> String {
    text.trim().trim_end_matches('/').rsplit(['/', '#', ':']).next().unwrap_or("").to_owned()
}

/// Whether a type names a product.
pub(crate) fn is_product(kind: &str) -> bool {
    matches!(
        term(kind).as_str(),
        "Product" | "IndividualProduct" | "ProductModel" | "ProductGroup" | "SomeProducts"
    )
}
