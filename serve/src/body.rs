//! Reading a JSON body, bounded, with an error that says what is wrong.

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_LENGTH, CONTENT_TYPE};
use futures::StreamExt;
use serde::de::DeserializeOwned;

use crate::error::{ApiError, Problem};
use crate::state::AppState;

/// How many times the limit is read and thrown away before the answer is sent, so that a caller that is a little too
/// generous can read the answer instead of a broken connection.
const DRAINED: usize = 64;

/// The body as JSON of this type.
pub(crate) struct JsonBody<T>(pub(crate) T);

impl<T: DeserializeOwned> FromRequest<AppState> for JsonBody<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &AppState) -> Result<Self, ApiError> {
        require_json(request.headers())?;
        let limit = state.limits.max_body_bytes;
        let stated = content_length(request.headers());
        if stated.is_some_and(|length| length > limit.saturating_mul(DRAINED)) {
            return Err(too_large(limit));
        }
        let bytes = read(request.into_body(), limit).await?;
        parse(&bytes).map(Self)
    }
}

fn require_json(headers: &HeaderMap) -> Result<(), ApiError> {
    let stated = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or("");
    let essence = stated.split(';').next().unwrap_or("").trim().to_ascii_lowercase();
    if essence == "application/json" || (essence.starts_with("application/") && essence.ends_with("+json")) {
        return Ok(());
    }
    let detail = "send the body with `content-type: application/json`";
    Err(ApiError::new(Problem::UnsupportedMediaType, detail))
}

fn content_length(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

fn too_large(limit: usize) -> ApiError {
    ApiError::new(Problem::PayloadTooLarge, format!("the body is larger than {limit} bytes"))
}

async fn read(body: Body, limit: usize) -> Result<Vec<u8>, ApiError> {
    let mut stream = body.into_data_stream();
    let mut bytes = Vec::new();
    let mut seen = 0_usize;
    while let Some(part) = stream.next().await {
        let part = part.map_err(|_| ApiError::new(Problem::InvalidJson, "the body ended before its time"))?;
        seen = seen.saturating_add(part.len());
        if seen <= limit {
            bytes.extend_from_slice(&part);
        } else if seen > limit.saturating_mul(DRAINED) {
            break;
        }
    }
    if seen > limit { Err(too_large(limit)) } else { Ok(bytes) }
}

/// Syntax errors and errors of content are different problems: the first is the program's fault, the second the request's.
fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, ApiError> {
    serde_json::from_slice(bytes).map_err(|error| {
        let problem = if error.is_data() { Problem::InvalidRequest } else { Problem::InvalidJson };
        // The library's texts name fields, types, line and column; at times they quote a value of the request itself.
        ApiError::new(problem, error.to_string())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_json_is_taken_whatever_its_parameters() {
        let check = |value: &'static str| {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, value.parse().unwrap())]);
            require_json(&headers).is_ok()
        };
        assert!(check("application/json") && check("Application/JSON; charset=utf-8"));
        assert!(check("application/problem+json"));
        assert!(!check("text/plain") && !check("application/x-www-form-urlencoded"));
        assert!(require_json(&HeaderMap::new()).is_err());
    }

    #[tokio::test]
    async fn a_body_is_read_up_to_its_limit() {
        assert_eq!(read(Body::from("12345"), 5).await.unwrap(), b"12345");
        assert_eq!(read(Body::from("123456"), 5).await.unwrap_err().problem, Problem::PayloadTooLarge);
        assert_eq!(
            read(Body::from(vec![b' '; 1000]), 5).await.unwrap_err().problem,
            Problem::PayloadTooLarge
        );
    }

    #[test]
    fn broken_syntax_and_wrong_content_are_told_apart() {
        let problem = |text: &str| parse::<Vec<u8>>(text.as_bytes()).unwrap_err().problem;
        assert_eq!(problem("[1,"), Problem::InvalidJson);
        assert_eq!(problem(""), Problem::InvalidJson);
        assert_eq!(problem("[\"a\"]"), Problem::InvalidRequest);
        assert_eq!(parse::<String>(b"\"\xff\"").unwrap_err().problem, Problem::InvalidJson);
    }
}
