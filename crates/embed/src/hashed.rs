//! The embedder that needs no model: hashed character n-grams.
//!
//! Every word is folded, framed by spaces and cut into all its pieces of 3 to 5 characters. Each piece is hashed to one
//! of 1024 places and a sign ("feature hashing", Weinberger et al. 2009: the sign makes collisions cancel on average).
//! A piece that occurs n times counts 1 + ln n. Compound words and inflected forms share pieces, which is what makes it
//! useful in German; words of the same meaning share none.

use std::collections::BTreeMap;

use auskunft_model::SpaceId;
use unicode_normalization::{UnicodeNormalization, char::is_combining_mark};

use crate::vector::normalise;
use crate::{EmbedError, Embedder, TextKind};

const DIMENSIONS: usize = 1024;
const SHORTEST: usize = 3;
const LONGEST: usize = 5;
/// Recommended length of a chunk, in tokens of three characters.
const MAX_TOKENS: usize = 256;
/// Characters that count as one token.
const CHARACTERS_PER_TOKEN: usize = 3;
/// Names the algorithm: raise the version with every change that moves a vector.
const SPACE: &str = "hashed-ngram35-1024-v1";

pub(crate) struct HashedEmbedder {
    space: SpaceId,
}

impl HashedEmbedder {
    pub(crate) fn new() -> Self {
        Self { space: SpaceId::new(SPACE) }
    }
}

impl Embedder for HashedEmbedder {
    fn space(&self) -> &SpaceId {
        &self.space
    }

    fn dimensions(&self) -> usize {
        DIMENSIONS
    }

    fn max_tokens(&self) -> usize {
        MAX_TOKENS
    }

    fn count_tokens(&self, text: &str) -> usize {
        text.chars().count().div_ceil(CHARACTERS_PER_TOKEN)
    }

    fn is_lexical(&self) -> bool {
        true
    }

    fn embed(&self, _: TextKind, texts: &[&str]) -> Result<Vec<Vec<f32>>, EmbedError> {
        Ok(texts.iter().map(|text| vector(text)).collect())
    }

    fn notes(&self) -> Vec<String> {
        vec!["the hashed embedder finds shared letters, not shared meaning".to_owned()]
    }
}

fn vector(text: &str) -> Vec<f32> {
    let mut vector = vec![0.0; DIMENSIONS];
    for (hash, count) in counts(text) {
        let weight = 1.0 + (count as f32).ln();
        let sign = if hash >> 63 == 0 { 1.0 } else { -1.0 };
        vector[place(hash)] += sign * weight;
    }
    if !normalise(&mut vector) {
        // A text without a letter or digit still needs a direction: a zero vector has no cosine.
        vector.fill(0.0);
        vector[place(hash(&[]))] = 1.0;
    }
    vector
}

fn place(hash: u64) -> usize {
    (hash % DIMENSIONS as u64) as usize
}

/// How often each piece occurs, by hash: sorted, so that sums are formed in the same order on every machine.
fn counts(text: &str) -> BTreeMap<u64, u32> {
    let mut counts = BTreeMap::new();
    let folded = fold(text);
    for word in folded.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let framed: Vec<char> = format!(" {word} ").chars().collect();
        for length in SHORTEST..=LONGEST {
            for piece in framed.windows(length) {
                *counts.entry(hash(piece)).or_insert(0) += 1;
            }
        }
    }
    counts
}

/// Lower case; ä, ö, ü, ß as people type them without an umlaut key (ae, oe, ue, ss); other accents removed.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len() + 8);
    for character in text.nfc().flat_map(char::to_lowercase) {
        match character {
            'ä' => folded.push_str("ae"),
            'ö' => folded.push_str("oe"),
            'ü' => folded.push_str("ue"),
            'ß' => folded.push_str("ss"),
            'a'..='z' | '0'..='9' => folded.push(character),
            other => folded.extend(std::iter::once(other).nfkd().filter(|&part| !is_combining_mark(part))),
        }
    }
    folded
}

/// FNV-1a over the characters' UTF-8 bytes (Fowler, Noll, Vo), its bits then mixed as in MurmurHash3's finaliser, since the
/// low and the highest bits are used apart from each other.
fn hash(piece: &[char]) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut buffer = [0; 4];
    for character in piece {
        for byte in character.encode_utf8(&mut buffer).bytes() {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn similarity(one: &str, other: &str) -> f32 {
        vector(one).iter().zip(vector(other)).map(|(left, right)| left * right).sum()
    }

    #[test]
    fn every_text_has_length_one_even_without_letters() {
        for text in ["", "???", "🔋", "a", "Wie entkalke ich meine Kaffeemaschine?"] {
            let squares: f32 = vector(text).iter().map(|value| value * value).sum();
            assert!((squares - 1.0).abs() < 1e-5, "{text}: {squares}");
        }
    }

    #[test]
    fn spelling_with_and_without_umlauts_is_the_same() {
        assert_eq!(vector("Größe für CAFÉ"), vector("GROESSE fuer cafe"));
        assert_eq!(vector("für"), vector("fu\u{308}r"));
        assert_eq!(vector("ＡＢＣ"), vector("abc"));
    }

    #[test]
    fn compounds_and_inflected_forms_are_near() {
        let near = similarity("Filterkartusche wechseln", "So wechselst du die Kartusche des Wasserfilters");
        let far = similarity("Filterkartusche wechseln", "Ihre Lieferung kommt am Montag");
        assert!(near > 0.3 && far < 0.15, "near {near}, far {far}");
    }

    #[test]
    fn a_repeated_word_counts_less_than_its_number() {
        let once = similarity("Akku Motor", "Akku");
        let often = similarity("Akku Akku Akku Akku Akku Akku Akku Akku Motor", "Akku");
        assert!(once < often && often < 0.98, "{once} {often}");
    }

    #[test]
    fn vectors_do_not_move_without_a_new_space() {
        let held: Vec<(usize, i32)> = vector("Akku, Akku: Motor")
            .into_iter()
            .map(|value| (value * 1000.0).round() as i32)
            .enumerate()
            .filter(|&(_, value)| value != 0)
            .collect();
        assert_eq!(SPACE, "hashed-ngram35-1024-v1");
        let expected = [
            (93, -275),
            (403, 275),
            (404, 163),
            (432, -163),
            (438, 275),
            (498, 163),
            (524, 163),
            (550, -275),
            (565, 163),
            (607, 163),
            (619, -163),
            (687, 275),
            (829, -275),
            (851, 275),
            (866, -163),
            (872, 275),
            (903, 163),
            (910, 163),
            (988, 163),
            (990, -275),
            (1023, -163),
        ];
        assert_eq!(held, expected);
    }

    #[test]
    fn three_characters_are_a_token() {
        let embedder = HashedEmbedder::new();
        assert_eq!(["", "ü", "abc", "abcd"].map(|text| embedder.count_tokens(text)), [0, 1, 1, 2]);
    }
}
