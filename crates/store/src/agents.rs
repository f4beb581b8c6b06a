//! Agents, their roles and the regions they are permitted for, as the shop's own tables state them.

use auskunft_model::{AgentId, Region};

use crate::Database;
use crate::error::{Result, database};

/// An agent as the database knows it now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agent {
    /// Who.
    pub id: AgentId,
    /// `agent`, `technician`, `returns`, `billing` or `lead`.
    pub role: String,
    /// Whether the agent may work at all.
    pub active: bool,
    /// Regions whose customers the agent may see, in ascending order.
    pub regions: Vec<String>,
}

impl Agent {
    /// The regions whose texts the agent may see: none while not active.
    pub fn permitted(&self) -> Vec<Region> {
        let regions = self.regions.iter().filter(|_| self.active);
        regions.filter_map(|region| Region::parse(region)).collect()
    }

    /// Whether the agent leads others.
    pub fn is_lead(&self) -> bool {
        self.role == "lead"
    }
}

/// The agent of that id. One statement.
pub async fn read(database_: &Database, id: &AgentId) -> Result<Option<Agent>> {
    let query = sqlx::query_as::<_, (String, bool, Vec<String>)>(
        "select role, active, array(select region::text from shop.agent_permissions p where p.agent_id = a.agent_id order by region)
         from shop.agents a where a.agent_id = $1",
    );
    let found = query.bind(id.as_str()).fetch_optional(database_.pool()).await;
    let agent = |(role, active, regions)| Agent { id: id.clone(), role, active, regions };
    Ok(found.map_err(database("read agent"))?.map(agent))
}
