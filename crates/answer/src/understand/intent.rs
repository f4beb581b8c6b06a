//! What is wished: the wordings of each kind of question.

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use super::pattern::{Pattern, Wording, place_of};

/// The kinds of question that a support desk gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Intent {
    /// Where an order or a parcel is.
    Parcel,
    /// Sending something back, money back.
    Returns,
    /// Something does not work.
    Fault,
    /// What something costs, whether it is in stock.
    Price,
    /// Warranty, guarantee, serial numbers.
    Warranty,
    /// Which of several.
    Comparison,
    /// How something works or what it is like.
    Technical,
    /// None of these.
    Other,
}

impl Intent {
    /// Its name in responses and logs.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Parcel => "parcel",
            Self::Returns => "returns",
            Self::Fault => "fault",
            Self::Price => "price",
            Self::Warranty => "warranty",
            Self::Comparison => "comparison",
            Self::Technical => "technical",
            Self::Other => "other",
        }
    }
}

/// Where an order or parcel is.
const PARCEL: &[&str] = &[
    "paket*|paeckchen|parcel*|package|packages|sendung*|tracking*|paketdienst*|zusteller*|zustellung|kurier|courier|carrier|shipment*",
    "bestellstatus|lieferstatus",
    "lieferung*|delivery|deliveries|ware wo|wann|status|stand|steht|bleibt|bleiben|kommt|noch|schon|immer|fehlt|mein*|#order|where|when|my|yet|still|late|missing",
    "bestellung|bestellungen|auftrag|order|orders wo|wann|warum|was+ist|status|stand|steht|bleibt|los|kommt|where|when|why|what+about|what+happened|what+is+with|news|update|letzte*|zuletzt|latest|last|recent",
    "wo|wann|where|when bleibt|steckt|ankommt|ankommen|eintrifft|arrive|arrives|geliefert|zugestellt|delivered",
    "zeug|sachen|ware|kram|stuff|things|goods|package kommt|kommen|wann|wo|warte|when|where|waiting|arrive*",
    "warte|warten|wartet|waiting #product|#order|seit|immer|noch|still|schon",
    "bestellt|ordered wann|wo|when|where|noch|schon|yet",
    "unterwegs|verschickt|versendet|versandt|losgeschickt|abgeschickt|rausgegangen|shipped|dispatched|zugestellt|angekommen|arrived schon|noch|wann|immer|wurde|already|yet|been|has|when|#order|#product",
    "nicht+da|nicht+angekommen|nicht+gekommen|nicht+geliefert|not+arrived|not+here|not+come|nirgends",
    "wann kommt|kommen das|es|er|die|der|an|ware|zeug",
    "when arrive*|come|coming|deliver*|here",
    "wer|who liefert|bringt|delivers|delivering|brings",
    "#order status|stand|los|news|update|happen*|wo|where|wann|when",
];

/// What any parcel costs, takes or may be: nobody's in particular.
const ANY_PARCEL: &[&str] = &[
    "kostet|kosten|kostenlos|versandkosten|preis|gebuehr*|teuer|wie+viel|how+much|cost|costs|price|fee|free",
    "wie+lange|wie+schnell|how+long|how+fast|how+quickly|in+der+regel|normalerweise|ueblicherweise|usually|normally|generally|lieferzeit* !noch !still",
    "wie+gross|wie+schwer|how+big|how+heavy|packstation|express|ausland|abroad|international|oesterreich|schweiz|austria|switzerland",
    "liefert+ihr|liefern+sie|verschickt+ihr|versendet+ihr|versenden+sie|verschicken+sie|do+you+ship|do+you+deliver|abholen|selbst+abholen|pick+up",
    "welche*|which|what versandart*|zustelldienste|paketdienste|carriers",
    "adresse|lieferadresse|address aendern|change|geaendert|changed",
];

