//! Who asks: agents with their tokens.

use std::collections::HashMap;
use std::path::Path;

use anyhow::{Context, ensure};
use serde::Deserialize;

/// An agent that can ask.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Agent {
    pub(crate) agent_id: String,
    pub(crate) token: String,
    /// Agents of one group may see the same; without one an agent is like nobody else.
    group: Option<String>,
}

#[derive(Debug, Deserialize)]
struct File {
    agents: Vec<Agent>,
}

/// All agents that can ask; none: everybody is a guest.
#[derive(Debug, Clone, Default)]
pub struct Agents {
    all: Vec<Agent>,
    /// Places in `all`, by group.
    groups: Vec<Vec<usize>>,
    /// The group of an agent.
    of: HashMap<String, usize>,
}

impl Agents {
    /// Reads the file of tokens; without one everybody is a guest.
    pub fn read(path: Option<&Path>) -> anyhow::Result<Self> {
        let Some(path) = path else { return Ok(Self::default()) };
        let shown = path.display();
        let text = std::fs::read_to_string(path).with_context(|| format!("can't read `{shown}`"))?;
        let file: File =
            serde_json::from_str(&text).with_context(|| format!("`{shown}` is no file of tokens"))?;
        ensure!(!file.agents.is_empty(), "`{shown}` names no agent");
        Ok(Self::grouped(file.agents))
    }

    fn grouped(all: Vec<Agent>) -> Self {
        let (mut groups, mut of, mut by_name) = (Vec::new(), HashMap::new(), HashMap::new());
        for (place, agent) in all.iter().enumerate() {
            let name = agent.group.clone().unwrap_or_else(|| format!("alone {}", agent.agent_id));
            let group = *by_name.entry(name).or_insert_with(|| {
                groups.push(Vec::new());
                groups.len() - 1
            });
            groups[group].push(place);
            of.insert(agent.agent_id.clone(), group);
        }
        Self { all, groups, of }
    }

    /// The group of the agent that a question names; `None` for guests.
    pub(crate) fn group_of(&self, agent: Option<&str>) -> anyhow::Result<Option<usize>> {
        let Some(agent) = agent.filter(|_| !self.all.is_empty()) else { return Ok(None) };
        let group = self.of.get(agent);
        group.copied().map(Some).with_context(|| format!("the file of tokens has none for agent `{agent}`"))
    }

    /// The agents of a group, as places.
    pub(crate) fn members(&self, group: usize) -> &[usize] {
        self.groups.get(group).map_or(&[], Vec::as_slice)
    }

    /// The agent at a place.
    pub(crate) fn at(&self, place: usize) -> Option<&Agent> {
        self.all.get(place)
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.all.len()
    }
}
