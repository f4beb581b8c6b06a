//! Words and phrases of support talk, German and English, folded.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Sentences of nothing but these words say nothing.
pub(super) static EMPTY: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "hallo hi hey hello moin servus guten tag morgen abend good morning afternoon evening day dear liebe \
     lieber liebes team zusammen there herr frau herrn mr mrs ms dr prof sehr geehrte geehrter damen und \
     herren and sir madam or danke dank vielen besten herzlichen schoen schoenen schoene thanks thank you thx \
     many a lot so much very bitte please gerne gern geschehen welcome prima super toll klasse great perfect \
     perfekt wunderbar okay ok alles klar genau ja yes nein no nope yeah sure stimmt mit freundlichen \
     gruessen viele gruesse beste gruss mfg lg vg regards kind best cheers bye tschuess ciao auf wiedersehen \
     see mein name ist my is this hier here ich bin i am im m spricht kundennr kundennummer kunden nr nummer \
     bestellnummer bestellung bestell order number customer tel telefon mail e email adresse anschrift \
     sendung sendungsnummer lautet meine die der it s id iban plz zip code vom support kundenservice from the \
     service ihr ihre your wieder again noch mal nochmals fuer for das that hilfe help schnelle quick \
     auskunft antwort dann also na gut freut mich uns glad to hear happy melde done all"
        .split_whitespace()
        .collect()
});

/// First words of greetings.
pub(super) static GREETINGS: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "hallo hi hey hello moin servus guten good dear liebe lieber liebes sehr danke thanks"
        .split_whitespace()
        .collect()
});

/// Phrases of sentences that hold the line, offer help or take leave.
pub(super) const HOLDING: &str = "einen moment|einen augenblick|moment bitte|augenblick bitte|ich schaue nach|ich sehe nach|\
     ich schaue mal|ich pruefe das|ich pruefe kurz|bleiben sie dran|bleiben sie bitte|um etwas geduld|\
     danke fuer ihre geduld|danke fuers warten|danke fuer das warten|danke fuer ihre nachricht|\
     dank fuer ihre nachricht|dank fuer ihre anfrage|dank fuer ihre geduld|dank fuer ihre rueckmeldung|\
     danke fuer ihre rueckmeldung|dank fuer die|danke fuer die|wie kann ich ihnen|wie kann ich dir|\
     womit kann ich|was kann ich fuer sie|kann ich sonst noch|sonst noch etwas|noch etwas fuer sie|\
     noch fragen|weitere fragen|gern geschehen|gerne geschehen|schoenen tag|schoenes wochenende|\
     schoenen abend|schoene woche|freut mich|freut uns|tut mir leid|bedauern|entschuldigung|\
     entschuldigen sie|melden sie sich|melde dich|wuensche ihnen|one moment|just a moment|a moment please|\
     let me check|let me see|let me look|i will check|ill check|bear with me|hold on|please hold|please wait|\
     thank you for|thanks for|how can i help|how may i help|how can i assist|how may i assist|anything else|\
     you re welcome|youre welcome|have a nice|have a great|have a good|sorry to hear|i am sorry|i m sorry|\
     im sorry|we apologise|we apologize|apologies|glad i could|glad to hear|happy to help|nice to meet|\
     kann ich ihnen helfen|ich helfe ihnen gern|ich kuemmere mich|wir melden uns|i can help you with that|\
     get back to us|feel free to|wenn sie noch";

/// Phrases of a customer that say that a step did not help.
pub(super) const FAILED: &str = "hilft nicht|half nicht|hat nicht geholfen|nicht geholfen|hat nichts gebracht|bringt nichts|\
     brachte nichts|funktioniert nicht|funktioniert immer noch nicht|geht nicht|geht immer noch nicht|\
     immer noch|nach wie vor|trotzdem|weiterhin|klappt nicht|hat nicht geklappt|leider nicht|leider nein|\
     keine aenderung|keine besserung|unveraendert|did not help|didn t help|doesn t help|no luck|\
     does not work|doesn t work|did not work|didn t work|still not|still the same|still no|still does|\
     still blink|no change|not fixed|same problem|same error|schon probiert|schon versucht|habe ich schon|\
     already tried|tried that";

/// What an agent asks only to know whom he serves.
pub(super) const ASKS_PERSON: &str = "kundennummer|bestellnummer|ihr name|ihr vollstaendiger name|full name|ihren namen|ihre adresse|\
     ihre anschrift|e mail adresse|mailadresse|telefonnummer|geburtsdatum|postleitzahl|rechnungsnummer|\
     seriennummer|your name|order number|customer number|your address|email address|e mail address|\
     phone number|zip code|date of birth|account number|serial number|wie heissen sie|wie ist ihr|\
     mit wem spreche|to whom am i|ihre daten|your details|account id|user name|username|social security|ssn|\
     benutzername|vertragsnummer|kundenkonto|passwort|password";

/// Words by which an agent asks without a question mark.
pub(super) const REQUESTS: &str = "nennen|geben|teilen|mitteilen|brauche|benoetige|schicken|senden|provide|tell|share|give|send|need|\
     confirm|bestaetigen|may i have|can i have";