/// Sending back, money back.
const RETURNS: &[&str] = &[
    "rueckgabe*|rueckgeb*|ruecksend*|retour*|rueckerstatt*|erstatt*|widerruf*|umtausch*|refund*|return|returns|returned|returning|restocking|rma",
    "zurueckgeb*|zurueckzugeb*|zurueckgegeben|zurueckschick*|zurueckzuschick*|zurueckgeschickt|zuruecksend*|zurueckgesandt|zurueckgesendet|zurueckbekommen|zurueckbekomm*|zurueckgekommen|zurueckbring*|zuruecknehm*",
    "zurueck kann|darf|geht|bis|noch|kunde|kundin|geld|gehen|nehmt|nehmen|muss|#order",
    "nehmt|nehmen wieder|zurueck",
    "loswerden|los+werden|get+rid",
    "geld|money zurueck|back|bekomm*|wann|when|get",
    "send|sent|give|go|goes|bring|ship|shipped|take back until|can|still|may|when|money|#order|i|how",
    "gefaellt nicht #order|zurueck|wieder|spaet",
    "exchange* !rate",
    "umtauschen|umzutauschen",
];

/// Of a return that is under way.
const RUNNING_RETURN: &[&str] = &[
    "geld|money|refund|erstattung|rueckerstattung wann|when|wo|where|bekomm*|get|schon|yet|already|bleibt|got",
    "zurueckbekommen|zurueckgekommen schon|habt|haben|ihr",
    "zurueckgeschickt|zurueckgesandt|zurueckgesendet|sent+back|shipped+back|ruecksendung|retoure|return angekommen|erhalten|eingegangen|received|arrived|got|status|stand|was+ist|wo+ist|what+about|where|where+is|steht",
    "meine+ruecksendung|meiner+ruecksendung|meine+retoure|meiner+retoure|my+return|my+refund|meine+erstattung",
];

/// How long warranty runs, and by which serial number.
const WARRANTY: &[&str] = &[
    "garantie*|gewaehrleist*|warrant*|guarantee*|herstellergarantie*",
    "abgedeckt|abgesichert|covered|coverage",
    "seriennummer*|serial|serialnumber|typenschild !wo+finde !wo+steht !wo+ist !where+is !where+do+i+find !where+can+i+find !where+to+find",
    "kostenlos|kostenlose|gratis|umsonst|free repar*|repair*|ersetz*|fix*|ausgetauscht",
    "ersetzt|ersatz|ausgetauscht|repariert|repaired|replaced krieg*|bekomm*|wird|werden|get|be|noch|still !kaufen !buy",
    "#serial",
];

/// A figure of the product, as opposed to what is left of someone's warranty.
const WARRANTY_FIGURE: &[&str] = &[
    "monate|monaten|jahre|jahren|months|years|lange|long #product !#serial !#order !mein* !my !ich !i !kunde* !noch !still !bis !until !left !#products",
];

/// Today's price and stock, and what comes instead.
const PRICE: &[&str] = &[
    "kostet|kosten|koste|kosts|costs !kostenlos !hat !did",
    "preis|preise|preises|price|prices|priced|cost !did !development",
    "teuer|guenstig|billig|expensive|cheap #product",
    "hinlegen|hinblaettern|bezahlen|zahlen|zahle|loehnen viel|wieviel|muss",
    "fuer+wie+viel|fuer+wieviel|how+much+is|how+much+are|how+much+for|how+much+do+you|what+do+you+charge|do+you+charge|what+do+you+want",
    "auf+lager|am+lager|im+lager|vorraetig|lieferbar|verfuegbar|available|availability|stock|ausverkauft|sold+out|lagernd",
    "viele|many noch+da|uebrig|left|noch+auf",
    "gibt+es|gibts|habt+ihr|haben+sie|fuehrt+ihr|do+you+have|do+you+sell|still+sell|verkauft+ihr #product noch|still|viel|much",
    "nachfolger*|successor*",
    "steuer|steuern|mwst|mehrwertsteuer|umsatzsteuer|vat|tax|taxes",
    "rabatt*|discount*|gutschein*|voucher*",
];

/// Which of several.
const COMPARISON: &[&str] = &[
    "#products oder|or|als|than|zwischen|between|statt|gegen|welche*|which|wer|who|beide|beiden|both|lieber|mehr|more",
    "unterscheid*|vergleich*|differ|differs|compare*|comparison|versus|vs",
    "unterschied*|difference* #product|zwischen|between",
    "welche*|which|wer|who leiser|lauter|leichter|schwerer|besser|guenstiger|billiger|schneller|staerker|groesser|kleiner|laenger|quieter|louder|lighter|heavier|better|cheaper|faster|stronger|bigger|smaller|longer",
    "oder|or|als|than leiser|lauter|leichter|schwerer|besser|guenstiger|billiger|schneller|staerker|groesser|kleiner|laenger|quieter|louder|lighter|heavier|better|cheaper|faster|stronger|bigger|smaller|longer #product",
];

