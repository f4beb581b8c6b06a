//! Products: derived from the ledger's product pages, so that their order of arrival never matters.

use auskunft_model::document::{Identifier, IdentifierKind};
use auskunft_model::{Attribute, DocumentId, Generation, ProductId};
use sqlx::AssertSqlSafe;
use sqlx::types::Json;

use crate::Database;
use crate::error::{Result, corrupt, database};
use crate::ledger::parse_word;
use crate::reader::{self, Reader};

mod write;

pub use write::replace;
pub(crate) use write::write;

/// A product without its attributes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProductRow {
    /// The SKU.
    pub id: ProductId,
    /// Name.
    pub name: String,
    /// Maker or brand.
    pub maker: Option<String>,
    /// Category.
    pub category: Option<String>,
    /// Kind of product, e.g. `Kaffeemaschine`.
    pub product_family: Option<String>,
    /// Sales region; `None` = everywhere.
    pub region: Option<String>,
    /// No longer made.
    pub obsolete: bool,
    /// The SKU of its successor.
    pub successor_id: Option<String>,
    /// The page it was read from.
    pub document_id: DocumentId,
    /// That page's version.
    pub document_version: String,
    /// That page's source.
    pub source: String,
}

/// A product's attribute and the source that states it.
#[derive(Debug, Clone, PartialEq)]
pub struct StatedAttribute {
    /// The fact.
    pub attribute: Attribute,
    /// Path of the source.
    pub source: String,
}

/// A product with all that is stated about it.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductDetail {
    /// The product.
    pub row: ProductRow,
    /// Its numbers.
    pub identifiers: Vec<Identifier>,
    /// Its typed facts.
    pub attributes: Vec<StatedAttribute>,
    /// Documents bound to it: id, source, anchor, kind, title.
    pub documents: Vec<(DocumentId, String, Option<String>, String, String)>,
}

type Columns = (
    String,
    String,
    Option<String>,
    Option<String>,
    Option<String>,
    Option<String>,
    bool,
    Option<String>,
    String,
    String,
    String,
);

fn row(columns: Columns) -> Result<ProductRow> {
    let (
        id,
        name,
        maker,
        category,
        product_family,
        region,
        obsolete,
        successor_id,
        document,
        version,
        source,
    ) = columns;
    Ok(ProductRow {
        id: ProductId::parse(&id).map_err(|error| corrupt("read product", error))?,
        name,
        maker,
        category,
        product_family,
        region,
        obsolete,
        successor_id,
        document_id: DocumentId::parse(&document).map_err(|error| corrupt("read product", error))?,
        document_version: version,
        source,
    })
}

const PRODUCTS: &str =
    "select id, name, maker, category, product_family, region, obsolete, successor_id, document_id,
    document_version, source from shop.products";

/// All products in order of their ids, without attributes; for whoever derives from them, not for readers.
pub async fn all(database_: &Database) -> Result<Vec<ProductRow>> {
    let statement = format!("{PRODUCTS} order by id collate \"C\"");
    let query = sqlx::query_as::<_, Columns>(AssertSqlSafe(statement));
    let rows = query.fetch_all(database_.patient()).await.map_err(database("read products"))?;
    rows.into_iter().map(row).collect()
}

/// A mark of the products as they stand, numbers and attributes included: another one after any of them was written. Read it before the
/// rows: what is written in between is then noticed the next time.
pub async fn stamp(database_: &Database) -> Result<String> {
    // A product is written by making its row anew, with its numbers and attributes, so that the row's transaction tells of them all.
    let query = sqlx::query_scalar(
        "select count(*) || ':' || coalesce(sum(hashtextextended(id || ':' || xmin::text, 0)), 0) from shop.products",
    );
    query.fetch_one(database_.patient()).await.map_err(database("read the products' stamp"))
}

