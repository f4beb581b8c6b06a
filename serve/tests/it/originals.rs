//! The page that a citation leads to.

use axum::body::Body;
use axum::http::Request;
use serde_json::json;

use crate::people::{EU, US, token_of};
use crate::shop::{Reply, Service, document_id, original};

const SOURCE: &str = "products/km-100.html";

fn path(source: &str) -> String {
    format!("/documents/{}/file", document_id(source, None))
}

async fn with(service: &Service, name: &str, value: &str) -> Reply {
    service.send(Request::get(path(SOURCE)).header(name, value).body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_citation_leads_to_the_page_itself() {
    let service = Service::open().await;
    let answer = service.ask("s", "Wie viele Tassen brüht die Kaffeemaschine KM-100?").await.json();
    let cited = answer["citations"].as_array().unwrap();
    let citation =
        cited.iter().find(|citation| citation["source"] == SOURCE).unwrap_or_else(|| panic!("{answer}"));
    assert_eq!(citation["file"], json!(path(SOURCE)));
    let page = service.get(citation["file"].as_str().unwrap()).await;
    assert_eq!((page.status.as_u16(), page.text.as_str()), (200, original(SOURCE).as_str()));
    assert_eq!(page.header("content-type"), "text/html");
    assert!(
        page.header("content-security-policy").starts_with("sandbox;"),
        "a page of others runs no script here"
    );
    assert_eq!(page.header("content-disposition"), "inline; filename*=UTF-8''km-100.html");
    // A record of a list has no page of its own.
    let listed =
        service.get(&format!("/documents/{}", document_id("faqs/geraete.jsonl", Some("entkalken")))).await;
    assert_eq!(listed.json().get("file"), None);
    let list = service
        .get(&format!("/documents/{}/file", document_id("faqs/geraete.jsonl", Some("entkalken"))))
        .await;
    assert_eq!((list.status.as_u16(), &list.json()["code"]), (404, &json!("unknown_document")));
}

#[tokio::test]
async fn a_reader_gets_parts_and_is_told_when_nothing_changed() {
    let service = Service::open().await;
    let whole = original(SOURCE);
    let part = with(&service, "range", "bytes=0-8").await;
    assert_eq!((part.status.as_u16(), part.text.as_str()), (206, &whole[..9]));
    assert_eq!(part.header("content-range"), format!("bytes 0-8/{}", whole.len()));
    let end = with(&service, "range", "bytes=-4").await;
    assert_eq!(end.text, &whole[whole.len() - 4..]);
    let behind = with(&service, "range", "bytes=9999-").await;
    assert_eq!(
        (behind.status.as_u16(), behind.header("content-range")),
        (416, format!("bytes */{}", whole.len()).as_str())
    );
    let tag = part.header("etag").to_owned();
    assert_eq!(with(&service, "if-none-match", &tag).await.status.as_u16(), 304);
    assert_eq!(with(&service, "if-none-match", "\"other\"").await.status.as_u16(), 200);
    let request = Request::get(path(SOURCE)).header("range", "bytes=0-1").header("if-range", "\"other\"");
    let changed = service.send(request.body(Body::empty()).unwrap()).await;
    assert_eq!(changed.status.as_u16(), 200, "a part of another version would not fit");
}

#[tokio::test]
async fn pages_of_other_regions_and_lost_files_are_not_there() {
    let service = Service::open().await;
    let of_the_us = path("products/to-110.html");
    let seen = service.call("GET", &of_the_us, Some(&token_of(US)), None).await;
    let hidden = service.call("GET", &of_the_us, Some(&token_of(EU)), None).await;
    assert_eq!((seen.status.as_u16(), hidden.status.as_u16()), (200, 404));
    let unknown = service.call("GET", "/documents/d0/file", Some(&token_of(EU)), None).await;
    assert_eq!((hidden.status, &hidden.json()["code"]), (unknown.status, &unknown.json()["code"]));
    let digest = auskunft_model::Digest::of(original(SOURCE).as_bytes()).to_string();
    let folder = service.data().join("objects/originals").join(&digest[..2]);
    std::fs::remove_file(folder.join(&digest)).unwrap();
    let lost = service.get(&path(SOURCE)).await;
    assert_eq!((lost.status.as_u16(), &lost.json()["code"]), (404, &json!("unknown_document")));
}
