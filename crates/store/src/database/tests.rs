use super::*;
use crate::documents::{Collection, StoredText};
use crate::testing::{FreshDatabase, Place, on_servers_too};
use crate::{ErrorKind, generation};
use auskunft_model::{ChunkId, DocumentId};

#[tokio::test]
async fn what_was_written_is_there_after_closing_and_opening() {
    let place = Place::new().await;
    let stores = place.open().await;
    let document = DocumentId::derive("faqs/a.md", None);
    let text = StoredText {
        chunk_id: ChunkId::derive(&document, None, &[], "Größe\0 M", 0),
        doc_id: document,
        text: "Größe\0 M".to_owned(),
        product_id: None,
        tags: vec![],
    };
    stores.documents.put_texts(std::slice::from_ref(&text)).await.unwrap();
    stores.close().await;

    let stores = place.open().await;
    let texts = stores.documents.texts(std::slice::from_ref(&text.chunk_id)).await.unwrap();
    assert_eq!(texts.get(&text.chunk_id).map(String::as_str), Some("Größe M"));
    let ids = stores.documents.ids(Collection::Chunks, "", 10).await.unwrap();
    assert_eq!(ids, vec![text.chunk_id.to_string()]);
    stores.close().await;
}

#[tokio::test]
async fn stores_of_a_newer_version_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let opened = Database::open_embedded(folder.path(), "test").await.unwrap();
    sqlx::query(
        "insert into _sqlx_migrations (version, description, success, checksum, execution_time)
         values (9999, 'from the future', true, '', 0)",
    )
    .execute(opened.pool())
    .await
    .unwrap();
    opened.close().await;
    let error = Database::open_embedded(folder.path(), "test").await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::NewerSchema);
    assert!(error.message.contains("9999"), "{}", error.message);
}

on_servers_too!(what_was_written_is_there_after_closing_and_opening);

/// A process that is killed leaves files of unlogged tables behind, and the engine refuses to open a folder that has some ("could not
/// create file: File exists"): a server removes them at its start, the engine that runs inside a process does not.
#[tokio::test]
async fn no_table_is_unlogged() {
    let folder = tempfile::tempdir().unwrap();
    let opened = Database::open_embedded(folder.path(), "test").await.unwrap();
    let query = sqlx::query_scalar::<_, String>(
        "select oid::regclass::text from pg_class where relpersistence = 'u' order by 1",
    );
    let unlogged = query.fetch_all(opened.pool()).await.unwrap();
    opened.close().await;
    assert!(unlogged.is_empty(), "{unlogged:?}");
}

async fn refusal(
    fresh: &FreshDatabase,
    change: impl FnOnce(&mut DatabaseServer),
    role: Role,
) -> crate::Error {
    let mut server = fresh.server();
    change(&mut server);
    Database::open_server(&server, "test", role).await.unwrap_err()
}

#[tokio::test]
async fn what_a_server_has_against_us_is_told_with_what_to_do() {
    let Some(fresh) = FreshDatabase::make().await else { return };
    let (user, rest) = fresh
        .url()
        .split_once("://")
        .map(|(_, rest)| rest.to_owned())
        .unwrap()
        .split_once('@')
        .map(|(user, rest)| (user.to_owned(), rest.to_owned()))
        .unwrap();
    let (name, password) = user.split_once(':').unwrap();
    let wrong = |server: &mut DatabaseServer| server.url = format!("postgres://{name}:geheim@{rest}");
    let error = refusal(&fresh, wrong, Role::Reader).await;
    assert_eq!(error.kind, ErrorKind::NotConfigured, "{error}");
    assert!(
        error.message.contains("`auskunft` is refused") && error.message.contains("DATABASE_URL"),
        "{error}"
    );
    let missing = |server: &mut DatabaseServer| server.url = format!("{}_gone", server.url);
    let error = refusal(&fresh, missing, Role::Writer).await;
    assert_eq!(error.kind, ErrorKind::NotConfigured, "{error}");
    assert!(
        error.message.contains("there is no database") && error.message.contains("auskunft.sql"),
        "{error}"
    );
    // Nobody listens at port 1.
    let away = |server: &mut DatabaseServer| server.url = format!("postgres://{user}@127.0.0.1:1/shop");
    let error = refusal(&fresh, away, Role::Reader).await;
    assert_eq!(error.kind, ErrorKind::Unavailable, "{error}");
    assert!(error.message.contains("`shop` at 127.0.0.1:1 does not answer"), "{error}");
    for error in [error, refusal(&fresh, |server| server.url = "geheim".to_owned(), Role::Reader).await] {
        assert!(!error.message.contains(password) && !error.message.contains("geheim"), "{error}");
    }
}

