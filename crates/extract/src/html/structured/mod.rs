//! What a page states about itself for machines: JSON-LD, microdata, RDFa, Open Graph.

mod item;
pub(crate) mod json_ld;
pub(crate) mod meta;
mod own;
pub(crate) mod scopes;
mod stated;

pub(crate) use item::Item;
pub(crate) use own::{Own, breadcrumb, own};
pub(crate) use stated::{Said, Stated};

/// Properties under which other things than the page's own are described, in lower case.
const OTHERS: &[&str] = &[
    "isrelatedto",
    "issimilarto",
    "isaccessoryorsparepartfor",
    "isconsumablefor",
    "review",
    "reviews",
    "itemlistelement",
    "aggregaterating",
    "itemreviewed",
    "hasvariant",
    "isvariantof",
];

/// `http://schema.org/InStock`, `schema:InStock` and `InStock` as `InStock`.
pub(crate) fn term(text: &str) -> String {
    text.trim().trim_end_matches('/').rsplit(['/', '#', ':']).next().unwrap_or("").to_owned()
}

/// Whether a type names a product (schema.org, data-vocabulary.org, GoodRelations).
pub(crate) fn is_product(kind: &str) -> bool {
    matches!(
        term(kind).as_str(),
        "Product"
            | "IndividualProduct"
            | "ProductModel"
            | "ProductGroup"
            | "SomeProducts"
            | "ProductOrServiceModel"
            | "Offering"
    )
}
