//! What stands where: columns, pages, running heads, tables whose head comes again.

use std::collections::BTreeMap;

use super::lines::Type;
use super::{Block, Laid, Look, Op, Placed, Table, faces};
use crate::language::Tongue;

/// A4 in points.
pub(super) const PAGE: (f32, f32) = (595.0, 842.0);
const MARGIN: f32 = 62.0;
const TOP: f32 = 78.0;
const BOTTOM: f32 = 770.0;
/// Between columns.
const GUTTER: f32 = 24.0;
/// Height of a line in sizes of the text.
const LEADING: f32 = 1.38;

struct Flow<'a> {
    look: &'a Look,
    contents: &'a [Placed],
    pages: Vec<Vec<Op>>,
    marks: BTreeMap<String, usize>,
    /// Names of the place of what is set next.
    pending: Vec<String>,
    headings: Vec<Placed>,
    columns: usize,
    column: usize,
    y: f32,
    tongue: Tongue,
    /// Nothing stands on the page yet.
    is_fresh: bool,
}

/// Places all blocks; `contents` are the headings of an earlier pass.
pub(super) fn flow(blocks: &[Block], look: &Look, contents: &[Placed]) -> Laid {
    let mut flow = Flow {
        look,
        contents,
        pages: vec![Vec::new()],
        marks: BTreeMap::new(),
        pending: Vec::new(),
        headings: Vec::new(),
        columns: 1,
        column: 0,
        y: TOP,
        tongue: Tongue::German,
        is_fresh: true,
    };
    for block in blocks {
        flow.block(block);
    }
    let has_cover = matches!(blocks.first(), Some(Block::Cover(..)));
    flow.run_heads(has_cover);
    Laid { pages: flow.pages, marks: flow.marks, headings: flow.headings }
}