#[tokio::test]
async fn a_reader_wants_exactly_its_schema_and_makes_none() {
    let Some(fresh) = FreshDatabase::make().await else { return };
    let error = refusal(&fresh, |_| (), Role::Reader).await;
    assert_eq!(error.kind, ErrorKind::NotConfigured, "{error}");
    assert!(
        error.message.contains("nothing is ingested yet") && error.message.contains("`ingest DIR`"),
        "{error}"
    );
    let writer = fresh.open("ingest", Role::Writer).await.unwrap();
    fresh.open("serve", Role::Reader).await.unwrap().close().await;
    let known = schema::known();
    writer
        .run_as_shop(
            "delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)",
        )
        .await
        .unwrap();
    let error = refusal(&fresh, |_| (), Role::Reader).await;
    assert_eq!(error.kind, ErrorKind::NotConfigured, "{error}");
    assert!(error.message.contains(&format!("this program needs {known}: run `ingest DIR`")), "{error}");
    writer
        .run_as_shop("insert into _sqlx_migrations (version, description, success, checksum, execution_time) values (9999, 'later', true, '', 0)")
        .await
        .unwrap();
    for role in [Role::Reader, Role::Writer] {
        assert_eq!(refusal(&fresh, |_| (), role).await.kind, ErrorKind::NewerSchema);
    }
    writer.close().await;
}

#[tokio::test]
async fn databases_of_one_cluster_are_made_at_the_same_time_and_one_by_two_writers() {
    let (Some(one), Some(other)) = (FreshDatabase::make().await, FreshDatabase::make().await) else { return };
    let opened =
        tokio::join!(one.open("a", Role::Writer), one.open("b", Role::Writer), other.open("c", Role::Writer));
    other_than_held([opened.0, opened.1]).await;
    let other = opened.2.unwrap();
    assert_eq!(generation::live(&other).await.unwrap(), None);
    other.close().await;
}

/// Of two writers one has it; the other was told so.
async fn other_than_held(opened: [crate::Result<Database>; 2]) {
    let mut refused = 0;
    for one in opened {
        match one {
            Ok(database) => {
                assert_eq!(generation::live(&database).await.unwrap(), None);
                database.close().await;
            }
            Err(error) => {
                assert_eq!(error.kind, ErrorKind::Held, "{error}");
                refused += 1;
            }
        }
    }
    assert_eq!(refused, 1);
}

#[tokio::test]
async fn every_session_searches_on_until_enough_passed_the_filters() {
    let Some(fresh) = FreshDatabase::make().await else { return };
    fresh.open("ingest", Role::Writer).await.unwrap().close().await;
    // One that this program did not prepare, as behind PgBouncer.
    let mut session = <sqlx::PgConnection as sqlx::Connection>::connect(&fresh.url()).await.unwrap();
    let shown: String = sqlx::query_scalar("select current_setting('hnsw.iterative_scan', true)")
        .fetch_one(&mut session)
        .await
        .unwrap();
    assert_eq!(shown, "strict_order");
    sqlx::Connection::close(session).await.unwrap();
}
