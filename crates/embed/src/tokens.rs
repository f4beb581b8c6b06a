//! Texts to token numbers.

use std::path::Path;

use tokenizers::Tokenizer;

use crate::EmbedError;
use crate::files::damaged;

/// A question that any German-speaking shop gets; see [`Tokens::is_weak_in_german`].
const GERMAN: &str = "Wie kann ich meine Bestellung zurückgeben, und wann wird der Kaufpreis erstattet? Das Gerät lässt \
                      sich nach der Reinigung nicht mehr einschalten.";
/// Pieces per German word above which a vocabulary was hardly made for German. Measured: 2.4 for the vocabulary of the
/// English BERT, which gives 1.2 for the same text in English.
const TOO_MANY_PIECES: f64 = 2.0;

pub(crate) struct Tokens {
    tokenizer: Tokenizer,
    max_tokens: usize,
    vocabulary: usize,
}

impl Tokens {
    /// A tokenizer from the bytes of a tokenizer.json. Truncation and padding stated there are ignored: common files pad
    /// every text to 128 tokens and cut it there, whatever the model can take.
    pub(crate) fn parse(
        path: &Path,
        bytes: &[u8],
        max_tokens: usize,
        vocabulary: usize,
    ) -> Result<Self, EmbedError> {
        let mut tokenizer = Tokenizer::from_bytes(bytes).map_err(|error| damaged(path, error))?;
        tokenizer.with_padding(None);
        tokenizer.with_truncation(None).map_err(|error| damaged(path, error))?;
        let tokens = Self { tokenizer, max_tokens, vocabulary };
        let empty = tokens.encode("").map_err(|detail| damaged(path, detail))?;
        if empty.is_empty() {
            return Err(damaged(
                path,
                "it adds no special tokens, an encoder needs some, like [CLS] and [SEP]",
            ));
        }
        Ok(tokens)
    }

    /// Token numbers of a text, special tokens included, cut to the longest sequence. Each is a row of the word table.
    pub(crate) fn encode(&self, text: &str) -> Result<Vec<u32>, String> {
        let encoding = self.tokenizer.encode_fast(text, true).map_err(|error| error.to_string())?;
        let mut ids = encoding.get_ids().to_vec();
        if ids.len() > self.max_tokens {
            let mask = encoding.get_special_tokens_mask();
            let closing = mask.iter().rev().take_while(|&&special| special == 1).count().min(self.max_tokens);
            ids.drain(self.max_tokens - closing..ids.len() - closing);
        }
        match ids.iter().find(|&&id| id as usize >= self.vocabulary) {
            Some(id) => Err(format!("token {id} is beyond the model's {} words", self.vocabulary)),
            None => Ok(ids),
        }
    }

    /// Tokens of a text, special tokens included, uncut. A text that the tokenizer refuses counts one for each character,
    /// which is never too few.
    pub(crate) fn count(&self, text: &str) -> usize {
        match self.tokenizer.encode_fast(text, true) {
            Ok(encoding) => encoding.len(),
            Err(_) => text.chars().count(),
        }
    }

    /// What an operator should know about the vocabulary.
    pub(crate) fn notes(&self) -> Vec<String> {
        if self.is_weak_in_german() {
            vec!["the model's vocabulary is made for English: it is weak in German".to_owned()]
        } else {
            Vec::new()
        }
    }

    /// Whether the vocabulary cuts German words to pieces, which tells a model made for English.
    fn is_weak_in_german(&self) -> bool {
        let pieces = self.count(GERMAN).saturating_sub(self.count(""));
        let words = GERMAN.split_whitespace().count();
        pieces as f64 > TOO_MANY_PIECES * words as f64
    }
}
