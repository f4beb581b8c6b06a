//! The tree of a page in reading order: headings, paragraphs, items and tables.

use std::collections::HashSet;

use auskunft_model::{Block, Section};
use auskunft_text::normal::{collapse_spaces, fold};
use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Node};

use super::boilerplate::{is_boilerplate, protected};
use super::{elements, table, text_of};
use crate::outline::{Outline, paragraph};

/// Elements nested deeper are read as bare text: the walk calls itself, and a page must not exhaust the stack.
const MAX_DEPTH: usize = 200;

/// A `main` element with fewer characters is a shell that scripts would fill.
const MAIN_CHARS: usize = 200;

/// The main text of a page or fragment as sections. Blocks that repeat (mobile and desktop forms of the same text) are
/// kept once.
pub(super) fn sections(root: ElementRef<'_>) -> Vec<Section> {
    let mut walk = Walk {
        outline: Outline::default(),
        line: String::new(),
        mark: None,
        protected: protected(root),
        seen: HashSet::new(),
    };
    walk.children(start(root), 0);
    walk.flush();
    walk.outline.finish()
}

/// The page's `main` element when it holds the page, else the whole.
fn start(root: ElementRef<'_>) -> ElementRef<'_> {
    let has_role =
        |element: &ElementRef<'_>| element.value().name() == "main" || element.attr("role") == Some("main");
    let main = root.descendent_elements().find(has_role);
    main.filter(|main| text_of(*main).len() > MAIN_CHARS && holds_heading(root, *main)).unwrap_or(root)
}

/// Whether the page's first heading, where it has one, stands in this element.
fn holds_heading(root: ElementRef<'_>, main: ElementRef<'_>) -> bool {
    elements(root, "h1").next().is_none() || elements(main, "h1").next().is_some()
}

/// Whether an element begins a new line.
pub(super) fn is_block(tag: &str) -> bool {
    matches!(
        tag,
        "address"
            | "article"
            | "blockquote"
            | "br"
            | "caption"
            | "center"
            | "dd"
            | "details"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "hr"
            | "legend"
            | "li"
            | "main"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "tbody"
            | "td"
            | "tfoot"
            | "th"
            | "thead"
            | "tr"
            | "ul"
            | "body"
            | "html"
    )
}

/// Level of a question made by `summary` or `dt`: below every real heading.
const QUESTION_LEVEL: u8 = 7;

struct Walk {
    outline: Outline,
    line: String,
    mark: Option<String>,
    protected: HashSet<NodeId>,
    seen: HashSet<String>,
}

impl Walk {
    fn children(&mut self, element: ElementRef<'_>, depth: usize) {
        for child in element.children() {
            self.node(child, depth);
        }
    }

    fn node(&mut self, node: NodeRef<'_, Node>, depth: usize) {
        if let Some(words) = node.value().as_text() {
            self.line.push_str(&words.replace(['\n', '\r'], " "));
        } else if let Some(element) = ElementRef::wrap(node)
            && !is_boilerplate(element, depth, &self.protected)
        {
            self.element(element, depth);
        }
    }

    fn element(&mut self, element: ElementRef<'_>, depth: usize) {
        let tag = element.value().name();
        if depth >= MAX_DEPTH {
            self.line.push_str(&text_of(element));
            return;
        }
        match tag {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(tag.as_bytes()[1] - b'0', element),
            "br" | "hr" => self.flush(),
            "ol" => self.list(element, depth),
            "li" => self.item("•".to_owned(), element, depth),
            "table" => self.table(element, depth),
            "dl" => self.definitions(element, depth),
            "details" => self.details(element, depth),
            _ if is_block(tag) => {
                self.flush();
                self.children(element, depth + 1);
                self.flush();
            }
            _ => self.children(element, depth + 1),
        }
    }

    fn heading(&mut self, level: u8, element: ElementRef<'_>) {
        self.flush();
        let text = text_of(element);
        if !text.is_empty() {
            self.outline.heading(level, &text);
        }
    }

    fn list(&mut self, list: ElementRef<'_>, depth: usize) {
        self.flush();
        let mut number: u32 = list.attr("start").and_then(|start| start.parse().ok()).unwrap_or(1);
        for child in list.children() {
            match ElementRef::wrap(child).filter(|element| element.value().name() == "li") {
                Some(item) => {
                    self.item(format!("{number}."), item, depth + 1);
                    number = number.saturating_add(1);
                }
                None => self.node(child, depth + 1),
            }
        }
        self.flush();
    }

    fn item(&mut self, mark: String, item: ElementRef<'_>, depth: usize) {
        self.flush();
        self.mark = Some(mark);
        self.children(item, depth + 1);
        self.flush();
        self.mark = None;
    }

    fn table(&mut self, element: ElementRef<'_>, depth: usize) {
        self.flush();
        match table::read(element) {
            Some(block) => self.push(block),
            None => self.children(element, depth + 1),
        }
        self.flush();
    }

    /// Questions with answers and tabs with panels as headings and text, short pairs as a table of keys and values.
    fn definitions(&mut self, list: ElementRef<'_>, depth: usize) {
        self.flush();
        let asks = elements(list, "dt").any(|term| text_of(term).ends_with('?'));
        if !asks && table::is_pairs(list) {
            self.push(table::read_definitions(list));
            return;
        }
        for part in list.descendent_elements().filter(|part| matches!(part.value().name(), "dt" | "dd")) {
            if part.value().name() == "dt" {
                self.heading(QUESTION_LEVEL, part);
            } else {
                self.children(part, depth + 1);
                self.flush();
            }
        }
        self.outline.close(QUESTION_LEVEL);
    }

    fn details(&mut self, details: ElementRef<'_>, depth: usize) {
        self.flush();
        for child in details.children() {
            match ElementRef::wrap(child).filter(|element| element.value().name() == "summary") {
                Some(summary) => self.heading(QUESTION_LEVEL, summary),
                None => self.node(child, depth + 1),
            }
        }
        self.flush();
        self.outline.close(QUESTION_LEVEL);
    }

    /// Ends the line that is being read.
    fn flush(&mut self) {
        let line = std::mem::take(&mut self.line);
        let text = collapse_spaces(&line);
        let is_data = ["[{", "[ {", "{\"", "{ \""].iter().any(|start| text.starts_with(start));
        if is_data || !text.chars().any(char::is_alphanumeric) {
            return;
        }
        match self.mark.take() {
            Some(mark) => self.push(Block::Item { text: format!("{mark} {text}") }),
            None if self.outline.join_to_label(&text) => {}
            None => self.push(paragraph(text)),
        }
    }

    fn push(&mut self, block: Block) {
        let text = block.text();
        let is_label = text.ends_with(':');
        if !text.trim().is_empty() && (self.seen.insert(fold(&text)) || is_label) {
            self.outline.block(block);
        }
    }
}
