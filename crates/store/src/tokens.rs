//! Tokens that must not be used any more: the lasting copy of the list that is kept with the volatile state, for when that
//! starts empty or does not answer.

use auskunft_model::AgentId;
use chrono::{DateTime, Utc};

use crate::Database;
use crate::audit::EventKind;
use crate::error::{Result, database};

/// A token that is revoked, and by whom.
#[derive(Debug, Clone, Copy)]
pub struct Revocation<'a> {
    /// The token's id.
    pub token_id: &'a str,
    /// When the token would have ended.
    pub expires: DateTime<Utc>,
    /// Who revokes it.
    pub agent: &'a AgentId,
    /// The request in which that happens.
    pub request_id: &'a str,
}

/// Keeps a revocation until its token would have ended, with its audit row; forgets those that are over. One statement.
pub async fn revoke(database_: &Database, revocation: Revocation<'_>) -> Result<()> {
    let query = sqlx::query(
        "with over as (
             delete from shop.revoked_tokens where expires_at <= now() and token_id <> $1
         ), kept as (
             insert into shop.revoked_tokens as there (token_id, expires_at) values ($1, $2)
             on conflict (token_id) do update set expires_at = greatest(there.expires_at, excluded.expires_at)
         )
         insert into audit.events (agent_id, kind, request_id, detail)
         values ($3, $4, $5, jsonb_build_object('token_id', $1::text, 'expires_at', $2::timestamptz))",
    );
    let query = query
        .bind(revocation.token_id)
        .bind(revocation.expires)
        .bind(revocation.agent.as_str())
        .bind(EventKind::TokenRevoked.as_str())
        .bind(revocation.request_id);
    query.execute(database_.pool()).await.map_err(database("revoke token"))?;
    Ok(())
}

/// Whether a token is revoked. One statement.
pub async fn is_revoked(database_: &Database, token_id: &str) -> Result<bool> {
    let query = sqlx::query_scalar(
        "select exists (select from shop.revoked_tokens where token_id = $1 and expires_at > now())",
    );
    query.bind(token_id).fetch_one(database_.pool()).await.map_err(database("read revoked token"))
}

/// All tokens that are revoked and not over, with when they end.
pub async fn revoked(database_: &Database) -> Result<Vec<(String, DateTime<Utc>)>> {
    let query =
        sqlx::query_as("select token_id::text, expires_at from shop.revoked_tokens where expires_at > now()");
    query.fetch_all(database_.pool()).await.map_err(database("read revoked tokens"))
}
