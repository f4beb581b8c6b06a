//! The tree of a page in reading order: headings, paragraphs, items and tables.

use std::collections::HashSet;
use std::sync::LazyLock;

use auskunft_model::{Block, Section};
use auskunft_text::normal::collapse_spaces;
use ego_tree::{NodeId, NodeRef};
use scraper::{ElementRef, Node};

use super::boilerplate::{boxes, is_boilerplate};
use super::heading::{is_link_away, level};
use super::repeats::Repeats;
use super::{Landmarks, elements, table, text_of};
use crate::outline::{Outline, paragraph};

/// Elements nested deeper are read as bare text: the walk calls itself, and a page must not exhaust the stack.
const MAX_DEPTH: usize = 200;

/// A `main` element with fewer characters is a shell that scripts would fill.
const MAIN_CHARS: usize = 200;

/// What a walk found.
#[derive(Default)]
pub(super) struct Walked {
    pub(super) sections: Vec<Section>,
    /// Keys and values of definition lists.
    pub(super) definitions: Vec<(String, String)>,
    /// Rows that span a table: headings of the rows below.
    pub(super) groups: HashSet<String>,
}

/// The main text of a page or fragment as sections. Blocks that repeat (mobile and desktop forms of the same text) are
/// kept once.
pub(super) fn sections(root: ElementRef<'_>, reading: Reading, landmarks: &Landmarks<'_>) -> Walked {
    walked(start(root), reading, landmarks)
}

/// The text of an element that answers a question. What it holds was put there on purpose: boxes are text whatever their
/// names say, and a list of links is no menu.
pub(super) fn answer(root: ElementRef<'_>) -> Vec<Section> {
    walked(root, Reading::Text, &Landmarks { heading: None, protected: boxes(root) }).sections
}

fn walked(start: ElementRef<'_>, reading: Reading, landmarks: &Landmarks<'_>) -> Walked {
    let own_heading = landmarks.heading.and_then(|heading| Some((level(heading)?, heading.id())));
    let mut walk = Walk {
        reading,
        own_heading,
        outline: Outline::default(),
        line: String::new(),
        linked: 0,
        links: 0,
        mark: None,
        repeats: Repeats::default(),
        found: Walked::default(),
        room: table::Room::default(),
        protected: &landmarks.protected,
    };
    walk.children(start, 0);
    walk.flush();
    Walked { sections: walk.outline.finish(), ..walk.found }
}

/// What a page is read for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// Everything that is text.
    Text,
    /// What is said of one product: lines of links alone are left out.
    Product,
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

/// Elements that begin a new line.
static BLOCKS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "address article blockquote br caption center dd details div dl dt fieldset figcaption figure \
     form h1 h2 h3 h4 h5 h6 hr legend li main ol p pre section summary table tbody td tfoot th thead \
     tr ul body html"
        .split_whitespace()
        .collect()
});

/// Whether an element begins a new line.
pub(super) fn is_block(tag: &str) -> bool {
    BLOCKS.contains(tag)
}

/// Level of a question made by `summary` or `dt`: below every real heading.
const QUESTION_LEVEL: u8 = 7;

struct Walk<'a> {
    reading: Reading,
    /// The page's own heading with its level.
    own_heading: Option<(u8, NodeId)>,
    outline: Outline,
    line: String,
    /// Visible signs of the line that stand in links.
    linked: usize,
    /// Links that are open.
    links: usize,
    mark: Option<String>,
    repeats: Repeats,
    found: Walked,
    room: table::Room,
    protected: &'a HashSet<NodeId>,
}

impl Walk<'_> {
    fn children(&mut self, element: ElementRef<'_>, depth: usize) {
        for child in element.children() {
            self.node(child, depth);
        }
    }

    fn node(&mut self, node: NodeRef<'_, Node>, depth: usize) {
        if let Some(words) = node.value().as_text() {
            self.line.push_str(words);
            if self.links > 0 {
                self.linked += visible(words);
            }
        } else if let Some(element) = ElementRef::wrap(node)
            && !is_boilerplate(element, depth, self.protected)
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
        if let Some(level) = level(element) {
            self.page_heading(level, element);
            return;
        }
        match tag {
            "br" | "hr" => self.flush(),
            "a" => {
                self.links += 1;
                self.children(element, depth + 1);
                self.links -= 1;
            }
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

    /// A heading of the page. One as large as the product's own that is nothing but a link announces another page, and what
    /// follows it stands under the headings before.
    fn page_heading(&mut self, level: u8, element: ElementRef<'_>) {
        let rivals = self.own_heading.is_some_and(|(own, id)| level <= own && id != element.id());
        if self.reading == Reading::Product && rivals && is_link_away(element) {
            self.flush();
        } else {
            self.heading(level, element);
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
        let outer = self.repeats.enter_list(|| text_of(list));
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
        self.repeats.leave_list(outer);
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
        match table::read(element, &mut self.room) {
            Some(parts) => self.parts(parts),
            None => self.children(element, depth + 1),
        }
        self.flush();
    }

    /// A table's parts: rows that span the table are headings of what follows.
    fn parts(&mut self, parts: Vec<table::Part>) {
        let has_headings = parts.iter().any(|part| part.heading.is_some());
        for part in parts {
            if let Some(heading) = part.heading {
                self.outline.heading(QUESTION_LEVEL, &heading);
                self.found.groups.insert(heading);
            }
            self.push(part.block);
        }
        if has_headings {
            self.outline.close(QUESTION_LEVEL);
        }
    }

    /// Questions with answers and tabs with panels as headings and text, short pairs as a table of keys and values.
    fn definitions(&mut self, list: ElementRef<'_>, depth: usize) {
        self.flush();
        let asks = elements(list, "dt").any(|term| text_of(term).ends_with('?'));
        if !asks && table::is_pairs(list) {
            let rows = table::read_definitions(list);
            let pairs = rows.iter().filter_map(|row| Some((row.first()?.clone(), row.get(1)?.clone())));
            self.found.definitions.extend(pairs);
            self.push(Block::Table { header: Vec::new(), rows });
            return;
        }
        for part in table::own_terms(list) {
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
        let linked = std::mem::take(&mut self.linked);
        let text = collapse_spaces(&line);
        let leads_elsewhere = self.reading == Reading::Product && linked > 0 && linked >= visible(&text);
        let is_data = ["[{", "[ {", "{\"", "{ \""].iter().any(|start| text.starts_with(start));
        if is_data || leads_elsewhere || !text.chars().any(char::is_alphanumeric) {
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
        if !text.trim().is_empty() && (self.repeats.is_new(self.outline.path(), &text) || is_label) {
            self.outline.block(block);
        }
    }
}

/// Signs of a text that are no blanks.
fn visible(text: &str) -> usize {
    text.chars().filter(|sign| !sign.is_whitespace()).count()
}
