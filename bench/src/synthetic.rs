//! A manual of a thousand pages.

use std::io::Write;
use std::path::Path;

/// Lines of a page.
const LINES: usize = 45;
const WORDS: [&str; 16] = [
    "Kaffeemaschine",
    "Entkalker",
    "Wassertank",
    "einschalten",
    "Taste",
    "blinkt",
    "gelb",
    "und",
    "der",
    "Vorgang",
    "dauert",
    "25",
    "Minuten",
    "Netzstecker",
    "ziehen",
    "danach",
];

/// Writes a file of so many pages of German text.
pub(crate) fn write(path: &Path, pages: usize) -> std::io::Result<()> {
    let mut bytes: Vec<u8> = b"%PDF-1.7\n".to_vec();
    let mut places = Vec::new();
    let mut object = |bytes: &mut Vec<u8>, content: String| {
        places.push(bytes.len());
        bytes.extend_from_slice(format!("{} 0 obj\n{content}\nendobj\n", places.len()).as_bytes());
    };
    let kids: String = (0..pages).map(|index| format!("{} 0 R ", 4 + 2 * index)).collect();
    object(&mut bytes, "<< /Type /Catalog /Pages 2 0 R >>".to_owned());
    object(&mut bytes, format!("<< /Type /Pages /Count {pages} /Kids [{kids}] >>"));
    object(&mut bytes, "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_owned());
    for index in 0..pages {
        let content = page(index);
        let entries =
            "/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << /Font << /F1 3 0 R >> >>";
        object(&mut bytes, format!("<< {entries} /Contents {} 0 R >>", 5 + 2 * index));
        object(&mut bytes, format!("<< /Length {} >>\nstream\n{content}\nendstream", content.len()));
    }
    let table = bytes.len();
    let size = places.len() + 1;
    bytes.extend_from_slice(format!("xref\n0 {size}\n0000000000 65535 f \n").as_bytes());
    for place in &places {
        bytes.extend_from_slice(format!("{place:010} 00000 n \n").as_bytes());
    }
    bytes.extend_from_slice(
        format!("trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n").as_bytes(),
    );
    std::fs::File::create(path)?.write_all(&bytes)
}

fn page(index: usize) -> String {
    let line = |line: usize| {
        let words: Vec<&str> =
            (0..11).map(|word| WORDS[(index * 7 + line * 5 + word * 3) % WORDS.len()]).collect();
        let (size, text) =
            if line == 0 { (16, format!("Kapitel {}", index + 1)) } else { (10, words.join(" ")) };
        format!("BT /F1 {size} Tf 1 0 0 1 60 {} Tm ({text}) Tj ET\n", 790 - 16 * line)
    };
    (0..LINES).map(line).collect()
}
