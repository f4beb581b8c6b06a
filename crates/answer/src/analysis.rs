//! Texts as the lexical index and the confidence rule see them: words, stems and character 4-grams.
//!
//! Everything is folded first (`ä` and `ae`, `ß` and `ss`, composed and decomposed letters meet), at index time and at
//! query time alike, so that there is one form of each term.

use std::cell::RefCell;
use std::collections::HashMap;
use std::collections::hash_map::DefaultHasher;
use std::hash::Hasher;
use std::sync::{Arc, OnceLock};

use auskunft_text::normal::fold;
use tantivy::tokenizer::{Language as StemLanguage, Stemmer, TextAnalyzer, TokenStream, WhitespaceTokenizer};

use crate::concepts::{self, Concept, loosen};
use crate::terms::Terms;

/// Characters of a gram.
const GRAM: usize = 4;

/// The two stemmers of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stemming {
    German,
    English,
}

/// Folded runs of letters and digits, in order.
pub(crate) fn words(text: &str) -> Vec<String> {
    let folded = fold(text);
    let parts = folded.split(|sign: char| !sign.is_alphanumeric()).filter(|part| !part.is_empty());
    parts.map(str::to_owned).collect()
}

/// Words whose forms a thread keeps: more than a shop's texts have in use at a time.
const KEPT_WORDS: usize = 40_000;

thread_local! {
    static KNOWN: RefCell<HashMap<String, Arc<Word>>> = RefCell::new(HashMap::new());
}

/// The forms of a folded word. Texts repeat their words: each thread keeps the forms of those that it has seen.
pub(crate) fn known(text: &str) -> Arc<Word> {
    KNOWN.with_borrow_mut(|known| {
        if let Some(word) = known.get(text) {
            return Arc::clone(word);
        }
        if known.len() >= KEPT_WORDS {
            known.clear();
        }
        let word = Arc::new(Word::analysed(text));
        known.insert(text.to_owned(), Arc::clone(&word));
        word
    })
}

/// The stem of a folded word, without the umlauts' `e`, which many leave out.
fn stem(word: &str, language: StemLanguage) -> String {
    let mut analyzer =
        TextAnalyzer::builder(WhitespaceTokenizer::default()).filter(Stemmer::new(language)).build();
    let mut stream = analyzer.token_stream(word);
    let stem = if stream.advance() { stream.token().text.as_str() } else { word };
    loosen(stem)
}

/// The stems of words that are folded already.
pub(crate) fn stems(words: &[String], stemming: Stemming) -> Vec<String> {
    let stem = |word: &String| match stemming {
        Stemming::German => known(word).german.clone(),
        Stemming::English => known(word).english.clone(),
    };
    words.iter().map(stem).collect()
}

/// The concepts that folded words stand for, by themselves and together.
pub(crate) fn concepts_of(words: &[String]) -> Vec<Concept> {
    Terms::of_words(words).into_concepts()
}

/// Runs of folded words that stand for a concept together.
pub(crate) fn phrases_of(words: &[String]) -> Vec<(&[String], Concept)> {
    let known: Vec<Arc<Word>> = words.iter().map(|word| known(word)).collect();
    let loose: Vec<&str> = known.iter().map(|word| word.loose.as_str()).collect();
    let found = concepts::of_phrases(&loose);
    found.map(|(place, length, concept)| (&words[place..place + length], concept)).collect()
}

/// Whether a word is another one with a slip of the finger: one letter more, less or changed, or two neighbours swapped.
pub(crate) fn is_slip_of(word: &str, meant: &str) -> bool {
    let (word, meant) = (word.as_bytes(), meant.as_bytes());
    let same = word.iter().zip(meant).take_while(|(one, other)| one == other).count();
    let (rest, right) = (&word[same..], &meant[same..]);
    let is_swapped = rest.len() > 1 && right.len() > 1 && rest[0] == right[1] && rest[1] == right[0];
    match word.len().abs_diff(meant.len()) {
        0 => rest.get(1..) == right.get(1..) || (is_swapped && rest.get(2..) == right.get(2..)),
        1 if word.len() > meant.len() => rest.get(1..) == Some(right),
        1 => right.get(1..) == Some(rest),
        _ => false,
    }
}

/// The 4-grams of a folded word, its ends marked by `_`; a word that is shorter with its marks stands whole.
///
/// The marks tell beginnings and ends from middles; they raised MRR@10 on the German FAQ set from .674 to .708.
pub(crate) fn grams(word: &str) -> Vec<String> {
    let framed: Vec<char> = std::iter::once('_').chain(word.chars()).chain(std::iter::once('_')).collect();
    if framed.len() <= GRAM {
        return vec![framed.into_iter().collect()];
    }
    framed.windows(GRAM).map(|window| window.iter().collect()).collect()
}

