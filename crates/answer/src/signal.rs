//! What a device shows: lights with colour and rhythm, and codes. A troubleshooting row answers for its own signal alone, so both
//! are compared as what they are, not as words: "blinkt gelb" is not "leuchtet dauerhaft gelb", `E04` is not `E40`.

use crate::analysis::{is_slip_of, words};

/// The colours of lights, and how people write them; endings of German adjectives are added.
const COLOURS: &[(Colour, &[&str])] = &[
    (Colour::Red, &["rot", "red"]),
    (Colour::Orange, &["orange", "orangen", "orangefarben", "bernstein", "amber"]),
    (Colour::Yellow, &["gelb", "yellow"]),
    (Colour::Green, &["gruen", "grun", "green"]),
    (Colour::Blue, &["blau", "blue"]),
    (Colour::Purple, &["lila", "violett", "purple", "violet"]),
    (Colour::Pink, &["rosa", "pink", "magenta"]),
    (Colour::White, &["weiss", "weis", "white"]),
];

/// Endings of German adjectives.
const ENDINGS: &[&str] = &["", "e", "er", "es", "en", "em"];

/// Rhythms and how people tell of them, the most telling first: who says "blinkt zweimal" means twice, who says "blinkt … bleibt die
/// ganze Zeit an" means that it does not blink. A word matches by its beginning; words stand one behind the other, `*` for any two at most.
const RHYTHMS: &[(Rhythm, &[&str])] = &[
    (Rhythm::Times(2), &["zweimal", "zwei mal", "2 mal", "2x", "doppelt", "twice", "two times", "double"]),
    (Rhythm::Times(3), &["dreimal", "drei mal", "3 mal", "3x", "three times", "triple"]),
    (Rhythm::Times(4), &["viermal", "vier mal", "4 mal", "four times"]),
    (Rhythm::Times(5), &["fuenfmal", "fuenf mal", "5 mal", "five times"]),
    (Rhythm::Alternating, &["abwechselnd", "im wechsel", "alternat", "wechselt"]),
    (
        Rhythm::Fast,
        &[
            "schnell",
            "hektisch",
            "rasend",
            "rasch",
            "nervoes",
            "wie verrueckt",
            "wie wild",
            "wie bloed",
            "wie irre",
            "quick",
            "fast",
            "rapid",
            "frantic",
            "like mad",
            "like crazy",
        ],
    ),
    (
        Rhythm::Slow,
        &["langsam", "gemaechlich", "pulsier", "atmet", "slow", "pulsing", "pulsates", "breathing"],
    ),
    // "Geht immer an und aus" is not "immer an".
    (Rhythm::Blinking, &["an und aus", "aus und an", "on and off", "off and on"]),
    (
        Rhythm::Steady,
        &[
            "dauerhaft",
            "durchgehend",
            "konstant",
            "permanent",
            "staendig an",
            "dauernd an",
            "immer an",
            "bleibt * an",
            "bleibt an",
            "ganze zeit an",
            "ununterbrochen",
            "ohne zu blinken",
            "blinkt nicht",
            "stays on",
            "stay on",
            "steady",
            "steadily",
            "solid",
            "on all the time",
            "constant",
            "continuous",
            "keeps shining",
            "not blinking",
        ],
    ),
    (
        Rhythm::Blinking,
        &["blink", "an und aus", "aus und an", "flash", "on and off", "flacker", "flicker", "blitz"],
    ),
    (Rhythm::Lit, &["leuchte", "brennt", "glueh", "lights up", "is lit", "light is", "glow", "ist an"]),
];

/// Words for a light: with a colour beside them a text speaks of a signal.
const LIGHTS: &[&str] = &[
    "leuchte",
    "lampe",
    "laempchen",
    "lampchen",
    "licht",
    "led",
    "anzeige",
    "ring",
    "status",
    "light",
    "lamp",
    "indicator",
    "blink",
    "flash",
    "flacker",
];

/// Words before the number of an error ("Fehler 14").
const CODE_WORDS: &[&str] = &["fehler", "fehlercode", "code", "stoerung", "error", "fault", "meldung"];
/// Beginnings of words for what shows a code.
const SHOWS: &[&str] = &[
    "anzeige", "display", "zeigt", "steht", "meldet", "meldung", "fehler", "code", "error", "shows", "says",
    "screen",
];
/// Letters that a code begins with.
const MOST_LETTERS: usize = 3;
/// Digits of a code.
const MOST_DIGITS: usize = 3;

/// Colours of lights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Colour {
    Red,
    Orange,
    Yellow,
    Green,
    Blue,
    Purple,
    Pink,
    White,
}

