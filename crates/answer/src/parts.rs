//! A chunk's text, taken apart: what measuring it needs, whatever is asked.
//!
//! Taking a text apart costs several times what measuring it does, and the same texts are found for many questions: what was done
//! once is kept with the text (`texts`).

use std::sync::{Arc, OnceLock};

use crate::analysis::words;
use crate::passage::Sentence;
use crate::retrieve::Fingerprint;
use crate::terms::Terms;

/// A text that is taken apart when it is measured first.
#[derive(Debug)]
pub(crate) struct Text {
    text: String,
    parts: OnceLock<Parts>,
}

/// What a text is made of.
#[derive(Debug)]
pub(crate) struct Parts {
    /// The terms of the whole.
    pub(crate) terms: Terms,
    /// What it says, to be compared with others.
    pub(crate) fingerprint: Fingerprint,
    /// Its sentences, steps and rows.
    pub(crate) sentences: Vec<Sentence>,
}

impl Text {
    /// A text that nobody has measured yet.
    pub(crate) fn new(text: String) -> Arc<Self> {
        Arc::new(Self { text, parts: OnceLock::new() })
    }

    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// What it is made of.
    pub(crate) fn parts(&self) -> &Parts {
        self.parts.get_or_init(|| {
            let words = words(&self.text);
            Parts {
                terms: Terms::of_text(&self.text, &words),
                fingerprint: Fingerprint::of(&words),
                sentences: Sentence::all(&self.text),
            }
        })
    }
}
