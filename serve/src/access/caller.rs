//! Who makes a request.

use std::sync::Arc;

use auskunft_answer::{Ended, Operations};
use auskunft_model::{Asker, CustomerId};
use auskunft_store::agents::Agent;
use auskunft_store::tickets::Seer;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use super::token::Claims;
use crate::error::{ApiError, Problem};

/// Who makes a request, as the guard found.
#[derive(Debug, Clone)]
pub struct Caller {
    /// The agent with the token that was shown; `None` = a guest.
    pub(crate) signed_in: Option<SignedIn>,
    /// What it cost to know.
    pub(crate) operations: Operations,
    /// The stage in which a token was judged.
    pub(crate) took: Option<Ended>,
}

/// An active agent whose token is good.
#[derive(Debug, Clone)]
pub(crate) struct SignedIn {
    pub(crate) agent: Arc<Agent>,
    pub(crate) token: Claims,
}

impl SignedIn {
    /// Role and regions, the set of permissions that answers may depend on.
    pub(crate) fn permissions(&self) -> String {
        format!("{}:{}", self.agent.role, self.agent.regions.join(","))
    }

    /// Who looks at tickets and conversations.
    pub(crate) fn seer<'a>(&'a self, request_id: &'a str) -> Seer<'a> {
        Seer { agent: &self.agent.id, request_id }
    }

    /// Who asks.
    pub(crate) fn asker(&self, customer: Option<&CustomerId>, request_id: &str) -> Asker {
        Asker {
            agent: Some(self.agent.id.clone()),
            regions: Some(self.agent.permitted()),
            customer: customer.cloned(),
            request_id: request_id.to_owned(),
        }
    }
}

impl Caller {
    /// Who asks a question. A guest speaks for no customer.
    pub(crate) fn asker(&self, customer: Option<&CustomerId>, request_id: &str) -> Asker {
        let guest = || Asker::guest(request_id);
        self.signed_in.as_ref().map_or_else(guest, |signed_in| signed_in.asker(customer, request_id))
    }

    /// Role and regions, the set of permissions that answers may depend on; empty for guests.
    pub(crate) fn permissions(&self) -> String {
        self.signed_in.as_ref().map(SignedIn::permissions).unwrap_or_default()
    }
}

#[cfg(test)]
impl Caller {
    /// A guest, as in development.
    pub(crate) fn guest() -> Self {
        Self { signed_in: None, operations: Operations::default(), took: None }
    }

    /// An agent with a token.
    pub(crate) fn agent(id: &str, role: &str, regions: &[&str]) -> Self {
        let id = auskunft_model::AgentId::parse(id).unwrap();
        let regions = regions.iter().map(|region| (*region).to_owned()).collect();
        let token =
            Claims { agent: id.clone(), token_id: "t-1".to_owned(), expires: chrono::DateTime::UNIX_EPOCH };
        let agent = Arc::new(Agent { id, role: role.to_owned(), active: true, regions });
        Self { signed_in: Some(SignedIn { agent, token }), operations: Operations::default(), took: None }
    }
}

impl<S: Sync> FromRequestParts<S> for Caller {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiError> {
        let caller = parts.extensions.get::<Self>().cloned();
        caller.ok_or_else(|| {
            ApiError::internal("a path that needs to know its caller stands outside the guard")
        })
    }
}

impl<S: Sync> FromRequestParts<S> for SignedIn {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let caller = Caller::from_request_parts(parts, state).await?;
        let guest = "guests may not do this; send an agent's token as `authorization: Bearer …`";
        caller.signed_in.ok_or_else(|| ApiError::new(Problem::MissingToken, guest))
    }
}
