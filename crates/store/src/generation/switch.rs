//! The switch: readers turn from one generation to another, in one transaction.

use auskunft_model::document::Identifier;
use auskunft_model::{Generation, ProductId};
use sqlx::{Postgres, Transaction};

use crate::error::{Error, ErrorKind, Result, database};
use crate::products::{self, ProductRow};
use crate::publish::{self, BATCH_DOCUMENTS};
use crate::{Database, policies};

const OPERATION: &str = "switch generation";

type Open<'a> = Transaction<'a, Postgres>;

/// Products that the new generation's ledger states otherwise than the product tables.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ProductChanges {
    /// New and changed ones with their numbers.
    pub changed: Vec<(ProductRow, Vec<Identifier>)>,
    /// Those that it does not have.
    pub gone: Vec<ProductId>,
}

/// From where to where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// The generation that is live.
    pub from: Generation,
    /// The one that will be.
    pub to: Generation,
    /// Back, by a person's will.
    pub is_back: bool,
}

/// Turns readers from one generation to another, and brings what is derived from the live ledger (products, policies) in line with the
/// new one: all of it or nothing.
///
/// The new one's revision is raised, so that what was kept under it when it was live before is not found again. Fails when another one is
/// live by now.
pub async fn turn(database_: &Database, turn: Turn, products: &ProductChanges) -> Result<()> {
    let mut transaction = database_.begin(OPERATION).await?;
    point(&mut transaction, turn).await?;
    publish::raise_revision(&mut transaction, turn.to).await?;
    for gone in products.gone.chunks(BATCH_DOCUMENTS) {
        products::write(&mut transaction, turn.to, &[], gone).await?;
    }
    for changed in products.changed.chunks(BATCH_DOCUMENTS) {
        products::write(&mut transaction, turn.to, changed, &[]).await?;
    }
    policies::write(&mut transaction, turn.to).await?;
    transaction.commit().await.map_err(database(OPERATION))
}

async fn point(transaction: &mut Open<'_>, turn: Turn) -> Result<()> {
    let pointed = sqlx::query(
        "update knowledge.live set generation = $2
         where generation = $1 and exists (select from knowledge.generations where id = $2 and not is_removed)",
    );
    let pointed = pointed.bind(turn.from.0).bind(turn.to.0).execute(&mut **transaction).await;
    if pointed.map_err(database(OPERATION))?.rows_affected() != 1 {
        let detail = format!("generation {} is not live any more, or {} is removed", turn.from, turn.to);
        return Err(Error::new(ErrorKind::Internal, OPERATION, detail));
    }
    sqlx::query(
        "update knowledge.generations set live_from = case when id = $2 then now() else live_from end,
             live_to = case when id = $1 then now() end,
             rolled_back_at = case when id = $1 and $3 then now() end
         where id in ($1, $2)",
    )
    .bind(turn.from.0)
    .bind(turn.to.0)
    .bind(turn.is_back)
    .execute(&mut **transaction)
    .await
    .map_err(database(OPERATION))?;
    Ok(())
}
