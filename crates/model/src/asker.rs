//! Who asks, and for whom.

use crate::{AgentId, CustomerId, Region};

/// Who asks: what may be shown is judged by this, together with what the database says of the agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asker {
    /// The agent whose token was shown; `None` = a guest, who sees public knowledge and products alone.
    pub agent: Option<AgentId>,
    /// The agent's regions as they were a moment ago, where that is known: they narrow what is looked through. What may be shown is judged
    /// anew by the database.
    pub regions: Option<Vec<Region>>,
    /// The customer on the line.
    pub customer: Option<CustomerId>,
    /// Names the request in logs and in the audit trail.
    pub request_id: String,
}

impl Asker {
    /// A guest without a customer.
    pub fn guest(request_id: &str) -> Self {
        Self { agent: None, regions: None, customer: None, request_id: request_id.to_owned() }
    }
}