impl Flow<'_> {
    fn block(&mut self, block: &Block) {
        match block {
            Block::Cover(big, middle, small) => self.cover(big, middle, small),
            Block::Contents(title) => self.table_of_contents(title),
            Block::Heading(level, text) => self.heading(*level, text),
            Block::Paragraph(text) => self.paragraph(text, 0.0, self.look.size * 0.55),
            Block::Note(text) => self.note(text),
            Block::Bullets(items) => items.iter().for_each(|item| self.item("•", item)),
            Block::Step(number, text) => self.item(&format!("{number}."), text),
            Block::Table(table) => self.table(table),
            Block::Columns(columns) => {
                if *columns != self.columns {
                    self.new_page();
                    self.columns = *columns;
                }
            }
            Block::NewPage => self.new_page(),
            Block::Mark(name) => self.mark(name),
            Block::Language(tongue) => self.tongue = *tongue,
        }
    }

    fn kind(&self, size: f32, bold: bool) -> Type {
        Type { slab: self.look.slab, bold, size, tongue: self.tongue }
    }

    fn width(&self) -> f32 {
        let columns = self.columns as f32;
        (PAGE.0 - 2.0 * MARGIN - GUTTER * (columns - 1.0)) / columns
    }

    fn left(&self) -> f32 {
        MARGIN + self.column as f32 * (self.width() + GUTTER)
    }

    fn new_page(&mut self) {
        if !self.is_fresh {
            self.pages.push(Vec::new());
            self.is_fresh = true;
        }
        self.column = 0;
        self.y = TOP;
    }

    /// Goes to the next column or page when there is less room than `height`.
    fn need(&mut self, height: f32) -> bool {
        if self.y + height <= BOTTOM {
            return false;
        }
        if self.column + 1 < self.columns {
            self.column += 1;
            self.y = TOP;
        } else {
            self.new_page();
        }
        true
    }

    fn mark(&mut self, name: &str) {
        self.pending.push(name.to_owned());
    }

    fn put(&mut self, op: Op) {
        self.is_fresh = false;
        if matches!(op, Op::Text { .. }) {
            for name in std::mem::take(&mut self.pending) {
                self.marks.insert(name, self.pages.len());
            }
        }
        if let Some(page) = self.pages.last_mut() {
            page.push(op);
        }
    }

    fn text(&mut self, x: f32, y: f32, size: f32, bold: bool, text: &str) {
        self.put(Op::Text { x, y, size, bold, text: text.to_owned() });
    }

    fn cover(&mut self, big: &str, middle: &str, small: &str) {
        self.put(Op::Box { x: 0.0, y: 220.0, width: PAGE.0, height: 6.0, grey: 90 });
        self.text(MARGIN, 290.0, 34.0, true, big);
        self.text(MARGIN, 330.0, 17.0, false, middle);
        self.text(MARGIN, 700.0, 11.0, false, small);
        self.new_page();
    }

    fn table_of_contents(&mut self, title: &str) {
        let size = self.look.size;
        self.y += size * 2.0;
        self.text(self.left(), self.y, size * 1.7, true, title);
        self.y += size * 2.2;
        for heading in self.contents {
            self.need(size * 2.0);
            let indent = if heading.level > 1 { 18.0 } else { 0.0 };
            let (left, right) = (self.left() + indent, self.left() + self.width());
            let number = (heading.page + 1).to_string();
            let room = right - left - faces::width(self.look.slab, false, &number, size) - 6.0;
            let dot = faces::width(self.look.slab, false, ".", size);
            let shown = faces::width(self.look.slab, false, &heading.text, size);
            let dots = " ".to_owned() + &".".repeat(((room - shown - 6.0) / dot).max(2.0) as usize);
            self.y += size * LEADING * 1.1;
            self.text(left, self.y, size, false, &(heading.text.clone() + &dots));
            self.text(
                right - faces::width(self.look.slab, false, &number, size),
                self.y,
                size,
                false,
                &number,
            );
        }
        // The first pass knows no headings: it keeps as much room as they take.
        self.new_page();
    }

    fn heading(&mut self, level: u8, text: &str) {
        let size = self.look.size * if level == 1 { 1.65 } else { 1.25 };
        let lines = self.kind(size, true).lines(text, self.width());
        let height = size * LEADING * lines.len() as f32;
        let before = if self.y > TOP { size * 0.9 } else { 0.0 };
        // A heading never stands alone at the end of a column.
        self.need(before + height + self.look.size * LEADING * 4.0);
        if self.y > TOP {
            self.y += before;
        }
        let (page, top) = (self.pages.len() - 1, self.y);
        self.headings.push(Placed { level, text: text.to_owned(), page, y: top });
        for line in lines {
            self.y += size * LEADING;
            self.text(self.left(), self.y - size * 0.3, size, true, &line);
        }
        self.y += size * 0.35;
    }

    fn paragraph(&mut self, text: &str, indent: f32, after: f32) {
        let size = self.look.size;
        let lines = self.kind(size, false).lines(text, self.width() - indent);
        // What is short is not torn apart.
        self.need(size * LEADING * lines.len().min(10) as f32);
        for line in lines {
            self.need(size * LEADING);
            self.y += size * LEADING;
            self.text(self.left() + indent, self.y - size * 0.3, size, false, &line);
        }
        self.y += after;
    }

    fn note(&mut self, text: &str) {
        let size = self.look.size;
        let lines = self.kind(size, false).lines(text, self.width() - 20.0);
        let height = size * LEADING * lines.len() as f32 + 12.0;
        self.need(height + 8.0);
        let (x, y, width) = (self.left(), self.y + 4.0, self.width());
        self.put(Op::Box { x, y, width, height, grey: 232 });
        self.y += 10.0;
        for line in lines {
            self.y += size * LEADING;
            self.text(x + 10.0, self.y - size * 0.3, size, false, &line);
        }
        self.y += 14.0;
    }

    /// A numbered or dotted item; it stands in one column when it can.
    fn item(&mut self, sign: &str, text: &str) {
        let size = self.look.size;
        let indent = size * 1.9;
        let lines = self.kind(size, false).lines(text, self.width() - indent);
        self.need(size * LEADING * lines.len().min(10) as f32);
        let (x, y) = (self.left(), self.y + size * LEADING - size * 0.3);
        self.text(x, y, size, false, sign);
        self.paragraph(text, indent, size * 0.35);
    }

    fn table(&mut self, table: &Table) {
        let head: Vec<String> = table.head.clone();
        self.y += 4.0;
        self.need(self.look.size * LEADING * 5.0);
        self.row(table, &head, true);
        for row in &table.rows {
            let height = self.row_height(table, &row.cells, false);
            if self.need(height) {
                self.row(table, &head, true);
            }
            if let Some(mark) = &row.mark {
                self.mark(mark);
            }
            self.row(table, &row.cells, false);
        }
        self.y += self.look.size;
    }

    fn cell_widths(&self, table: &Table) -> Vec<f32> {
        let whole: f32 = table.widths.iter().sum();
        table.widths.iter().map(|part| part / whole * self.width()).collect()
    }

    fn cell_lines(&self, table: &Table, cells: &[String], bold: bool) -> Vec<Vec<String>> {
        let kind = self.kind(self.look.size * 0.94, bold);
        self.cell_widths(table).iter().zip(cells).map(|(width, cell)| kind.lines(cell, width - 8.0)).collect()
    }

    fn row_height(&self, table: &Table, cells: &[String], bold: bool) -> f32 {
        let most = self.cell_lines(table, cells, bold).iter().map(Vec::len).max().unwrap_or(1).max(1);
        most as f32 * self.look.size * LEADING * 0.94 + 6.0
    }

    fn row(&mut self, table: &Table, cells: &[String], is_head: bool) {
        let (size, height) = (self.look.size * 0.94, self.row_height(table, cells, is_head));
        let (left, top, width) = (self.left(), self.y, self.width());
        if is_head {
            self.put(Op::Box { x: left, y: top, width, height, grey: 214 });
        }
        let mut x = left;
        let widths = self.cell_widths(table);
        for (lines, cell_width) in self.cell_lines(table, cells, is_head).iter().zip(widths) {
            for (nth, line) in lines.iter().enumerate() {
                let y = top + 3.0 + size * LEADING * (nth as f32 + 0.75);
                self.text(x + 4.0, y, size, is_head, line);
            }
            x += cell_width;
        }
        self.y = top + height;
        self.put(Op::Box { x: left, y: top + height, width, height: 0.6, grey: 150 });
    }

    /// Running heads and page numbers on all pages but the cover.
    fn run_heads(&mut self, has_cover: bool) {
        if self.is_fresh && self.pages.len() > 1 {
            self.pages.pop();
        }
        let size = 8.0;
        for page in usize::from(has_cover)..self.pages.len() {
            let number = format!("{}{}", self.look.foot.1, page + 1);
            let right = PAGE.0 - MARGIN - faces::width(self.look.slab, false, &number, size);
            let texts = [
                (MARGIN, 46.0, self.look.head.clone()),
                (MARGIN, 806.0, self.look.foot.0.clone()),
                (right, 806.0, number),
            ];
            let texts = texts.into_iter().filter(|(.., text)| !text.is_empty());
            self.pages[page].extend(texts.map(|(x, y, text)| Op::Text { x, y, size, bold: false, text }));
            self.pages[page].push(Op::Box {
                x: MARGIN,
                y: 54.0,
                width: PAGE.0 - 2.0 * MARGIN,
                height: 0.5,
                grey: 120,
            });
        }
    }
}