/// Something does not work.
const FAULT: &[&str] = &[
    "blink*|leuchtet|leuchten|flacker*|flash|flashes|flashing|blinking|blinks|glows",
    "lampe|laempchen|lampchen|licht|lichtlein|anzeige|display|light|led|lights rot|gelb|gruen|blau|orange|weiss|red|yellow|green|blue|white|blinkt",
    "#code",
    "rot|gelb|gruen|blau|orange|weiss|red|yellow|green|blue|white bedeutet|heisst|mean|means !farbe !colour !color",
    "seit|since gestern|heute|kurzem|neuestem|neuerdings|yesterday|today|recently",
    "fehler*|stoerung*|defekt*|kaputt*|kaput|error*|fault*|broken|problem*|fehlermeldung",
    "spinnt|spinnen|streikt|klemmt|stinkt|brummt|quietscht|knackt|knistert|zischt|rauscht|ruckelt|hakt|haengt|tropft|leckt|musty|rattles|rattling|leaks|squeaks|crackles|smells",
    "dauernd|staendig|constantly|always #product !wie",
    "komisch|seltsam|ploetzlich|auf+einmal|suddenly|strange|weird|keeps|hilfe",
    "woran+liegt|woran+kann|was+kann+ich+machen|was+kann+ich+tun|was+tun|was+nun|was+ist+los|what+can+i+do|what+is+wrong|whats+wrong|what+s+wrong|what+now|what+should+i+do",
    "warum|wieso|weshalb|why #product|nicht|kein*|not|dauernd|immer|staendig|hoer*|mein*|my !bestell*",
    "mein*|my nur+noch|geraeusch*|geraeusche|noise|noises|was+kann+ich|what+can+i",
    "geht|laeuft|laedt|startet|reagiert|funktioniert|saugt|zieht|works|working|start nicht|not|doesn|isn|won",
    "hin|died|dead|tot|gestorben mein*|my",
];

/// How something is done or what it is like, even where a mishap is the reason to ask.
const TECHNICAL: &[&str] = &[
    "wie+*+ich|wie+*+man|wie+geht|wie+gehen|how+do|how+can|how+to !#code",
    "wie+lange|wie+lang|wie+oft|wie+viel|wie+viele|wie+weit|wie+schwer|wie+hoch|wie+gross|wie+laut|wie+voll|wie+warm|wie+heiss|how+long|how+often|how+many|how+far|how+heavy|how+big|how+loud|how+full|how+hot !#code",
];

/// All tables, read once. The order is that of precedence where one sentence has several.
static TABLES: LazyLock<Vec<(Intent, Vec<Pattern>)>> = LazyLock::new(|| {
    let tables = [
        (Intent::Comparison, COMPARISON),
        (Intent::Returns, RETURNS),
        (Intent::Warranty, WARRANTY),
        (Intent::Parcel, PARCEL),
        (Intent::Price, PRICE),
        (Intent::Fault, FAULT),
        (Intent::Technical, TECHNICAL),
    ];
    tables.into_iter().map(|(intent, table)| (intent, Pattern::all(table))).collect()
});
/// Words that ask, wherever they stand.
const ASKING: &[&str] = &[
    "wie|was|wo|wann|warum|wieso|weshalb|wer|wen|wem|welche*|womit|woran|wofuer|wozu|wohin|wieviel|how|what|where|why|which|who|whose",
    "kann|darf|soll|muss|koennen|can|may|should|will|does|is|are ich+das|ich+es|ich+ihn|ich+sie|kann+ich|darf+ich|soll+ich|muss+ich|kann+man|can+i|can+we|may+i|should+i|will+the|does+it|is+it",
];
/// Words that ask when they stand first.
const ASKING_FIRST: &[&str] = &[
    "kann", "kannst", "koennen", "koennt", "konnt", "konnen", "ist", "sind", "hat", "habt", "haben", "gibt",
    "geht", "macht", "soll", "muss", "darf", "braucht", "brauche", "laeuft", "passt", "nehmt", "bin", "wird",
    "werden", "bitte", "when", "can", "could", "does", "do", "is", "are", "will", "has", "have", "may",
    "should", "must", "would", "did", "please",
];