/// How a light behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Rhythm {
    Times(u8),
    Alternating,
    Fast,
    Slow,
    Steady,
    Blinking,
    /// Shines; whether it stays on is not told.
    Lit,
}

/// What a question tells of a device, or a row of a table.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Signals {
    colours: Vec<Colour>,
    rhythm: Option<Rhythm>,
    /// Letters and digits without leading zeros.
    codes: Vec<String>,
}

/// How much a rhythm told in one way fits one told in another, 0–1.
fn rhythms_agree(asked: Option<Rhythm>, stated: Option<Rhythm>) -> f64 {
    /// Which rhythm is left open by one of both.
    const OPEN: f64 = 0.8;
    /// "Blinkt" leaves open how; "leuchtet" may be said of all of them.
    const VAGUE: f64 = 0.6;
    match (asked, stated) {
        (Some(asked), Some(stated)) if asked == stated => 1.0,
        (None, _)
        | (_, None)
        | (Some(Rhythm::Lit), Some(Rhythm::Steady))
        | (Some(Rhythm::Steady), Some(Rhythm::Lit)) => OPEN,
        (Some(Rhythm::Blinking), Some(Rhythm::Steady | Rhythm::Lit)) => 0.0,
        (Some(Rhythm::Blinking | Rhythm::Lit), _) | (_, Some(Rhythm::Blinking))
            if asked != Some(Rhythm::Steady) =>
        {
            VAGUE
        }
        _ => 0.0,
    }
}

impl Signals {
    /// What a text shows. Words of `naming` name the product: `VT-1170` is no code.
    pub(crate) fn of(text: &str, naming: &[String]) -> Self {
        Self::of_words(&words(text), naming)
    }

    /// The same of folded words.
    pub(crate) fn of_words(words: &[String], naming: &[String]) -> Self {
        let codes = codes(words, naming);
        // A "Pulsar 48" pulses as little as a "Redline" is red.
        let words: Vec<String> = words.iter().filter(|word| !naming.contains(word)).cloned().collect();
        let words = words.as_slice();
        let colours: Vec<Colour> = words.iter().filter_map(|word| colour(word)).collect();
        let rhythm = rhythm(words);
        let is_light = words.iter().any(|word| LIGHTS.iter().any(|light| word.starts_with(light)));
        // "In Rot" is a wish, "schnell" a manner: a light makes them a signal.
        let is_manner = rhythm.is_none_or(|rhythm| matches!(rhythm, Rhythm::Fast | Rhythm::Slow));
        if is_manner && !is_light {
            return Self { codes, ..Self::default() };
        }
        Self { colours, rhythm, codes }
    }

    /// Whether nothing is shown by which one row could be told from another.
    pub(crate) fn is_empty(&self) -> bool {
        self.colours.is_empty() && self.codes.is_empty()
    }

    /// Whether a device is told to show them: a light with its colour, or a code on a display ("die Anzeige sagt E04").
    pub(crate) fn are_shown(&self, words: &[String]) -> bool {
        let is_display = words.iter().any(|word| SHOWS.iter().any(|shows| word.starts_with(shows)));
        !self.colours.is_empty() || (!self.codes.is_empty() && is_display)
    }

    /// How much what a row states fits what is asked, 0–1; `None` when the row states nothing to compare with.
    pub(crate) fn fit(&self, stated: &Self) -> Option<f64> {
        if !self.codes.is_empty() && !stated.codes.is_empty() {
            return Some(if self.codes.iter().any(|code| stated.codes.contains(code)) { 1.0 } else { 0.0 });
        }
        if self.colours.is_empty() || stated.colours.is_empty() {
            return (!stated.is_empty()).then_some(0.0);
        }
        let has_colour = self.colours.iter().any(|colour| stated.colours.contains(colour));
        Some(if has_colour { rhythms_agree(self.rhythm, stated.rhythm) } else { 0.0 })
    }
}

fn colour(word: &str) -> Option<Colour> {
    let is_form = |base: &&str| word.strip_prefix(*base).is_some_and(|ending| ENDINGS.contains(&ending));
    COLOURS.iter().find(|(_, names)| names.iter().any(is_form)).map(|(colour, _)| *colour)
}

fn rhythm(words: &[String]) -> Option<Rhythm> {
    let says = |phrase: &&str| {
        let parts: Vec<&str> = phrase.split(' ').collect();
        (0..words.len()).any(|start| follows(&words[start..], &parts))
    };
    RHYTHMS.iter().find(|(_, phrases)| phrases.iter().any(says)).map(|(rhythm, _)| *rhythm)
}

