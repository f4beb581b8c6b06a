//! `GET /documents/{id}/file`: the page or PDF itself that a citation was read from.

use auskunft_model::{DocumentId, Source};
use auskunft_store::objects::{Original, Wanted};
use axum::Extension;
use axum::body::Body;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use crate::access::Caller;
use crate::check;
use crate::error::{ApiError, Problem};
use crate::frame::RequestId;
use crate::state::AppState;
use crate::wire::ProblemBody;

/// What a page of the catalog may do in a browser that shows it from here: nothing. It was written for another address and may hold anything.
const POLICY: &str = "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// The file that a document was read from: HTML or PDF, for which `#page=3` opens a page. Whole, or a part (`Range`).
#[utoipa::path(get, path = "/documents/{id}/file", tag = "catalog", params(("id" = String, Path, description = "The document")),
    responses(
        (status = 200, description = "The file", content_type = "application/pdf", body = Vec<u8>),
        (status = 206, description = "The part that `Range` names", content_type = "application/pdf", body = Vec<u8>),
        (status = 304, description = "It is what `If-None-Match` names"),
        (status = 404, description = "None of that id that the caller may see, or none that is kept as a file", body = ProblemBody, content_type = "application/problem+json"),
        (status = 416, description = "The file is shorter than `Range` wants", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A failure", body = ProblemBody, content_type = "application/problem+json")
    )
)]
pub(crate) async fn file(
    State(state): State<AppState>,
    caller: Caller,
    Extension(RequestId(request_id)): Extension<RequestId>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let id = check::path_id(path, DocumentId::parse)?;
    let _permit = state.admission.enter().await?;
    let (found, _) = state.desk.original(&id, &caller.asker(None, &request_id)).await?;
    let missing = |what: &str| ApiError::new(Problem::UnknownDocument, format!("{what} `{id}`"));
    let row = found.ok_or_else(|| missing("there is no document"))?;
    let shown = row.source.original_type().ok_or_else(|| missing("no file is shown of document"))?;
    let tag = format!("\"{}\"", row.digest);
    let unchanged = [(header::ETAG, tag.clone()), (header::CACHE_CONTROL, CACHE.to_owned())];
    if names(&headers, &header::IF_NONE_MATCH, &tag) {
        return Ok((StatusCode::NOT_MODIFIED, unchanged).into_response());
    }
    let is_of_this = !headers.contains_key(header::IF_RANGE) || names(&headers, &header::IF_RANGE, &tag);
    let wanted = wanted(&headers).filter(|_| is_of_this);
    if let Some(wanted) = wanted {
        let bytes = state
            .objects
            .size(&row.digest)
            .await?
            .ok_or_else(|| missing("the file is not there of document"))?;
        if !reaches(wanted, bytes) {
            let detail = format!("the file has {bytes} bytes");
            let length = [(header::CONTENT_RANGE, format!("bytes */{bytes}"))];
            return Ok((length, ApiError::new(Problem::RangeNotSatisfiable, detail)).into_response());
        }
    }
    let original = state.objects.get(&row.digest, wanted).await?;
    let original = original.ok_or_else(|| missing("the file is not there of document"))?;
    Ok((unchanged, response(original, wanted.is_some(), &row.source, shown)).into_response())
}

/// Only the caller's own browser may keep it, and asks each time whether the caller may still see it.
const CACHE: &str = "private, no-cache";

fn response(original: Original, is_part: bool, source: &Source, shown: &'static str) -> Response {
    let Original { bytes, range, stream } = original;
    let mut response = Body::from_stream(stream).into_response();
    let mut set = |name: HeaderName, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            response.headers_mut().insert(name, value);
        }
    };
    set(header::CONTENT_TYPE, shown);
    set(header::CONTENT_LENGTH, &(range.end - range.start).to_string());
    set(header::ACCEPT_RANGES, "bytes");
    set(header::CONTENT_DISPOSITION, &disposition(source));
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if shown == "text/html" {
        set(header::CONTENT_SECURITY_POLICY, POLICY);
    }
    if is_part {
        set(header::CONTENT_RANGE, &format!("bytes {}-{}/{bytes}", range.start, range.end.saturating_sub(1)));
        *response.status_mut() = StatusCode::PARTIAL_CONTENT;
    }
    response
}

