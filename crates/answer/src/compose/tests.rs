use super::*;
use auskunft_model::{ChunkId, DocumentId, Kind, Language};

fn hit(kind: Kind, text: &str) -> Hit {
    Hit {
        chunk_id: ChunkId::parse("c1").unwrap(),
        document_id: DocumentId::derive("manuals/a.pdf", None),
        source: "manuals/a.pdf".to_owned(),
        anchor: None,
        kind,
        language: Language::german(),
        title: "Anleitung".to_owned(),
        section: vec!["Pflege".to_owned()],
        page: Some(7),
        product_id: None,
        score: 1.0,
        dense: None,
        lexical: None,
        text: text.to_owned(),
    }
}

#[test]
fn citations_are_numbered_by_appearance_and_name_the_page() {
    let mut draft = Draft::default();
    let hit = hit(Kind::Manual, "Tank leeren. Filter wechseln.");
    assert!(draft.cite(&hit, "Filter wechseln.", None));
    assert!(draft.cite(&hit, "Tank leeren.", Some("KM-1")));
    let (text, citations) = draft.finish();
    assert_eq!(text, "Filter wechseln. [1]\n\nKM-1: Tank leeren. [2]");
    assert_eq!((citations[1].n, citations[1].anchor.as_deref()), (2, Some("page=7")));
}

#[test]
fn a_quote_that_is_not_in_the_text_is_refused() {
    let mut draft = Draft::default();
    let hit = hit(Kind::Manual, "Tank leeren.");
    assert!(!draft.cite(&hit, "Tank füllen.", None) && !draft.cite(&hit, " ", None));
    assert!(draft.is_empty());
    assert!(draft.cite(&hit, "Tank leeren.", None) && !draft.cite(&hit, "Tank leeren.", None));
}
