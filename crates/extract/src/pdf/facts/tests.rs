use lopdf::{Document, Object, Stream, dictionary};

use super::*;
use crate::pdf::page::OutlineEntry;

/// A document of three pages whose catalog has these entries; they may refer to pages as objects 1, 2 and 3.
fn file(entries: Dictionary, objects: Vec<(u32, Object)>) -> Vec<u8> {
    let mut document = Document::with_version("1.6");
    let kids: Vec<Object> = (1..=3).map(|id| Object::Reference((id, 0))).collect();
    for id in 1..=3 {
        let content = Stream::new(dictionary! {}, b"BT ET".to_vec());
        document.objects.insert((90 + id, 0), Object::Stream(content));
        let page = dictionary! {
            "Type" => "Page", "Parent" => Object::Reference((4, 0)), "Contents" => Object::Reference((90 + id, 0)),
            "MediaBox" => vec![0.into(), 0.into(), 600.into(), 800.into()],
        };
        document.objects.insert((id, 0), page.into());
    }
    document.objects.insert((4, 0), dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => 3 }.into());
    for (id, object) in objects {
        document.objects.insert((id, 0), object);
    }
    let mut catalog = dictionary! { "Type" => "Catalog", "Pages" => Object::Reference((4, 0)) };
    catalog.extend(&entries);
    document.objects.insert((5, 0), catalog.into());
    document.trailer.set("Root", Object::Reference((5, 0)));
    document.max_id = 200;
    let mut bytes = Vec::new();
    document.save_to(&mut bytes).unwrap();
    bytes
}

fn reference(id: u32) -> Object {
    Object::Reference((id, 0))
}

fn name(text: &str) -> Object {
    Object::string_literal(text)
}

/// A bookmark with its entries and the one that follows it.
fn bookmark(title: &str, entry: (&str, Object), next: Option<u32>) -> Object {
    let mut item = dictionary! { "Title" => name(title), entry.0 => entry.1 };
    if let Some(next) = next {
        item.set("Next", reference(next));
    }
    item.into()
}

fn target(page: u32) -> Object {
    vec![reference(page), "Fit".into()].into()
}

#[test]
fn bookmarks_point_to_pages_by_place_and_by_name() {
    let named = dictionary! { "Names" => vec![name("kalk"), target(2), name("pflege"), reference(20)] };
    let entries = dictionary! {
        "Outlines" => dictionary! { "First" => reference(10) },
        "Names" => dictionary! { "Dests" => dictionary! { "Kids" => vec![reference(21), reference(21)] } },
        "Dests" => dictionary! { "alt" => target(1) },
    };
    let jump = |destination: Object| Object::from(dictionary! { "S" => "GoTo", "D" => destination });
    let elsewhere = dictionary! { "S" => "GoToR", "D" => vec![0.into()] };
    let objects = vec![
        (10, bookmark("Inhalt", ("Dest", target(1)), Some(11))),
        (11, bookmark("Entkalken", ("Dest", name("kalk")), Some(12))),
        (12, bookmark("Pflege", ("A", jump(name("pflege"))), Some(13))),
        (13, bookmark("Alt", ("Dest", "alt".into()), Some(14))),
        (14, bookmark("Gezählt", ("Dest", vec![2.into(), "Fit".into()].into()), Some(15))),
        (15, bookmark("Anderswo", ("A", elsewhere.into()), Some(16))),
        // Back to the first: a loop ends.
        (16, bookmark("Unbekannt", ("Dest", name("nirgends")), Some(10))),
        (20, dictionary! { "D" => target(3) }.into()),
        (21, named.into()),
    ];
    let facts = read(&file(entries, objects)).unwrap();
    let pages: Vec<(&str, Option<u32>)> =
        facts.outline.iter().map(|entry| (entry.title.as_str(), entry.page)).collect();
    let expected = [
        ("Inhalt", Some(1)),
        ("Entkalken", Some(2)),
        ("Pflege", Some(3)),
        ("Alt", Some(1)),
        ("Gezählt", Some(3)),
        ("Anderswo", None),
        ("Unbekannt", None),
    ];
    assert_eq!(pages, expected);
    assert_eq!((facts.version.as_str(), facts.page_count, facts.encrypted), ("1.6", 3, false));
}

