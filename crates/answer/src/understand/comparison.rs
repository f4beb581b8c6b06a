//! What products are compared by: the words of the question, the attributes of catalogs, and which direction wins.

use std::sync::LazyLock;

use super::pattern::{Pattern, Wording, place_of};

/// Which value wins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Better {
    /// The smaller one.
    Lower,
    /// The greater one.
    Higher,
    /// Neither is better.
    None,
}

/// One thing to compare by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Aspect {
    /// One attribute's keys as catalogs print them, German and English; the first one names it.
    pub(crate) keys: Keys,
    /// Which value wins.
    pub(crate) better: Better,
}

/// A comparison that is asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Comparison {
    /// What by: those of these that the products have ("läuft länger": `Akkulaufzeit` or `Laufzeit`). Empty when the question
    /// names nothing: all that differs is wished.
    pub(crate) aspects: Vec<Aspect>,
    /// What else the same word may mean, the likelier first, where the products have nothing of the above ("längeres Kabel" of devices
    /// that state how far they reach).
    pub(crate) otherwise: Vec<Vec<Aspect>>,
}

/// Attributes with their keys, direction, wordings. The first line that fits counts.
type Line = (&'static [Keys], Better, &'static [&'static str]);
/// Keys of one attribute, German and English.
type Keys = &'static [&'static str];

const TABLE: &[Line] = &[
    (
        &[&["Preis", "Price"]],
        Better::Lower,
        &["guenstiger|billiger|teurer|cheaper|expensive|preis|kostet|price"],
    ),
    (
        &[&["Geräuschunterdrückung", "Noise cancelling"]],
        Better::Higher,
        &[
            "laerm|krach|umgebung*|aussengeraeusch*|noise|sound cut|cuts|kill*|reduc*|blendet|ausblenden|schirmt|abschirm*|filtert|unterdrueck*|daempft|daempfen|block*|cancel*|schluckt|shut*|keeps+out",
            "geraeuschunterdrueck*|noise+cancel*|anc",
        ],
    ),
    (
        &[&["Schallaustritt", "Sound leakage"]],
        Better::Lower,
        &[
            "leiser|leise|quieter|quiet leute|nebenan|andere|anderen|kollegen|umgebung|mitreisende*|people|others|neighbours|neighbors|colleagues",
            "schallaustritt|mithoeren|hoert+mit|mitbekomm*|nachbar*|sitznachbar*|leak*|leakage|dringt|hear nach|aussen|raus|weniger|others|less|schallaustritt|mithoeren|leakage",
        ],
    ),
    (
        &[
            &["Lautstärke", "Sound level", "Noise level"],
            &["Lautstärke unter Last", "Sound level under load"],
        ],
        Better::Lower,
        &[
            "leiser|lauter|leise|laut|quieter|louder|quiet|noisy|noisier|krach|laerm|radau|dezibel|decibel*|lautstaerke|noise",
        ],
    ),
    (
        &[&["Akkulaufzeit mit Etui", "Battery life with case"]],
        Better::Higher,
        &[
            "kaestchen|etui|case|ladeschale|ladecase|dose insgesamt|laenger|lange|total|longer|long|lasts|hours|stunden !without !ohne",
        ],
    ),
    (
        &[&["Ladezeit", "Charging time"]],
        Better::Lower,
        &["schneller|faster|kuerzer|quicker geladen|voll|laedt|laden|aufgeladen|charg*|full"],
    ),
    (
        &[&["Ladeleistung", "Charging power"]],
        Better::Higher,
        &["ladeleistung|charging+power", "watt|power laden|laedt|charge*"],
    ),
    (&[&["Garantie", "Warranty"]], Better::Higher, &["garantie*|gewaehrleist*|warranty|guarantee"]),
    (&[&["Beutelvolumen", "Bag volume"]], Better::Higher, &["beutel|bag|bags"]),
    (
        &[&["Wassertank", "Water tank"]],
        Better::Higher,
        &[
            "wasser|water nachfuell*|auffuell*|fuell*|tank|seltener|mehr|passt|holds|hold|refill*|more",
            "wassertank|tank",
        ],
    ),
    (
        &[&["Bohnenbehälter", "Bean container"]],
        Better::Higher,
        &["bohnen|bohnenbehaelter|bohnenfach|beans|bean"],
    ),
    (
        &[&["Höhe des Auslaufs", "Spout height"]],
        Better::Higher,
        &[
            "auslauf*|spout",
            "glas|glaeser|becher|tasse|mug|glass|cup hoeher*|hohe*|grosse*|unter|taller|under|fit*",
        ],
    ),
    (&[&["Pumpendruck", "Pump pressure"]], Better::Higher, &["druck|bar|pumpendruck|pressure"]),
    (&[&["Tassen", "Cups"]], Better::Higher, &["tassen|kannen|cups"]),
    (
        &[&["Brühzeit", "Brewing time"]],
        Better::Lower,
        &[
            "schneller|faster|quicker|kuerzer kaffee|fertig|bruehen|brueht|coffee|brew*|ready|done|kanne",
            "bruehzeit|brewing",
        ],
    ),
    (
        &[&["Aktionsradius", "Operating radius"]],
        Better::Higher,
        &["aktionsradius|radius|reichweite|reach|reaches|kabel|weiter|further|farther"],
    ),
    (
        &[&["Staubbehälter", "Dust container"]],
        Better::Higher,
        &["staubbehaelter|behaelter|container|schmutz|dreck|dust|dirt|ausleeren|leeren|bin|empt*"],
    ),
    (
        &[&["Saugkraft", "Suction", "Suction power"], &["Leistung", "Power"]],
        Better::Higher,
        &["saugt|saugen|saugkraft|sucks|suction|kraeftiger|staerker|stronger|powerful !laenger !longer"],
    ),
    (
        &[&["Schwellenhöhe", "Threshold height"]],
        Better::Higher,
        &["schwelle*|tuerschwelle*|teppichkante*|threshold*|kante*|absatz|klettert|climb*"],
    ),
    (
        &[&["Höhe", "Height"]],
        Better::Lower,
        &["flacher|niedriger|sofa|bett|couch|moebel|schrank|unters|lower|flatter|under|bed"],
    ),
    (&[&["Arbeitsspeicher", "Memory", "RAM"]], Better::Higher, &["ram|arbeitsspeicher|memory"]),
    (&[&["Kamera", "Camera"]], Better::Higher, &["megapixel*|kamera|camera|aufloesung|knipst|fotografiert"]),
    (
        &[&["Speicher", "Storage"]],
        Better::Higher,
        &["speicher|storage|platte|festplatte|ssd|drive|disk|fotos|photos|bilder|videos|apps|gigabyte|gb"],
    ),
    (
        &[&["Akkukapazität", "Battery capacity"]],
        Better::Higher,
        &[
            "akku|batterie|battery groesser*|groesste*|bigger|larger|kapazitaet|capacity|mehr|steckt|mah",
            "mah|akkukapazitaet",
        ],
    ),
    (&[&["Bildschirm", "Display", "Screen"]], Better::Higher, &["bildschirm|display|screen|zoll|inch*"]),
    (&[&["Akkuspannung", "Battery voltage"]], Better::None, &["volt|spannung|voltage"]),
    (
        &[&["Akkulaufzeit", "Battery life"], &["Laufzeit", "Runtime"]],
        Better::Higher,
        &[
            "laenger|laengere|laengste|laufzeit|akkulaufzeit|longer|longest|runtime",
            "leer|empty|flat|dies bevor|bis|before|until|spaeter|later",
            "seltener|seltner|lange|rarely|less|often|oft aufladen|laden|geladen|akku|strom|steckdose|ladegeraet|charge*|charging|battery|durchhaelt|haelt",
        ],
    ),
    (
        &[&["Wassersäule", "Water column"]],
        Better::Higher,
        &["wassersaeule|wasserdicht*|regen*|dichter|waterproof|rain|watertight|nass|trocken*|wetter*"],
    ),
    (
        &[&["Atmungsaktivität", "Breathability"]],
        Better::Higher,
        &["schwitz*|atmungsaktiv*|luftiger|luftdurchlaessig*|breath*|sweat*"],
    ),
    (
        &[&["Stollentiefe", "Lug depth"]],
        Better::Higher,
        &["profil|stollen*|grip|tread|lug|lugs|groeber*|griffiger|matsch|schlamm|mud"],
    ),
    (&[&["Farbe", "Colour", "Color"]], Better::None, &["farbe|farben|farblich|colour|color"]),
    (&[&["Sprengung", "Drop"]], Better::None, &["sprengung|drop|fersen*"]),
    (&[&["Leistung", "Power"]], Better::None, &["watt|leistung|power|kraft"]),
    (&[&["Kabellänge", "Cable length"]], Better::Higher, &["kabel|cable|cord"]),
    (
        &[&["Gewicht", "Weight"], &["Gewicht je Hörer", "Weight per earbud"]],
        Better::Lower,
        &[
            "leichter|schwerer|leicht|schwer|gewicht|wiegt|wiegen|lighter|heavier|light|heavy|weigh*|weight|handlicher|leichteste*",
        ],
    ),
];

static ASPECTS: LazyLock<Vec<(Vec<Aspect>, Vec<Pattern>)>> = LazyLock::new(|| {
    let line = |(attributes, better, wordings): &Line| {
        let aspects = attributes.iter().map(|keys| Aspect { keys, better: *better });
        (aspects.collect(), Pattern::all(wordings))
    };
    TABLE.iter().map(line).collect()
});

impl Comparison {
    /// What a wording compares by. A line of the table that comes earlier says more: of "mit dem Etui länger" the case counts.
    pub(super) fn of(wording: &Wording) -> Self {
        let fitting =
            ASPECTS.iter().filter_map(|(aspects, wordings)| Some((place_of(wordings, wording)?, aspects)));
        let mut fitting = fitting.collect::<Vec<_>>().into_iter();
        let Some((place, first)) = fitting.next() else { return Self::default() };
        let mut found = Self { aspects: first.clone(), otherwise: Vec::new() };
        for (other, aspects) in fitting {
            if wording.joins(place, other) {
                found.aspects.extend(aspects.iter().cloned());
            } else if other == place {
                found.otherwise.push(aspects.clone());
            }
        }
        found
    }
}

/// The attribute that a key as catalogs print it names, with its keys in both languages; `None` for one that is not in the table.
pub(crate) fn aspect_of(key: &str) -> Option<&'static Aspect> {
    let key = key.to_lowercase();
    let names = |aspect: &&Aspect| aspect.keys.iter().any(|known| known.to_lowercase() == key);
    // A line of its own says more than one in which it stands for another attribute: power counts for suction, not by itself.
    let own = ASPECTS.iter().filter_map(|(aspects, _)| aspects.first()).find(names);
    own.or_else(|| ASPECTS.iter().flat_map(|(aspects, _)| aspects).find(names))
}