/// The grams of many words, joined by blanks as the index takes them.
pub(crate) fn gram_text(words: &[String]) -> String {
    words.iter().flat_map(|word| grams(word)).collect::<Vec<_>>().join(" ")
}

/// A word with its forms. What it is compared by is hashed: a text is compared with many words of many questions.
#[derive(Debug, Clone, Default)]
pub(crate) struct Word {
    /// Folded.
    pub(crate) text: String,
    /// German stem.
    pub(crate) german: String,
    /// English stem.
    pub(crate) english: String,
    /// What it stands for.
    pub(crate) concepts: Vec<Concept>,
    /// Loosened.
    pub(crate) loose: String,
    /// The word and its stems: German, English.
    pub(crate) forms: [u64; 3],
    /// Character grams, sorted, each once.
    grams: Vec<u64>,
    /// Made when it is asked for: of the words of questions alone.
    parts: OnceLock<Parts>,
}

/// The beginnings and ends of a word, hashed, that may be words themselves.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parts {
    /// All but the short ones, which say nothing.
    pub(crate) beginnings: Vec<u64>,
    /// Those that are a good part of the word.
    pub(crate) ends: Vec<u64>,
}

impl Parts {
    /// Shortest end, in bytes; a beginning is longer.
    const SHORTEST: usize = 4;

    fn of(word: &str) -> Self {
        let places = || word.char_indices().map(|(place, _)| place).skip(1);
        let is_end = |end: &&str| end.len() >= Self::SHORTEST && end.len() >= word.len() / 3;
        Self {
            beginnings: places()
                .filter(|place| *place > Self::SHORTEST)
                .map(|place| hash(&word[..place]))
                .collect(),
            ends: places().map(|place| &word[place..]).filter(is_end).map(hash).collect(),
        }
    }
}

impl Word {
    /// A kind of quantity, as [`quantity::asked`](crate::quantity::asked) names it.
    pub(crate) fn quantity(kind: &str) -> Self {
        let text = kind.to_owned();
        Self { german: text.clone(), english: text.clone(), forms: [hash(kind); 3], text, ..Self::default() }
    }

    /// The forms of a folded word.
    pub(crate) fn new(text: &str) -> Self {
        Self::clone(&known(text))
    }

    /// A word that no text has, with what it may have been meant to be.
    pub(crate) fn into_meant(self) -> Self {
        let concepts =
            if self.concepts.is_empty() { concepts::of_slip(&self.loose) } else { self.concepts.clone() };
        Self { concepts, ..self }
    }

    /// Its beginnings and ends.
    pub(crate) fn parts(&self) -> &Parts {
        self.parts.get_or_init(|| Parts::of(&self.text))
    }

    /// The share of its grams that another word has, too, 0–1.
    pub(crate) fn shared_with(&self, other: &Self) -> f64 {
        let shared = self.grams.iter().filter(|gram| other.grams.binary_search(gram).is_ok()).count();
        shared as f64 / self.grams.len().max(1) as f64
    }

    fn analysed(text: &str) -> Self {
        let (loose, german, english) =
            (loosen(text), stem(text, StemLanguage::German), stem(text, StemLanguage::English));
        let mut grams: Vec<u64> = grams(text).iter().map(|gram| hash(gram)).collect();
        grams.sort_unstable();
        grams.dedup();
        Self {
            forms: [hash(text), hash(&german), hash(&english)],
            concepts: concepts::of_word(&loose),
            text: text.to_owned(),
            grams,
            german,
            english,
            loose,
            parts: OnceLock::new(),
        }
    }
}

/// What words and their parts are compared by.
pub(crate) fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_umlauts_have_the_same_terms() {
        assert_eq!(words("Größe, fu\u{308}r"), ["groesse", "fuer"]);
        assert_eq!(words("GROESSE fuer"), ["groesse", "fuer"]);
    }

    #[test]
    fn words_are_cut_into_marked_grams() {
        assert_eq!(grams("akku"), ["_akk", "akku", "kku_"]);
        assert_eq!(grams("km"), ["_km_"]);
        assert_eq!(grams("s"), ["_s_"]);
    }

    #[test]
    fn a_slip_of_the_finger_is_one_letter() {
        for slip in ["hetisch", "hektisc", "hekitsch", "hektisxh", "hekttisch"] {
            assert!(is_slip_of(slip, "hektisch"), "{slip}");
        }
        assert!(!is_slip_of("hektik", "hektisch") && !is_slip_of("drastisch", "hektisch"));
    }
}