/// Whether words begin with these parts, each by its beginning.
fn follows(words: &[String], parts: &[&str]) -> bool {
    /// Words that `*` stands for, at most.
    const BETWEEN: usize = 3;
    match parts {
        [] => true,
        ["*", rest @ ..] => (0..=BETWEEN.min(words.len())).any(|skipped| follows(&words[skipped..], rest)),
        [part, rest @ ..] => {
            let fits = |word: &String| match part.len() {
                0..=3 => word == part,
                4 => word.starts_with(part),
                _ => word.starts_with(part) || is_slip_of(word, part),
            };
            words.first().is_some_and(fits) && follows(&words[1..], rest)
        }
    }
}

/// Codes in their words: `e04`, `f 11`, `er 19`, `fehler 14`.
fn codes(words: &[String], naming: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for (place, word) in words.iter().enumerate() {
        if naming.contains(word) {
            continue;
        }
        let digits = word.trim_start_matches(|sign: char| sign.is_ascii_alphabetic());
        let letters = &word[..word.len() - digits.len()];
        let is_number = |text: &str| {
            !text.is_empty() && text.len() <= MOST_DIGITS && text.bytes().all(|sign| sign.is_ascii_digit())
        };
        if !is_number(digits) || letters.len() > MOST_LETTERS {
            continue;
        }
        let before = place.checked_sub(1).map(|before| words[before].as_str()).unwrap_or("");
        let is_letters =
            !before.is_empty() && before.len() <= 2 && before.bytes().all(|sign| sign.is_ascii_alphabetic());
        let is_named = naming.iter().any(|name| name == before);
        if !letters.is_empty() {
            found.push(code(letters, digits));
        } else if is_letters && !is_named {
            found.push(code(before, digits));
        } else if CODE_WORDS.contains(&before) {
            found.push(code("e", digits));
        }
    }
    found
}

fn code(letters: &str, digits: &str) -> String {
    format!("{letters}{}", digits.trim_start_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fit(asked: &str, row: &str) -> Option<f64> {
        Signals::of(asked, &[]).fit(&Signals::of(row, &[]))
    }

    fn agrees(asked: &str, row: &str) -> bool {
        fit(asked, row).is_some_and(|fit| fit > 0.9)
    }

    #[test]
    fn colour_and_rhythm_must_agree() {
        assert!(agrees("leuchtet gelb (geht immer an und aus)", "Kontrollleuchte blinkt gelb"));
        assert!(agrees("das lampchen ist grun, flackert ganz hektisch", "LED blinkt schnell grün"));
        assert!(agrees("blinkt auf einmal weiß (bleibt die ganze Zeit an)", "LED leuchtet dauerhaft weiß"));
        assert!(agrees("ein Licht, rot, immer zweimal hintereinander", "LED blinkt zweimal kurz rot"));
        assert!(agrees("das Lämpchen ist rot, flackert ganz hetisch", "Ladeleuchte blinkt schnell rot"));
        assert!(agrees("the light is blue on all the time", "LED stays on blue"));
        assert!(agrees("What does red blinking like mad mean", "Status light flashes quickly red"));
        assert!(agrees("what does orange, going on and off, mean", "Charging light flashes orange"));
        assert_eq!(fit("die Lampe blinkt gelb", "Lampe blinkt grün"), Some(0.0));
        assert_eq!(fit("die Lampe blinkt gelb", "Lampe leuchtet dauerhaft gelb"), Some(0.0));
        assert_eq!(fit("die Lampe blinkt gelb", "Gerät lädt nicht"), None);
    }

    #[test]
    fn what_is_left_open_fits_less_than_what_is_told() {
        let (told, vague) = (
            fit("blinkt schnell rot", "LED blinkt schnell rot"),
            fit("blinkt rot", "LED blinkt schnell rot"),
        );
        assert!(told > vague && vague > Some(0.5));
        assert!(fit("die Lampe ist rot", "LED blinkt rot") > Some(0.5));
    }

    #[test]
    fn codes_are_told_in_many_spellings() {
        assert!(
            agrees("zeigt E04", "E4") && agrees("f-11 auf der Anzeige", "F-11") && agrees("Er 19", "Er 19")
        );
        assert!(agrees("Fehler 14", "E14"));
        assert_eq!(fit("zeigt E04", "E40"), Some(0.0));
        assert!(Signals::of("der VT-117 lädt nicht", &["vt".to_owned(), "117".to_owned()]).is_empty());
    }

    #[test]
    fn a_colour_is_no_signal_by_itself_unless_it_is_asked_what_it_means() {
        assert!(Signals::of("Er saugt schnell", &[]).is_empty());
        assert!(!Signals::of("die LED ist rot", &[]).is_empty());
    }
}
