//! What bytes are, whatever their name says.

/// How much of a file is looked at.
const HEAD: usize = 8 * 1024;

/// First bytes of formats that are never text.
const MAGIC: &[&[u8]] = &[
    b"PK\x03\x04",
    b"\x89PNG",
    b"GIF8",
    b"\xff\xd8\xff",
    b"\x7fELF",
    b"\x1f\x8b",
    b"7z\xbc\xaf",
    b"\xd0\xcf\x11\xe0",
    b"RIFF",
    b"%!PS",
];

/// Whether these are the first bytes of a PDF; real ones may have up to 1 KB of rubbish before their mark.
pub fn is_pdf(head: &[u8]) -> bool {
    head[..head.len().min(1024)].windows(5).any(|window| window == b"%PDF-")
}

/// Whether these bytes are no text in any encoding: known formats, NUL bytes, many control characters.
pub fn is_binary(head: &[u8]) -> bool {
    let head = &head[..head.len().min(HEAD)];
    if MAGIC.iter().any(|magic| head.starts_with(magic)) {
        return true;
    }
    if has_utf16_mark(head) {
        return false;
    }
    let is_control = |byte: &&u8| **byte < 0x20 && !matches!(**byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    let controls = head.iter().filter(is_control).count();
    head.contains(&0) || controls * 20 > head.len()
}

/// Whether these are the first bytes of an HTML page.
pub fn is_html(head: &[u8]) -> bool {
    let text = String::from_utf8_lossy(&head[..head.len().min(HEAD)]).to_ascii_lowercase();
    let begins = text.trim_start_matches(['\u{feff}', ' ', '\n', '\r', '\t']);
    begins.starts_with("<!doctype html") || ["<html", "<head", "<body"].iter().any(|tag| text.contains(tag))
}

fn has_utf16_mark(head: &[u8]) -> bool {
    head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_counts_not_the_name() {
        assert!(is_pdf(b"\n\n%PDF-1.7 ..."));
        assert!(!is_pdf(b"<html>"));
        assert!(is_binary(b"\x89PNG\r\n\x1a\n"));
        assert!(is_binary(b"abc\0def"));
        assert!(!is_binary("Größe\n".as_bytes()));
        assert!(!is_binary(&[0xff, 0xfe, b'a', 0]));
        assert!(is_html(b"\xef\xbb\xbf <!DOCTYPE html><title>x</title>"));
        assert!(!is_html(b"# Markdown"));
    }
}
