//! Questions about the world, which no shop answers, and about what a shop does not know of its products.

use std::sync::LazyLock;

use super::pattern::{Pattern, Wording, place_of};

/// The world: only where no product, order, device or kind of product is named.
const WORLD: &[&str] = &[
    // Weather, travel, places.
    "wetter*|weather|forecast|regnet|sonnig",
    "zug|bahn|bus|flug|fluege|train|flight|fahrplan|timetable",
    "hauptstadt|capital|einwohner*|inhabitants|mount|everest|eiffelturm|eiffel|planet*|mond|moon",
    // Sport, politics, money.
    "spiel|match|game|fussball*|bundesliga|football|soccer|tor|cup gewonnen|gewinnt|won|wins|win|ergebnis|score|wer|who",
    "partei|parteien|wahl|waehlen|party|vote|election|kanzler*|president|minister*",
    "bitcoin*|krypto*|crypto*|aktie|aktien|shares|stocks|boerse|geldanlage|anlage|investment|invest zahl*|gute|kaufen|good|buy|gerade|sollte|should|now",
    "wohnung|miete|apartment|flat|rent|immobilie*|house kostet|kaufen|miete|cost|buy|price|much",
    // Food and household.
    "kochen|essen|backen|rezept*|cook|eat|bake|recipe*|dinner|abendessen|mittagessen !kaffee !coffee !wasser",
    "ei|eier|egg|eggs|nudeln|pasta|reis|rice kochen|koche|kocht|cook|boil|hart|weich|hard|soft",
    "rotwein*|fleck|flecken|stain*|wine hemd|teppich|kleid|shirt|carpet|dress",
    // Entertainment, homework, people.
    "witz|witze|joke*|gedicht*|poem*|horoskop*|horoscope*|sternzeichen|raetsel|riddle|lied|song|geschichte",
    "hausaufgabe*|homework|aufsatz|essay|referat",
    "privatnummer*|privatadresse*|private+number|home+address|handynummer",
    "mal|times|plus|minus|geteilt|divided wie+viel|wieviel|what+is|was+ist|how+much|whats #number",
];

/// What a shop does not know of its products.
const SECRETS: &[&str] = &[
    "entwicklung*|entwickeln|entwickelt|development|develop gekostet|kosten|kostete|cost",
    "oft|viele|many|often|stueck|units verkauft|sold|abgesetzt wurde|wurden|been|have|habt|schon|were",
    "stadt|ort|fabrik|werk|land|town|city|factory|country gebaut|zusammengebaut|gefertigt|hergestellt|produziert|montiert|assembled|made|manufactured|built|produced",
    "wer|who entworfen|gezeichnet|designt|designed|designer|erfunden|invented|drew|drawn|gestaltet",
];

static OF_WORLD: LazyLock<Vec<Pattern>> = LazyLock::new(|| Pattern::all(WORLD));
static OF_SECRETS: LazyLock<Vec<Pattern>> = LazyLock::new(|| Pattern::all(SECRETS));

/// Whether a question is none for a shop. `names_own` is set when it names a product, an order, a device or a kind of product.
pub(super) fn holds(wording: &Wording, names_own: bool) -> bool {
    place_of(&OF_SECRETS, wording).is_some() || !names_own && place_of(&OF_WORLD, wording).is_some()
}
