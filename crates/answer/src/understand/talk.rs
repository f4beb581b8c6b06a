//! Talk beside the questions: greetings, thanks, "anders formulieren".

use std::collections::HashSet;
use std::sync::LazyLock;

use crate::analysis::is_slip_of;
use crate::concepts::loosen;

/// What is said when nothing is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Talk {
    /// "Bist du ein Mensch?"
    Nature,
    /// "Kannst du das anders formulieren?": the last answer's evidence once more.
    Rephrase,
    /// "Vielen Dank!"
    Thanks,
    /// "Tschüss!"
    Farewell,
    /// "Guten Morgen!"
    Greeting,
    /// "Ok, alles klar."
    Acknowledgement,
}

/// Words of each kind of talk, folded; the earlier kind counts where several are said.
const KEYS: &[(Talk, &str)] = &[
    (
        Talk::Nature,
        "mensch roboter bot chatbot ki maschine computer automat human robot person machine ai real echter",
    ),
    (
        Talk::Rephrase,
        "anders formulieren formulier umformulieren einfacher simpler verstaendlicher kuerzer shorter ausfuehrlicher \
         rephrase reword differently nochmal erneut umschreiben wording plainer klarer deutlicher erklaeren erklaer explain wiederholen repeat",
    ),
    (
        Talk::Thanks,
        "danke dank dankeschoen dankesehr merci thanks thank thx geholfen helped hilfreich helpful",
    ),
    (
        Talk::Farewell,
        "tschuess tschuss tschau ciao bye goodbye wiedersehen wiederhoeren feierabend wochenende weekend bald naechsten later \
         farewell",
    ),
    (
        Talk::Greeting,
        "hallo hi hey moin servus gruezi hello morgen tag abend morning afternoon evening gruess gott gehts",
    ),
    (
        Talk::Acknowledgement,
        "ok okay okey klar gut super prima perfekt verstanden passt great fine alright cool klasse top toll wunderbar \
         got ja nein yes no aha achso stimmt genau schoen good perfect nice understood sure",
    ),
];

/// Words that go with talk and say nothing by themselves.
const FILLERS: &str = "
    alles all also and auch auf bis bist bitte can could da dann das dass den dir dich die du ein eine einen einmal er es
    euch euer for fuer gemacht gott guten gute guter hat haben habt have herzlichen herzlich herzliche hier hilfe help ihnen
    ihr ich i ist it its ja jetzt kannst koennen koenntest koennt kann let lot lots me mehr mich mir mit mal much muss na nachher
    nice noch now nun of oh oder one mit wort worten words other in a an are am is schoenen schoene schoener sehr sie sind so sagen
    sag say see sein soweit talking tausend that the then there this to too und uns very viel viele vielen vielmals war was
    weiter we well wie will with wirklich wuensche you your zum zu schreiben put please etwas bit are really actually
    eigentlich how do doing today mein meine netten netter echt nett auskunft support team leute zusammen day have next time mal naechstes
    machs machen mach again geht wars s
";

static KEY_WORDS: LazyLock<Vec<(Talk, HashSet<String>)>> =
    LazyLock::new(|| KEYS.iter().map(|(talk, keys)| (*talk, set_of(keys))).collect());
static FILLING: LazyLock<HashSet<String>> = LazyLock::new(|| set_of(FILLERS));

fn set_of(list: &str) -> HashSet<String> {
    list.split_whitespace().map(loosen).collect()
}

/// Words that ask for other words, as opposed to those that ask for the same once more.
const REWORDS: &[&str] = &[
    "anders",
    "formulieren",
    "formulier",
    "umformulieren",
    "einfacher",
    "simpler",
    "verstaendlicher",
    "verstandlicher",
    "kuerzer",
    "kurzer",
    "shorter",
    "ausfuehrlicher",
    "ausfuhrlicher",
    "rephrase",
    "reword",
    "differently",
    "plainer",
    "klarer",
    "deutlicher",
    "erklaeren",
    "erklaren",
    "erklaer",
    "erklar",
    "explain",
];

/// Folded words that a question begins with.
const ASKING: &[&str] = &[
    "ist", "sind", "hat", "habt", "haben", "gibt", "wird", "werden", "kann", "koennt", "wann", "wo", "was",
    "wer", "warum", "welche", "is", "are", "do", "does", "did", "has", "can", "will", "when", "where",
    "what", "who", "why", "which",
];

/// Shortest word that may be misspelt.
const SHORTEST_SLIP: usize = 6;

fn key_words() -> impl Iterator<Item = &'static String> {
    KEY_WORDS.iter().flat_map(|(_, keys)| keys)
}

