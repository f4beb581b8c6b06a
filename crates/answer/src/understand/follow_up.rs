//! Questions that go on about the last one: "und um wie viel?", "bis zu welchem Tag genau?", "und was kostet er?"

use std::collections::HashSet;
use std::sync::LazyLock;

use strsim::osa_distance;

use crate::function_words;

/// Words that refer to what was spoken of before.
const REFERENCES: &[&str] = &[
    "es", "er", "ihn", "ihm", "dieses", "diese", "dieser", "diesem", "diesen", "geraet", "damit", "davon",
    "dafuer", "dazu", "it", "its", "this", "that", "device", "one", "they", "them",
];
/// Articles that stand for a thing when no noun follows: "was kostet das?"
const ARTICLES: &[&str] = &["das", "die", "der", "den", "dem"];
/// Beginnings of a question that goes on.
const OPENINGS: &[&str] = &["und", "and", "also", "dann", "then"];

/// Words that ask for more about the same without saying what the same is, folded.
const ASKING_ON: &str = "
    gilt gelten gueltig zaehlt zaehlen beginnt laeuft endet frist zeitraum liegt hilft helfen helfe klappt geht genau exakt tag tagen tage datum
    gekauft kaufdatum kauf bekommen erhalten unterschied differenz heisst bedeutet heissen gemeint steht geschrieben seite quelle
    weiter weiterhin grund ursache ursachen gross hoch reicht moeglich naechstes naechster schritt schritte danach vorher spaetestens
    dann eigentlich denn drauf tut
    kostet kosten preis teuer steuer mwst mehrwertsteuer inklusive uebrig lager vorraetig lieferbar verfuegbar
    garantie gewaehrleistung zurueckgeben zurueckschicken umtauschen
    costs cost price tax vat included left stock available charge warranty guarantee return returned
    exactly exact precisely day date days hold holds valid cause causes reason reasons buy bought purchase purchased works work difference
    page source say says said mean means next step steps else big large deadline until start starts count counts
";

static ASKS_ON: LazyLock<HashSet<&str>> = LazyLock::new(|| ASKING_ON.split_whitespace().collect());

/// Whether words refer to what was spoken of before.
pub(super) fn refers_back(words: &[String]) -> bool {
    let is_reference = |word: &String| REFERENCES.contains(&word.as_str());
    let opens = words.first().is_some_and(|word| OPENINGS.contains(&word.as_str()));
    let ends = words.last().is_some_and(|word| ARTICLES.contains(&word.as_str()));
    opens || ends || words.iter().any(is_reference)
}

/// Shortest word that may be misspelt; from twice as many letters on two slips are forgiven.
const MISSPELT_FROM: usize = 6;

/// Whether words say nothing about their topic: it must be that of the question before. One of them may be misspelt ("wie groß ist
/// der untterscheid?").
pub(super) fn has_no_topic(words: &[String]) -> bool {
    let says_nothing = |word: &&String| function_words::holds(word) || ASKS_ON.contains(word.as_str());
    let mut others = words.iter().filter(|word| !says_nothing(word));
    !words.is_empty() && others.next().is_none_or(is_slip) && others.next().is_none()
}

fn is_slip(word: &String) -> bool {
    let length = word.chars().count();
    let forgiven = usize::from(length >= MISSPELT_FROM) + usize::from(length >= 2 * MISSPELT_FROM - 1);
    let is_near = |known: &&str| {
        known.len() >= MISSPELT_FROM
            && known.len().abs_diff(word.len()) <= forgiven
            && known.as_bytes().first() == word.as_bytes().first()
            && osa_distance(word, known) <= forgiven
    };
    forgiven > 0 && ASKS_ON.iter().any(is_near)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::analysis::words;

    #[test]
    fn a_question_without_a_topic_goes_on_about_the_last_one() {
        for question in [
            "und um wie viel?",
            "bis zu welchem Tag genau?",
            "and what causes it?",
            "Und wenn das nicht hilft?",
            "how many are left?",
            "wie groß ist der untterscheid denn?",
        ] {
            assert!(has_no_topic(&words(question)), "{question}");
        }
        for question in ["und wie schwer ist er?", "Wie entkalke ich?", "Wo ist mein Paket?"] {
            assert!(!has_no_topic(&words(question)), "{question}");
        }
    }

    #[test]
    fn pronouns_and_articles_without_a_noun_refer_back() {
        for question in
            ["Und was kostet der Versand?", "Was kostet das?", "Wie laut ist er?", "how heavy is it"]
        {
            assert!(refers_back(&words(question)), "{question}");
        }
        assert!(!refers_back(&words("Was kostet das Brise 14")));
    }
}
