//! How deeply a page is nested, before it is parsed: an HTML parser takes quadratic time over depth, so a page of a few
//! megabytes of opening tags would hold a run for minutes.

/// Deeper pages are refused. Real shop pages stay below 100.
pub(crate) const MAX_DEPTH: usize = 2_000;

/// Elements that have no end tag, or may leave it out: they do not add up.
const OPEN_ENDED: &[&str] = &[
    "area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "param", "source", "track",
    "wbr", "p", "li", "dt", "dd", "tr", "td", "th", "tbody", "thead", "tfoot", "option", "optgroup",
    "colgroup", "body", "html", "head",
];

/// Whether more than [`MAX_DEPTH`] elements are open at once somewhere, by counting tags.
pub(crate) fn is_too_deep(text: &str) -> bool {
    let mut depth: usize = 0;
    let mut pieces = text.split('<').skip(1);
    while let Some(piece) = pieces.next() {
        let (is_end, name) = match piece.strip_prefix('/') {
            Some(rest) => (true, name_of(rest)),
            None => (false, name_of(piece)),
        };
        if name.is_empty() || OPEN_ENDED.iter().any(|tag| name.eq_ignore_ascii_case(tag)) {
            continue;
        }
        let is_closed_itself = piece.split('>').next().is_some_and(|tag| tag.ends_with('/'));
        if name.eq_ignore_ascii_case("script") && !is_end {
            // What follows up to the end tag is no markup.
            let ends = |piece: &str| {
                piece.strip_prefix('/').is_some_and(|rest| name_of(rest).eq_ignore_ascii_case("script"))
            };
            pieces.find(|piece| ends(piece));
            continue;
        }
        if is_end {
            depth = depth.saturating_sub(1);
        } else if !is_closed_itself {
            depth += 1;
        }
        if depth > MAX_DEPTH {
            return true;
        }
    }
    false
}

fn name_of(piece: &str) -> &str {
    let end = piece.find(|character: char| !character.is_ascii_alphanumeric()).unwrap_or(piece.len());
    let name = piece.get(..end).unwrap_or("");
    if name.starts_with(|first: char| first.is_ascii_alphabetic()) { name } else { "" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_counts_and_length_does_not() {
        assert!(!is_too_deep(&"<div><p>Text<br></div>".repeat(10_000)));
        assert!(!is_too_deep(&"<ul><li>eins<li>zwei</ul>".repeat(10_000)));
        assert!(!is_too_deep(&"a < b und 3 <5 ".repeat(10_000)));
        assert!(is_too_deep(&"<div>".repeat(MAX_DEPTH + 1)));
        assert!(is_too_deep(&"<font><b>".repeat(MAX_DEPTH)));
    }

    #[test]
    fn what_stands_in_a_script_is_no_element() {
        let texts = r#""<b>fett<\/b>","#.repeat(MAX_DEPTH + 1);
        let page = format!("<div><SCRIPT type=x>[{texts}]</Script><p>Text</p></div>");
        assert!(!is_too_deep(&page));
        assert!(is_too_deep(&format!("{page}{}", "<div>".repeat(MAX_DEPTH + 1))));
        assert!(!is_too_deep(&format!("<script>{}", "<div>".repeat(MAX_DEPTH + 1))));
        assert!(is_too_deep(&format!("<scripts>{}", "<div>".repeat(MAX_DEPTH + 1))));
    }
}
