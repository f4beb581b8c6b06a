//! Laid pages as a scanner sees them: one grey picture a page, no text.

use anyhow::Result;
use lopdf::{Document, Object, Stream, dictionary};

use super::flow::PAGE;
use super::{Laid, Look, Op, faces};
use crate::random::Random;

/// Dots per point: 110 dpi.
const SCALE: f32 = 110.0 / 72.0;

/// The document as a PDF of pictures.
pub(crate) fn scanned(laid: &Laid, look: &Look, random: &mut Random) -> Result<Vec<u8>> {
    let mut document = Document::with_version("1.4");
    let pages_id = document.new_object_id();
    let mut kids: Vec<Object> = Vec::new();
    for page in &laid.pages {
        let (width, height) = ((PAGE.0 * SCALE) as usize, (PAGE.1 * SCALE) as usize);
        let mut picture = Stream::new(
            dictionary! {
                "Type" => "XObject", "Subtype" => "Image", "Width" => width as i64, "Height" => height as i64,
                "ColorSpace" => "DeviceGray", "BitsPerComponent" => 8,
            },
            picture(page, look.slab, width, height, random),
        );
        picture.compress()?;
        let picture = document.add_object(picture);
        let content = format!("q {} 0 0 {} 0 0 cm /Scan Do Q", PAGE.0, PAGE.1);
        let content = document.add_object(Stream::new(dictionary! {}, content.into_bytes()));
        let kid = document.add_object(dictionary! {
            "Type" => "Page", "Parent" => pages_id, "Contents" => content,
            "MediaBox" => vec![0.into(), 0.into(), PAGE.0.into(), PAGE.1.into()],
            "Resources" => dictionary! { "XObject" => dictionary! { "Scan" => picture } },
        });
        kids.push(kid.into());
    }
    let pages = dictionary! { "Type" => "Pages", "Count" => kids.len() as i64, "Kids" => kids };
    document.objects.insert(pages_id, Object::Dictionary(pages));
    let catalog = document.add_object(dictionary! { "Type" => "Catalog", "Pages" => pages_id });
    document.trailer.set("Root", catalog);
    let mut bytes = Vec::new();
    document.save_to(&mut bytes)?;
    Ok(bytes)
}

/// A page in grey, with the dust and the greyish paper of a scanner.
fn picture(page: &[Op], slab: bool, width: usize, height: usize, random: &mut Random) -> Vec<u8> {
    let mut dots = vec![244_u8; width * height];
    for op in page {
        match op {
            Op::Text { x, y, size, bold, text } => {
                let Some(face) = faces::face(slab, *bold) else { continue };
                let mut x = x * SCALE;
                for letter in text.chars() {
                    let (metrics, bitmap) = face.raster.rasterize(letter, size * SCALE);
                    let top = y * SCALE - metrics.height as f32 - metrics.ymin as f32;
                    let left = x + metrics.xmin as f32;
                    for (at, ink) in bitmap.iter().enumerate().filter(|(_, ink)| **ink > 0) {
                        let column = (left as usize) + at % metrics.width;
                        let row = (top.max(0.0) as usize) + at / metrics.width;
                        if column < width && row < height {
                            let dot = &mut dots[row * width + column];
                            *dot = dot.saturating_sub(*ink - ink / 10);
                        }
                    }
                    x += face.glyph(letter).1 * size * SCALE;
                }
            }
            Op::Box { x, y, width: wide, height: high, grey } => {
                for row in (y * SCALE) as usize..(((y + high) * SCALE).ceil() as usize).min(height) {
                    for column in (x * SCALE) as usize..(((x + wide) * SCALE) as usize).min(width) {
                        dots[row * width + column] = *grey;
                    }
                }
            }
        }
    }
    for _ in 0..60 {
        dots[random.below(width * height)] = 120;
    }
    dots
}
