//! Which language a text is in.

use auskunft_model::Language;
use whatlang::{Detector, Lang};

/// Below this many characters letter statistics mislead ("Akku laden" is too little to count trigrams in), so small
/// function words are asked first.
const SHORT: usize = 120;

/// Languages that a European shop's sources and questions may be in. Fewer candidates, fewer confusions (German with
/// Afrikaans, English with Latin).
const CANDIDATES: [(Lang, &str); 20] = [
    (Lang::Deu, "de"),
    (Lang::Eng, "en"),
    (Lang::Fra, "fr"),
    (Lang::Ita, "it"),
    (Lang::Spa, "es"),
    (Lang::Por, "pt"),
    (Lang::Nld, "nl"),
    (Lang::Dan, "da"),
    (Lang::Swe, "sv"),
    (Lang::Nob, "nb"),
    (Lang::Fin, "fi"),
    (Lang::Pol, "pl"),
    (Lang::Ces, "cs"),
    (Lang::Hun, "hu"),
    (Lang::Rus, "ru"),
    (Lang::Ukr, "uk"),
    (Lang::Tur, "tr"),
    (Lang::Cmn, "zh"),
    (Lang::Jpn, "ja"),
    (Lang::Kor, "ko"),
];

/// German words without content, and question words, that no English sentence holds.
const GERMAN: &[&str] = &[
    "aber", "als", "am", "auch", "auf", "aus", "bei", "beim", "bin", "bis", "bitte", "bleibt", "brauche",
    "braucht", "damit", "dann", "das", "dass", "dem", "den", "der", "des", "dich", "dies", "diese", "diesem",
    "diesen", "dieser", "doch", "du", "durch", "ein", "eine", "einem", "einen", "einer", "eines", "es",
    "für", "fuer", "gegen", "geht", "gibt", "habe", "haben", "hat", "hilfe", "ich", "ihr", "ihre", "ihren",
    "im", "ist", "jetzt", "kann", "kein", "keine", "kostet", "können", "koennen", "lange", "mal", "man",
    "mein", "meine", "meinem", "meinen", "meiner", "mich", "mir", "mit", "muss", "müssen", "nach", "nicht",
    "noch", "nur", "ob", "oder", "ohne", "schon", "sein", "sich", "sie", "sind", "soll", "trotz", "über",
    "ueber", "um", "und", "uns", "unser", "vom", "von", "vor", "wann", "warum", "was", "welche", "welcher",
    "welches", "wenn", "wer", "werden", "wie", "wieso", "wir", "wird", "wo", "wurde", "zu", "zum", "zur",
    "zwischen",
];

/// English words without content, and question words, that no German sentence holds.
const ENGLISH: &[&str] = &[
    "a", "about", "an", "and", "any", "are", "at", "be", "been", "but", "by", "can", "could", "did", "do",
    "does", "for", "from", "get", "has", "have", "help", "how", "i", "if", "into", "is", "it", "its", "long",
    "many", "me", "much", "my", "not", "of", "on", "or", "our", "should", "that", "the", "their", "there",
    "these", "they", "this", "to", "was", "we", "what", "when", "where", "which", "who", "why", "will",
    "with", "without", "would", "you", "your",
];

/// The language of a text, or `None` when the text does not tell (too short, only names and numbers).
pub fn detect(text: &str) -> Option<Language> {
    let short = text.chars().nth(SHORT).is_none();
    if short { vote(text).or_else(|| statistics(text)) } else { statistics(text).or_else(|| vote(text)) }
}

/// Letter statistics, where they are sure.
fn statistics(text: &str) -> Option<Language> {
    let detector = Detector::with_allowlist(CANDIDATES.iter().map(|(lang, _)| *lang).collect());
    let info = detector.detect(text).filter(whatlang::Info::is_reliable)?;
    let (_, code) = CANDIDATES.iter().find(|(lang, _)| *lang == info.lang())?;
    Language::parse(code)
}

/// German or English by a majority of function words; a ß counts as one, since only German has it.
fn vote(text: &str) -> Option<Language> {
    let text = text.to_lowercase();
    let (mut german, mut english) = (text.matches('ß').count(), 0_usize);
    for word in text.split(|character: char| !character.is_alphanumeric()) {
        german += usize::from(GERMAN.contains(&word));
        english += usize::from(ENGLISH.contains(&word));
    }
    match german.cmp(&english) {
        std::cmp::Ordering::Greater => Some(Language::german()),
        std::cmp::Ordering::Less => Some(Language::english()),
        std::cmp::Ordering::Equal => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code(text: &str) -> Option<String> {
        detect(text).map(|language| language.to_string())
    }

    #[test]
    fn short_questions_are_told_apart_by_their_small_words() {
        assert_eq!(code("Wie entkalke ich die Maschine?").as_deref(), Some("de"));
        assert_eq!(code("wie lange haelt der akku").as_deref(), Some("de"));
        assert_eq!(code("How do I descale it?").as_deref(), Some("en"));
        assert_eq!(code("what is the warranty").as_deref(), Some("en"));
    }

    #[test]
    fn longer_texts_of_other_languages_are_recognised() {
        let french = "La machine à café doit être détartrée tous les trois mois afin de garantir la qualité du café \
                      et la longévité de l'appareil. Utilisez uniquement un produit adapté.";
        assert_eq!(code(french).as_deref(), Some("fr"));
        let german = "Die Maschine muss alle drei Monate entkalkt werden. Verwenden Sie ausschließlich das \
                      mitgelieferte Mittel und spülen Sie den Tank danach gründlich mit klarem Wasser aus.";
        assert_eq!(code(german).as_deref(), Some("de"));
    }

    #[test]
    fn names_and_numbers_alone_tell_nothing() {
        assert_eq!(code("KM-2400 S"), None);
        assert_eq!(code(""), None);
        assert_eq!(code("4006381333931"), None);
    }
}
