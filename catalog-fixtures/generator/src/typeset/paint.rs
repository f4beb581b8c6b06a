//! Laid pages to a PDF with outline, embedded fonts and metadata.

use anyhow::{Result, anyhow};
use krilla::Document;
use krilla::color::rgb;
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::Metadata;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::text::KrillaGlyph;

use super::flow::PAGE;
use super::{Laid, Look, Op, faces};

/// The document's bytes.
pub(crate) fn pdf(laid: &Laid, look: &Look, has_outline: bool) -> Result<Vec<u8>> {
    let mut document = Document::new();
    for page in &laid.pages {
        let settings =
            PageSettings::from_wh(PAGE.0, PAGE.1).ok_or_else(|| anyhow!("a page without a size"))?;
        let mut drawn = document.start_page_with(settings);
        let mut surface = drawn.surface();
        page.iter().for_each(|op| draw(&mut surface, op, look.slab));
        surface.finish();
        drawn.finish();
    }
    if has_outline {
        document.set_outline(outline(laid));
    }
    let metadata = Metadata::new().title(look.title.clone()).language(look.language.to_owned());
    document.set_metadata(metadata);
    document.finish().map_err(|error| anyhow!("{}: {error:?}", look.title))
}

fn draw(surface: &mut Surface<'_>, op: &Op, slab: bool) {
    match op {
        Op::Text { x, y, size, bold, text } => {
            let Some(face) = faces::face(slab, *bold) else { return };
            let glyphs: Vec<KrillaGlyph> = text
                .char_indices()
                .map(|(at, letter)| {
                    let (glyph, width) = face.glyph(letter);
                    KrillaGlyph::new(glyph, width, 0.0, 0.0, 0.0, at..at + letter.len_utf8(), None)
                })
                .collect();
            fill(surface, 0);
            surface.draw_glyphs(Point::from_xy(*x, *y), &glyphs, face.font.clone(), text, *size, false);
        }
        Op::Box { x, y, width, height, grey } => {
            let mut path = PathBuilder::new();
            path.push_rect(match Rect::from_xywh(*x, *y, *width, *height) {
                Some(rect) => rect,
                None => return,
            });
            fill(surface, *grey);
            if let Some(path) = path.finish() {
                surface.draw_path(&path);
            }
        }
    }
}

fn fill(surface: &mut Surface<'_>, grey: u8) {
    surface.set_fill(Some(Fill { paint: rgb::Color::new(grey, grey, grey).into(), ..Fill::default() }));
}

fn outline(laid: &Laid) -> Outline {
    let mut outline = Outline::new();
    let mut open: Option<OutlineNode> = None;
    for heading in &laid.headings {
        let place = XyzDestination::new(heading.page, Point::from_xy(0.0, heading.y));
        let node = OutlineNode::new(heading.text.clone(), place);
        match &mut open {
            Some(chapter) if heading.level > 1 => chapter.push_child(node),
            _ => {
                if let Some(chapter) = open.replace(node) {
                    outline.push_child(chapter);
                }
            }
        }
    }
    if let Some(chapter) = open {
        outline.push_child(chapter);
    }
    outline
}