/// The longest talk, in words.
const LONGEST: usize = 12;

impl Talk {
    /// What a text is, if it is nothing but talk; `words` are its folded words. Whoever asks something neither thanks nor leaves:
    /// "Habt ihr am Wochenende auch Hilfe?"
    pub(super) fn of(text: &str, words: &[String]) -> Option<Self> {
        let asks = text.trim_end().ends_with('?')
            || words.first().is_some_and(|word| ASKING.contains(&word.as_str()));
        let only_said = |talk: &Self| matches!(talk, Self::Thanks | Self::Farewell | Self::Acknowledgement);
        Self::kind_of(words).filter(|talk| !(asks && only_said(talk)))
    }

    fn kind_of(words: &[String]) -> Option<Self> {
        if words.is_empty() || words.len() > LONGEST {
            return None;
        }
        let words = with_contractions(words);
        let is_key = |word: &String| KEY_WORDS.iter().any(|(_, keys)| keys.contains(word));
        let is_said = |word: &String| FILLING.contains(word) || is_key(word);
        // One word may be misspelt: "Kannnst du das anders formulieren?"
        let mut unsaid = words.iter().filter(|word| !is_said(word));
        let is_slip = |word: &String| {
            word.len() >= SHORTEST_SLIP
                && FILLING.iter().chain(key_words()).any(|known| is_slip_of(word, known))
        };
        if !unsaid.next().is_none_or(is_slip) || unsaid.next().is_some() {
            return None;
        }
        let kinds = KEY_WORDS.iter().filter(|(talk, keys)| {
            words.iter().any(|word| keys.contains(word)) && (*talk != Self::Nature || asks_who(&words))
        });
        let kinds: Vec<Self> = kinds.map(|(talk, _)| *talk).collect();
        // "Danke nochmal!" thanks again, "nochmal bitte" asks again.
        let thanks_again =
            kinds.contains(&Self::Thanks) && !words.iter().any(|word| REWORDS.contains(&word.as_str()));
        kinds.into_iter().find(|talk| *talk != Self::Rephrase || !thanks_again)
    }
}

/// The words without the dots of umlauts, "geht's" in one.
fn with_contractions(words: &[String]) -> Vec<String> {
    let joined = loosen(&words.join(" ")).replace("geht s", "gehts").replace("geht es dir", "gehts dir");
    joined.replace("geht es ihnen", "gehts ihnen").split_whitespace().map(str::to_owned).collect()
}

/// "Bist du …?", "Are you …?"; of a machine alone nobody knows what is meant.
fn asks_who(words: &[String]) -> bool {
    const WHO: &[&str] = &["du", "sie", "ich", "you", "i", "ihr"];
    words.iter().any(|word| WHO.contains(&word.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::words;

    fn talk(text: &str) -> Option<Talk> {
        Talk::of(text, &words(text))
    }

    #[test]
    fn talk_is_told_by_its_kind() {
        assert_eq!(talk("Guten Tag!"), Some(Talk::Greeting));
        assert_eq!(talk("Hallo, vielen Dank für die Hilfe"), Some(Talk::Thanks));
        assert_eq!(talk("Na, wie geht's dir?"), Some(Talk::Greeting));
        assert_eq!(talk("ok, passt"), Some(Talk::Acknowledgement));
        assert_eq!(talk("Bye, have a nice weekend"), Some(Talk::Farewell));
        assert_eq!(talk("Are you a real person?"), Some(Talk::Nature));
        assert_eq!(talk("Geht das auch einfacher?"), Some(Talk::Rephrase));
        assert_eq!(talk("Herzlichen Dank nochmal!"), Some(Talk::Thanks));
        assert_eq!(talk("Danke, das war's!"), Some(Talk::Thanks));
        assert_eq!(talk("Danke, und jetzt bitte anders formulieren"), Some(Talk::Rephrase));
        assert_eq!(talk("could you rephrase that please"), Some(Talk::Rephrase));
        assert_eq!(talk("Kannnst du das anders formulieren?"), Some(Talk::Rephrase));
    }

    #[test]
    fn whoever_asks_something_beside_is_not_only_talking() {
        for question in [
            "Hallo, wo ist mein Paket?",
            "Danke! Und was kostet die KM-2400?",
            "Wie entkalke ich?",
            "Wie geht das?",
            "",
            "Maschine",
            "Habt ihr am Wochenende auch Hilfe?",
            "Ist die Maschine gut?",
            "Ist das gut",
        ] {
            assert_eq!(talk(question), None, "{question}");
        }
    }
}
