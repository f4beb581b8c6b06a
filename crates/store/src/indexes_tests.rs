//! The planner takes the index that each look-up was given: a page of ids or a product's documents never cost a scan.

use auskunft_model::{AgentId, Filter, ProductId};
use chrono::NaiveDate;
use sqlx::AssertSqlSafe;

use crate::documents::Collection;
use crate::documents::jsonb::ids_statement;
use crate::reader::Reader;
use crate::search::{self, Scan};
use crate::testing::{Opened, on_servers_too};
use crate::{generation, products, status};

const FILL: &str = "
    insert into documents.chunks select md5(n::text), '{}' from generate_series(1, 20000) n;
    insert into documents.parsed select md5(n::text), '{}' from generate_series(1, 20000) n;
    insert into documents.tickets select md5(n::text), '{}' from generate_series(1, 20000) n;
    insert into knowledge.documents (generation, document_id, source, kind, title, language, version, stated, labels,
            chunks, revision)
        select 1, md5(n::text), n::text, 'faq', '', 'de', '', '{}',
            jsonb_build_object('product_id', 'P-' || n / 4, 'tags', jsonb_build_array('product:Q-' || n / 4)), 1, 1
        from generate_series(1, 20000) n;
    insert into knowledge.chunks (generation, document_id, chunk_id, ordinal, kind, product_id, language, tags,
            heading_path, text_digest, embedding, revision)
        select 1, md5(n::text), md5(n::text), 0, 'faq', 'P-' || n / 4, 'de', array['product:Q-' || n / 4], '{}', '',
            '[1,0,0]', 1
        from generate_series(1, 20000) n;
    analyze documents.chunks, documents.parsed, documents.tickets, knowledge.documents, knowledge.chunks;";

/// The plan of a statement.
macro_rules! plan {
    ($opened:expr, $statement:expr $(, $argument:expr)*) => {{
        let statement = format!("explain {}", $statement);
        let query = sqlx::query_scalar::<_, String>(AssertSqlSafe(statement))$(.bind($argument))*;
        query.fetch_all($opened.stores.database.pool()).await.unwrap().join("\n")
    }};
}

fn assert_uses(plan: &str, index: &str) {
    assert!(plan.contains(index) && !plan.contains("Seq Scan"), "not by {index}:\n{plan}");
}

#[tokio::test]
async fn look_ups_go_by_their_indexes() {
    let opened = Opened::new().await;
    opened.sql(FILL).await;
    for (collection, index) in [
        (Collection::Chunks, "chunks_pkey"),
        (Collection::Parsed, "parsed_pkey"),
        (Collection::Tickets, "tickets_pkey"),
    ] {
        let plan = plan!(opened, ids_statement(collection), "5", 1_000_i64);
        assert_uses(&plan, index);
        assert!(!plan.contains("Sort"), "{plan}");
    }
    let plan = plan!(opened, status::CHUNK_IDS, 1, "5", 1_000_i64);
    assert_uses(&plan, "chunks_1_pkey");
    assert!(!plan.contains("Sort"), "{plan}");
    let plan = plan!(opened, products::bound_documents_statement(), 1, "P-77", Some("A-1"), None::<String>);
    assert_uses(&plan, "documents_product");
    assert_uses(&plan, "documents_tags");
    opened.close().await;
}

#[tokio::test]
async fn a_search_for_one_product_reads_its_chunks_alone() {
    let opened = Opened::new().await;
    opened.sql(FILL).await;
    let filter = Filter { product_id: ProductId::parse("P-77").ok(), ..Filter::default() };
    let reader = Reader::default();
    let plan =
        search::explain_nearest(&opened.stores.database, &opened.info, (&filter, &reader), (10, Scan::Exact))
            .await;
    assert_uses(&plan, "product_id");
    opened.close().await;
}

/// What a shop of some hundred products has.
const FEW: &str = "
    insert into knowledge.chunks (generation, document_id, chunk_id, ordinal, kind, language, heading_path, text_digest,
            embedding, revision)
        select 1, n::text, n::text, 0, 'faq', 'de', '{}', repeat('x', 150), format('[%s,%s,1]', sin(n), cos(n))::vector, 1
        from generate_series(1, 1000) n;
    analyze knowledge.chunks;";

#[tokio::test]
async fn a_small_index_is_searched_and_not_read_as_a_whole() {
    let opened = Opened::new().await;
    opened.sql(FEW).await;
    generation::ensure_vector_index(&opened.stores.database, &opened.info).await.unwrap();
    let filter = Filter { valid_on: NaiveDate::from_ymd_opt(2026, 1, 1), ..Filter::default() };
    let agent = AgentId::parse("A-1").unwrap();
    let reader = Reader { agent: Some(&agent), ..Reader::default() };
    let search = (80, Scan::Approximate);
    let plan =
        search::explain_nearest(&opened.stores.database, &opened.info, (&filter, &reader), search).await;
    assert!(plan.contains("chunks_1_embedding"), "{plan}");
    opened.close().await;
}

on_servers_too!(
    look_ups_go_by_their_indexes,
    a_search_for_one_product_reads_its_chunks_alone,
    a_small_index_is_searched_and_not_read_as_a_whole,
);
