//! Paragraphs to lines, with hyphenation.

use hypher::Lang;

use super::faces;
use crate::language::Tongue;

/// Type of a text: face, size and language.
#[derive(Debug, Clone, Copy)]
pub(super) struct Type {
    pub(super) slab: bool,
    pub(super) bold: bool,
    pub(super) size: f32,
    pub(super) tongue: Tongue,
}

impl Type {
    fn width(self, text: &str) -> f32 {
        faces::width(self.slab, self.bold, text, self.size)
    }

    /// Breaks a text into lines of at most `width` points.
    pub(super) fn lines(self, text: &str, width: f32) -> Vec<String> {
        let (mut lines, mut line) = (Vec::new(), String::new());
        for word in text.split_whitespace() {
            let joint = if line.is_empty() { "" } else { " " };
            if self.width(&line) + self.width(joint) + self.width(word) <= width {
                line.push_str(joint);
                line.push_str(word);
                continue;
            }
            let room = width - self.width(&line) - self.width(joint);
            match self.parted(word, room) {
                Some((head, tail)) => {
                    lines.push(format!("{line}{joint}{head}"));
                    line = tail;
                }
                None if line.is_empty() => lines.push(word.to_owned()),
                None => lines.push(std::mem::replace(&mut line, word.to_owned())),
            }
        }
        if !line.is_empty() {
            lines.push(line);
        }
        lines
    }

    /// A word parted so that its head fits into the room.
    fn parted(self, word: &str, room: f32) -> Option<(String, String)> {
        let is_word = word.chars().count() >= 7
            && word.chars().all(|letter| letter.is_alphabetic() || ",.;:".contains(letter));
        if !is_word {
            return None;
        }
        let language = if self.tongue == Tongue::German { Lang::German } else { Lang::English };
        let core = word.trim_end_matches([',', '.', ';', ':']);
        let syllables: Vec<&str> = hypher::hyphenate(core, language).collect();
        let mut best = None;
        let mut length = 0;
        for syllable in &syllables[..syllables.len().saturating_sub(1)] {
            length += syllable.len();
            let head = format!("{}-", &word[..length]);
            if self.width(&head) <= room {
                best = Some((head, word[length..].to_owned()));
            }
        }
        best
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_words_are_parted_between_syllables() {
        let kind = Type { slab: false, bold: false, size: 10.0, tongue: Tongue::German };
        let lines = kind.lines("Das Entkalkungsprogramm", 90.0);
        assert_eq!(lines.len(), 2);
        assert!(lines[0].ends_with('-'), "{lines:?}");
        assert_eq!(lines.concat().replace('-', ""), "Das Entkalkungsprogramm");
    }
}
