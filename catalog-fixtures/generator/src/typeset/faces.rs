//! The fonts: widths of letters, and the letters themselves.

use std::collections::HashMap;
use std::sync::OnceLock;

use krilla::text::{Font, GlyphId};

const REGULAR: &[u8] = include_bytes!("../../fonts/Roboto-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../fonts/Roboto-Bold.ttf");
const SLAB_REGULAR: &[u8] = include_bytes!("../../fonts/RobotoSlab-Regular.otf");
const SLAB_BOLD: &[u8] = include_bytes!("../../fonts/RobotoSlab-Bold.otf");

/// One cut of a font.
pub(super) struct Face {
    pub(super) font: Font,
    /// Glyph and width (of a font of size 1) by letter; only looked up, never gone through.
    glyphs: HashMap<char, (GlyphId, f32)>,
    pub(super) raster: fontdue::Font,
}

impl Face {
    fn load(bytes: &'static [u8]) -> Option<Self> {
        let font = Font::new(bytes.to_vec().into(), 0)?;
        let raster = fontdue::Font::from_bytes(bytes, fontdue::FontSettings::default()).ok()?;
        let glyphs = raster
            .chars()
            .iter()
            .map(|(letter, glyph)| {
                let width = raster.metrics_indexed(glyph.get(), 1000.0).advance_width / 1000.0;
                (*letter, (GlyphId::new(u32::from(glyph.get())), width))
            })
            .collect();
        Some(Self { font, glyphs, raster })
    }

    /// A letter's glyph and width; a question mark for what the font lacks.
    pub(super) fn glyph(&self, letter: char) -> (GlyphId, f32) {
        let found = self.glyphs.get(&letter).or_else(|| self.glyphs.get(&'?'));
        found.copied().unwrap_or((GlyphId::new(0), 0.5))
    }

    /// The width of a text in points.
    pub(super) fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|letter| self.glyph(letter).1).sum::<f32>() * size
    }
}

/// The face for a look; none when the fonts in the program are broken, which a test excludes.
pub(super) fn face(slab: bool, bold: bool) -> Option<&'static Face> {
    static FACES: OnceLock<[Option<Face>; 4]> = OnceLock::new();
    let faces = FACES.get_or_init(|| [REGULAR, BOLD, SLAB_REGULAR, SLAB_BOLD].map(Face::load));
    faces[usize::from(slab) * 2 + usize::from(bold)].as_ref()
}

/// The width of a text; half a letter's height for each letter without a font.
pub(super) fn width(slab: bool, bold: bool, text: &str, size: f32) -> f32 {
    face(slab, bold).map_or(text.chars().count() as f32 * size / 2.0, |face| face.width(text, size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_font_loads_and_has_german_letters() {
        for (slab, bold) in [(false, false), (false, true), (true, false), (true, true)] {
            let face = face(slab, bold).unwrap();
            for letter in "äöüßÄÖÜ„“–›·°²€×".chars() {
                assert!(face.glyphs.contains_key(&letter), "{letter}");
            }
        }
    }
}
