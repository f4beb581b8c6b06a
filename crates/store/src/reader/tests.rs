use auskunft_model::{AgentId, ChunkId, CustomerId, DocumentId, Filter, ProductId, Region};

use super::*;
use crate::facts::{ProductQuery, product_facts};
use crate::search::{self, Scan};
use crate::testing::{Opened, on_servers_too};
use crate::{generation, products};

/// Agents of the EU, the US and both, one who may not work any more; a customer of each region. Documents of one chunk: `eu` and `us` are
/// bound to these regions with their products, `all` to none.
const SHOP: &str = "
    insert into shop.agents values ('eu', '', 'agent', true), ('us', '', 'agent', true), ('both', '', 'lead', true),
        ('gone', '', 'agent', false);
    insert into shop.agent_permissions values ('eu', 'EU'), ('us', 'US'), ('both', 'EU'), ('both', 'US'), ('gone', 'EU');
    insert into shop.customers (id, name, region) values ('in-eu', '', 'EU'), ('in-us', '', 'US'), ('in-ch', '', 'CH');
    update knowledge.chunks set region = product_id where product_id in ('EU', 'US');
    update knowledge.documents set labels = labels || jsonb_build_object('region', labels->>'product_id')
        where labels->>'product_id' in ('EU', 'US');
    insert into shop.products (id, name, region, document_id, document_version, source)
        values ('EU', 'E', 'EU', 'd', 'v', 's'), ('US', 'U', 'US', 'd', 'v', 's'), ('ALL', 'A', null, 'd', 'v', 's');
    insert into shop.product_attributes values ('US', 0, 'Netz', '{\"type\":\"text\",\"text\":\"110 V\"}', '110 V', 's')";

struct Texts {
    opened: Opened,
    documents: Vec<(&'static str, DocumentId, ChunkId)>,
}

/// Who reads: an agent and a customer on the line, `-` for none.
type Who = (&'static str, &'static str);

impl Texts {
    async fn new() -> Self {
        let opened = Opened::new().await;
        let mut documents = Vec::new();
        for name in ["ALL", "EU", "US"] {
            let id = opened.publish(name, 1, name).await;
            let chunk = search::chunk_ids_of(&opened.stores.database, opened.info.generation, &[&id]).await;
            documents.push((name, id, chunk.unwrap().remove(0).0));
        }
        opened.sql(SHOP).await;
        generation::ensure_vector_index(&opened.stores.database, &opened.info).await.unwrap();
        Self { opened, documents }
    }

    fn names(&self, found: &[ChunkId]) -> Vec<&'static str> {
        self.documents.iter().filter(|(.., chunk)| found.contains(chunk)).map(|(name, ..)| *name).collect()
    }

    /// What each statement lets the reader see; all must agree.
    async fn seen(&self, (agent, customer): Who) -> Vec<&'static str> {
        let (agent, customer) = (AgentId::parse(agent).ok(), CustomerId::parse(customer).ok());
        let agent = agent.filter(|id| id.as_str() != "-");
        let reader = Reader { agent: agent.as_ref(), customer: customer.as_ref() };
        let (database, info) = (&self.opened.stores.database, &self.opened.info);
        let generation = info.generation;
        let filter = Filter::default();
        let mut ways = Vec::new();
        for scan in [Scan::Approximate, Scan::Exact] {
            let found = search::nearest(database, info, &[1.0, 0.5, 0.25], (&filter, &reader), 9, scan).await;
            ways.push(self.names(&found.unwrap().into_iter().map(|(id, _)| id).collect::<Vec<_>>()));
        }
        let chunks: Vec<ChunkId> = self.documents.iter().map(|(.., chunk)| chunk.clone()).collect();
        let found = search::rows(database, generation, &chunks, (&filter, &reader)).await.unwrap();
        ways.push(self.names(&found.into_keys().collect::<Vec<_>>()));
        let ids: Vec<DocumentId> = self.documents.iter().map(|(_, id, _)| id.clone()).collect();
        let found = search::rows_of(database, generation, &ids, 9, &reader).await.unwrap();
        ways.push(self.names(&found.into_iter().map(|row| row.chunk_id).collect::<Vec<_>>()));
        let (mut by_id, mut shown, mut listed, mut stated) = (vec![], vec![], vec![], vec![]);
        for (name, id, _) in &self.documents {
            let found = search::document_version(database, generation, id, &reader).await.unwrap();
            by_id.extend(found.map(|_| *name));
            let product = ProductId::parse(name).unwrap();
            let found = products::detail(database, generation, &product, &reader).await.unwrap();
            listed.extend(found.iter().flat_map(|detail| &detail.documents).map(|_| *name));
            shown.extend(found.map(|_| *name));
            let query = ProductQuery {
                skus: &[product],
                agent: reader.agent,
                customer: reader.customer,
                today: chrono::NaiveDate::default(),
                request_id: "r-1",
            };
            let found = product_facts(database, &query).await.unwrap();
            stated.extend(found.products.iter().map(|_| *name));
        }
        ways.extend([by_id, shown, listed, stated]);
        assert!(ways.iter().all(|way| *way == ways[0]), "{agent:?} {customer:?}: {ways:?}");
        ways.swap_remove(0)
    }
}

