//! `/support/tickets`: tickets of the customers that an agent may see.

use auskunft_model::{CustomerId, DocumentId, ProductId};
use auskunft_store::documents::ticket_key;
use auskunft_store::tickets::{self, Changed, NewTicket, Ticket};
use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::header::ETAG;
use axum::http::{HeaderMap, HeaderName, StatusCode};
use axum::{Extension, Json};

use crate::access::SignedIn;
use crate::body::JsonBody;
use crate::check;
use crate::error::{ApiError, Problem};
use crate::frame::RequestId;
use crate::handlers::answer::require_known;
use crate::state::AppState;
use crate::wire::{
    ChangeTicketRequest, OpenTicketRequest, ProblemBody, TicketResponse, TicketRowBody, TicketsQuery,
    TicketsResponse,
};

mod request;

type WithVersion<T> = ([(HeaderName, String); 1], Json<T>);

/// Tickets of the customers that the agent may see, newest first. A customer that it may not see has none.
#[utoipa::path(get, path = "/support/tickets", tag = "tickets", params(TicketsQuery), responses(
    (status = 200, description = "A page", body = TicketsResponse),
    (status = 401, description = "No valid token", body = ProblemBody, content_type = "application/problem+json"),
    (status = "4XX", description = "A wrong request", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A failure", body = ProblemBody, content_type = "application/problem+json")
))]
pub(crate) async fn list(
    State(state): State<AppState>,
    caller: SignedIn,
    Extension(RequestId(request_id)): Extension<RequestId>,
    query: Result<Query<TicketsQuery>, QueryRejection>,
) -> Result<Json<TicketsResponse>, ApiError> {
    let mut query = request::query(check::query(query)?)?;
    let limit = usize::try_from(query.limit).unwrap_or_default();
    // One more than wanted tells whether there is a next page.
    query.limit += 1;
    let _permit = state.admission.enter().await?;
    let mut found = tickets::list(&state.stores.database, caller.seer(&request_id), &query).await?;
    let has_more = found.len() > limit;
    found.truncate(limit);
    let next = found.last().filter(|_| has_more).map(|ticket| request::cursor(ticket.created, &ticket.id));
    Ok(Json(TicketsResponse { tickets: with_subjects(&state, found).await?, next }))
}

async fn with_subjects(state: &AppState, found: Vec<Ticket>) -> Result<Vec<TicketRowBody>, ApiError> {
    let keys: Vec<&str> = found.iter().map(|ticket| ticket.body.as_str()).collect();
    let mut bodies = state.documents().tickets(&keys).await?;
    let row = |ticket: Ticket| {
        let body = bodies.remove(&ticket.body);
        TicketRowBody::new(ticket, body.map(|body| body.subject))
    };
    Ok(found.into_iter().map(row).collect())
}

/// A ticket with what the customer wrote and what was done about it. The header `etag` holds its version.
#[utoipa::path(get, path = "/support/tickets/{id}", tag = "tickets",
    params(("id" = String, Path, description = "The ticket")),
    responses(
        (status = 200, description = "Found", body = TicketResponse),
        (status = 401, description = "No valid token", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "None of that id that the agent may see", body = ProblemBody, content_type = "application/problem+json"),
        (status = "4XX", description = "A wrong request", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A failure", body = ProblemBody, content_type = "application/problem+json")
    )
)]
pub(crate) async fn ticket(
    State(state): State<AppState>,
    caller: SignedIn,
    Extension(RequestId(request_id)): Extension<RequestId>,
    path: Result<Path<String>, PathRejection>,
) -> Result<WithVersion<TicketResponse>, ApiError> {
    let id = check::path_identifier(path)?;
    let _permit = state.admission.enter().await?;
    let found = tickets::read(&state.stores.database, caller.seer(&request_id), &id).await?;
    let (ticket, history) = found.ok_or_else(|| unknown(&id))?;
    let mut bodies = state.documents().tickets(&[&ticket.body]).await?;
    let body = bodies.remove(&ticket.body);
    Ok((version_header(ticket.version), Json(TicketResponse::new(ticket, body, history))))
}

