//! Vectors from a service that speaks the form of OpenAI's `/v1/embeddings`
//! (<https://platform.openai.com/docs/api-reference/embeddings/create>): OpenAI itself, Azure, vLLM, Ollama, text-embeddings-inference.
//!
//! Texts go out in batches, several at the same time; what fails for want of time or room is sent again. Vectors are brought to length one
//! here, whatever the service does. Start reading at [`RemoteEmbedder`].

mod call;
mod pace;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use auskunft_boot::settings::RemoteSettings;
use auskunft_model::{Digest, SpaceId};

use crate::vector::normalise;
use crate::{EmbedError, Embedder, Prefixes, TextKind};
use call::Caller;

/// Characters that count as one token: services tell tokens only of what they were sent. German has more of them to a token, so that a
/// chunk that fits by this measure fits.
const CHARACTERS_PER_TOKEN: usize = 3;
/// Characters of a batch, so that many long texts are not one large body.
const LARGEST_BATCH: usize = 200_000;
/// What services refuse is an empty text.
const NOTHING: &str = " ";
/// Asked at the start: its vector tells the dimensions.
const PROBE: &str = "Auskunft";

/// Asks a service for vectors.
pub(crate) struct RemoteEmbedder {
    settings: RemoteSettings,
    prefixes: Prefixes,
    caller: Caller,
    dimensions: usize,
    space: SpaceId,
}

impl RemoteEmbedder {
    /// Asks for one vector: the service must answer, and its length is the space's.
    pub(crate) fn open(settings: &RemoteSettings, prefixes: &Prefixes) -> Result<Self, EmbedError> {
        let caller = Caller::new(settings)?;
        let probe = caller.vectors(&[PROBE.to_owned()])?;
        let dimensions = probe.first().map_or(0, Vec::len);
        if dimensions == 0 || settings.dimensions.is_some_and(|wanted| wanted != dimensions) {
            return Err(EmbedError::RemoteDimensions {
                url: settings.url.clone(),
                found: dimensions,
                wanted: settings.dimensions.unwrap_or(dimensions),
            });
        }
        let space = space(settings, prefixes, dimensions);
        Ok(Self { settings: settings.clone(), prefixes: prefixes.clone(), caller, dimensions, space })
    }

    fn prefix(&self, kind: TextKind) -> &str {
        self.prefixes.before(kind).unwrap_or_default()
    }

    /// As the service is sent a text.
    fn prefixed(&self, kind: TextKind, text: &str) -> String {
        let whole = format!("{}{text}", self.prefix(kind));
        if whole.trim().is_empty() { NOTHING.to_owned() } else { whole }
    }

    /// The vectors of one batch, checked and of length one.
    fn batch(&self, texts: &[String], first: usize) -> Result<Vec<Vec<f32>>, EmbedError> {
        let mut vectors = self.caller.vectors(texts)?;
        for (place, vector) in vectors.iter_mut().enumerate() {
            if vector.len() != self.dimensions {
                return Err(EmbedError::RemoteDimensions {
                    url: self.settings.url.clone(),
                    found: vector.len(),
                    wanted: self.dimensions,
                });
            }
            if !normalise(vector) {
                return Err(EmbedError::RemoteNotFinite {
                    url: self.settings.url.clone(),
                    index: first + place,
                });
            }
        }
        Ok(vectors)
    }
}

/// The model with its dimensions and prefixes; not the address, under which the same model may move. Whoever serves another model under a name
/// that was used must change the name.
fn space(settings: &RemoteSettings, prefixes: &Prefixes, dimensions: usize) -> SpaceId {
    let length = dimensions.to_string();
    let before = |kind| prefixes.before(kind).unwrap_or_default();
    let parts = [&settings.model, length.as_str(), before(TextKind::Query), before(TextKind::Passage)];
    let digest = Digest::of_parts(parts.map(str::as_bytes));
    SpaceId::new(format!("remote-{dimensions}-{}", digest.as_str().get(..12).unwrap_or_default()))
}

/// Batches of texts as ranges, none with more texts or characters than may be.
fn batches(texts: &[String], most: usize) -> Vec<std::ops::Range<usize>> {
    let mut found = Vec::new();
    let (mut begin, mut characters) = (0, 0);
    for (place, text) in texts.iter().enumerate() {
        if place > begin && (place - begin == most || characters + text.len() > LARGEST_BATCH) {
            found.push(begin..place);
            (begin, characters) = (place, 0);
        }
        characters += text.len();
    }
    if begin < texts.len() {
        found.push(begin..texts.len());
    }
    found
}

impl Embedder for RemoteEmbedder {
    fn space(&self) -> &SpaceId {
        &self.space
    }

    fn dimensions(&self) -> usize {
        self.dimensions
    }

    fn max_tokens(&self) -> usize {
        self.settings.max_tokens
    }

    fn count_tokens(&self, text: &str) -> usize {
        (self.prefix(TextKind::Passage).chars().count() + text.chars().count()).div_ceil(CHARACTERS_PER_TOKEN)
    }

    fn is_lexical(&self) -> bool {
        false
    }

    fn embed(&self, kind: TextKind, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        let texts: Vec<String> = texts.iter().map(|text| self.prefixed(kind, text)).collect();
        let batches = batches(&texts, self.settings.batch.max(1));
        if let [only] = batches.as_slice() {
            return self.batch(&texts, only.start);
        }
        let done: Vec<Mutex<Option<Outcome>>> = batches.iter().map(|_| Mutex::new(None)).collect();
        let (next, has_failed) = (AtomicUsize::new(0), AtomicBool::new(false));
        let work = || {
            while let Some((place, range)) =
                take(&next, &batches).filter(|_| !has_failed.load(Ordering::Relaxed))
            {
                let outcome = self.batch(&texts[range.clone()], range.start);
                has_failed.fetch_or(outcome.is_err(), Ordering::Relaxed);
                *done[place].lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(outcome);
            }
        };
        std::thread::scope(|scope| {
            for _ in 0..self.settings.concurrency.clamp(1, batches.len().max(1)) {
                scope.spawn(work);
            }
        });
        let mut vectors = Vec::with_capacity(texts.len());
        for outcome in done {
            // Of batches behind a failed one some were not begun.
            match outcome.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner) {
                Some(batch) => vectors.extend(batch?),
                None => continue,
            }
        }
        Ok(vectors)
    }

    fn notes(&self) -> Vec<String> {
        vec![format!(
            "texts and questions are sent to {}, tokens are estimated ({CHARACTERS_PER_TOKEN} characters each)",
            self.settings.url
        )]
    }
}

/// What became of a batch.
type Outcome = Result<Vec<Vec<f32>>, EmbedError>;

fn take<'b>(
    next: &AtomicUsize,
    batches: &'b [std::ops::Range<usize>],
) -> Option<(usize, &'b std::ops::Range<usize>)> {
    let place = next.fetch_add(1, Ordering::Relaxed);
    batches.get(place).map(|range| (place, range))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn batches_hold_as_many_texts_and_characters_as_they_may() {
        let texts = |lengths: &[usize]| lengths.iter().map(|length| "x".repeat(*length)).collect::<Vec<_>>();
        assert_eq!(batches(&texts(&[1; 5]), 2), [0..2, 2..4, 4..5]);
        assert_eq!(batches(&texts(&[LARGEST_BATCH, 1, LARGEST_BATCH + 1, 1]), 9), [0..1, 1..2, 2..3, 3..4]);
        assert!(batches(&[], 2).is_empty());
    }
}