#[tokio::test]
async fn what_is_bound_to_a_region_is_seen_by_its_agents_in_every_statement() {
    let texts = Texts::new().await;
    let everything = ["ALL", "EU", "US"];
    for (who, expected) in [
        (("-", ""), &everything[..]),
        // A guest speaks for nobody.
        (("-", "in-eu"), &everything),
        (("eu", ""), &["ALL", "EU"]),
        (("us", ""), &["ALL", "US"]),
        (("both", ""), &everything),
        (("both", "in-eu"), &["ALL", "EU"]),
        (("both", "in-us"), &["ALL", "US"]),
        // Customers that the agent may not see, and those that there are not, change nothing.
        (("both", "in-ch"), &everything),
        (("both", "nobody"), &everything),
        (("eu", "in-us"), &["ALL", "EU"]),
        (("gone", ""), &["ALL"]),
        (("gone", "in-eu"), &["ALL"]),
        (("unknown", ""), &["ALL"]),
    ] {
        assert_eq!(texts.seen(who).await, expected, "{who:?}");
    }
    texts.opened.sql("delete from shop.agent_permissions where agent_id = 'eu'").await;
    assert_eq!(texts.seen(("eu", "")).await, ["ALL"]);
    texts.opened.sql("update shop.agents set active = false where agent_id = 'us'").await;
    assert_eq!(texts.seen(("us", "")).await, ["ALL"]);
    texts.opened.close().await;
}

#[tokio::test]
async fn a_wish_for_a_region_never_widens_what_is_seen() {
    let texts = Texts::new().await;
    let agent = AgentId::parse("eu").unwrap();
    let reader = Reader { agent: Some(&agent), customer: None };
    for (region, expected) in [("EU", &["ALL", "EU"][..]), ("US", &["ALL"])] {
        let filter = Filter { region: Region::parse(region), ..Filter::default() };
        let (database, info) = (&texts.opened.stores.database, &texts.opened.info);
        let found =
            search::nearest(database, info, &[1.0, 0.5, 0.25], (&filter, &reader), 9, Scan::Exact).await;
        let found: Vec<ChunkId> = found.unwrap().into_iter().map(|(id, _)| id).collect();
        assert_eq!(texts.names(&found), expected, "{region}");
    }
    texts.opened.close().await;
}

#[tokio::test]
async fn a_reader_costs_neither_the_vector_index_nor_a_look_at_permissions_for_each_row() {
    let opened = Opened::new().await;
    opened
        .sql(
            "insert into knowledge.chunks (generation, document_id, chunk_id, ordinal, kind, language, region, heading_path,
                     text_digest, embedding, revision)
                 select 1, n::text, n::text, 0, 'policy', 'de', (array['EU', 'US', 'CH', null])[1 + n % 4], '{}', '',
                     format('[%s,%s,1]', sin(n), cos(n))::vector, 1
                 from generate_series(1, 3000) n;
             analyze knowledge.chunks",
        )
        .await;
    generation::ensure_vector_index(&opened.stores.database, &opened.info).await.unwrap();
    let (agent, customer) = (AgentId::parse("eu").unwrap(), CustomerId::parse("in-eu").unwrap());
    let reader = Reader { agent: Some(&agent), customer: Some(&customer) };
    let filter = Filter::default();
    let plan = search::explain_nearest(
        &opened.stores.database,
        &opened.info,
        (&filter, &reader),
        (10, Scan::Approximate),
    )
    .await;
    assert!(plan.contains("Index Scan using chunks_1_embedding"), "{plan}");
    assert!(plan.contains("InitPlan") && !plan.contains("SubPlan"), "{plan}");
    opened.close().await;
}

on_servers_too!(
    what_is_bound_to_a_region_is_seen_by_its_agents_in_every_statement,
    a_wish_for_a_region_never_widens_what_is_seen,
    a_reader_costs_neither_the_vector_index_nor_a_look_at_permissions_for_each_row,
);
