//! Whether a page's text can be used, before anything is made of it.
//!
//! Thresholds are those measured on 6,200 pages: pages with fonts without an encoding have 42–70 % unreadable signs,
//! German manuals 0.03 %.

use auskunft_model::PageState;

use super::page::Page;

/// More unreadable signs than this share of all: garbled.
const MAX_UNREADABLE: f32 = 0.05;
/// Fewer letters and digits than this share of the visible signs: garbled.
const MIN_LETTERS: f32 = 0.40;
/// A page with fewer visible signs than this under a large image is a scan.
const FEW_SIGNS: usize = 30;
/// A large image covers this share of the page.
const LARGE_IMAGE: f32 = 0.5;

/// What a page's text is like.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quality {
    /// Readable.
    Text,
    /// Nothing on the page, or a picture without words.
    Blank,
    /// A picture of text: needs character recognition.
    Image,
    /// A text layer of unreadable signs: needs character recognition.
    Garbled,
}

impl Quality {
    /// The page's outcome in reports.
    pub fn state(self) -> PageState {
        match self {
            Self::Text | Self::Blank => PageState::Ok,
            Self::Image | Self::Garbled => PageState::NeedsOcr,
        }
    }
}

/// Looks at one page.
pub fn of(page: &Page) -> Quality {
    let mut counts = Counts::default();
    for span in &page.spans {
        counts.take(&span.text);
    }
    if counts.signs < FEW_SIGNS && page.image_cover > LARGE_IMAGE {
        return Quality::Image;
    }
    if counts.signs == 0 {
        return Quality::Blank;
    }
    if counts.is_garbled() { Quality::Garbled } else { Quality::Text }
}

#[derive(Debug, Default)]
struct Counts {
    /// Visible signs; of a run of equal ones that are no letters (leaders, rules) only the first two.
    signs: usize,
    letters: usize,
    unreadable: usize,
    /// The last sign and how often it came in a row, over blanks and spans: leaders are often set dot by dot.
    run: (char, usize),
}

impl Counts {
    fn take(&mut self, text: &str) {
        for sign in text.chars().filter(|sign| !sign.is_whitespace()) {
            self.run = if sign == self.run.0 { (sign, self.run.1 + 1) } else { (sign, 1) };
            let is_letter = sign.is_alphanumeric();
            if self.run.1 > 2 && !is_letter {
                continue;
            }
            self.signs += 1;
            self.letters += usize::from(is_letter);
            self.unreadable += usize::from(is_unreadable(sign));
        }
    }

    fn is_garbled(&self) -> bool {
        let signs = self.signs as f32;
        self.unreadable as f32 > MAX_UNREADABLE * signs || (self.letters as f32) < MIN_LETTERS * signs
    }
}

/// Replacement, private-use, control and non-characters; U+0002 is a hyphen and U+FFFE a mark of one engine for it.
/// Bullets of symbol fonts stand at the private U+F0xx and are no sign of a broken encoding when few; the share decides.
fn is_unreadable(sign: char) -> bool {
    let private = matches!(sign, '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}');
    let control = sign.is_control() && sign != '\u{2}';
    let none = matches!(sign, '\u{fdd0}'..='\u{fdef}') || (u32::from(sign) & 0xffff) == 0xffff;
    private || control || none || sign == '\u{fffd}'
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::page::Span;

    fn page(text: &str, image_cover: f32) -> Page {
        let span = Span {
            text: text.to_owned(),
            left: 0.0,
            top: 0.0,
            right: 100.0,
            bottom: 10.0,
            size: 10.0,
            bold: false,
            turned: false,
        };
        let spans = if text.is_empty() { Vec::new() } else { vec![span] };
        Page { number: 1, width: 600.0, height: 800.0, spans, raw_letters: 0, image_cover }
    }

    #[test]
    fn leaders_set_dot_by_dot_are_no_garbage() {
        let mut contents = page("Inhalt", 0.0);
        let dot = Span { text: ".".to_owned(), ..contents.spans[0].clone() };
        contents.spans.extend(std::iter::repeat_n(dot, 80));
        assert_eq!(of(&contents), Quality::Text);
    }

    #[test]
    fn german_text_and_tables_of_numbers_are_text() {
        assert_eq!(of(&page("Wählen Sie „Entkalken“ und drücken Sie OK.", 0.0)), Quality::Text);
        assert_eq!(of(&page("Alabama 33,231 1,249 27,008 (5.2 %)", 0.0)), Quality::Text);
        assert_eq!(of(&page("Inhalt ............................................ 3", 0.0)), Quality::Text);
    }

    #[test]
    fn unreadable_signs_are_garbled() {
        assert_eq!(of(&page("\u{e001}\u{e002}\u{e003} abc def ghi", 0.0)), Quality::Garbled);
        assert_eq!(of(&page("!#$%&()*+,-./:;<=>?@[]ab", 0.0)), Quality::Garbled);
    }

    #[test]
    fn few_words_on_a_large_image_are_a_scan() {
        assert_eq!(of(&page("Seite 3", 0.9)), Quality::Image);
        assert_eq!(of(&page("", 0.9)), Quality::Image);
        assert_eq!(of(&page("", 0.0)), Quality::Blank);
    }
}
