//! Marks inside a line of Markdown.

use auskunft_text::normal::collapse_spaces;

/// The words of a line: links and images as their text, emphasis, code marks and tags dropped, escapes resolved.
pub(super) fn plain(text: &str) -> String {
    let text = without_links(text);
    let text = without_tags(&text);
    let text = text.replace("**", "").replace("__", "").replace('`', "");
    collapse_spaces(&resolve_escapes(&without_single_stars(&text)))
}

/// A text without `<!-- … -->`.
pub(super) fn without_comments(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("<!--") {
        kept.push_str(before);
        rest = after.split_once("-->").map_or("", |(_, behind)| behind);
    }
    kept.push_str(rest);
    kept
}

/// `[text](target)` and `![alt](target)` as their text.
fn without_links(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('[') {
        let Some((label, behind)) = link_at(&rest[open..]) else {
            kept.push_str(&rest[..=open]);
            rest = &rest[open + 1..];
            continue;
        };
        kept.push_str(rest[..open].trim_end_matches('!'));
        kept.push_str(label);
        rest = behind;
    }
    kept.push_str(rest);
    kept
}

/// The label of a link that begins here, and what follows it.
fn link_at(text: &str) -> Option<(&str, &str)> {
    let (label, behind) = text.strip_prefix('[')?.split_once("](")?;
    let (target, rest) = behind.split_once(')')?;
    (!label.contains(['[', ']']) && !target.contains(char::is_whitespace)).then_some((label, rest))
}

/// Drops `<br>`, `<b>`, …, but not `< 5 W`.
fn without_tags(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(open) = rest.find('<') {
        let inside = &rest[open + 1..];
        let begins = inside.trim_start_matches('/').starts_with(|sign: char| sign.is_ascii_alphabetic());
        match inside.find('>').filter(|_| begins) {
            Some(close) => {
                kept.push_str(&rest[..open]);
                kept.push(' ');
                rest = &inside[close + 1..];
            }
            None => {
                kept.push_str(&rest[..=open]);
                rest = inside;
            }
        }
    }
    kept.push_str(rest);
    kept
}

/// Drops `*` at the beginning or end of words in pairs; a lone star (a footnote, `3 * 4`) stays.
fn without_single_stars(text: &str) -> String {
    let signs: Vec<char> = text.chars().collect();
    let at = |index: usize| signs.get(index).copied().unwrap_or(' ');
    let before = |index: usize| index.checked_sub(1).map_or(' ', at);
    let opens = |index: usize| {
        at(index) == '*' && !before(index).is_alphanumeric() && at(index + 1).is_alphanumeric()
    };
    let closes =
        |index: usize| at(index) == '*' && !before(index).is_whitespace() && !at(index + 1).is_alphanumeric();
    let mut dropped = vec![false; signs.len()];
    let mut open = None;
    for index in 0..signs.len() {
        if open.is_none() && opens(index) && before(index) != '\\' {
            open = Some(index);
        } else if closes(index)
            && let Some(start) = open.take()
        {
            dropped[start] = true;
            dropped[index] = true;
        }
    }
    signs.iter().zip(dropped).filter(|(_, dropped)| !dropped).map(|(sign, _)| *sign).collect()
}

/// `\*` as `*`.
fn resolve_escapes(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut signs = text.chars().peekable();
    while let Some(sign) = signs.next() {
        let escapes = sign == '\\' && signs.peek().is_some_and(char::is_ascii_punctuation);
        if !escapes {
            kept.push(sign);
        }
    }
    kept
}
