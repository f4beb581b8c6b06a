//! Makes PDF files: small ones with odd parts, and very large ones, written in pieces.

use std::io::{BufWriter, Write};
use std::path::Path;

/// A PDF under construction: objects in the order of their numbers, from 1.
#[derive(Default)]
pub(crate) struct Pdf {
    objects: Vec<Vec<u8>>,
}

impl Pdf {
    /// Adds an object and returns its number.
    pub(crate) fn add(&mut self, object: impl Into<Vec<u8>>) -> usize {
        self.objects.push(object.into());
        self.objects.len()
    }

    /// Adds a stream whose dictionary has these entries beside its length.
    pub(crate) fn stream(&mut self, entries: &str, content: &[u8]) -> usize {
        let mut object = format!("<< {entries} /Length {} >>\nstream\n", content.len()).into_bytes();
        object.extend_from_slice(content);
        object.extend_from_slice(b"\nendstream");
        self.add(object)
    }

    /// The file, with this object as its catalog.
    pub(crate) fn bytes(&self, root: usize) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut places = Vec::new();
        bytes.extend_from_slice(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
        for (index, object) in self.objects.iter().enumerate() {
            places.push(bytes.len() as u64);
            bytes.extend_from_slice(format!("{} 0 obj\n", index + 1).as_bytes());
            bytes.extend_from_slice(object);
            bytes.extend_from_slice(b"\nendobj\n");
        }
        let table = bytes.len() as u64;
        bytes.extend_from_slice(&cross_references(&places, table, root));
        bytes
    }
}

fn cross_references(places: &[u64], table: u64, root: usize) -> Vec<u8> {
    let size = places.len() + 1;
    let mut text = format!("xref\n0 {size}\n0000000000 65535 f \n");
    for place in places {
        text.push_str(&format!("{place:010} 00000 n \n"));
    }
    text.push_str(&format!("trailer\n<< /Size {size} /Root {root} 0 R >>\nstartxref\n{table}\n%%EOF\n"));
    text.into_bytes()
}

/// Operators that print lines in Helvetica from the top of a page of 842 points down.
pub(crate) fn lines(lines: &[&str]) -> String {
    let line = |(index, text): (usize, &&str)| {
        format!("BT /F1 11 Tf 1 0 0 1 60 {} Tm ({text}) Tj ET\n", 780 - 14 * index)
    };
    lines.iter().enumerate().map(line).collect()
}

/// A document of one page with these operators; `page` adds entries to the page, `catalog` to the catalog.
pub(crate) fn one_page(pdf: &mut Pdf, content: &str, page: &str, catalog: &str) -> Vec<u8> {
    let content = pdf.stream("", content.as_bytes());
    let font = pdf.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
    let parent = pdf.objects.len() + 2;
    let page = pdf.add(format!(
        "<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R \
         /Resources << /Font << /F1 {font} 0 R >> >> {page} >>"
    ));
    let pages = pdf.add(format!("<< /Type /Pages /Kids [{page} 0 R] /Count 1 >>"));
    let root = pdf.add(format!("<< /Type /Catalog /Pages {pages} 0 R {catalog} >>"));
    pdf.bytes(root)
}

/// Text of a manual's page.
pub(crate) fn manual_page(number: u32) -> String {
    let heading = format!("Kapitel {number}: Entkalken");
    let body = [
        "Schalten Sie die Kaffeemaschine aus und ziehen Sie den Netzstecker, bevor Sie beginnen.",
        "Mischen Sie 100 ml Entkalker mit einem Liter Wasser und lassen Sie es zehn Minuten stehen.",
        "Der Vorgang dauert etwa 25 Minuten; das Licht blinkt gelb, bis der Tank leer ist.",
    ];
    let mut all = vec![heading.as_str()];
    all.extend(body.iter().cycle().take(45));
    lines(&all)
}

