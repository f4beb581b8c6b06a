//! Markdown and plain text to sections.

mod inline;

use auskunft_model::{Block, Section};

use crate::outline::{Outline, paragraph};

/// Longer lines are sentences, not headings of a plain text.
const HEADING_CHARS: usize = 80;

/// How the lines of a file are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// `#` headings, marks of emphasis and links.
    Markdown,
    /// No marks; a short first line, numbered line or `§` line alone between blank lines is a heading.
    Plain,
}

/// The sections of a text, and its first heading.
pub(crate) fn sections(text: &str, dialect: Dialect) -> (Vec<Section>, Option<String>) {
    let text = inline::without_comments(text);
    let lines: Vec<&str> = text.lines().collect();
    let mut reader =
        Reader { dialect, outline: Outline::default(), first_heading: None, open: Open::Nothing };
    let mut index = 0;
    while index < lines.len() {
        index += reader.take(&lines, index);
    }
    reader.flush();
    (reader.outline.finish(), reader.first_heading)
}

/// The block that lines are being added to.
enum Open {
    Nothing,
    Paragraph(Vec<String>),
    Item(Vec<String>),
}

struct Reader {
    dialect: Dialect,
    outline: Outline,
    first_heading: Option<String>,
    open: Open,
}

impl Reader {
    /// Reads what begins at a line; returns how many lines that took.
    fn take(&mut self, lines: &[&str], index: usize) -> usize {
        let line = lines[index].trim_end();
        let text = line.trim_start().trim_start_matches("> ").trim();
        if text.is_empty() || text == ">" || is_rule(text) {
            self.flush();
            return 1;
        }
        if let Some(taken) = self.take_heading(lines, index, text) {
            return taken;
        }
        if let Some(taken) = self.take_fence(lines, index, text) {
            return taken;
        }
        if let Some(taken) = self.take_table(lines, index) {
            return taken;
        }
        self.take_text(line, text);
        1
    }

    fn take_heading(&mut self, lines: &[&str], index: usize, text: &str) -> Option<usize> {
        let next = lines.get(index + 1).map_or("", |line| line.trim());
        let (level, heading, taken) = match self.dialect {
            _ if is_underline(next, '=') => (1, text, 2),
            _ if is_underline(next, '-') && next.len() >= 3 && !text.contains('|') => (2, text, 2),
            Dialect::Markdown => {
                let (level, heading) = hash_heading(text).or_else(|| bold_question(text))?;
                (level, heading, 1)
            }
            Dialect::Plain => {
                let before = index.checked_sub(1).map_or("", |before| lines[before].trim());
                let stands_alone = before.is_empty() && next.is_empty();
                let is_first = lines[..index].iter().all(|line| line.trim().is_empty());
                let is_title = is_first && is_short_line(text) && lines.len() > 2;
                (stands_alone && (is_title || is_plain_heading(text))).then_some((
                    2 - u8::from(is_title),
                    text,
                    1,
                ))?
            }
        };
        self.flush();
        let heading = self.plain(heading);
        if !heading.is_empty() {
            self.outline.heading(level, &heading);
            self.first_heading.get_or_insert(heading);
        }
        Some(taken)
    }

    /// Fenced lines are kept line by line.
    fn take_fence(&mut self, lines: &[&str], index: usize, text: &str) -> Option<usize> {
        let fence = ["```", "~~~"].into_iter().find(|fence| text.starts_with(fence))?;
        if self.dialect == Dialect::Plain {
            return None;
        }
        self.flush();
        let inside = lines[index + 1..].iter().take_while(|line| !line.trim().starts_with(fence));
        let mut taken = 1;
        for line in inside {
            self.outline.block(paragraph(line.trim()));
            taken += 1;
        }
        Some(taken + 1)
    }

    fn take_table(&mut self, lines: &[&str], index: usize) -> Option<usize> {
        let rule = lines.get(index + 1)?.trim();
        let is_table = lines[index].contains('|')
            && rule.contains('-')
            && rule.contains('|')
            && rule.chars().all(|sign| "|-: ".contains(sign));
        if !is_table {
            return None;
        }
        self.flush();
        let header = self.cells(lines[index]);
        let body = lines[index + 2..].iter().take_while(|line| line.contains('|'));
        let rows: Vec<Vec<String>> = body.map(|line| self.cells(line)).collect();
        let taken = 2 + rows.len();
        self.outline.block(Block::Table { header, rows });
        Some(taken)
    }

