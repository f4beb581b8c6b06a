//! `GET /products/{id}`: what the catalog states about a product.

use auskunft_model::ProductId;
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::{Extension, Json};

use crate::access::Caller;
use crate::check;
use crate::error::{ApiError, Problem};
use crate::frame::RequestId;
use crate::state::AppState;
use crate::wire::{ProblemBody, ProductResponse};

/// A product with its numbers, facts and documents.
#[utoipa::path(get, path = "/products/{id}", tag = "catalog", params(("id" = String, Path, description = "The SKU")),
    responses(
        (status = 200, description = "Found", body = ProductResponse),
        (status = 404, description = "None of that SKU that the caller may see", body = ProblemBody, content_type = "application/problem+json")
    )
)]
pub(crate) async fn product(
    State(state): State<AppState>,
    caller: Caller,
    Extension(RequestId(request_id)): Extension<RequestId>,
    path: Result<Path<String>, PathRejection>,
) -> Result<Json<ProductResponse>, ApiError> {
    let id = check::path_id(path, ProductId::parse)?;
    let _permit = state.admission.enter().await?;
    let (found, _) = state.desk.product(&id, &caller.asker(None, &request_id)).await?;
    let missing = || ApiError::new(Problem::UnknownProduct, format!("the catalog has no product `{id}`"));
    Ok(Json(found.ok_or_else(missing)?.into()))
}
