//! What every request to the shop's knowledge passes: whose token is it, and may that agent ask at all?

use auskunft_answer::{Operations, Stage};
use auskunft_store::tokens;
use axum::extract::{Request, State};
use axum::http::header::AUTHORIZATION;
use axum::http::{HeaderMap, HeaderValue};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use chrono::Utc;

use super::caller::{Caller, SignedIn};
use super::token::{self, Claims};
use crate::error::{ApiError, Problem};
use crate::log::Entry;
use crate::session;
use crate::state::AppState;

/// Lets agents through, and guests where they are welcome; everybody else gets a 401.
pub(crate) async fn guard(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    match identify(&state, request.headers()).await {
        Ok(caller) => {
            if let (Some(entry), Some(signed_in)) = (request.extensions().get::<Entry>(), &caller.signed_in) {
                entry.agent(&signed_in.agent.id);
            }
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(error) => error.into_response(),
    }
}

async fn identify(state: &AppState, headers: &HeaderMap) -> Result<Caller, ApiError> {
    let Some(token) = bearer(headers)? else {
        return if state.access.takes_guests {
            Ok(Caller { signed_in: None, operations: Operations::default(), took: None })
        } else {
            let detail = "send an agent's token as `authorization: Bearer …`";
            Err(ApiError::new(Problem::MissingToken, detail))
        };
    };
    let claims =
        token::verify(&state.access.key, token, Utc::now()).map_err(|error| invalid(error.to_string()))?;
    let stage = Stage::begin("guard");
    let mut caller = stage.of(sign_in(state, claims)).await?;
    caller.took = Some(stage.end());
    Ok(caller)
}

/// Token and agent are looked up at the same time.
async fn sign_in(state: &AppState, claims: Claims) -> Result<Caller, ApiError> {
    let mut operations = Operations::default();
    let agent = state.access.agents.get(&state.stores.database, &claims.agent);
    let (is_revoked, agent) = tokio::join!(is_revoked(state, &claims, &mut operations), agent);
    if is_revoked? {
        return Err(invalid("the token is revoked; get a new one"));
    }
    let (agent, statements) = agent?;
    operations.postgres += statements;
    let agent = agent.filter(|agent| agent.active);
    let agent = agent.ok_or_else(|| invalid("the token's agent is unknown or not active"))?;
    tracing::Span::current().record("agent.id", agent.id.as_str());
    Ok(Caller { signed_in: Some(SignedIn { agent, token: claims }), operations, took: None })
}

/// Where the volatile list is down, or does not know any more, the database is asked, which has the lasting one: neither must open a
/// door.
async fn is_revoked(
    state: &AppState,
    claims: &Claims,
    operations: &mut Operations,
) -> Result<bool, ApiError> {
    operations.redis += 1;
    match state.volatile.is_revoked(&session::revoked_key(&claims.token_id)).await {
        Ok(Some(is_revoked)) => return Ok(is_revoked),
        Ok(None) => {}
        Err(error) => tracing::debug!(%error, "the list of revoked tokens is read from the database"),
    }
    operations.postgres += 1;
    Ok(tokens::is_revoked(&state.stores.database, &claims.token_id).await?)
}

/// The token of the header, if there is one header. Schemes are compared without regard to case (RFC 9110 §11.1).
fn bearer(headers: &HeaderMap) -> Result<Option<&str>, ApiError> {
    let mut stated = headers.get_all(AUTHORIZATION).iter();
    let Some(value) = stated.next() else { return Ok(None) };
    let token = value.to_str().ok().and_then(|text| text.split_once(' '));
    let token = token.filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    match (token, stated.next()) {
        (Some((_, token)), None) => Ok(Some(token.trim())),
        _ => Err(invalid("send one header `authorization: Bearer …` with an agent's token")),
    }
}

fn invalid(detail: impl Into<String>) -> ApiError {
    ApiError::new(Problem::InvalidToken, detail)
}

/// What a refused caller is told to show (RFC 6750 §3).
pub(crate) fn challenge(problem: Problem) -> Option<HeaderValue> {
    match problem {
        Problem::MissingToken => Some(HeaderValue::from_static("Bearer realm=\"auskunft\"")),
        Problem::InvalidToken => {
            Some(HeaderValue::from_static("Bearer realm=\"auskunft\", error=\"invalid_token\""))
        }
        _ => None,
    }
}
