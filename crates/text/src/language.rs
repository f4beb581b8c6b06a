//! Which language a text is in.

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::LazyLock;

use auskunft_model::Language;
use whatlang::{Detector, Lang};

use crate::normal::compose;

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
static GERMAN: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "aber alle allen aller als am anderen auch auf aus außer bei beim bereits bin bis bitte bleibt brauche \
     braucht dabei dadurch daher damit dann darf das dass dazu dem den der deren des dessen dich die dies \
     diese diesem diesen dieser dieses doch dort du duerfen durch dürfen ebenfalls ein eine einem einen einer \
     eines einfach einmal es etwa falls fuer für gegen geht gelten gibt gilt habe haben hat her hier hilfe \
     hin ich ihnen ihr ihre ihrem ihren ihrer im immer innerhalb ins ist ja je jede jeden jeder jedes jedoch \
     jetzt jeweils kann kein keine keinen keiner koennen kommt kostet können lange mal man mehr mein meine \
     meinem meinen meiner mich mir mit muessen muss möchte möglich müssen nach nein nicht noch nur ob oder \
     ohne schon sehr sein seine seinen seit selbst sich sie sind sofern solange soll sollen sollte sollten \
     sondern sonst sowie statt trotz ueber um und uns unser unter viele vom von vor waehrend wann warum was \
     weil weitere welche welchem welchen welcher welches wenn wer werde werden wie wieder wieso wir wird wo \
     wollen worden wurde wurden während wäre würde zu zum zunächst zur zwar zwischen über"
        .split_whitespace()
        .collect()
});

/// English words without content, and question words, that no German sentence holds.
static ENGLISH: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "a about after and any are at be because been before between both but by can could did do does during \
     each every first for from get had has have he help here his how i if into is it its long many may me \
     more most much must my not of on only or other our please shall she should some such than that the their \
     them then there these they this through to under until up us use used very via was we were what when \
     where which while who why will with within without would yes you your yours"
        .split_whitespace()
        .collect()
});

/// The majority of small words must be this many times the minority, and at least [`SURE_WORDS`], to be sure of a part.
const SURE_SHARE: usize = 3;
const SURE_WORDS: usize = 3;

/// From this many letters on, letter statistics tell a part of a text from its neighbours.
const STATISTICS_LETTERS: usize = 200;

/// The language of a part of a longer text whose language is known, where the part tells it surely: a few German words in
/// an English manual (names of menus, an address) do not make a German section. German and English are told by their small
/// words from one sentence on, other languages by the statistics of a paragraph.
pub fn detect_part(text: &str) -> Option<Language> {
    let text = &without_addresses(text);
    let (german, english) = votes(text);
    let (more, less) = (german.max(english), german.min(english));
    if more >= SURE_WORDS && more >= less * SURE_SHARE {
        return Some(if german > english { Language::german() } else { Language::english() });
    }
    let letters = text.chars().filter(|sign| sign.is_alphabetic()).count();
    let is_prose = letters >= STATISTICS_LETTERS && letters * 10 >= text.chars().count() * 7;
    // Romance and Nordic texts hold a few of the small words, too (`a`, `am`, `de`), but never many.
    let is_other = more * 12 < text.split_whitespace().count();
    statistics(text).filter(|_| is_prose && is_other)
}

/// The language of a text, or `None` when the text does not tell (too short, only names and numbers).
pub fn detect(text: &str) -> Option<Language> {
    let text = &without_addresses(text);
    let short = text.chars().nth(SHORT).is_none();
    if short { vote(text).or_else(|| statistics(text)) } else { statistics(text).or_else(|| vote(text)) }
}

/// A text without web and e-mail addresses: they are in no language.
fn without_addresses(text: &str) -> Cow<'_, str> {
    let is_address = |word: &&str| word.contains("://") || word.contains("www.") || word.contains('@');
    if !text.split_whitespace().any(|word| is_address(&word)) {
        return Cow::Borrowed(text);
    }
    let kept: Vec<&str> = text.split_whitespace().filter(|word| !is_address(word)).collect();
    Cow::Owned(kept.join(" "))
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
    let (german, english) = votes(text);
    match german.cmp(&english) {
        std::cmp::Ordering::Greater => Some(Language::german()),
        std::cmp::Ordering::Less => Some(Language::english()),
        std::cmp::Ordering::Equal => None,
    }
}

/// How many German and English small words a text holds; parted umlauts are composed first.
fn votes(text: &str) -> (usize, usize) {
    let text = compose(text).to_lowercase();
    let (mut german, mut english) = (text.matches('ß').count(), 0_usize);
    for word in text.split(|character: char| !character.is_alphanumeric()) {
        german += usize::from(GERMAN.contains(word));
        english += usize::from(ENGLISH.contains(word));
    }
    (german, english)
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
    fn a_part_is_told_from_one_sentence_on_and_a_few_foreign_words_change_nothing() {
        let part = |text: &str| detect_part(text).map(|language| language.to_string());
        assert_eq!(part("Press the button and wait until the light is green.").as_deref(), Some("en"));
        assert_eq!(
            part("Drücken Sie die Taste und warten Sie, bis das Licht grün ist.").as_deref(),
            Some("de")
        );
        assert_eq!(
            part("Open the menu „Einstellungen für das Gerät“ and press OK to go on with it.").as_deref(),
            Some("en")
        );
        assert_eq!(part("Text: „press the button and hold it“ oder „drücken und die Taste halten“"), None);
        assert_eq!(part("Technische Daten"), None);
        assert_eq!(part("230 V, 50 Hz, 1450 W, 2,3 kg, IP54, 19 bar"), None);
        let french = "Débranchez l'appareil avant de le nettoyer. Utilisez un chiffon doux et humide. N'immergez jamais \
                      l'appareil dans l'eau ou dans un autre liquide. Rangez le câble dans le compartiment prévu à cet effet, \
                      puis refermez soigneusement le couvercle de l'appareil.";
        assert_eq!(part(french).as_deref(), Some("fr"));
    }

    #[test]
    fn names_and_numbers_alone_tell_nothing() {
        assert_eq!(code("KM-2400 S"), None);
        assert_eq!(code(""), None);
        assert_eq!(code("4006381333931"), None);
    }
}
