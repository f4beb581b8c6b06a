//! Products: derived from the ledger's product pages, so that their order of arrival never matters.

use auskunft_model::document::{Identifier, IdentifierKind};
use auskunft_model::{Attribute, DocumentId, Generation, ProductId};
use sqlx::types::Json;

use crate::Database;
use crate::error::{Result, corrupt, database};
use crate::ledger::parse_word;

/// Bytes of a product with its attributes and numbers, in the tables and in the write-ahead log, about.
const PRODUCT_BYTES: u64 = 32 << 10;

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

/// All products in order of their ids, without attributes.
pub async fn all(database_: &Database) -> Result<Vec<ProductRow>> {
    let query = sqlx::query_as::<_, Columns>(
        "select id, name, maker, category, product_family, region, obsolete, successor_id, document_id,
             document_version, source
         from shop.products order by id collate \"C\"",
    );
    let rows = query.fetch_all(database_.pool()).await.map_err(database("read products"))?;
    rows.into_iter().map(row).collect()
}

/// All identifiers with the product that each names.
pub async fn identifiers(database_: &Database) -> Result<Vec<(ProductId, Identifier)>> {
    let query = sqlx::query_as::<_, (String, String, String)>(
        "select product_id, kind, text from shop.product_identifiers order by product_id collate \"C\", kind, text",
    );
    let rows = query.fetch_all(database_.pool()).await.map_err(database("read identifiers"))?;
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

/// One product with identifiers, attributes and the documents bound to it; `None` when there is no such product.
pub async fn detail(
    database_: &Database,
    generation: Generation,
    id: &ProductId,
) -> Result<Option<ProductDetail>> {
    let query = sqlx::query_as::<_, Columns>(
        "select id, name, maker, category, product_family, region, obsolete, successor_id, document_id,
             document_version, source
         from shop.products where id = $1",
    );
    let found = query.bind(id.as_str()).fetch_optional(database_.pool()).await;
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
        documents: bound_documents(database_, generation, id).await?,
    }))
}

pub(crate) const BOUND_DOCUMENTS: &str =
    "select document_id, source, anchor, kind, title from knowledge.documents
     where generation = $1 and kind <> 'ticket'
         and (labels->>'product_id' = $2 or labels->'tags' @> jsonb_build_array('product:' || $2))
     order by kind, source, anchor limit 200";

async fn bound_documents(
    database_: &Database,
    generation: Generation,
    id: &ProductId,
) -> Result<Vec<(DocumentId, String, Option<String>, String, String)>> {
    let query = sqlx::query_as::<_, (String, String, Option<String>, String, String)>(BOUND_DOCUMENTS);
    let rows = query.bind(generation.0).bind(id.as_str()).fetch_all(database_.pool()).await;
    let read = |(document, source, anchor, kind, title): (String, String, Option<String>, String, String)| {
        let document = DocumentId::parse(&document).map_err(|error| corrupt("read product", error))?;
        Ok((document, source, anchor, kind, title))
    };
    rows.map_err(database("read product"))?.into_iter().map(read).collect()
}

/// Brings the product tables in line: upserts `changed` (attributes come from the ledger row of each product's page) and
/// removes `gone`, in one transaction that raises the revision.
pub async fn replace(
    database_: &Database,
    generation: Generation,
    changed: &[(ProductRow, Vec<Identifier>)],
    gone: &[ProductId],
) -> Result<()> {
    const OPERATION: &str = "write products";
    database_.check_space(OPERATION, (changed.len() as u64).saturating_mul(PRODUCT_BYTES))?;
    let mut transaction = database_.pool().begin().await.map_err(database(OPERATION))?;
    crate::publish::raise_revision(&mut transaction, generation).await?;
    let ids: Vec<&str> =
        gone.iter().chain(changed.iter().map(|(row, _)| &row.id)).map(ProductId::as_str).collect();
    sqlx::query("delete from shop.products where id = any($1)")
        .bind(&ids)
        .execute(&mut *transaction)
        .await
        .map_err(database(OPERATION))?;
    if !changed.is_empty() {
        insert_rows(&mut transaction, changed).await?;
        insert_attributes(&mut transaction, generation, changed).await?;
        insert_identifiers(&mut transaction, changed).await?;
    }
    transaction.commit().await.map_err(database(OPERATION))
}