    fn cells(&self, line: &str) -> Vec<String> {
        let inside = line.trim().trim_start_matches('|').trim_end_matches('|');
        inside.split('|').map(|cell| self.plain(cell.trim())).collect()
    }

    fn take_text(&mut self, line: &str, text: &str) {
        if let Some((mark, rest)) = list_mark(text) {
            self.flush();
            self.open = Open::Item(vec![format!("{mark} {rest}")]);
            return;
        }
        match &mut self.open {
            Open::Paragraph(parts) | Open::Item(parts) => parts.push(text.to_owned()),
            Open::Nothing => {
                let is_continued = line.starts_with("    ") && self.dialect == Dialect::Markdown;
                let parts = vec![if is_continued { line.trim().to_owned() } else { text.to_owned() }];
                self.open = Open::Paragraph(parts);
            }
        }
    }

    fn flush(&mut self) {
        let block = match std::mem::replace(&mut self.open, Open::Nothing) {
            Open::Nothing => return,
            Open::Paragraph(parts) => paragraph(self.plain(&parts.join("\n"))),
            Open::Item(parts) => Block::Item { text: self.plain(&parts.join("\n")) },
        };
        self.outline.block(block);
    }

    fn plain(&self, text: &str) -> String {
        match self.dialect {
            Dialect::Markdown => inline::plain(text),
            Dialect::Plain => auskunft_text::normal::collapse_spaces(text),
        }
    }
}

/// `---`, `***`, `___`.
fn is_rule(text: &str) -> bool {
    text.len() >= 3
        && ['-', '*', '_'].iter().any(|sign| text.chars().all(|each| each == *sign || each == ' '))
}

fn is_underline(text: &str, sign: char) -> bool {
    text.len() >= 2 && text.chars().all(|each| each == sign)
}

/// `### Heading ###` as level and text.
fn hash_heading(text: &str) -> Option<(u8, &str)> {
    let rest = text.trim_start_matches('#');
    let level = text.len() - rest.len();
    let is_heading = (1..=6).contains(&level) && (rest.is_empty() || rest.starts_with([' ', '\t']));
    is_heading.then(|| (level as u8, rest.trim().trim_end_matches('#').trim_end()))
}

/// A line that is nothing but a bold question is a heading that someone made by hand.
fn bold_question(text: &str) -> Option<(u8, &str)> {
    let inside = text.strip_prefix("**")?.strip_suffix("**")?;
    (inside.ends_with('?') && !inside.contains("**")).then_some((6, inside))
}

fn is_short_line(text: &str) -> bool {
    text.chars().count() <= HEADING_CHARS && !text.ends_with(['.', ',', ';', ':'])
}

fn is_plain_heading(text: &str) -> bool {
    let digits = text.trim_start_matches(|sign: char| sign.is_ascii_digit() || sign == '.');
    let is_numbered = digits.len() < text.len() && digits.starts_with(' ');
    let is_capital = text.chars().any(char::is_alphabetic) && text.to_uppercase() == text;
    is_short_line(text) && (text.starts_with('§') || is_numbered || is_capital)
}

/// `- x`, `1. x`, `a) x` as the mark that is kept and the rest.
pub(crate) fn list_mark(text: &str) -> Option<(&str, &str)> {
    let (mark, rest) = text.split_once([' ', '\t'])?;
    let rest = rest.trim_start();
    if matches!(mark, "-" | "*" | "+" | "•" | "–") {
        return Some(("•", rest));
    }
    let counter = mark.strip_suffix(['.', ')'])?;
    let is_number =
        !counter.is_empty() && counter.len() <= 3 && counter.bytes().all(|byte| byte.is_ascii_digit());
    let is_letter =
        mark.ends_with(')') && counter.len() <= 2 && counter.bytes().all(|byte| byte.is_ascii_lowercase());
    (is_number || (is_letter && !counter.is_empty())).then_some((mark, rest))
}

#[cfg(test)]
mod tests;
