//! What manuals tell around the facts: `data/manual.toml`.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::language::phrase::{Slots, fill};
use crate::language::{Both, Phrases, Tongue};
use crate::random::Random;
use crate::world::kinds::Domain;

/// The frame's texts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Frame {
    words: BTreeMap<String, Both>,
    haushalt: Domestic,
    elektronik: Domestic,
    #[serde(rename = "setting")]
    pub(super) settings: Vec<Setting>,
    pub(super) closing: Closing,
}

/// Texts for one domain.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Domestic {
    pub(super) safety: Phrases,
    pub(super) start: Phrases,
    pub(super) parts: Phrases,
}

/// An entry of a menu.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Setting {
    pub(super) name: Both,
    pub(super) range: Both,
    pub(super) effect: Both,
}

/// Texts of the last chapters.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Closing {
    pub(super) care: Phrases,
    pub(super) service: Phrases,
}

/// Reads the frame.
pub(super) fn frame() -> Result<Frame> {
    toml::from_str(include_str!("../../../data/manual.toml")).context("data/manual.toml")
}

impl Frame {
    /// A heading or a label.
    pub(super) fn word(&self, name: &str, tongue: Tongue, random: &mut Random) -> String {
        let phrase = self.words.get(name).map_or("", |both| both.of(tongue));
        fill(phrase, &Slots::default(), random)
    }

    /// The texts of a domain.
    pub(super) fn domain(&self, domain: Domain) -> &Domestic {
        if domain == Domain::Haushalt { &self.haushalt } else { &self.elektronik }
    }
}