/// All identifiers with the product that each names.
pub async fn identifiers(database_: &Database) -> Result<Vec<(ProductId, Identifier)>> {
    let query = sqlx::query_as::<_, (String, String, String)>(
        "select product_id, kind, text from shop.product_identifiers order by product_id collate \"C\", kind, text",
    );
    let rows = query.fetch_all(database_.patient()).await.map_err(database("read identifiers"))?;
    let read = |(id, kind, text): (String, String, String)| {
        let id = ProductId::parse(&id).map_err(|error| corrupt("read identifiers", error))?;
        let kind: IdentifierKind = parse_word("read identifiers", &kind)?;
        Ok((id, Identifier { kind, text }))
    };
    rows.into_iter().map(read).collect()
}

/// The stated attributes of one product.
pub async fn attributes(database_: &Database, id: &ProductId) -> Result<Vec<StatedAttribute>> {
    let query = sqlx::query_as::<_, (String, Json<auskunft_model::Value>, String, String)>(
        "select key, value, text, source from shop.product_attributes where product_id = $1 order by ordinal",
    );
    let rows = query.bind(id.as_str()).fetch_all(database_.pool()).await;
    let rows = rows.map_err(database("read attributes"))?;
    Ok(rows
        .into_iter()
        .map(|(key, value, text, source)| StatedAttribute {
            attribute: Attribute { key, value: value.0, text },
            source,
        })
        .collect())
}

/// One product with identifiers, attributes and the documents bound to it; `None` when there is no such product that the reader may
/// see.
pub async fn detail(
    database_: &Database,
    generation: Generation,
    id: &ProductId,
    reader: &Reader<'_>,
) -> Result<Option<ProductDetail>> {
    let statement = format!("{PRODUCTS} where id = $1 and {}", reader::sees("products.region", 2));
    let query = sqlx::query_as::<_, Columns>(AssertSqlSafe(statement)).bind(id.as_str());
    let found = reader::bind(query, reader).fetch_optional(database_.pool()).await;
    let Some(columns) = found.map_err(database("read product"))? else { return Ok(None) };
    let query = sqlx::query_as::<_, (String, String)>(
        "select kind, text from shop.product_identifiers where product_id = $1 order by kind, text",
    );
    let numbers = query.bind(id.as_str()).fetch_all(database_.pool()).await;
    let read = |(kind, text): (String, String)| {
        Ok(Identifier { kind: parse_word("read identifiers", &kind)?, text })
    };
    let identifiers =
        numbers.map_err(database("read identifiers"))?.into_iter().map(read).collect::<Result<_>>()?;
    Ok(Some(ProductDetail {
        row: row(columns)?,
        identifiers,
        attributes: attributes(database_, id).await?,
        documents: bound_documents(database_, generation, id, reader).await?,
    }))
}

pub(crate) fn bound_documents_statement() -> String {
    let sees = reader::sees("(labels->>'region')", 3);
    format!(
        "select document_id, source, anchor, kind, title from knowledge.documents
         where generation = $1 and kind <> 'ticket'
             and (labels->>'product_id' = $2 or labels->'tags' @> jsonb_build_array('product:' || $2)) and {sees}
         order by kind, source, anchor limit 200"
    )
}

async fn bound_documents(
    database_: &Database,
    generation: Generation,
    id: &ProductId,
    reader: &Reader<'_>,
) -> Result<Vec<(DocumentId, String, Option<String>, String, String)>> {
    let statement = AssertSqlSafe(bound_documents_statement());
    let query = sqlx::query_as::<_, (String, String, Option<String>, String, String)>(statement);
    let query = reader::bind(query.bind(generation.0).bind(id.as_str()), reader);
    let rows = query.fetch_all(database_.pool()).await;
    let read = |(document, source, anchor, kind, title): (String, String, Option<String>, String, String)| {
        let document = DocumentId::parse(&document).map_err(|error| corrupt("read product", error))?;
        Ok((document, source, anchor, kind, title))
    };
    rows.map_err(database("read product"))?.into_iter().map(read).collect()
}
