//! `GET /documents/{id}`: what a citation points into.

use auskunft_model::DocumentId;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::{Extension, Json};

use crate::access::Caller;
use crate::check;
use crate::error::{ApiError, Problem};
use crate::frame::RequestId;
use crate::state::AppState;
use crate::wire::{DocumentResponse, ProblemBody};

/// A document's text, section by section.
#[utoipa::path(get, path = "/documents/{id}", tag = "catalog", params(("id" = String, Path, description = "The document")),
    responses(
        (status = 200, description = "Found", body = DocumentResponse),
        (status = 404, description = "None of that id that the caller may see", body = ProblemBody, content_type = "application/problem+json")
    )
)]
pub(crate) async fn document(
    State(state): State<AppState>,
    caller: Caller,
    Extension(RequestId(request_id)): Extension<RequestId>,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<DocumentResponse>, ApiError> {
    let id = check::path_id(path, DocumentId::parse)?;
    let _permit = state.admission.enter().await?;
    let (found, _) = state.desk.document(&id, &caller.asker(None, &request_id)).await?;
    let missing = || ApiError::new(Problem::UnknownDocument, format!("there is no document `{id}`"));
    Ok(Json(found.ok_or_else(missing)?.into()))
}
