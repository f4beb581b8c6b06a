//! Words that people ask with and the words that catalogs answer with.

/// Beginnings of folded words (`=`: the whole word), and what catalogs call it.
const TABLE: &[(&[&str], &[&str])] = &[
    (
        &["schwer", "wiegt", "wiegen", "waage", "leicht", "heavy", "weigh", "=lightweight"],
        &["gewicht", "weight"],
    ),
    (&["farblich", "farbton", "colour", "color"], &["farbe", "colour", "color"]),
    (&["festplatte", "datenspeicher", "storage"], &["speicher", "storage"]),
    (
        &["=laut", "lauter", "leise", "dezibel", "loud", "quiet", "decibel", "noisy"],
        &["lautstaerke", "noise"],
    ),
    (&["kostet", "kosten", "teuer", "preis", "price", "cost", "expensive"], &["preis", "kosten", "price"]),
    (
        &["=gross", "hoch", "breit", "tief", "abmessung", "wide", "tall", "dimension"],
        &["masse", "dimensions"],
    ),
    (&["handy", "mobiltelefon", "mobile"], &["smartphone", "telefon"]),
    (
        &["lampe", "laempchen", "licht", "leuchte", "=led", "light"],
        &["led", "anzeige", "kontrollleuchte", "indicator"],
    ),
    (&["saubermach", "saeuber", "putz"], &["reinigen", "reinigung"]),
    (&["tausch", "auswechsel", "austausch"], &["wechseln", "austauschen"]),
    (
        &["zurueckschick", "zurueckzuschick", "zurueckgeb", "umtausch"],
        &["rueckgabe", "ruecksendung", "widerruf", "retoure"],
    ),
    (
        &["verschick", "verschickt", "schick", "liefer", "deliver", "ship"],
        &["versand", "lieferung", "shipping"],
    ),
    (&["=allein", "=alleine", "=automatically"], &["automatik", "automatisch", "automatic"]),
    (
        &["werkseinstell", "zuruecksetz", "reset", "factory"],
        &["zuruecksetzen", "werkseinstellungen", "reset"],
    ),
    (&["porto"], &["versandkosten", "ruecksendekosten", "ruecksendung"]),
    (&["retour"], &["ruecksendung", "rueckgabe"]),
    (&["kalk", "entkalk", "descal"], &["entkalken", "entkalkung", "descale"]),
    (&["stink", "muffel", "geruch", "smell"], &["riecht", "geruch", "smell"]),
    (&["geraeusch", "=noise"], &["geraeusch", "quietschen", "knarzen", "noise"]),
    (&["ladung", "ladezeit"], &["laufzeit", "akku", "ladezeit"]),
    (&["speicher"], &["speichern"]),
    (
        &["anschliess", "verbinde", "kopple", "koppel", "connect", "pair"],
        &["verbinden", "koppeln", "connect", "pair"],
    ),
    (&["drahtlos", "kabellos", "wireless"], &["kabellos", "induktiv", "wireless"]),
    (&["ueberweis", "zahle", "bezahl"], &["zahlung", "rechnung", "faellig"]),
    (&["umleit", "adresse"], &["lieferadresse", "umleiten"]),
    (&["krieg", "geld"], &["erstattung"]),
    (&["laptop", "notebook"], &["notebook", "laptop"]),
    (&["=ram", "arbeitsspeicher"], &["arbeitsspeicher", "ram"]),
    (&["staubsauger", "sauger"], &["staubsauger"]),
    (&["internet", "router", "=wifi"], &["wlan"]),
    (&["akku", "battery", "flat"], &["akku", "akkulaufzeit", "battery"]),
    (&["kaputt", "defekt", "broken"], &["defekt", "mangel", "schaden"]),
    (&["nachfolger", "successor"], &["nachfolger", "successor"]),
    (&["storn", "rueckgaengig", "cancel"], &["stornieren", "cancel"]),
    (&["rabatt"], &["rabatt", "gutschein"]),
];

/// What catalogs call what a folded word says; the word itself is left out.
pub(crate) fn related_to(word: &str) -> impl Iterator<Item = &'static str> + '_ {
    let fits = move |key: &&str| match key.strip_prefix('=') {
        Some(whole) => word == whole,
        None => word.starts_with(*key),
    };
    let lines = TABLE.iter().filter(move |(keys, _)| keys.iter().any(&fits));
    lines.flat_map(|(_, related)| related.iter().copied()).filter(move |related| *related != word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogs_word_is_found_for_the_askers() {
        let related: Vec<&str> = related_to("schwer").collect();
        assert!(related.contains(&"gewicht"), "{related:?}");
        assert_eq!(related_to("laut").next(), Some("lautstaerke"));
        assert_eq!(related_to("wassertank").count(), 0);
    }
}