#[test]
fn children_of_a_bookmark_are_one_level_deeper() {
    let mut parent = dictionary! { "Title" => name("Reinigung"), "First" => reference(11) };
    parent.set("Dest", target(1));
    let objects = vec![(10, parent.into()), (11, bookmark("Brühgruppe", ("Dest", target(2)), None))];
    let facts = read(&file(dictionary! { "Outlines" => dictionary! { "First" => reference(10) } }, objects));
    let entry = |title: &str, level, page| OutlineEntry { title: title.to_owned(), level, page: Some(page) };
    assert_eq!(facts.unwrap().outline, [entry("Reinigung", 1, 1), entry("Brühgruppe", 2, 2)]);
}

#[test]
fn attached_files_are_named() {
    let attached = dictionary! { "Names" => vec![name("a"), reference(10), name("leer.txt"), reference(11)] };
    let entries = dictionary! { "Names" => dictionary! { "EmbeddedFiles" => attached } };
    let pin = dictionary! { "Subtype" => "FileAttachment", "FS" => dictionary! { "F" => name("plan.dwg") } };
    let objects = vec![
        (10, dictionary! { "F" => name("old"), "UF" => name("Schaltplan\n1.pdf") }.into()),
        (11, Dictionary::new().into()),
        (1, dictionary! { "Type" => "Page", "Annots" => vec![pin.into()] }.into()),
    ];
    assert_eq!(
        read(&file(entries, objects)).unwrap().attachments,
        ["Schaltplan 1.pdf", "leer.txt", "plan.dwg"]
    );
}

#[test]
fn values_of_form_fields_are_read_unless_they_are_hidden_or_secret() {
    let place = || Object::from(vec![100.into(), 700.into(), 300.into(), 720.into()]);
    let widget = |entries: Dictionary| {
        let mut widget = dictionary! { "Subtype" => "Widget", "FT" => "Tx", "Rect" => place() };
        widget.extend(&entries);
        Object::from(widget)
    };
    let inheriting = dictionary! { "Subtype" => "Widget", "Parent" => reference(10), "Rect" => place() };
    let widgets = vec![
        widget(dictionary! { "V" => name("KM 2400") }),
        Object::from(inheriting),
        widget(dictionary! { "FT" => "Ch", "V" => vec![name("Rot"), name("Blau")] }),
        widget(dictionary! { "V" => name("verborgen"), "F" => 2 }),
        widget(dictionary! { "V" => name("geheim"), "Ff" => 1 << 13 }),
        widget(dictionary! { "FT" => "Btn", "V" => "Yes" }),
        widget(dictionary! { "V" => name("  ") }),
    ];
    let page = dictionary! {
        "Type" => "Page", "Parent" => reference(4), "Annots" => widgets,
        "MediaBox" => vec![0.into(), 0.into(), 600.into(), 800.into()],
        "CropBox" => vec![50.into(), 50.into(), 700.into(), 750.into()],
    };
    let parent = dictionary! { "FT" => "Tx", "V" => name("Seriennummer 17") };
    let bytes = file(Dictionary::new(), vec![(1, page.into()), (10, parent.into())]);
    let document = Document::load_mem(&bytes).unwrap();
    let found = fields::read(&document, (1, 0));
    let values: Vec<&str> = found.iter().map(|field| field.value.as_str()).collect();
    assert_eq!(values, ["KM 2400", "Seriennummer 17", "Rot, Blau"]);
    assert_eq!(found[0].place, [100.0, 700.0, 300.0, 720.0]);
    assert_eq!(fields::page_box(&document, (1, 0)), Some([50.0, 50.0, 600.0, 750.0]));
}

#[test]
fn the_version_stands_in_the_first_bytes() {
    assert_eq!(version_of_head(b"\xef\xbb\xbf%PDF-1.7\n%"), Some("1.7".to_owned()));
    assert_eq!(version_of_head(b"GIF89a"), None);
}