type Open<'a> = sqlx::Transaction<'a, sqlx::Postgres>;

async fn insert_rows(transaction: &mut Open<'_>, changed: &[(ProductRow, Vec<Identifier>)]) -> Result<()> {
    let rows = || changed.iter().map(|(row, _)| row);
    let query = sqlx::query(
        "insert into shop.products (id, name, maker, category, product_family, region, obsolete, successor_id,
             document_id, document_version, source)
         select * from unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bool[],
             $8::text[], $9::text[], $10::text[], $11::text[])",
    );
    query
        .bind(rows().map(|row| row.id.as_str()).collect::<Vec<_>>())
        .bind(rows().map(|row| row.name.as_str()).collect::<Vec<_>>())
        .bind(rows().map(|row| row.maker.as_deref()).collect::<Vec<_>>())
        .bind(rows().map(|row| row.category.as_deref()).collect::<Vec<_>>())
        .bind(rows().map(|row| row.product_family.as_deref()).collect::<Vec<_>>())
        .bind(rows().map(|row| row.region.as_deref()).collect::<Vec<_>>())
        .bind(rows().map(|row| row.obsolete).collect::<Vec<_>>())
        .bind(rows().map(|row| row.successor_id.as_deref()).collect::<Vec<_>>())
        .bind(rows().map(|row| row.document_id.as_str()).collect::<Vec<_>>())
        .bind(rows().map(|row| row.document_version.as_str()).collect::<Vec<_>>())
        .bind(rows().map(|row| row.source.as_str()).collect::<Vec<_>>())
        .execute(&mut **transaction)
        .await
        .map_err(database("write products"))?;
    Ok(())
}

/// Attributes come from the ledger rows of the products' pages.
async fn insert_attributes(
    transaction: &mut Open<'_>,
    generation: Generation,
    changed: &[(ProductRow, Vec<Identifier>)],
) -> Result<()> {
    let query = sqlx::query(
        "insert into shop.product_attributes (product_id, ordinal, key, value, text, source)
         select product.id, (entry.ordinal - 1)::int, entry.pair->0->>'key', entry.pair->0->'value',
             entry.pair->0->>'text', entry.pair->>1
         from unnest($2::text[], $3::text[]) as product (id, document_id)
         join knowledge.documents d on d.generation = $1 and d.document_id = product.document_id
         cross join lateral jsonb_array_elements(d.attributes) with ordinality as entry (pair, ordinal)",
    );
    query
        .bind(generation.0)
        .bind(changed.iter().map(|(row, _)| row.id.as_str()).collect::<Vec<_>>())
        .bind(changed.iter().map(|(row, _)| row.document_id.as_str()).collect::<Vec<_>>())
        .execute(&mut **transaction)
        .await
        .map_err(database("write attributes"))?;
    Ok(())
}

async fn insert_identifiers(
    transaction: &mut Open<'_>,
    changed: &[(ProductRow, Vec<Identifier>)],
) -> Result<()> {
    let numbers = || changed.iter().flat_map(|(row, numbers)| numbers.iter().map(|number| (&row.id, number)));
    let query = sqlx::query(
        "insert into shop.product_identifiers (product_id, kind, text)
         select * from unnest($1::text[], $2::text[], $3::text[]) on conflict do nothing",
    );
    query
        .bind(numbers().map(|(id, _)| id.as_str()).collect::<Vec<_>>())
        .bind(numbers().map(|(_, number)| number.kind.as_str()).collect::<Vec<_>>())
        .bind(numbers().map(|(_, number)| number.text.as_str()).collect::<Vec<_>>())
        .execute(&mut **transaction)
        .await
        .map_err(database("write identifiers"))?;
    Ok(())
}
