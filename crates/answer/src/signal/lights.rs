//! Lights: their colours and rhythms, and the words that people have for them.

use crate::analysis::is_slip_of;

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

/// Colours of lights.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Colour {
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
pub(super) enum Rhythm {
    Times(u8),
    Alternating,
    Fast,
    Slow,
    Steady,
    Blinking,
    /// Shines; whether it stays on is not told.
    Lit,
}

/// How much a rhythm told in one way fits one told in another, 0–1.
pub(super) fn rhythms_agree(asked: Option<Rhythm>, stated: Option<Rhythm>) -> f64 {
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

/// The colour that a folded word names.
pub(super) fn colour(word: &str) -> Option<Colour> {
    let is_form = |base: &&str| word.strip_prefix(*base).is_some_and(|ending| ENDINGS.contains(&ending));
    COLOURS.iter().find(|(_, names)| names.iter().any(is_form)).map(|(colour, _)| *colour)
}

/// The rhythm that folded words tell of.
pub(super) fn rhythm(words: &[&str]) -> Option<Rhythm> {
    let says = |phrase: &&str| {
        let parts: Vec<&str> = phrase.split(' ').collect();
        (0..words.len()).any(|start| follows(&words[start..], &parts))
    };
    RHYTHMS.iter().find(|(_, phrases)| phrases.iter().any(says)).map(|(rhythm, _)| *rhythm)
}

/// Whether words begin with these parts, each by its beginning.
fn follows(words: &[&str], parts: &[&str]) -> bool {
    /// Words that `*` stands for, at most.
    const BETWEEN: usize = 3;
    match parts {
        [] => true,
        ["*", rest @ ..] => (0..=BETWEEN.min(words.len())).any(|skipped| follows(&words[skipped..], rest)),
        [part, rest @ ..] => {
            let fits = |word: &&str| match part.len() {
                0..=3 => word == part,
                4 => word.starts_with(part),
                _ => word.starts_with(part) || is_slip_of(word, part),
            };
            words.first().is_some_and(fits) && follows(&words[1..], rest)
        }
    }
}

/// Whether a folded word names a light.
pub(super) fn is_light(word: &str) -> bool {
    LIGHTS.iter().any(|light| word.starts_with(light))
}
