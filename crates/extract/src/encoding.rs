//! Bytes to text: what the bytes are beats what they declare.

use std::borrow::Cow;

use auskunft_text::normal::compose;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

/// Where a page declares its encoding at the latest (HTML standard: within the first 1024 bytes; real pages are later).
const DECLARATION_WITHIN: usize = 4096;

/// UTF-8 with broken places has at least as many letters beyond ASCII for each of them; in other encodings they are rare.
const LETTERS_PER_BREAK: usize = 4;

/// A text and what was odd about its encoding.
pub(crate) struct Decoded {
    /// The text, without byte order mark.
    pub(crate) text: String,
    /// Set when the declaration was wrong.
    pub(crate) warning: Option<String>,
}

/// Decodes: byte order mark, else valid UTF-8 (a few broken places in much of it are no other encoding), else the declared
/// encoding (`charset=…` near the start), else a guess from the letters. Letters that are written in parts (`u` and a
/// combining diaeresis) are composed.
pub(crate) fn decode(bytes: &[u8]) -> Decoded {
    let decoded = as_written(bytes);
    match compose(&decoded.text) {
        Cow::Borrowed(_) => decoded,
        Cow::Owned(text) => Decoded { text, ..decoded },
    }
}

fn as_written(bytes: &[u8]) -> Decoded {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        let (text, _) = encoding.decode_without_bom_handling(&bytes[mark..]);
        return Decoded { text: text.into_owned(), warning: None };
    }
    let declared = declared(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let differs = declared.filter(|encoding| *encoding != UTF_8 && !text.is_ascii());
        let warning =
            differs.map(|encoding| format!("declares {} but is utf-8", encoding.name().to_lowercase()));
        return Decoded { text: text.to_owned(), warning };
    }
    if let Some(broken) = broken_utf8(bytes) {
        let warning = Some(format!("has {broken} broken places in its utf-8, each read as \u{fffd}"));
        return Decoded { text: String::from_utf8_lossy(bytes).into_owned(), warning };
    }
    let encoding = declared.filter(|encoding| *encoding != UTF_8).unwrap_or_else(|| guess(bytes));
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let is_wrong = declared == Some(UTF_8);
    let warning = is_wrong.then(|| format!("declares utf-8 but is {}", encoding.name().to_lowercase()));
    Decoded { text: text.into_owned(), warning }
}

/// How many places are no UTF-8 in a text that surely is: it has several times as many letters that only UTF-8 writes so.
fn broken_utf8(bytes: &[u8]) -> Option<usize> {
    let (mut broken, mut letters) = (0, 0);
    for chunk in bytes.utf8_chunks() {
        broken += usize::from(!chunk.invalid().is_empty());
        letters += chunk.valid().chars().filter(|sign| !sign.is_ascii()).count();
    }
    (letters >= LETTERS_PER_BREAK * broken).then_some(broken)
}

/// The encoding that a page (`charset=…` near the start) or an XML prologue (`encoding="…"`) declares. Bytes in which that
/// can be read are no UTF-16, so a page that says so means UTF-8 (HTML standard, 13.2.3.2).
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(DECLARATION_WITHIN)].to_ascii_lowercase();
    let prologue = head.starts_with(b"<?xml").then(|| label_after(&head, b"encoding=")).flatten();
    let label = prologue.or_else(|| label_after(&head, b"charset="))?;
    let encoding = Encoding::for_label(&label)?;
    Some(if encoding == UTF_16LE || encoding == UTF_16BE { UTF_8 } else { encoding })
}

fn label_after(head: &[u8], mark: &[u8]) -> Option<Vec<u8>> {
    let at = head.windows(mark.len()).position(|window| window == mark)? + mark.len();
    let label = head[at..].iter().copied().skip_while(|byte| matches!(byte, b'"' | b'\'' | b' '));
    Some(label.take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).collect())
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(Some(b"de"), Utf8Detection::Deny)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn valid_utf8_wins_over_a_wrong_declaration() {
        let decoded = decode("<meta charset=\"iso-8859-15\"><p>Größe</p>".as_bytes());
        assert!(decoded.text.contains("Größe"));
        assert_eq!(decoded.warning.as_deref(), Some("declares iso-8859-15 but is utf-8"));
    }

    #[test]
    fn the_declaration_holds_where_bytes_are_not_utf8() {
        let decoded = decode(b"<meta charset=iso-8859-15><p>10 \xa4 Gr\xf6\xdfe</p>");
        assert!(decoded.text.contains("10 € Größe"), "{}", decoded.text);
        assert_eq!(decoded.warning, None);
    }

    #[test]
    fn an_undeclared_or_falsely_declared_encoding_is_guessed() {
        let undeclared = decode("Größe, Länge, Höhe über alles".encode_latin().as_slice());
        assert!(undeclared.text.contains("Größe"), "{}", undeclared.text);
        let mut bytes = b"<meta charset=utf-8>".to_vec();
        bytes.extend("Größe, Länge, Höhe über alles".encode_latin());
        assert!(decode(&bytes).warning.is_some());
    }

    #[test]
    fn a_broken_place_does_not_make_utf8_another_encoding() {
        let mut bytes =
            "<meta charset=iso-8859-1><p>Größe, Länge, Höhe über allem, schön".as_bytes().to_vec();
        bytes.extend(b" \xff </p>");
        let decoded = decode(&bytes);
        assert!(decoded.text.contains("Größe, Länge"), "{}", decoded.text);
        assert!(decoded.warning.unwrap().starts_with("has 1 broken place"));
    }

    #[test]
    fn a_prologue_declares_and_utf16_never_can() {
        let decoded = decode(b"<?xml version='1.0' encoding='iso-8859-15'?><p>10 \xa4</p>");
        assert!(decoded.text.contains("10 €"), "{}", decoded.text);
        assert_eq!(decode("<meta charset=utf-16><p>Größe</p>".as_bytes()).warning, None);
    }

    #[test]
    fn byte_order_marks_are_obeyed_and_dropped() {
        assert_eq!(decode(b"\xef\xbb\xbfabc").text, "abc");
        assert_eq!(decode(&[0xff, 0xfe, b'a', 0, 0xe4, 0]).text, "aä");
    }

    trait Latin {
        fn encode_latin(&self) -> Vec<u8>;
    }

    impl Latin for str {
        fn encode_latin(&self) -> Vec<u8> {
            encoding_rs::WINDOWS_1252.encode(self).0.into_owned()
        }
    }
}
