//! The words that answers say by themselves: everything around facts and quotes, German and English.
//!
//! They are listed here a second time on purpose: a word that comes into an answer in no other way than by a new phrase of
//! this program is reported until somebody has read it and put it here. Write them folded (`ä` as `ae`), in any order.

use std::collections::HashSet;

/// Quotes and questions back (`compose::phrases`).
const QUOTES: &str = "
    dazu habe ich in den unterlagen nichts gefunden bitte uebergeben sie an eine kollegin oder einen kollegen
    dieses produkt oder diese nummer kenne ich nicht
    dafuer braucht es die daten der bestellung in den unterlagen steht dazu nichts
    welches produkt ist gemeint um welches produkt geht es was eine leuchte oder ein code bedeutet von geraet zu verschieden

    the documents hold nothing about this please hand over to a colleague
    this product or number is unknown
    this needs the order s data the documents say nothing about it
    which product is meant which product is it what a light or a code means differs from device to device
";

/// Talk (`again`).
const TALK: &str = "
    guten tag womit kann ich helfen gern geschehen in ordnung auf wiedersehen
    ich bin ein programm suche in den unterlagen und daten des shops und nenne die stellen
    was soll ich anders sagen bitte stellen sie die frage noch einmal

    hello how can i help you are welcome all right goodbye
    i am a program i search the shop s documents and data and name the places
    what shall i say otherwise please ask the question again
";

/// Messages where facts do not answer (`facts::say`).
const MESSAGES: &str = "
    zu dieser kundin oder diesem kunden kann ich nichts zeigen unbekannt oder nicht in ihrem bereich
    das darf ihre rolle nicht einsehen bitte uebergeben sie an die zustaendigen kolleginnen und kollegen
    gehoert zu keiner bestellung dieser kundin oder dieses kunden
    dazu gibt es bei dieser kundin oder diesem kunden keine bestellung
    fuer diese bestellung ist keine regelung hinterlegt bitte uebergeben sie an eine kollegin oder einen kollegen
    welche bestellung ist gemeint vom gehoeren
    die zahlung dazu darf ihre rolle nicht einsehen ob davon etwas zurueckgeschickt wurde darf ihre rolle nicht einsehen
    das genannte produkt ist nicht in der bestellung

    there is nothing that i can show about this customer unknown or not within your regions
    your role may not see this please hand over to the colleagues in charge
    belongs to no order of this customer this customer has no order of that kind
    no policy is known for this order please hand over to a colleague
    which order is meant of belong
    your role may not see the payment for it your role may not see whether something of it was sent back
    the product that is named is not in the order
";

/// Facts (`facts::say`).
const FACTS: &str = "
    bestellung zahlung ueber paket mit sendungsnummer letzte meldung am erwartet uhr utc
    wird in der region nicht verkauft wird seit nicht mehr verkauft nachfolger
    die seriennummer kann nicht stimmen ihre pruefziffer passt nicht bitte noch einmal ablesen
    die seriennummer ist bei dieser kundin oder diesem kunden nicht bekannt
    aus ist von der rueckgabe ausgeschlossen noch nicht ganz zugestellt danach gelten tage fuer die rueckgabe
    kann bis zurueck tage ab zustellung am die rueckgabefrist fuer abgelaufen
    ruecksendung angemeldet am eingegangen am erstattet am erstattung
    inkl mwst ohne steuern nicht auf lager stueck auf lager
    garantie bis monate ab kauf am die garantie ist am abgelaufen region
    keine angabe niedriger hoeher bei

    order payment of parcel by tracking number last event on expected on
    is not sold in the region has not been sold since is no longer sold successor
    the serial number cannot be right its check digit does not fit please read it again
    the serial number is not known with this customer
    of is excluded from returns is not fully delivered yet days for returning it count from then
    can go back until days from delivery on the return period for ended on
    return requested on received on refunded on refund
    incl vat plus tax out of stock in stock
    under warranty until months from purchase on order region the warranty ended on
    not stated lower higher with
";

/// States (`facts::say::states`).
const STATES: &str = "
    wartet auf zahlung bezahlt noch nicht versandt teilweise versandt zugestellt storniert zurueckgeschickt
    angekuendigt unterwegs verspaetet in zustellung zustellung gescheitert verloren gegangen zurueck an den absender
    noch nicht eingegangen fehlgeschlagen eingegangen erstattet
    vorkasse rechnung karte kreditkarte lastschrift raten bezahldienst
    angemeldet ruecksendeschein verschickt ersetzt abgelehnt

    waiting for payment paid not shipped yet partly shipped delivered cancelled returned
    announced in transit delayed out for delivery delivered delivery failed lost returned to sender
    not received yet failed received refunded
    prepayment invoice card credit card direct debit instalments wallet
    requested label sent replaced rejected
";

/// All of them.
pub(super) fn vocabulary() -> HashSet<&'static str> {
    [QUOTES, TALK, MESSAGES, FACTS, STATES].iter().flat_map(|text| text.split_whitespace()).collect()
}
