//! Reading forward from a place of a text.

use super::Kind;
use crate::normal::fold;

/// Longer runs of letters and digits are no word of a person.
const LONGEST_WORD: usize = 64;

/// A place in a text from which words and signs are read. Marks of replaced data are never read over.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    /// Bytes from the beginning of the text.
    pub(super) at: usize,
}

/// White space within a line.
pub(super) fn is_blank(sign: char) -> bool {
    sign.is_whitespace() && !matches!(sign, '\n' | '\r')
}

/// The mark that a text begins with, as bytes.
pub(super) fn mark_length(text: &str) -> Option<usize> {
    text.starts_with('[').then_some(())?;
    let marks = Kind::ALL.iter().map(|kind| kind.mark());
    marks.into_iter().find(|mark| text.starts_with(mark)).map(str::len)
}

impl<'a> Cursor<'a> {
    /// A cursor at a place, which must lie between two characters.
    pub(super) fn new(text: &'a str, at: usize) -> Self {
        Self { text, at }
    }

    /// What follows.
    pub(super) fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    /// What follows an earlier place.
    pub(super) fn rest_from(&self, at: usize) -> &'a str {
        &self.text[at..]
    }

    /// The next character.
    pub(super) fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    /// Reads this character.
    pub(super) fn eat(&mut self, sign: char) -> bool {
        let is_next = self.rest().starts_with(sign);
        if is_next {
            self.at += sign.len_utf8();
        }
        is_next
    }

    /// Reads at most `most` characters that pass a test; returns how many.
    pub(super) fn skip(&mut self, most: usize, test: impl Fn(char) -> bool) -> usize {
        let read = self.rest().chars().take(most).take_while(|sign| test(*sign));
        let (mut count, mut bytes) = (0, 0);
        for sign in read {
            count += 1;
            bytes += sign.len_utf8();
        }
        self.at += bytes;
        count
    }

    /// Reads up to three blanks; whether there was one.
    pub(super) fn blanks(&mut self) -> bool {
        self.skip(3, is_blank) > 0
    }

    /// Reads a run of letters and digits.
    pub(super) fn word(&mut self) -> Option<&'a str> {
        let rest = self.rest();
        let count = self.skip(LONGEST_WORD, char::is_alphanumeric);
        let word = &rest[..rest.len() - self.rest().len()];
        (count > 0 && self.is_word_end()).then_some(word)
    }

    /// Reads at most `most` words of nothing but letters, joined by single signs that pass a test: `Karl-Marx`, `O'Neil`.
    pub(super) fn joined_words(&mut self, most: usize, joins: impl Fn(char) -> bool) -> Option<&'a str> {
        let start = self.at;
        let rest = self.rest();
        for part in 1..=most {
            self.word().filter(|word| word.chars().all(char::is_alphabetic))?;
            let mut ahead = *self;
            let goes_on = ahead.skip(1, &joins) > 0 && ahead.peek().is_some_and(char::is_alphabetic);
            if part == most || !goes_on {
                break;
            }
            *self = ahead;
        }
        Some(&rest[..self.at - start])
    }

    /// Reads a word and folds it.
    pub(super) fn folded_word(&mut self) -> Option<String> {
        self.word().map(fold)
    }

    /// Reads at most `most` digits.
    pub(super) fn digits(&mut self, most: usize) -> &'a str {
        let rest = self.rest();
        let count = self.skip(most, |sign| sign.is_ascii_digit());
        &rest[..count]
    }

    /// Whether a word or number that ends here goes on in no letter, digit or mark.
    pub(super) fn is_word_end(&self) -> bool {
        match self.peek() {
            Some('[') => mark_length(self.rest()).is_none(),
            Some(sign) => !sign.is_alphanumeric(),
            None => true,
        }
    }

    /// Whether the line ends here, blanks aside.
    pub(super) fn is_line_end(&self) -> bool {
        let mut ahead = *self;
        ahead.blanks();
        ahead.peek().is_none_or(|sign| matches!(sign, '\n' | '\r'))
    }

    /// Whether a clause ends here: the line's end or a sign that parts.
    pub(super) fn is_clause_end(&self) -> bool {
        let parts = matches!(self.peek(), Some(',' | '.' | '!' | '?' | ';' | ':' | ')' | '|' | '-' | '–'));
        self.is_line_end() || parts
    }
}
