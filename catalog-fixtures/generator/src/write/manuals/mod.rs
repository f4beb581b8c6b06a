//! Manuals as PDFs. The pages on which facts stand come back from typesetting.

pub(super) mod chapters;
mod frame;

use std::collections::BTreeMap;

use anyhow::Result;
use lopdf::encryption::EncryptionState;
use lopdf::{Document, EncryptionVersion, Object, Permissions, StringFormat};
use rayon::prelude::*;

use super::Output;
use crate::language::Tongue;
use crate::random::Random;
use crate::typeset::{self, Look};
use crate::world::World;
use crate::world::manuals::{Defect, Length, Manual};

/// Where a manual says what.
#[derive(Debug)]
pub(crate) struct Placed {
    /// The page of every named place.
    pub(crate) marks: BTreeMap<String, usize>,
    pub(crate) pages: usize,
}

/// Names of places, by the language that they stand in.
pub(crate) mod mark {
    use crate::language::Tongue;

    /// A chapter on something to do.
    pub(crate) fn procedure(tongue: Tongue, procedure: usize) -> String {
        format!("{}/procedure/{procedure}", tongue.code())
    }

    /// The block that states a parameter.
    pub(crate) fn point(tongue: Tongue, procedure: usize, param: &str) -> String {
        format!("{}/procedure/{procedure}/{param}", tongue.code())
    }

    /// A row of the troubleshooting table.
    pub(crate) fn fault(tongue: Tongue, fault: usize) -> String {
        format!("{}/fault/{fault}", tongue.code())
    }

    /// A row of the technical data.
    pub(crate) fn attribute(tongue: Tongue, attribute: usize) -> String {
        format!("{}/attribute/{attribute}", tongue.code())
    }
}

/// Writes all manuals; the places come back in the order of the world's manuals.
pub(super) fn write(world: &World, output: Output<'_>) -> Result<Vec<Placed>> {
    let frame = frame::frame()?;
    world
        .manuals
        .par_iter()
        .enumerate()
        .map(|(index, manual)| {
            let mut random = Random::new(world.seed, "manual text", index);
            let (bytes, placed) = made(world, manual, &frame, &mut random)?;
            output.write(&manual.source, bytes)?;
            Ok(placed)
        })
        .collect()
}

fn made(
    world: &World,
    manual: &Manual,
    frame: &frame::Frame,
    random: &mut Random,
) -> Result<(Vec<u8>, Placed)> {
    let look = look(world, manual, frame, random);
    let blocks = chapters::blocks(world, manual, frame, random);
    let laid = typeset::lay(&blocks, &look);
    let placed = Placed { marks: laid.marks.clone(), pages: laid.pages.len() };
    let bytes = match manual.defect {
        Some(Defect::Scanned) => typeset::scanned(&laid, &look, random)?,
        defect => {
            let bytes = typeset::pdf(&laid, &look, manual.length != Length::Leaf && random.chance(75))?;
            match defect {
                Some(Defect::Encrypted) => encrypted(&bytes)?,
                Some(Defect::Damaged) => damaged(&bytes),
                _ => bytes,
            }
        }
    };
    Ok((bytes, placed))
}

fn look(world: &World, manual: &Manual, frame: &frame::Frame, random: &mut Random) -> Look {
    let series = &world.series[manual.series];
    let maker = &world.makers[series.maker];
    let tongue = manual.tongues[0];
    let title = format!("{} {} – {}", maker.name, series.base, frame.word("manual", tongue, random));
    let edition = format!("{} · {} {}", maker.name, frame.word("edition", tongue, random), manual.version);
    let page =
        if random.chance(50) { format!("{} ", frame.word("page", tongue, random)) } else { String::new() };
    Look {
        slab: maker.style.slab,
        size: if maker.style.small { 8.6 } else { 10.4 },
        head: if manual.length == Length::Leaf { String::new() } else { title.clone() },
        foot: (edition, page),
        title,
        language: if tongue == Tongue::German { "de" } else { "en" },
    }
}

/// Needs a password to be opened (RC4, 128 bits).
fn encrypted(bytes: &[u8]) -> Result<Vec<u8>> {
    let mut document = Document::load_mem(bytes)?;
    let id = Object::String(b"generated-catalog".to_vec(), StringFormat::Literal);
    document.trailer.set("ID", Object::Array(vec![id.clone(), id]));
    let state = EncryptionState::try_from(EncryptionVersion::V2 {
        document: &document,
        owner_password: "werkstatt",
        user_password: "nur-fuer-haendler",
        key_length: 128,
        permissions: Permissions::empty(),
    })?;
    document.encrypt(&state)?;
    // The second half of the user's entry may be anything (ISO 32000-1, algorithm 5): not the chance that the library puts there.
    let entry = document.trailer.get(b"Encrypt")?.as_reference()?;
    let fields = document.get_object_mut(entry)?.as_dict_mut()?;
    if let Object::String(user, _) = fields.get_mut(b"U")? {
        user.truncate(16);
        user.resize(32, 0);
    }
    let mut bytes = Vec::new();
    document.save_to(&mut bytes)?;
    Ok(bytes)
}

/// Lost on the way: only the beginning arrived, and that with holes.
fn damaged(bytes: &[u8]) -> Vec<u8> {
    bytes[..bytes.len() / 5]
        .iter()
        .enumerate()
        .map(|(at, byte)| if at > 64 && at % 3 == 0 { 0 } else { *byte })
        .collect()
}
