//! The phrases that announce personal data and the numbers of things, all folded.

use super::Kind;
use super::cue::{Cue, Trust};

const fn reference(kind: Kind, is_weak: bool) -> Cue {
    Cue::Reference { kind, is_weak }
}

/// Phrases and what they announce.
pub(super) const CUES: &[(&str, Cue)] = &[
    (
        "herr|herrn|hr|hrn|frau|fr|fraeulein|mr|mrs|ms|mx|miss|mister|dr|prof|doktor|doctor|professor|familie|fam|\
         dipl ing",
        Cue::Title,
    ),
    (
        "hallo|hi|hey|hello|moin|servus|guten tag|guten morgen|guten abend|gruess gott|gruezi|good morning|\
         good afternoon|good evening|good day|greetings|liebe|lieber|dear|sehr geehrte|sehr geehrter|geehrte|geehrter|\
         werte|werter|hallo liebe|hallo lieber",
        Cue::Greeting,
    ),
    (
        "mit freundlichen gruessen|mit freundlichem gruss|freundliche gruesse|viele gruesse|vielen gruessen|\
         liebe gruesse|beste gruesse|herzliche gruesse|schoene gruesse|mit besten gruessen|mit herzlichen gruessen|\
         mit lieben gruessen|mit vielen gruessen|gruesse|gruss|lieben gruss|schoenen gruss|hochachtungsvoll|mfg|\
         m f g|best regards|kind regards|warm regards|kindest regards|regards|best wishes|sincerely|\
         yours sincerely|sincerely yours|yours truly|yours faithfully|yours",
        Cue::Closing { is_weak: false },
    ),
    (
        "lg|vg|bg|danke|dank|vielen dank|danke schoen|dankeschoen|besten dank|herzlichen dank|thanks|thank you|\
         many thanks|thanks a lot|thank you very much|cheers|best|ihr|ihre|tschuess|bis dann|ciao|bye|thx",
        Cue::Closing { is_weak: true },
    ),
    (
        "ok|okay|sure|sure thing|no|nope|yes|yeah|yep|alright|all right|got it|perfect|great|ja|nein|alles klar|prima|super|\
         sorry|please|bitte|hmm",
        Cue::Answer,
    ),
    (
        "mein name ist|mein name lautet|mein name|der name ist|ich heisse|wir heissen|my name is|my name s|my name|\
         the name is|the name s|full name is|i am called|i m called|im namen von|on behalf of",
        Cue::Introduction(Trust::Sure),
    ),
    ("ich bin|i am|i m|hier spricht|hier schreibt", Cue::Introduction(Trust::Likely)),
    (
        "ich bin der|ich bin die|im|this is|hier ist|hier|es schreibt|es gruesst|call me|mein mann|meine frau|\
         my husband|my wife|here is|it s|speaking with|name is|name ist",
        Cue::Introduction(Trust::Unsure),
    ),
    (
        "name|names|full name|vorname|nachname|familienname|first name|last name|surname|kontoinhaber|\
         kontoinhaberin|karteninhaber|karteninhaberin|besteller|bestellerin|empfaenger|empfaengerin|kunde|kundin|\
         customer|account holder|card holder|cardholder|name on the card|ansprechpartner|ansprechpartnerin|\
         recipient|lieferung an|ausgestellt auf|signed",
        Cue::Label,
    ),
    (
        "bestellnummer|bestellnr|bestell nr|bestell nummer|best nr|bestellnummern|bestellungsnummer|bestell id|bestellid|\
         auftragsnummer|auftragsnr|auftrags nr|rechnungsnummer|rechnungsnr|rechnungs nr|rechnung nr|rg nr|re nr|vorgangsnummer|\
         vorgangsnr|vorgangs nr|ticketnummer|ticket nr|fallnummer|aktenzeichen|retourennummer|retouren nr|\
         reklamationsnummer|belegnummer|order number|order no|order nr|order id|order num|order ref|invoice number|invoice no|\
         invoice id|case number|case no|case id|ticket number|ticket no|ticket id|reference number|ref no|\
         booking number|confirmation number|rma number|rma nummer|rma nr|return number|receipt number",
        reference(Kind::Order, false),
    ),
    (
        "bestellung|bestellungen|auftrag|rechnung|vorgang|ticket|order|orders|invoice|purchase|case|retoure|rma",
        reference(Kind::Order, true),
    ),
    (
        "sendungsnummer|sendungsnr|sendungs nr|sendungs id|paketnummer|paketnr|paket nr|paket nummer|trackingnummer|\
         tracking nummer|tracking nr|tracking id|tracking number|tracking no|tracking code|trackingcode|\
         sendungsverfolgungsnummer|shipment number|shipment id|parcel number|package number|consignment number|identcode",
        reference(Kind::Shipment, false),
    ),
    ("sendung|paket|tracking|shipment|parcel|lieferung", reference(Kind::Shipment, true)),
    (
        "kundennummer|kundennr|kunden nr|kunden nummer|kdnr|kd nr|kd nummer|kundenkontonummer|kundenid|kunden id|\
         kundenkonto|mitgliedsnummer|benutzernummer|vertragsnummer|vertrags nr|customer number|customer no|customer nr|\
         customer id|customer num|client number|client id|account number|account no|account id|account num|acct no|\
         member number|member id|membership number|user id|contract number|kontonummer|kontonr|konto nr|\
         sozialversicherungsnummer|steuernummer|steuer id|personalausweisnummer|ausweisnummer|social security number|\
         social security|ssn|ssn number|ssn no|ssn id|passport number|loyalty number",
        reference(Kind::Customer, false),
    ),
    ("kunde nr|kunde nummer|kd", reference(Kind::Customer, false)),
    (
        "seriennummer|seriennr|serien nr|serial number|serial no|serial nr|serial|s n|sn|snr|artikelnummer|artikelnr|artikel nr|\
         art nr|artnr|item number|item no|product number|produktnummer|produkt nr|ean|gtin|upc|isbn|asin|mpn|sku|han|\
         teilenummer|teile nr|ersatzteilnummer|ersatzteil nr|ersatzteil|part number|part no|p n|modellnummer|modell nr|\
         model number|model no|typennummer|e nr|enr|imei|mac|chargennummer|herstellernummer",
        Cue::Thing { is_weak: false },
    ),
    (
        "modell|model|typ|type|fd|firmware|version|softwarestand|charge|lot|batch|fehlercode|fehler|error|error code|code|\
         zaehlerstand|filter|patrone|cartridge|ref|refill",
        Cue::Thing { is_weak: true },
    ),
    (
        "tel|telefon|telefonnummer|telefonnr|telefon nr|tel nr|handy|handynummer|handynr|handy nr|mobil|mobilnummer|mobiltelefon|\
         mobil nr|rufnummer|rueckrufnummer|festnetz|festnetznummer|durchwahl|fax|faxnummer|phone|phone number|phone no|telephone|\
         telephone number|mobile|mobile number|mobile no|cell|cell phone|cell number|contact number|callback number|\
         call me|call me at|call me on|call me back at|call me back on|reach me at|reach me on|text me at|\
         erreichbar unter|erreichen mich unter|rufen sie mich an unter|zurueckrufen unter|whatsapp|my number|my number is|\
         meine nummer|meine nummer ist|unter der nummer|hotline|rueckruf",
        Cue::Phone,
    ),
    ("iban|iban nr|iban nummer|bankverbindung", Cue::Iban),
    (
        "kreditkarte|kreditkartennummer|kreditkarten nr|kartennummer|karten nr|karte|visa|visakarte|mastercard|\
         credit card|credit card number|card number|card no|debit card|card",
        Cue::Card,
    ),
    (
        "plz|postleitzahl|zip|zip code|zipcode|zip is|postcode|postal code|pin code|pincode|zip codes",
        Cue::PostalCode,
    ),
    ("packstation|postfach|po box|p o box|paketshop|postfiliale|postnummer|post nr", Cue::Box),
];

/// Words between a cue and its number.
pub(super) const FILLERS: &[&str] = &[
    "nr", "no", "nummer", "number", "num", "nbr", "id", "ist", "lautet", "lautete", "war", "is", "was",
    "mit", "der", "die", "das", "the", "with", "meine", "my", "unter", "at", "on", "with", "von", "for",
    "are", "und", "and", "auch", "also", "code", "sind", "dazu", "hier", "lauten", "the", "s",
];

/// Fillers that make the number behind a word such as `Bestellung` one for sure.
pub(super) const NUMBER_WORDS: &[&str] = &["nr", "no", "nummer", "number", "num", "nbr", "id"];
