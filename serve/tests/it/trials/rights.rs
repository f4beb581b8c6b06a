//! What an agent may see now, as the shop's rows say: kept by the trials themselves, beside the service.

use std::collections::BTreeSet;

use crate::random::Random;

/// Whose role may see what beyond orders and parcels (docs/shop-data.md).
const ROLES: [(&str, &[&str]); 5] = [
    ("agent", &["payments", "returns", "warranty"]),
    ("technician", &["warranty"]),
    ("returns", &["returns"]),
    ("billing", &["payments", "returns"]),
    ("lead", &["payments", "returns", "warranty"]),
];

/// Facts that hold data of a customer, and what a role needs for them.
const OF_CUSTOMERS: [(&str, Option<&str>); 8] = [
    ("order", None),
    ("shipment", None),
    ("candidate", None),
    ("payment", Some("payments")),
    ("return_window", Some("returns")),
    ("return", Some("returns")),
    ("warranty", Some("warranty")),
    ("serial_unknown", Some("warranty")),
];

/// The row of an agent and its permissions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Rights {
    pub(super) role: String,
    pub(super) is_active: bool,
    pub(super) regions: BTreeSet<String>,
}

impl Rights {
    /// Others: any role, some of the regions, at times none, at times not active.
    pub(super) fn draw(regions: &[String], random: &mut Random) -> Self {
        let regions = regions.iter().filter(|_| random.below(3) > 0).cloned().collect();
        Self { role: random.pick(&ROLES).0.to_owned(), is_active: random.below(12) > 0, regions }
    }

    /// Whether the role may see a subject.
    pub(super) fn sees(&self, subject: &str) -> bool {
        ROLES.iter().any(|(role, subjects)| *role == self.role && subjects.contains(&subject))
    }

    /// What the shop's own systems would write for this agent.
    pub(super) fn statements(&self, agent: &str) -> String {
        let Self { role, is_active, regions } = self;
        let regions = regions.iter().map(|region| {
            format!("insert into shop.agent_permissions (agent_id, region) values ('{agent}', '{region}');")
        });
        format!(
            "update shop.agents set role = '{role}', active = {is_active} where agent_id = '{agent}';
             delete from shop.agent_permissions where agent_id = '{agent}'; {}",
            regions.collect::<String>()
        )
    }
}

/// Whether a fact of this kind holds data of a customer, and what a role needs to see it.
pub(super) fn of_customers(kind: &str) -> Option<Option<&'static str>> {
    OF_CUSTOMERS.iter().find(|(known, _)| *known == kind).map(|(_, subject)| *subject)
}
