//! The shop's rules on returns and warranty as rows: derived from the ledger's policies, so that an order finds the one that
//! holds for its region and day.

use auskunft_model::Generation;
use sqlx::{Postgres, Transaction};

use crate::Database;
use crate::error::{Result, database};

const OPERATION: &str = "write policies";

/// What the ledger's policies grant. A document that states both days and months has a row for each.
const WANTED: &str = "wanted as materialized (
    select document_id, granted.kind, labels->>'region' as region, (labels->>'valid_from')::date as valid_from,
        (labels->>'valid_to')::date as valid_to, language, granted.return_days, granted.warranty_months,
        case when granted.kind = 'return' then stated.excludes else '{}' end as excludes, source
    from knowledge.documents
    cross join lateral (
        select
            max((entry->0->'value'->>'amount')::float8) filter (where entry->0->>'key' = 'return_days')::int as return_days,
            max((entry->0->'value'->>'amount')::float8) filter (where entry->0->>'key' = 'warranty_months')::int
                as warranty_months,
            coalesce(
                array_agg(entry->0->>'text' order by place) filter (where entry->0->>'key' = 'excludes'), '{}'
            ) as excludes
        from jsonb_array_elements(attributes) with ordinality as entries (entry, place)
    ) stated
    cross join lateral (
        values ('return', stated.return_days, null::int), ('warranty', null, stated.warranty_months)
    ) granted (kind, return_days, warranty_months)
    where generation = $1 and knowledge.documents.kind = 'policy'
        and coalesce(granted.return_days, granted.warranty_months) is not null
)";

/// Brings the rows in line with the ledger; writes only what differs, and returns how many rows that were.
pub async fn settle(database_: &Database, generation: Generation) -> Result<u64> {
    let mut transaction = database_.begin(OPERATION).await?;
    let changed = write(&mut transaction, generation).await?;
    transaction.commit().await.map_err(database(OPERATION))?;
    Ok(changed)
}

/// The same as part of a transaction.
pub(crate) async fn write(
    transaction: &mut Transaction<'_, Postgres>,
    generation: Generation,
) -> Result<u64> {
    let statement = format!(
        "with {WANTED}, removed as (
             delete from shop.policies p
             where not exists (select from wanted w where w.document_id = p.document_id and w.kind = p.kind)
             returning 1
         ), written as (
             insert into shop.policies (document_id, kind, region, valid_from, valid_to, language, return_days,
                 warranty_months, excludes, source)
             select * from wanted except select * from shop.policies
             on conflict (document_id, kind) do update set region = excluded.region, valid_from = excluded.valid_from,
                 valid_to = excluded.valid_to, language = excluded.language, return_days = excluded.return_days,
                 warranty_months = excluded.warranty_months, excludes = excluded.excludes, source = excluded.source
             returning 1
         )
         select (select count(*) from removed) + (select count(*) from written)"
    );
    let query = sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(statement)).bind(generation.0);
    let changed = query.fetch_one(&mut **transaction).await.map_err(database(OPERATION))?;
    Ok(changed.unsigned_abs())
}
