//! Words without content, German and English, folded. They neither bind a product nor count as evidence.

use std::collections::HashSet;
use std::sync::LazyLock;

/// German articles, pronouns, prepositions, auxiliaries, question words, courtesies.
const GERMAN: &str = "
    ab aber alle allem allen aller alles als also am an andere anderen auch auf aus bei beim bekomme bekommen
    bekommt bereits bin bis bisher bitte bleibt brauche brauch brauchen braucht da dabei dafuer damit dann daran
    darauf darf darum das dass davon dazu dein deine dem den denn der des deshalb dich die dies diese diesem
    diesen dieser dieses dir doch dort drauf drin du duerfen durch eben eigentlich ein eine einem einen einer
    eines einfach er es etwa etwas euch euer eure eurem euren fuer ganz gar geben gegen geht gehen genau gerade
    gern gerne gibt gibts gut hab habe haben habt hallo hast hat hatte heisst heissen her hier hilfe hin ich ihm
    ihn ihnen ihr ihre ihrem ihren ihrer im immer in innerhalb ins irgendwie ist ja jede jeden jeder jedes jetzt
    kann kannst kein keine keinen koennen koennt koennte komm komme kommt krieg kriege kriegt lang lange lassen
    laesst los mach machen macht mal man mehr mein meine meinem meinen meiner meines mich mir mit moechte moegen
    muss muessen nach nein nicht nichts noch nun nur ob oder oft ohne per schon sehr sein seine seinen seit
    selber selbst sich sie sind so sobald soll sollen sollte sondern sonst statt steht tun tut ueber um und uns
    unser unsere unter viel viele vielen vom von vor waehrend wann war warum was weil welche welchem welchen
    welcher welches wem wen wenn wer werde werden weshalb wie wieder wieso wieviel will wir wird wo woher wohin
    woran worauf wofuer womit wurde wurden zu zum zur zwischen geraet produkt artikel ding danke guten tag
";

/// The same in English.
const ENGLISH: &str = "
    a about after all an and any are as at be been before but by can could device did do does else for from get
    had has have hello help here hi how i if into is it its just keep keeps let long many may me much must my
    need no not of off on once or our out over please product should so some something still thanks that the
    their them then there these they this to too under up us was way we were what when where which while who why
    with without won t s would you your
";

/// What every support question says, in both.
const ASKED: &str = "
    bedeutet bedeuten obwohl paar dauernd staendig richtig eigene eigenen raus rein drin weg helfen verkauft
    verkaufen gutes gute mean means sell back
";

static WORDS: LazyLock<HashSet<&str>> =
    LazyLock::new(|| [GERMAN, ENGLISH, ASKED].into_iter().flat_map(str::split_whitespace).collect());

/// Whether a folded word has no content.
pub(crate) fn holds(word: &str) -> bool {
    WORDS.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_folded() {
        for word in [GERMAN, ENGLISH, ASKED].join(" ").split_whitespace() {
            assert_eq!(auskunft_text::normal::fold(word), word);
        }
    }

    #[test]
    fn content_is_none_of_them() {
        let content = |text: &str| -> Vec<String> {
            crate::analysis::words(text).into_iter().filter(|word| !holds(word)).collect()
        };
        assert_eq!(content("Wie lange hält der Akku bitte?"), ["haelt", "akku"]);
        assert_eq!(content("How do I clean the filter?"), ["clean", "filter"]);
    }
}
