use super::*;
use crate::analysis::words;

fn signals(text: &str, naming: &[String]) -> Signals {
    Signals::of_words(&words(text), naming)
}

fn fit(asked: &str, row: &str) -> Option<f64> {
    signals(asked, &[]).fit(&signals(row, &[]))
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
    let (told, vague) =
        (fit("blinkt schnell rot", "LED blinkt schnell rot"), fit("blinkt rot", "LED blinkt schnell rot"));
    assert!(told > vague && vague > Some(0.5));
    assert!(fit("die Lampe ist rot", "LED blinkt rot") > Some(0.5));
}

#[test]
fn codes_are_told_in_many_spellings() {
    assert!(agrees("zeigt E04", "E4") && agrees("f-11 auf der Anzeige", "F-11") && agrees("Er 19", "Er 19"));
    assert!(agrees("Fehler 14", "E14"));
    assert_eq!(fit("zeigt E04", "E40"), Some(0.0));
    for text in ["nach dem Laden in 30 Minuten fertig", "um 8 Uhr", "Hält er 5 Stunden durch?", "ab 20 Grad"]
    {
        assert!(signals(text, &[]).is_empty(), "{text}");
    }
    assert!(signals("der VT-117 lädt nicht", &["vt".to_owned(), "117".to_owned()]).is_empty());
}

#[test]
fn a_colour_is_no_signal_by_itself_unless_it_is_asked_what_it_means() {
    assert!(signals("Er saugt schnell", &[]).is_empty());
    assert!(!signals("die LED ist rot", &[]).is_empty());
}