/// What one tells with, as opposed to key words: "KM-2400 Breite Höhe".
const TELLING: &[&str] = &[
    "ich|es|er|sie|ist|sind|bleibt|wird|nur|nicht|kein*|mehr|kaum|immer|staendig|mein*|my|it|i|is|are|not|only|cannot|won|keeps|just",
];

static TELLS: LazyLock<Vec<Pattern>> = LazyLock::new(|| Pattern::all(TELLING));
static ASKS: LazyLock<Vec<Pattern>> = LazyLock::new(|| Pattern::all(ASKING));
static OF_ANY_PARCEL: LazyLock<Vec<Pattern>> = LazyLock::new(|| Pattern::all(ANY_PARCEL));
static FIGURE: LazyLock<Vec<Pattern>> = LazyLock::new(|| Pattern::all(WARRANTY_FIGURE));
static RUNNING: LazyLock<Vec<Pattern>> = LazyLock::new(|| Pattern::all(RUNNING_RETURN));

impl Intent {
    /// What a wording wishes, in order of mention; empty when no table holds it.
    ///
    /// `is_own` is set when something of the asker's own is spoken of: without it "Was kostet die Lieferung?" asks for no parcel.
    pub(super) fn all(wording: &Wording, is_own: bool) -> Vec<Self> {
        let places = TABLES.iter().filter_map(|(intent, table)| Some((place_of(table, wording)?, *intent)));
        let mut found: Vec<(usize, Self)> = places.collect();
        found.sort_by_key(|(place, _)| *place);
        let mut intents: Vec<Self> = found.into_iter().map(|(_, intent)| intent).collect();
        if intents.contains(&Self::Warranty) && place_of(&FIGURE, wording).is_some() {
            intents = vec![Self::Technical];
        }
        if !is_own && place_of(&OF_ANY_PARCEL, wording).is_some() {
            intents.retain(|intent| *intent != Self::Parcel);
        }
        yield_to_stronger(&mut intents);
        intents
    }

    /// Whether facts of the shop's tables answer it, not texts.
    pub(super) fn is_of_facts(self) -> bool {
        matches!(self, Self::Parcel | Self::Returns | Self::Price | Self::Warranty | Self::Comparison)
    }

    /// Whether a wording asks nothing and tells something: one who only tells of a device has trouble with it.
    pub(super) fn is_told(wording: &Wording) -> bool {
        let asks = wording.begins_with(ASKING_FIRST) || place_of(&ASKS, wording).is_some();
        !asks && place_of(&TELLS, wording).is_some()
    }

    /// Whether a wording asks for a return that is under way.
    pub(super) fn is_running_return(wording: &Wording) -> bool {
        place_of(&RUNNING, wording).is_some()
    }
}

/// What is only the occasion of a wish goes: "Mein Gerät ist kaputt. Habe ich noch Garantie?"
fn yield_to_stronger(intents: &mut Vec<Intent>) {
    /// Each yields to any of those behind it.
    const YIELDS: &[(Intent, &[Intent])] = &[
        (
            Intent::Technical,
            &[Intent::Comparison, Intent::Returns, Intent::Warranty, Intent::Parcel, Intent::Price],
        ),
        (
            Intent::Fault,
            &[
                Intent::Comparison,
                Intent::Returns,
                Intent::Warranty,
                Intent::Parcel,
                Intent::Price,
                Intent::Technical,
            ],
        ),
        (Intent::Price, &[Intent::Comparison, Intent::Returns]),
        (Intent::Parcel, &[Intent::Comparison, Intent::Returns]),
        (Intent::Warranty, &[Intent::Comparison]),
        (Intent::Returns, &[Intent::Comparison]),
    ];
    let all = intents.clone();
    let yields = |intent: &Intent| {
        YIELDS.iter().any(|(weak, strong)| weak == intent && all.iter().any(|other| strong.contains(other)))
    };
    intents.retain(|intent| !yields(intent));
}
