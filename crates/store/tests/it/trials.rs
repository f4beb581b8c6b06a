//! Random agents ask about random customers and name whatever there is: what is told is judged by the shop's own files.
//!
//! `AUSKUNFT_TRIALS` sets how many (500), `AUSKUNFT_TRIALS_CATALOG` takes the `shop/*.csv` of another catalog than the small
//! one: `make catalog PRODUCTS=850 OUT=DIR`, then
//! `AUSKUNFT_TRIALS=20000 AUSKUNFT_TRIALS_CATALOG=DIR cargo test -p auskunft-store --test it trials`.

use std::path::Path;

use auskunft_model::{AgentId, CustomerId};
use auskunft_store::facts::{CustomerAnswer, CustomerQuery, Wants, Wish, customer_facts};
use auskunft_store::{Database, audit};

use crate::judge::{Judge, Named, cell};
use crate::random::Random;
use crate::shop::Shop;

fn one_in(random: &mut Random, count: usize) -> bool {
    random.below(count) == 0
}

fn any_cell(random: &mut Random, shop: &Shop, table: &str, key: &str) -> String {
    let rows = shop.rows(table);
    cell(&rows[random.below(rows.len())], key).to_owned()
}

fn wish(random: &mut Random, shop: &Shop) -> Wish {
    const STATUSES: [&str; 5] = ["awaiting_payment", "paid", "shipped", "delivered", "cancelled"];
    let products = (0..random.below(3)).map(|_| any_cell(random, shop, "order_items", "sku")).collect();
    let statuses = STATUSES.into_iter().filter(|_| one_in(random, 3)).collect();
    Wish { products, statuses, returned: one_in(random, 4), latest: one_in(random, 4) }
}

fn named(random: &mut Random, shop: &Shop, customer: &str) -> Named {
    let mut named = Named::default();
    let own: Vec<&str> = shop
        .rows("orders")
        .iter()
        .filter(|row| cell(row, "customer_id") == customer)
        .map(|row| cell(row, "order_id"))
        .collect();
    if !own.is_empty() && one_in(random, 2) {
        named.orders.push(own[random.below(own.len())].to_owned());
    }
    for _ in 0..random.below(3) {
        named.orders.push(any_cell(random, shop, "orders", "order_id"));
        named.tracking.push(any_cell(random, shop, "shipments", "tracking_number"));
        named.serials.push(any_cell(random, shop, "serials", "serial"));
    }
    for _ in 0..random.below(3) {
        named.wishes.push(wish(random, shop));
    }
    let mut coin = || one_in(random, 2);
    named.wants = Wants { parcels: coin(), payments: coin(), returns: coin(), warranty: coin() };
    named
}

async fn ask(
    database: &Database,
    agent: &str,
    customer: &str,
    request: &str,
    named: &Named,
) -> CustomerAnswer {
    let query = CustomerQuery {
        agent: &AgentId::parse(agent).unwrap(),
        customer: &CustomerId::parse(customer).unwrap(),
        request_id: request,
        orders: &named.orders,
        tracking: &named.tracking,
        serials: &named.serials,
        wishes: &named.wishes,
        wants: named.wants,
        time_zone: "UTC",
    };
    customer_facts(database, &query).await.unwrap()
}

/// The kinds of event that an access must leave.
fn expected(
    judge: &Judge<'_>,
    agent: &str,
    customer: &str,
    named: &Named,
    answer: &CustomerAnswer,
) -> Vec<&'static str> {
    assert_eq!(
        matches!(answer, CustomerAnswer::Record(_)),
        judge.is_permitted(agent, customer),
        "{agent} {customer}"
    );
    match answer {
        CustomerAnswer::NotPermitted => vec!["permission_denied"],
        CustomerAnswer::Record(record) if judge.assert_right(agent, customer, named, record) => {
            vec!["customer_data_shown", "return_details_shown"]
        }
        CustomerAnswer::Record(_) => vec!["customer_data_shown"],
    }
}

#[tokio::test]
async fn nobody_sees_what_is_not_theirs_and_every_access_leaves_its_rows() {
    let variable = |name| std::env::var(name).ok();
    let count: usize = variable("AUSKUNFT_TRIALS").map_or(500, |text| text.parse().unwrap());
    let shop =
        variable("AUSKUNFT_TRIALS_CATALOG").map_or_else(Shop::small, |folder| Shop::read(Path::new(&folder)));
    let folder = tempfile::tempdir().unwrap();
    let database = Database::open_embedded(folder.path(), "test").await.unwrap();
    shop.load(&database).await;
    let (judge, mut random) = (Judge::new(&shop), Random::seeded(0x9e37_79b9_7f4a_7c15));
    let (mut last, mut shown, mut denied) = (0, 0, 0);
    for trial in 0..count {
        let mut agent = any_cell(&mut random, &shop, "agents", "agent_id");
        let mut customer = any_cell(&mut random, &shop, "customers", "customer_id");
        for id in [&mut agent, &mut customer] {
            if one_in(&mut random, 20) {
                id.push_str("-0");
            }
        }
        let named = named(&mut random, &shop, &customer);
        let request = format!("r-{trial}");
        let answer = ask(&database, &agent, &customer, &request, &named).await;
        let kinds = expected(&judge, &agent, &customer, &named, &answer);
        *if kinds == ["permission_denied"] { &mut denied } else { &mut shown } += 1;
        let events = audit::events(&database, &audit::Wanted::after(last, 10)).await.unwrap();
        assert_eq!(events.iter().map(|event| event.kind.as_str()).collect::<Vec<_>>(), kinds);
        for event in &events {
            let who =
                [&event.agent_id, &event.customer_id, &event.request_id].map(|text| text.as_deref().unwrap());
            assert_eq!(who, [agent.as_str(), &customer, &request]);
            last = event.id;
        }
    }
    assert!(count < 100 || shown > count / 10 && denied > count / 10, "{shown} shown, {denied} denied");
    database.close().await;
}
