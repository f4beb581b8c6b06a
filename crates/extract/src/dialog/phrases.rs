//! The words and phrases of talk in dialogs, all folded: lists of words parted by blanks, of phrases by `|`.

use std::collections::HashSet;
use std::sync::LazyLock;

/// Sentences of nothing but these words say nothing.
pub(super) static EMPTY: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    "hallo hi hey hello moin servus guten tag morgen abend good morning afternoon evening day today weekend \
     dear liebe lieber liebes team zusammen there everyone \
     herr frau herrn mr mrs ms dr prof sehr geehrte geehrter damen und herren and sir madam or \
     danke dank vielen besten herzlichen schoen schoenen schoene thanks thank you thx many a lot so much very \
     bitte please gerne gern geschehen welcome prima super toll klasse great perfect perfekt wunderbar okay ok \
     alles klar genau ja yes nein no nope yeah sure stimmt kein keine problem \
     mit freundlichen gruessen viele gruesse beste gruss mfg lg vg regards kind best cheers bye tschuess ciao \
     auf wiedersehen see mein name ist my is this hier here ich bin i am im m spricht \
     kundennr kundennummer kunden nr nummer bestellnummer bestellung bestell order number customer tel telefon \
     mail e email adresse anschrift sendung sendungsnummer lautet meine die der it s id iban plz zip code \
     vom support kundenservice from the service ihr ihre ihrer ihren your wieder again noch mal nochmals einmal \
     fuer fuers for das that dass hilfe help schnelle quick auskunft antwort dann also na gut sie ihnen dir du \
     me of in moment augenblick minute second gleich kurz eben gerade darum dazu daran weiter weitere weiteren \
     freut mich uns glad to hear happy melde done all es haben have any other questions question fragen frage bei \
     einen eine verstaendnis geduld patience understanding rueckmeldung nachricht anfrage now just quickly \
     kontaktiert contacting calling zu tun etwas"
        .split_whitespace()
        .collect()
});

/// Phrases that hold the line, offer help or take leave, whatever empty words stand around them.
pub(super) const HOLDING: &str = "einen moment|einen augenblick|moment bitte|augenblick bitte|bleiben sie dran|\
    bleiben sie bitte dran|bleiben sie bitte in der leitung|um etwas geduld|wie kann ich ihnen|wie kann ich dir|womit kann ich|\
    was kann ich fuer sie tun|kann ich sonst noch|kann ich noch|sonst noch etwas|noch etwas fuer sie|kann ich ihnen helfen|\
    ich helfe ihnen gern|ich kuemmere mich|wir melden uns|melden sie sich|melde dich|wuensche ihnen|wuensche dir|\
    entschuldigung|entschuldigen sie|verzeihung|tut mir leid|freut uns|one moment|just a moment|a moment please|\
    bear with me|hold on|hold the line|please hold|please wait|how can i help|how may i help|how can i assist|\
    how may i assist|is there anything else|anything else|can i help you with|i can help you with|you re welcome|\
    youre welcome|have a nice|have a great|have a good|my apologies|apologies|i am sorry|i m sorry|im sorry|sorry|\
    we apologise|we apologize|glad i could|glad to hear|happy to help|nice to meet|get back to us";

/// Beginnings of clauses that say nothing up to their end: what the agent does now, thanks, regrets.
pub(super) const OPENING: &str = "danke fuer|danke fuers|dank fuer|dank fuers|thank you for|thanks for|\
    ich schaue|ich sehe nach|ich sehe kurz|ich pruefe das|ich pruefe die|ich pruefe kurz|ich frage nach|let me check|let me see|let me look|i will check|i ll check|\
    ill check|i will look|i ll look|wir bedauern|bedauern wir|ich bedaure|bedauere|tut mir leid|entschuldigen sie|\
    sorry to hear|sorry for|sorry that|sorry about|we apologise for|we apologize for|apologies for|glad to hear|\
    feel free to contact|feel free to ask|feel free to reach|wenn sie noch fragen|falls sie noch fragen|\
    if you have any|if there is anything|falls es wieder|freut mich|freut uns|wuensche ihnen|wuensche dir";

/// A clause with an opening and more words behind it says something besides.
pub(super) const OPENING_WORDS: usize = 6;

/// First words of greetings.
pub(super) const GREETINGS: &[&str] = &[
    "hallo",
    "hi",
    "hey",
    "hello",
    "moin",
    "servus",
    "guten",
    "good",
    "dear",
    "liebe",
    "lieber",
    "liebes",
    "sehr",
    "danke",
    "thanks",
    "vielen",
    "thank",
    "sorry",
    "entschuldigung",
];

/// Phrases of a customer that say that a step did not help.
pub(super) const FAILED: &str = "hilft nicht|half nicht|nicht geholfen|hat nichts gebracht|bringt nichts|brachte nichts|\
    funktioniert nicht|geht nicht|immer noch|nach wie vor|trotzdem|weiterhin|klappt nicht|hat nicht geklappt|\
    leider nicht|leider nein|keine aenderung|keine besserung|unveraendert|did not help|didn t help|doesn t help|\
    no luck|does not work|doesn t work|did not work|didn t work|still not|still the same|still no|still does|\
    still blink|no change|not fixed|same problem|same error|schon probiert|schon versucht|habe ich schon|\
    already tried|tried that";

/// What an agent asks only to know whom he serves.
pub(super) const ASKS_PERSON: &str = "kundennummer|bestellnummer|ihr name|ihr vollstaendiger name|full name|ihren namen|\
    ihre adresse|ihre anschrift|e mail adresse|mailadresse|telefonnummer|geburtsdatum|postleitzahl|rechnungsnummer|\
    seriennummer|your name|order number|customer number|your address|email address|e mail address|phone number|\
    zip code|date of birth|account number|serial number|wie heissen sie|wie ist ihr|mit wem spreche|to whom am i|\
    ihre daten|your details|account id|user name|username|social security|ssn|benutzername|vertragsnummer|\
    kundenkonto|passwort|password";

/// Of these, what asks for a name.
pub(super) const ASKS_NAME: &str = "name|heissen sie|mit wem spreche|to whom am i";

/// Words by which an agent asks without a question mark.
pub(super) const REQUESTS: &str = "nennen|geben|teilen|mitteilen|brauche|benoetige|schicken|senden|provide|tell|share|give|\
    send|need|confirm|bestaetigen|may i have|can i have";
