//! Which path leads where.

use axum::Router;
use axum::http::{Method, Uri};
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodRouter, get, post};

use crate::access::guard;
use crate::error::{ApiError, Problem};
use crate::frame::{self, Frame};
use crate::handlers::{
    answer, documents, feedback, health, meta, originals, products, search, sessions, tickets, tokens,
};
use crate::state::AppState;

type Routes = Vec<(&'static str, MethodRouter<AppState>)>;

/// The service's paths with their handlers, inside the frame that every request passes.
pub fn router(state: AppState) -> Router {
    let frame = Frame::new(&state);
    let guarded = assemble(guarded_routes()).route_layer(from_fn_with_state(state.clone(), guard::guard));
    let routes = guarded.merge(assemble(open_routes()));
    let routes = routes.fallback(unknown_path).method_not_allowed_fallback(method_not_allowed);
    frame::surround(routes.with_state(state), frame)
}

fn assemble(routes: Routes) -> Router<AppState> {
    routes.into_iter().fold(Router::new(), |router, (path, method)| router.route(path, method))
}

/// What agents alone may use, and guests where they are welcome.
fn guarded_routes() -> Routes {
    vec![
        ("/support/rag-answer", post(answer::rag_answer)),
        ("/support/search", post(search::search)),
        ("/support/sessions", get(sessions::list)),
        ("/support/sessions/{id}", get(sessions::session)),
        ("/support/feedback", post(feedback::give)),
        ("/support/tickets", get(tickets::list).post(tickets::open)),
        ("/support/tickets/{id}", get(tickets::ticket).patch(tickets::change)),
        ("/support/tokens/revoke", post(tokens::revoke)),
        ("/documents/{id}", get(documents::document)),
        ("/documents/{id}/file", get(originals::file)),
        ("/products/{id}", get(products::product)),
    ]
}

/// What needs no token: it shows nothing of the shop.
fn open_routes() -> Routes {
    vec![
        ("/health", get(health::live)),
        ("/health/ready", get(health::ready)),
        ("/metrics", get(meta::metrics)),
        ("/openapi.json", get(meta::openapi)),
        ("/docs", get(meta::docs)),
    ]
}

async fn unknown_path(uri: Uri) -> ApiError {
    let path: String = uri.path().chars().take(200).collect();
    ApiError::new(
        Problem::UnknownPath,
        format!("there is nothing at `{path}`; GET /openapi.json lists all paths"),
    )
}

async fn method_not_allowed(method: Method, uri: Uri) -> ApiError {
    let detail = format!("`{}` does not take {method}; the header `allow` says what it takes", uri.path());
    ApiError::new(Problem::MethodNotAllowed, detail)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::openapi;

    #[test]
    fn the_api_description_lists_exactly_the_routes() {
        let mut described: Vec<String> = openapi::document().paths.paths.into_keys().collect();
        let mut routed: Vec<String> =
            guarded_routes().iter().chain(&open_routes()).map(|(path, _)| (*path).to_owned()).collect();
        described.sort();
        routed.sort();
        assert_eq!(described, routed);
    }
}
