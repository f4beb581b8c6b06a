//! What the catalog says about the shop as a whole.

use auskunft_model::{Generation, Language, Region};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use sqlx::types::Json;

use crate::Database;
use crate::error::{Result, database};

/// The shop's own settings, as `shop.toml` states them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Shop {
    /// Name for people.
    pub name: Option<String>,
    /// Language of texts that do not say theirs.
    pub language: Language,
    /// Sales regions.
    pub regions: Vec<Region>,
    /// The day that a generated shop is made for; `None` = the calendar's.
    pub today: Option<NaiveDate>,
}

/// The shop that was ingested; `None` on fresh stores.
pub async fn read(database_: &Database) -> Result<Option<Shop>> {
    let query = sqlx::query_scalar::<_, Json<Shop>>("select body from shop.settings");
    let found = query.fetch_optional(database_.pool()).await.map_err(database("read shop"))?;
    Ok(found.map(|shop| shop.0))
}

/// Writes the shop's settings unless they are there already; a change raises the revision, because validity is judged by
/// the shop's day.
pub async fn write(database_: &Database, generation: Generation, shop: &Shop) -> Result<()> {
    const OPERATION: &str = "write shop";
    if read(database_).await?.as_ref() == Some(shop) {
        return Ok(());
    }
    let mut transaction = database_.begin(OPERATION).await?;
    crate::publish::raise_revision(&mut transaction, generation).await?;
    let query = sqlx::query(
        "insert into shop.settings (body) values ($1) on conflict (one) do update set body = excluded.body",
    );
    query.bind(Json(shop)).execute(&mut *transaction).await.map_err(database(OPERATION))?;
    transaction.commit().await.map_err(database(OPERATION))
}