/// Changes who works on a ticket, how it stands, or notes something. The version that was seen stands in the header `if-match`
/// or in the body: who changes what somebody else changed in between gets a 412.
#[utoipa::path(patch, path = "/support/tickets/{id}", tag = "tickets", request_body = ChangeTicketRequest,
    params(("id" = String, Path, description = "The ticket")),
    responses(
        (status = 200, description = "Changed", body = TicketRowBody),
        (status = 401, description = "No valid token", body = ProblemBody, content_type = "application/problem+json"),
        (status = 404, description = "None of that id that the agent may see", body = ProblemBody, content_type = "application/problem+json"),
        (status = 412, description = "Somebody else changed it", body = ProblemBody, content_type = "application/problem+json"),
        (status = 428, description = "No version is stated", body = ProblemBody, content_type = "application/problem+json"),
        (status = "4XX", description = "A wrong request", body = ProblemBody, content_type = "application/problem+json"),
        (status = "5XX", description = "A failure", body = ProblemBody, content_type = "application/problem+json")
    )
)]
pub(crate) async fn change(
    State(state): State<AppState>,
    caller: SignedIn,
    Extension(RequestId(request_id)): Extension<RequestId>,
    path: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    JsonBody(request): JsonBody<ChangeTicketRequest>,
) -> Result<WithVersion<TicketRowBody>, ApiError> {
    let id = check::path_identifier(path)?;
    let change = request::change(request, &headers)?;
    let _permit = state.admission.enter().await?;
    let changed = tickets::change(&state.stores.database, caller.seer(&request_id), &id, &change).await?;
    match changed.ok_or_else(|| unknown(&id))? {
        Changed::Done(ticket) => {
            let mut rows = with_subjects(&state, vec![ticket]).await?;
            let row = rows.pop().ok_or_else(|| ApiError::internal("a changed ticket is gone"))?;
            Ok((version_header(row.version), Json(row)))
        }
        Changed::Conflict(version) => {
            let detail =
                format!("the ticket has version {version} by now, not {}; read it again", change.version);
            Err(ApiError::new(Problem::VersionConflict, detail))
        }
        Changed::NoSuchAgent => {
            Err(check::invalid("`agent_id` is no active agent that may see the ticket's customer"))
        }
    }
}

/// Opens a ticket for a customer.
#[utoipa::path(post, path = "/support/tickets", tag = "tickets", request_body = OpenTicketRequest, responses(
    (status = 201, description = "Opened", body = TicketRowBody),
    (status = 401, description = "No valid token", body = ProblemBody, content_type = "application/problem+json"),
    (status = 404, description = "No such customer, order or product that the agent may see", body = ProblemBody, content_type = "application/problem+json"),
    (status = "4XX", description = "A wrong request", body = ProblemBody, content_type = "application/problem+json"),
    (status = "5XX", description = "A failure", body = ProblemBody, content_type = "application/problem+json")
))]
pub(crate) async fn open(
    State(state): State<AppState>,
    caller: SignedIn,
    Extension(RequestId(request_id)): Extension<RequestId>,
    JsonBody(request): JsonBody<OpenTicketRequest>,
) -> Result<(StatusCode, WithVersion<TicketRowBody>), ApiError> {
    let customer = check::required("customer_id", &request.customer_id, CustomerId::parse)?;
    let product = check::parsed("product_id", request.product_id.as_deref(), ProductId::parse)?;
    require_known(&state, product.as_ref(), &caller.asker(Some(&customer), &request_id))?;
    let body = request::written(request)?;
    let _permit = state.admission.enter().await?;
    let (database, seer, order) =
        (&state.stores.database, caller.seer(&request_id), body.order_id.as_deref());
    if !tickets::may_open(database, seer, &customer, order).await? {
        return Err(no_customer());
    }
    let document = DocumentId::derive("support/tickets", Some(&body.id));
    // Nothing is kept of what was not permitted; then the body before the row: a row never names what is not there, and what a
    // killed program leaves without a row, `ingest gc` removes.
    state.documents().put_tickets(&[(ticket_key(&document, None), &body)]).await?;
    let ticket = NewTicket {
        id: &body.id,
        customer: &customer,
        order,
        product: product.as_ref(),
        created: body.created,
        document: &document,
    };
    // The permission may have gone since: judged again by the statement that writes.
    let ticket = tickets::open(database, seer, &ticket).await?.ok_or_else(no_customer)?;
    let row = TicketRowBody::new(ticket, Some(body.subject));
    Ok((StatusCode::CREATED, (version_header(row.version), Json(row))))
}

fn no_customer() -> ApiError {
    ApiError::new(Problem::UnknownCustomer, "there is no such customer, or the order is not the customer's")
}

fn unknown(id: &str) -> ApiError {
    ApiError::new(Problem::UnknownTicket, format!("there is no ticket `{id}` that you may see"))
}

fn version_header(version: i64) -> [(HeaderName, String); 1] {
    [(ETAG, format!("\"{version}\""))]
}
