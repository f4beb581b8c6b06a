//! Pages of a PDF: a picture with boxes, and beside it the text of each box.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::ops::RangeInclusive;

use auskunft_extract::pdf::{Page, Placed, Reading, Role, placed};
use auskunft_model::PageState;

use super::super::view::View;
use super::Html;
use crate::pdf::{Drawing, PagePicture};

/// Bytes of all pictures of one page for the browser.
const MAX_PICTURE_BYTES: usize = 40 << 20;

/// What the boxes are, in the order of the legend.
const ROLES: [(Role, &str, &str); 8] = [
    (Role::Heading, "heading", "Heading"),
    (Role::Paragraph, "paragraph", "Paragraph"),
    (Role::Item, "item", "List item"),
    (Role::Table, "table", "Table"),
    (Role::Note, "footnote", "Footnote"),
    (Role::Contents, "contents", "Table of contents"),
    (Role::Furniture, "furniture", "Running head or foot (left out)"),
    (Role::Plain, "plain", "Plain text (layout not understood)"),
];

/// The pages that are shown.
#[derive(Debug)]
pub(in crate::commands::inspect) struct Pages<'a> {
    pages: Vec<&'a Page>,
    blocks: BTreeMap<u32, Vec<Placed>>,
    pictures: BTreeMap<u32, PagePicture>,
    total: u32,
}

impl<'a> Pages<'a> {
    /// The pages in this range, with their pictures as far as there are any.
    pub(in crate::commands::inspect) fn of(
        reading: &'a Reading,
        drawing: Drawing,
        range: &RangeInclusive<u32>,
    ) -> Self {
        let pages = reading.pages.iter().filter(|page| range.contains(&page.number)).collect();
        let mut blocks: BTreeMap<u32, Vec<Placed>> = BTreeMap::new();
        for block in placed(reading).into_iter().filter(|block| range.contains(&block.page)) {
            blocks.entry(block.page).or_default().push(block);
        }
        let mut room = MAX_PICTURE_BYTES;
        let fitting = drawing.pictures.into_iter().take_while(|picture| {
            let fits = picture.png.len() <= room;
            room = room.saturating_sub(picture.png.len());
            fits
        });
        let pictures = fitting.map(|picture| (picture.page, picture)).collect();
        Self { pages, blocks, pictures, total: reading.facts.page_count }
    }

    /// How many are shown.
    pub(super) fn len(&self) -> usize {
        self.pages.len()
    }

    pub(super) fn write(&self, html: &mut Html, view: &View) {
        html.part("pages", "Pages", self.pages.len());
        if (self.pages.len() as u64) < u64::from(self.total) {
            let shown = self.pages.len();
            let note =
                format!("{shown} of {} pages are shown; choose others with --pages FROM-TO", self.total);
            html.raw("<p class=\"note\">").text(&note).raw("</p>");
        }
        self.legend(html);
        let mut number = 0;
        for page in &self.pages {
            let state = state(view, page.number);
            self.page(html, page, state, &mut number);
        }
        html.raw("</section>");
    }

    /// Which colour is what; each can be switched off.
    fn legend(&self, html: &mut Html) {
        html.raw("<div class=\"legend\">");
        for (role, class, name) in ROLES {
            let count = self.blocks.values().flatten().filter(|block| block.role == role).count();
            if count > 0 {
                html.raw("<label class=\"")
                    .raw(class)
                    .raw("\"><input type=\"checkbox\" checked data-role=\"");
                html.raw(class).raw("\">").raw(name).raw(" <b>").raw(&count.to_string()).raw("</b></label>");
            }
        }
        html.raw("<label>Picture <input id=\"zoom\" type=\"range\" min=\"25\" max=\"75\" value=\"50\"></label></div>");
    }

    fn page(&self, html: &mut Html, page: &Page, state: PageState, number: &mut usize) {
        let blocks = self.blocks.get(&page.number).map_or(&[][..], Vec::as_slice);
        let name = page.number.to_string();
        html.raw("<article class=\"page\" id=\"page-").raw(&name).raw("\"><h3>Page ").raw(&name);
        html.raw(match state {
            PageState::Ok => "",
            PageState::NeedsOcr => " <span class=\"badge failed\">needs character recognition</span>",
            PageState::Failed => " <span class=\"badge failed\">can't be read</span>",
        });
        html.raw("</h3><div class=\"pair\">");
        let first = *number;
        self.picture(html, page, blocks, first);
        html.raw("<ol class=\"blocks\">");
        for (index, block) in blocks.iter().enumerate() {
            let (class, name) = role(block.role);
            html.raw("<li class=\"block ").raw(class).raw("\" data-n=\"").raw(&(first + index).to_string());
            html.raw("\"><span class=\"role\">").raw(name).raw("</span>");
            text(html, block);
            html.raw("</li>");
        }
        if blocks.is_empty() {
            html.raw("<li class=\"none\">No text is taken from this page.</li>");
        }
        html.raw("</ol></div></article>");
        *number += blocks.len();
    }

    /// The picture, or a blank sheet of the page's form, with a box for each block.
    fn picture(&self, html: &mut Html, page: &Page, blocks: &[Placed], first: usize) {
        let (width, height) = (page.width.max(1.0), page.height.max(1.0));
        let mut open = String::new();
        let _infallible = write!(open, "<figure style=\"aspect-ratio:{width:.1}/{height:.1}\">");
        html.raw(&open);
        match self.pictures.get(&page.number) {
            Some(picture) => {
                html.raw("<img alt=\"\" loading=\"lazy\" src=\"data:image/png;base64,")
                    .raw(&picture.png)
                    .raw("\">");
            }
            None => {
                html.raw("<span class=\"sheet\">no picture</span>");
            }
        }
        for (index, block) in blocks.iter().enumerate() {
            let share =
                |from: f32, to: f32, whole: f32| (100.0 * from / whole, 100.0 * (to - from).max(1.0) / whole);
            let ((left, across), (top, down)) =
                (share(block.left, block.right, width), share(block.top, block.bottom, height));
            let (class, name) = role(block.role);
            let mut tag = String::new();
            let _infallible = write!(
                tag,
                "<i class=\"box {class}\" data-n=\"{}\" title=\"{name}\" \
                 style=\"left:{left:.2}%;top:{top:.2}%;width:{across:.2}%;height:{down:.2}%\"></i>",
                first + index
            );
            html.raw(&tag);
        }
        html.raw("</figure>");
    }
}

/// A block's text; a table with its cells side by side.
fn text(html: &mut Html, block: &Placed) {
    if block.role != Role::Table || !block.text.contains(" | ") {
        html.raw("<pre>").text(&block.text).raw("</pre>");
        return;
    }
    html.raw("<div class=\"cells\"><table>");
    for line in block.text.lines() {
        html.raw("<tr>");
        for cell in line.split(" | ") {
            html.raw("<td>").text(cell).raw("</td>");
        }
        html.raw("</tr>");
    }
    html.raw("</table></div>");
}

/// Class and name.
fn role(role: Role) -> (&'static str, &'static str) {
    let found = ROLES.iter().find(|(known, ..)| *known == role);
    found.map_or(("plain", "Text"), |(_, class, name)| (class, name))
}

fn state(view: &View, number: u32) -> PageState {
    let pages = view.documents().iter().flat_map(|document| &document.pages);
    let stated = pages.filter(|page| page.page == number).map(|page| page.outcome).next();
    stated.unwrap_or(PageState::Ok)
}