/// To be shown, and saved under its own name (RFC 6266, RFC 8187).
fn disposition(source: &Source) -> String {
    let name = source.path.rsplit('/').next().unwrap_or_default();
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b".-_".contains(byte);
    let encoded: String = name
        .bytes()
        .map(|byte| if is_plain(&byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") })
        .collect();
    format!("inline; filename*=UTF-8''{encoded}")
}

/// Whether a header names that entity tag; `*` names every one.
fn names(headers: &HeaderMap, name: &HeaderName, tag: &str) -> bool {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    let mut tags = values.flat_map(|value| value.split(',')).map(|tag| tag.trim().trim_start_matches("W/"));
    tags.any(|named| named == tag || (named == "*" && *name == header::IF_NONE_MATCH))
}

/// What `Range` wants. Several ranges, other units and what is malformed are answered with the whole file, as RFC 9110 §14.2 allows.
fn wanted(headers: &HeaderMap) -> Option<Wanted> {
    let text = headers.get(header::RANGE)?.to_str().ok()?.trim().strip_prefix("bytes=")?;
    let (first, last) = text.split_once('-')?;
    match (first.trim(), last.trim()) {
        ("", last) => last.parse().ok().map(Wanted::Last),
        (first, "") => first.parse().ok().map(Wanted::From),
        (first, last) => {
            let (first, last) = (first.parse().ok()?, last.parse().ok()?);
            (first <= last).then_some(Wanted::Between(first, last))
        }
    }
}

/// Whether a file of so many bytes has at least one of those.
fn reaches(wanted: Wanted, bytes: u64) -> bool {
    match wanted {
        Wanted::Between(first, _) | Wanted::From(first) => first < bytes,
        Wanted::Last(count) => count > 0 && bytes > 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use auskunft_model::SourceKind;

    fn of(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).unwrap())])
    }

    #[test]
    fn one_range_of_bytes_is_understood_and_anything_else_is_the_whole_file() {
        let wanted_by = |value: &str| wanted(&of(header::RANGE, value));
        assert_eq!(wanted_by("bytes=0-99"), Some(Wanted::Between(0, 99)));
        assert_eq!(wanted_by("bytes=5-"), Some(Wanted::From(5)));
        assert_eq!(wanted_by("bytes=-7"), Some(Wanted::Last(7)));
        for whole in ["bytes=9-3", "bytes=0-1,4-5", "pages=1-2", "bytes=a-b", "bytes=-", "bytes"] {
            assert_eq!(wanted_by(whole), None, "{whole}");
        }
        assert!(!reaches(Wanted::From(10), 10) && reaches(Wanted::Between(9, 99), 10));
        assert!(!reaches(Wanted::Last(0), 10) && !reaches(Wanted::Last(3), 0));
    }

    #[test]
    fn a_tag_is_found_in_a_list() {
        let tag = "\"ab\"";
        assert!(names(&of(header::IF_NONE_MATCH, "\"x\", W/\"ab\""), &header::IF_NONE_MATCH, tag));
        assert!(names(&of(header::IF_NONE_MATCH, "*"), &header::IF_NONE_MATCH, tag));
        assert!(!names(&of(header::IF_RANGE, "\"abc\""), &header::IF_RANGE, tag));
    }

    #[test]
    fn a_name_is_sent_whatever_signs_it_has() {
        let source = Source { path: "manuals/Öl \"neu\".pdf".to_owned(), kind: SourceKind::Manual };
        assert_eq!(disposition(&source), "inline; filename*=UTF-8''%C3%96l%20%22neu%22.pdf");
    }
}
