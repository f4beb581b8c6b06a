//! What both engines tell of a file beside its running text: form fields, turned pages, bookmarks, attachments, pictures.

use auskunft_extract::pdf::{Reading, Span};
use ingest::pdf::{PdfPool, PdfReading, PdfSettings};

use crate::pdf::settings;
use crate::support::pdf::{Pdf, lines, one_page};
use crate::support::{Home, fixture, pdfium, run};

/// The built-in engine, and the library where it is installed.
fn engines() -> Vec<PdfSettings> {
    let library = pdfium().map(|library| PdfSettings { pdfium: Some(library), ..settings() });
    [settings()].into_iter().chain(library).collect()
}

fn read(settings: PdfSettings, bytes: &[u8]) -> PdfReading {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    std::fs::write(&path, bytes).unwrap();
    PdfPool::new(settings).read(&path).unwrap()
}

fn span<'a>(reading: &'a Reading, text: &str) -> &'a Span {
    let spans = &reading.pages[0].spans;
    let found = spans.iter().find(|span| span.text.contains(text));
    found.unwrap_or_else(|| panic!("no `{text}` in {spans:#?}"))
}

/// A page with a text field 160 points above its lower edge.
fn form(page: &str) -> Vec<u8> {
    let mut pdf = Pdf::default();
    let field = pdf.add(
        "<< /Type /Annot /Subtype /Widget /FT /Tx /T (serie) /V (Seriennummer KM2400-0017) /Rect [60 160 400 180] \
         /F 4 /DA (/Helv 10 Tf 0 g) >>",
    );
    let catalog = format!("/AcroForm << /Fields [{field} 0 R] >>");
    let text =
        lines(&["Garantiekarte", "Tragen Sie die Nummer Ihres Geraets ein und bewahren Sie die Karte auf."]);
    one_page(&mut pdf, &text, &format!("/Annots [{field} 0 R] {page}"), &catalog)
}

#[test]
fn a_filled_form_field_is_text_at_its_place() {
    for engine in engines() {
        let read = read(engine, &form(""));
        let value = span(&read.reading, "KM2400-0017");
        assert_eq!(value.text, "Seriennummer KM2400-0017", "{}", read.engine);
        assert!(
            value.left >= 59.0 && value.top >= 842.0 - 181.0 && value.bottom <= 842.0 - 159.0,
            "{value:?}"
        );
        assert!(span(&read.reading, "Garantiekarte").top < 80.0);
        assert!(read.reading.pages[0].raw_letters > 80, "the field's letters count");
    }
}

#[test]
fn a_turned_page_is_read_as_it_is_shown() {
    // Lines that run upwards on the sheet, on a page that is shown turned by a quarter: a landscape page.
    let text = "BT /F1 11 Tf 0 1 -1 0 60 80 Tm (Erste Zeile des Datenblatts) Tj ET\n\
                BT /F1 11 Tf 0 1 -1 0 80 80 Tm (Zweite Zeile des Datenblatts) Tj ET\n";
    for engine in engines() {
        let read = read(engine, &one_page(&mut Pdf::default(), text, "/Rotate 90", ""));
        let page = &read.reading.pages[0];
        assert!((page.width - 842.0).abs() < 1.0 && (page.height - 595.0).abs() < 1.0, "{}", read.engine);
        let (first, second) = (span(&read.reading, "Erste"), span(&read.reading, "Zweite"));
        assert!(!first.turned && first.width() > 100.0 && first.height() < 20.0, "{first:?}");
        assert!((first.left - 80.0).abs() < 3.0 && first.bottom < second.bottom, "{first:?} {second:?}");
    }
}

#[test]
fn a_field_on_a_turned_page_is_turned_with_it() {
    let text = "BT /F1 11 Tf 0 1 -1 0 60 80 Tm (Erste Zeile des Datenblatts mit der Nummer) Tj ET\n";
    let mut pdf = Pdf::default();
    let field = pdf.add("<< /Subtype /Widget /FT /Tx /T (a) /V (KM-1) /Rect [100 80 120 300] /F 4 >>");
    let catalog = format!("/AcroForm << /Fields [{field} 0 R] >>");
    let bytes = one_page(&mut pdf, text, &format!("/Rotate 90 /Annots [{field} 0 R]"), &catalog);
    for engine in engines() {
        let read = read(engine, &bytes);
        let (line, value) = (span(&read.reading, "Erste"), span(&read.reading, "KM-1"));
        assert!((value.left - 80.0).abs() < 3.0 && value.top > line.top, "{line:?} {value:?}");
        assert!(value.bottom < 125.0 && value.height() < 21.0, "{value:?}");
    }
}

#[test]
fn bookmarks_of_the_samples_have_their_pages() {
    for name in ["picocosmo--Anleitung.pdf", "cocktailshaker-app--Anleitung.pdf", "picocosmo--README_de.pdf"]
    {
        let path = fixture("samples/pdf").join(name);
        let reading = PdfPool::new(settings()).read(&path).unwrap().reading;
        let outline = &reading.facts.outline;
        assert!(
            !outline.is_empty() && outline.iter().all(|entry| entry.page.is_some()),
            "{name}: {outline:?}"
        );
    }
}

#[test]
fn an_attached_file_is_named_and_warned_of() {
    let mut pdf = Pdf::default();
    let content = pdf.stream("/Type /EmbeddedFile", b"secret plans");
    let file = pdf
        .add(format!("<< /Type /Filespec /F (plan.txt) /UF (Schaltplan.txt) /EF << /F {content} 0 R >> >>"));
    let catalog = format!("/Names << /EmbeddedFiles << /Names [(plan) {file} 0 R] >> >>");
    let text = lines(&["Anleitung", "Der Schaltplan liegt dieser Datei bei und wird beim Einbau gebraucht."]);
    let home = Home::new();
    home.write("manuals/a.pdf", one_page(&mut pdf, &text, "", &catalog));
    for library in [None, pdfium()] {
        let mut command = home.command("data");
        if let Some(library) = library {
            command.env("AUSKUNFT_PDFIUM", library);
        }
        let ran = run(command.args(["inspect", "--json"]).arg(home.path("catalog/manuals/a.pdf")));
        assert_eq!(ran.json()["pdf"]["attachments"], serde_json::json!(["Schaltplan.txt"]), "{ran:?}");
        assert!(ran.json()["warnings"].to_string().contains("`Schaltplan.txt` are not read"), "{ran:?}");
    }
}

#[test]
fn pages_are_drawn_as_their_text_is_read() {
    let Some(library) = pdfium() else { return };
    let pool = PdfPool::new(PdfSettings { pdfium: Some(library), ..settings() });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    let text = "BT /F1 11 Tf 0 1 -1 0 60 80 Tm (Erste Zeile des Datenblatts) Tj ET\n";
    std::fs::write(&path, one_page(&mut Pdf::default(), text, "/Rotate 90", "")).unwrap();
    let drawing = pool.draw(&path, 1..=20, 400);
    assert_eq!((drawing.pictures.len(), drawing.missing), (1, None));
    let picture = &drawing.pictures[0];
    assert_eq!((picture.page, picture.width, picture.height), (1, 400, 282));
    assert!(picture.png.starts_with("iVBORw0KGgo"), "a PNG file in Base64");
    assert_eq!(pool.draw(&path, 5..=9, 400).pictures, []);
    assert_eq!(PdfPool::new(settings()).draw(&path, 1..=1, 400).pictures, [], "only the library draws");
}
