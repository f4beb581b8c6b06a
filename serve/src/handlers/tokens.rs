//! `POST /support/tokens/revoke`: a token that was lost, or is not needed any more.

use auskunft_model::id;
use auskunft_store::tokens::{self, Revocation};
use axum::extract::State;
use axum::{Extension, Json};
use chrono::{DateTime, Utc};

use crate::access::SignedIn;
use crate::access::token::longest_life;
use crate::body::JsonBody;
use crate::error::{ApiError, Problem};
use crate::frame::RequestId;
use crate::session::revoked_key;
use crate::state::AppState;
use crate::wire::{ProblemBody, RevokeRequest, RevokeResponse};

/// Ends a token before its time: the own one, or, for leads, any.
#[utoipa::path(post, path = "/support/tokens/revoke", tag = "support", request_body = RevokeRequest, responses(
    (status = 200, description = "Revoked from now on", body = RevokeResponse),
    (status = 401, description = "No valid token", body = ProblemBody, content_type = "application/problem+json"),
    (status = 403, description = "Another's token, and no lead", body = ProblemBody, content_type = "application/problem+json"),
    (status = "4XX", description = "A wrong request", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A failure", body = ProblemBody, content_type = "application/problem+json")
))]
pub(crate) async fn revoke(
    State(state): State<AppState>,
    caller: SignedIn,
    Extension(RequestId(request_id)): Extension<RequestId>,
    JsonBody(request): JsonBody<RevokeRequest>,
) -> Result<Json<RevokeResponse>, ApiError> {
    let now = Utc::now();
    let (token_id, expires) = revoked(request, &caller, now)?;
    let _permit = state.admission.enter().await?;
    let agent = &caller.agent.id;
    let revocation = Revocation { token_id: &token_id, expires, agent, request_id: &request_id };
    // The lasting copy first: what is kept there is found after any failure.
    tokens::revoke(&state.stores.database, revocation).await?;
    let life = (expires - now).to_std().unwrap_or_default();
    if let Err(error) = state.volatile.revoke(&revoked_key(&token_id), life).await {
        tracing::warn!(%error, "a revoked token is known to the database alone");
    }
    Ok(Json(RevokeResponse { token_id, revoked_until: expires }))
}

/// Which token, and until when it could be used. Of another's token that is not known: for as long as any is taken.
fn revoked(
    request: RevokeRequest,
    caller: &SignedIn,
    now: DateTime<Utc>,
) -> Result<(String, DateTime<Utc>), ApiError> {
    let own = &caller.token;
    let Some(token_id) = request.token_id.filter(|token_id| *token_id != own.token_id) else {
        return Ok((own.token_id.clone(), own.expires));
    };
    id::check(&token_id).map_err(|error| ApiError::new(Problem::InvalidId, format!("token_id: {error}")))?;
    if !caller.agent.is_lead() {
        let detail = "only a lead revokes the token of another agent";
        return Err(ApiError::new(Problem::Forbidden, detail));
    }
    Ok((token_id, now + longest_life()))
}
