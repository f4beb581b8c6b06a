//! What Postgres says of agents, kept in the process for seconds.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use auskunft_model::AgentId;
use auskunft_store::agents::{self, Agent};
use auskunft_store::{Database, Result};

/// How long a row is believed: after this time at most, a right that was taken away is gone.
const BELIEVED: Duration = Duration::from_secs(5);
/// Agents that are kept; only those whose tokens were signed with our key come here.
const MOST: usize = 10_000;

/// An agent, or that there is none of that id, and when it was read.
type Read = (Option<Arc<Agent>>, Instant);

/// Agents as they were a moment ago.
#[derive(Debug)]
pub(super) struct Agents {
    read: Mutex<HashMap<AgentId, Read>>,
    believed: Duration,
}

impl Default for Agents {
    fn default() -> Self {
        Self::believed_for(BELIEVED)
    }
}

impl Agents {
    /// None as yet; what will be read is believed for so long.
    pub(super) fn believed_for(believed: Duration) -> Self {
        Self { read: Mutex::default(), believed }
    }

    /// The agent, and how many statements it took to know.
    pub(super) async fn get(&self, database: &Database, id: &AgentId) -> Result<(Option<Arc<Agent>>, u32)> {
        if let Some(known) = self.known(id, Instant::now()) {
            return Ok((known, 0));
        }
        // The row is as old as the moment before it was asked for.
        let asked = Instant::now();
        let agent = agents::read(database, id).await?.map(Arc::new);
        self.remember(id, agent.clone(), asked);
        Ok((agent, 1))
    }

    fn known(&self, id: &AgentId, now: Instant) -> Option<Option<Arc<Agent>>> {
        let read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        let (agent, at) = read.get(id)?;
        (now.duration_since(*at) < self.believed).then(|| agent.clone())
    }

    fn remember(&self, id: &AgentId, agent: Option<Arc<Agent>>, at: Instant) {
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if read.len() >= MOST {
            read.retain(|_, (_, then)| at.duration_since(*then) < self.believed);
        }
        if read.len() < MOST {
            read.insert(id.clone(), (agent, at));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_read_is_believed_for_seconds_also_that_there_is_nobody() {
        let agents = Agents::default();
        let (id, start) = (AgentId::parse("A-01").unwrap(), Instant::now());
        assert_eq!(agents.known(&id, start), None);
        agents.remember(&id, None, start);
        assert_eq!(agents.known(&id, start + Duration::from_millis(4_999)), Some(None));
        assert_eq!(agents.known(&id, start + Duration::from_secs(5)), None);
    }
}
