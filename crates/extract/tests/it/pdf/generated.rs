//! Pages made for the test: rotations, divided words, ligatures.

use auskunft_extract::Defaults;
use auskunft_extract::pdf::{self, Engine};
use auskunft_model::{Language, Source, SourceKind};

use super::{pdfium, read_bytes, text};

/// A PDF of one page with this content and this rotation.
fn one_page(content: &str, rotation: u16) -> Vec<u8> {
    page_of(content.as_bytes(), rotation, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
}

/// A PDF of one page whose only font is `/F1`.
fn page_of(content: &[u8], rotation: u16, font: &str) -> Vec<u8> {
    let page = format!(
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Rotate {rotation} /Contents 4 0 R /Resources << \
         /Font << /F1 5 0 R >> >> >>"
    );
    let stream =
        [format!("<< /Length {} >>\nstream\n", content.len()).as_bytes(), content, b"\nendstream"].concat();
    let objects: [&[u8]; 5] = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Count 1 /Kids [3 0 R] >>",
        page.as_bytes(),
        &stream,
        font.as_bytes(),
    ];
    let (mut file, mut table) = (b"%PDF-1.4\n".to_vec(), "0000000000 65535 f \n".to_owned());
    for (index, object) in objects.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", file.len()));
        file.extend(format!("{} 0 obj\n", index + 1).bytes());
        file.extend(*object);
        file.extend(b"\nendobj\n");
    }
    let start = file.len();
    let trailer = format!("trailer << /Size 6 /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n");
    file.extend(format!("xref\n0 6\n{table}{trailer}").bytes());
    file
}

#[test]
fn a_page_that_lies_on_its_side_is_read_as_it_is_shown() {
    // Rotation of the page; direction of the text (a text matrix) and step to the next line in the file's own axes.
    let turns = [
        (0, "1 0 0 1", 0, -14),
        (90, "0 1 -1 0", 14, 0),
        (180, "-1 0 0 -1", 0, 14),
        (270, "0 -1 1 0", -14, 0),
    ];
    let engines: Vec<Engine> = std::iter::once(Engine::Docling).chain(pdfium()).collect();
    for (rotation, matrix, across, up) in turns {
        let line = |index: i32, text: &str| {
            format!("BT /F1 12 Tf {matrix} {} {} Tm ({text}) Tj ET\n", 300 + across * index, 400 + up * index)
        };
        let content =
            line(0, "Erste Zeile des Textes steht oben,") + &line(1, "die zweite Zeile folgt darunter.");
        let source = Source { path: "manuals/gedreht.pdf".to_owned(), kind: SourceKind::Manual };
        for engine in &engines {
            let reading = read_bytes(&one_page(&content, rotation), engine).unwrap();
            let defaults = Defaults { language: Language::german() };
            let (document, _) = pdf::document(&source, &reading, &defaults).unwrap();
            let expected = "Erste Zeile des Textes steht oben, die zweite Zeile folgt darunter.";
            assert_eq!(text(&document), expected, "{rotation}° by {}", engine.name());
        }
    }
}

/// Lines of 12 points below each other on a page, in WinAnsi with the ligatures `fi` and `fl` at 1 and 2.
fn lines_page(lines: &[&[u8]]) -> Vec<u8> {
    let mut content = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        content.extend(format!("BT /F1 12 Tf 1 0 0 1 50 {} Tm (", 700 - 14 * index).bytes());
        content.extend(*line);
        content.extend(b") Tj ET\n");
    }
    let font = "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding << /Type /Encoding /BaseEncoding \
                /WinAnsiEncoding /Differences [1 /fi /fl] >> >>";
    page_of(&content, 0, font)
}

#[test]
fn divided_words_and_ligatures_are_whole_again() {
    let lines: [&[u8]; 5] = [
        b"F\xfcllen Sie das Wasser ein und \x01nden Sie den Schalter der Kaffee-",
        b"maschine; verbinden Sie dann das Ger\xe4t \x02ink mit einem USB-",
        b"Kabel und achten Sie darauf, dass die Anzeige f\xfcr den Betriebs\xad",
        b"druck leuchtet. Zum gleichzeitigen Ein- und Ausschalten der Ein-",
        b"und Ausg\xe4nge dient die Taste.",
    ];
    let expected = "Füllen Sie das Wasser ein und finden Sie den Schalter der Kaffeemaschine; verbinden Sie dann das \
                    Gerät flink mit einem USB-Kabel und achten Sie darauf, dass die Anzeige für den Betriebsdruck \
                    leuchtet. Zum gleichzeitigen Ein- und Ausschalten der Ein- und Ausgänge dient die Taste.";
    let source = Source { path: "manuals/silben.pdf".to_owned(), kind: SourceKind::Manual };
    for engine in std::iter::once(Engine::Docling).chain(pdfium()) {
        let reading = read_bytes(&lines_page(&lines), &engine).unwrap();
        let (document, _) =
            pdf::document(&source, &reading, &Defaults { language: Language::german() }).unwrap();
        assert_eq!(text(&document), expected, "by {}", engine.name());
    }
}
