//! Names that the shop's own tables hold, to check texts for them.

use crate::Database;
use crate::error::{Result, database};

/// Names of carriers and people, each once, in ascending order.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Names {
    /// Carriers of parcels.
    pub carriers: Vec<String>,
    /// Customers and agents.
    pub people: Vec<String>,
}

/// All of them. For checks by the operator alone: customers' names are read without permission and without audit, so none may
/// be shown to an agent. One statement.
pub async fn all(database_: &Database) -> Result<Names> {
    let query = sqlx::query_as::<_, (Vec<String>, Vec<String>)>(
        "select array(select distinct carrier from shop.shipments order by carrier),
             array(select name from shop.customers union select name from shop.agents order by name)",
    );
    let found = query.fetch_one(database_.pool()).await.map_err(database("read names"))?;
    Ok(Names { carriers: found.0, people: found.1 })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{Opened, on_servers_too};

    #[tokio::test]
    async fn customers_agents_and_carriers_are_named_once_each() {
        let opened = Opened::new().await;
        assert_eq!(all(&opened.stores.database).await.unwrap(), Names::default());
        let shop = "
            insert into shop.agents (agent_id, name, role, active) values ('A-1', 'Ute Muster', 'lead', true);
            insert into shop.customers (id, name, region) values ('C-1', 'Ute Muster', 'EU'), ('C-2', 'Bo Beispiel', 'EU');
            insert into shop.orders (order_id, customer_id, ordered_at, region, currency, total, status)
                values ('O-1', 'C-1', now(), 'EU', 'EUR', 0, 'paid');
            insert into shop.shipments (shipment_id, order_id, carrier, status)
                values ('S-1', 'O-1', 'Nordpost', 'lost'), ('S-2', 'O-1', 'Nordpost', 'in_transit');";
        opened.sql(shop).await;
        let names = all(&opened.stores.database).await.unwrap();
        assert_eq!(names.people, ["Bo Beispiel", "Ute Muster"]);
        assert_eq!(names.carriers, ["Nordpost"]);
        opened.close().await;
    }

    on_servers_too!(customers_agents_and_carriers_are_named_once_each);
}