/// Three good pages, then one with this content and these entries.
pub(crate) fn with_last_page(mut pdf: Pdf, content: usize, resources: &str) -> Vec<u8> {
    let font = pdf.add("<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>");
    let mut contents: Vec<usize> =
        (1..=3).map(|number| pdf.stream("", manual_page(number).as_bytes())).collect();
    contents.push(content);
    let parent = content.max(contents[2]) + contents.len() + 1;
    let page = |content: &usize| {
        format!(
            "<< /Type /Page /Parent {parent} 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R \
             /Resources << /Font << /F1 {font} 0 R >> {resources} >> >>"
        )
    };
    let pages: Vec<String> = contents.iter().map(page).collect();
    let kids: Vec<String> = pages.into_iter().map(|page| format!("{} 0 R", pdf.add(page))).collect();
    let pages = pdf.add(format!("<< /Type /Pages /Count 4 /Kids [{}] >>", kids.join(" ")));
    assert_eq!(pages, parent);
    let root = pdf.add(format!("<< /Type /Catalog /Pages {pages} 0 R >>"));
    pdf.bytes(root)
}

/// Four pages of text; the last one has so many operators beside it that the built-in engine needs some 300 MB for them.
pub(crate) fn heavy_last_page() -> Vec<u8> {
    let mut pdf = Pdf::default();
    let content = format!("{}{}", manual_page(4), "q Q\n".repeat(100_000));
    let content = pdf.stream("", content.as_bytes());
    with_last_page(pdf, content, "")
}

/// Writes a file of so many pages of text, each carrying an incompressible picture of so many bytes, without holding it.
pub(crate) fn write_manual(path: &Path, pages: u32, picture_bytes: usize) {
    let mut file = Counted { file: BufWriter::new(std::fs::File::create(path).unwrap()), written: 0 };
    let mut places = Vec::new();
    file.put(b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n");
    let object = |file: &mut Counted, places: &mut Vec<u64>, content: &[u8]| {
        places.push(file.written);
        file.put(format!("{} 0 obj\n", places.len()).as_bytes());
        file.put(content);
        file.put(b"\nendobj\n");
    };
    object(&mut file, &mut places, b"<< /Type /Catalog /Pages 2 0 R >>");
    let each = if picture_bytes > 0 { 3 } else { 2 };
    let kids: String = (0..pages).map(|index| format!("{} 0 R ", 4 + index * each)).collect();
    object(&mut file, &mut places, format!("<< /Type /Pages /Count {pages} /Kids [{kids}] >>").as_bytes());
    object(
        &mut file,
        &mut places,
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding >>",
    );
    let mut noise = super::random::Random::seeded(7);
    for index in 0..pages {
        let (page, content, picture) = (4 + index * each, 5 + index * each, 6 + index * each);
        let drawn =
            if picture_bytes > 0 { format!("/XObject << /Im1 {picture} 0 R >>") } else { String::new() };
        let text = format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents {content} 0 R \
             /Resources << /Font << /F1 3 0 R >> {drawn} >> >>"
        );
        assert_eq!(places.len() + 1, page as usize);
        object(&mut file, &mut places, text.as_bytes());
        let shown = if picture_bytes > 0 { "q 200 0 0 60 200 40 cm /Im1 Do Q\n" } else { "" };
        let text = format!("{}{shown}", manual_page(index + 1));
        let stream = format!("<< /Length {} >>\nstream\n{text}\nendstream", text.len());
        object(&mut file, &mut places, stream.as_bytes());
        if picture_bytes > 0 {
            let (width, height) = (1_000, picture_bytes / 1_000);
            let size = width * height;
            let mut picture = format!(
                "<< /Type /XObject /Subtype /Image /Width {width} /Height {height} /ColorSpace /DeviceGray \
                 /BitsPerComponent 8 /Length {size} >>\nstream\n"
            )
            .into_bytes();
            picture.extend(std::iter::repeat_with(|| noise.next().to_le_bytes()).flatten().take(size));
            picture.extend_from_slice(b"\nendstream");
            object(&mut file, &mut places, &picture);
        }
    }
    let table = file.written;
    file.put(&cross_references(&places, table, 1));
    file.file.flush().unwrap();
}

struct Counted {
    file: BufWriter<std::fs::File>,
    written: u64,
}

impl Counted {
    fn put(&mut self, bytes: &[u8]) {
        self.file.write_all(bytes).unwrap();
        self.written += bytes.len() as u64;
    }
}
