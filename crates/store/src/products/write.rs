//! Writing products: rows, attributes and numbers in one transaction.

use auskunft_model::document::Identifier;
use auskunft_model::{Generation, ProductId};

use super::ProductRow;
use crate::Database;
use crate::error::{Result, database};

/// Bytes of a product with its attributes and numbers, in the tables and in the write-ahead log, about.
const PRODUCT_BYTES: u64 = 32 << 10;

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
    let mut transaction = database_.begin(OPERATION).await?;
    crate::publish::raise_revision(&mut transaction, generation).await?;
    write(&mut transaction, generation, changed, gone).await?;
    transaction.commit().await.map_err(database(OPERATION))
}

/// The same as part of a transaction that raises the revision; at most a batch of them at once.
pub(crate) async fn write(
    transaction: &mut Open<'_>,
    generation: Generation,
    changed: &[(ProductRow, Vec<Identifier>)],
    gone: &[ProductId],
) -> Result<()> {
    let ids: Vec<&str> =
        gone.iter().chain(changed.iter().map(|(row, _)| &row.id)).map(ProductId::as_str).collect();
    sqlx::query("delete from shop.products where id = any($1)")
        .bind(&ids)
        .execute(&mut **transaction)
        .await
        .map_err(database("write products"))?;
    if changed.is_empty() {
        return Ok(());
    }
    insert_rows(transaction, changed).await?;
    insert_attributes(transaction, generation, changed).await?;
    insert_identifiers(transaction, changed).await
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
