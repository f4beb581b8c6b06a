//! Whether planned for its values or once for all, neither statement scans a table that grows with the shop.

use sqlx::types::Json;
use sqlx::{AssertSqlSafe, Executor};

use crate::facts::{Wish, product};
use crate::testing::{Opened, on_servers_too};

/// 30,000 customers, 80,000 orders, each with an item, a payment, a parcel of two events, a return and a serial number; 8,000
/// products.
const FILL: &str = "
    begin;
    insert into shop.agents values ('A-1', 'Ida Blum', 'lead', true);
    insert into shop.agent_permissions values ('A-1', 'EU');
    insert into shop.customers (id, name, region) select 'C-' || n, 'Jemand', 'EU' from generate_series(1, 30000) n;
    set local session_replication_role = replica;
    insert into shop.orders select 'O-' || n, 'C-' || 1 + n % 30000, '2026-01-01T00:00:00Z'::timestamptz + n * interval '5 min',
        'EU', 'EUR', 1, 'shipped' from generate_series(1, 80000) n;
    insert into shop.order_items select 'O-' || n, 1, 'P-' || n % 8000, 1, 1 from generate_series(1, 80000) n;
    insert into shop.payments select 'P-' || n, 'O-' || n, 'card', 1, 'EUR', 'paid', now() from generate_series(1, 80000) n;
    insert into shop.shipments (shipment_id, order_id, carrier, tracking_number, status)
        select 'S-' || n, 'O-' || n, 'Post', 'T-' || n, 'in_transit' from generate_series(1, 80000) n;
    insert into shop.shipment_items select 'S-' || n, 'O-' || n, 1 from generate_series(1, 80000) n;
    insert into shop.shipment_events select 'S-' || n, now() + m * interval '1 h', 'in_transit', 'Abgeholt'
        from generate_series(1, 80000) n, generate_series(1, 2) m;
    insert into shop.returns (return_id, order_id, line, sku, status, requested_at, refund_amount, currency)
        select 'R-' || n, 'O-' || n, 1, 'P-' || n % 8000, 'requested', now(), 1, 'EUR' from generate_series(1, 80000) n;
    insert into shop.serials select 'N-' || n, 'P-' || n % 8000, 'O-' || n, 'C-' || 1 + n % 30000, '2026-01-01'
        from generate_series(1, 80000) n;
    insert into shop.prices select 'P-' || n, 'EU', 'EUR', 1, true, '2026-01-01', null from generate_series(1, 8000) n;
    insert into shop.stock select 'P-' || n, 'EU', 1 from generate_series(1, 8000) n;
    insert into shop.products (id, name, document_id, document_version, source)
        select 'P-' || n, 'P', 'd', '1', 's' from generate_series(1, 8000) n;
    insert into shop.product_attributes select 'P-' || n, m, 'Gewicht', '{}', '1 kg', 's'
        from generate_series(1, 8000) n, generate_series(1, 5) m;
    commit;";

/// Tables that hold a row or more for each customer, order or product.
const GROWING: [&str; 13] = [
    "customers",
    "orders",
    "order_items",
    "payments",
    "shipments",
    "shipment_items",
    "shipment_events",
    "returns",
    "serials",
    "prices",
    "stock",
    "products",
    "product_attributes",
];

/// The engine may plan a prepared statement for the values at hand or once for all (`mode`); which of the two it takes is up to its costs.
async fn plan(opened: &Opened, mode: &str, types: &str, statement: &str, arguments: &str) -> String {
    let mut connection = opened.stores.database.connections().acquire().await.unwrap();
    let prepare =
        format!("set plan_cache_mode = force_{mode}_plan; prepare looked_up ({types}) as {statement}");
    connection.execute(sqlx::raw_sql(AssertSqlSafe(prepare))).await.unwrap();
    let explain = format!("explain execute looked_up ({arguments})");
    let lines =
        sqlx::query_scalar::<_, String>(AssertSqlSafe(explain)).fetch_all(&mut *connection).await.unwrap();
    let reset = sqlx::raw_sql("deallocate looked_up; reset plan_cache_mode");
    connection.execute(reset).await.unwrap();
    lines.join("\n")
}

#[tokio::test]
async fn no_look_up_scans_a_table_that_grows() {
    let opened = Opened::new().await;
    opened.sql(FILL).await;
    for _ in ["before and", "after it is known how full they are"] {
        for mode in ["generic", "custom"] {
            assert_no_scan(&opened, mode).await;
        }
        opened.sql("analyze").await;
    }
    opened.close().await;
}

async fn assert_no_scan(opened: &Opened, mode: &str) {
    let of_customer = plan(
        opened,
        mode,
        "text, text, text, text[], text[], text[], text[], jsonb, text, bool",
        include_str!("../customer.sql"),
        "'A-1', 'C-77', 'r', '{O-1}', '{T-1}', '{N-1}', '{payments,returns,warranty}',
            '[{\"products\": [\"P-1\"], \"statuses\": [\"paid\"], \"returned\": true, \"latest\": false}]', 'Europe/Berlin', true",
    ).await;
    let of_product = plan(
        opened,
        mode,
        "text[], text, text, date, text",
        &product::statement(),
        "'{P-1,P-2}', 'A-1', 'C-77', '2026-11-21', 'r'",
    )
    .await;
    for plan in [of_customer, of_product] {
        assert!(plan.contains("Index"), "{plan}");
        for line in plan.lines().filter(|line| line.contains("Seq Scan on")) {
            let scanned = line.split("Seq Scan on ").nth(1).unwrap().split(' ').next().unwrap();
            assert!(!GROWING.contains(&scanned), "{scanned} is scanned:\n{plan}");
        }
    }
}

/// Which steps of the plan were taken, by their places.
async fn steps_taken(opened: &Opened, agent: &str, customer: &str) -> Vec<(usize, bool)> {
    let explain =
        format!("explain (analyze, costs off, timing off, summary off) {}", include_str!("../customer.sql"));
    let none: [String; 0] = [];
    let query = sqlx::query_scalar::<_, String>(AssertSqlSafe(explain)).bind(agent).bind(customer).bind("r");
    let named = ["O-1".to_owned()];
    let query = query.bind(named.as_slice()).bind(none.as_slice()).bind(none.as_slice());
    let wishes = Json([Wish { products: vec!["KM-1".to_owned()], returned: true, ..Wish::default() }]);
    let lines = query.bind(["returns"].as_slice()).bind(wishes).bind("Europe/Berlin").bind(true);
    let lines = lines.fetch_all(opened.stores.database.pool()).await.unwrap();
    let steps = lines.into_iter().filter(|line| line.contains("->")).enumerate();
    steps.map(|(place, line)| (place, !line.contains("never executed"))).collect()
}

#[tokio::test]
async fn a_customer_that_may_not_be_seen_takes_the_steps_of_one_that_does_not_exist() {
    let opened = super::shop().await;
    for agent in ["A-AGENT", "A-GONE", "A-NONE"] {
        let foreign = steps_taken(&opened, agent, "C-2").await;
        assert_eq!(foreign, steps_taken(&opened, agent, "C-NONE").await, "{agent}");
        assert_ne!(foreign, steps_taken(&opened, "A-AGENT", "C-1").await);
    }
    opened.close().await;
}

on_servers_too!(a_customer_that_may_not_be_seen_takes_the_steps_of_one_that_does_not_exist,);
