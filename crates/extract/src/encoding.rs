//! Bytes to text: what the bytes are beats what they declare.

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8};

/// Where a page declares its encoding at the latest (HTML standard: within the first 1024 bytes; real pages are later).
const DECLARATION_WITHIN: usize = 4096;

/// A text and what was odd about its encoding.
pub(crate) struct Decoded {
    /// The text, without byte order mark.
    pub(crate) text: String,
    /// Set when the declaration was wrong.
    pub(crate) warning: Option<String>,
}

/// Decodes: byte order mark, else valid UTF-8, else the declared encoding (`charset=…` near the start), else a guess from
/// the letters.
pub(crate) fn decode(bytes: &[u8]) -> Decoded {
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
    let encoding = declared.filter(|encoding| *encoding != UTF_8).unwrap_or_else(|| guess(bytes));
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    let is_wrong = declared == Some(UTF_8);
    let warning = is_wrong.then(|| format!("declares utf-8 but is {}", encoding.name().to_lowercase()));
    Decoded { text: text.into_owned(), warning }
}

fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes[..bytes.len().min(DECLARATION_WITHIN)].to_ascii_lowercase();
    let at = head.windows(8).position(|window| window == b"charset=")? + 8;
    let label: Vec<u8> = head[at..]
        .iter()
        .copied()
        .skip_while(|byte| matches!(byte, b'"' | b'\'' | b' '))
        .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
        .collect();
    Encoding::for_label(&label)
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
