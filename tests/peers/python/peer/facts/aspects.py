"""What products are compared by: words of questions, keys of catalogs, and which direction wins."""

import re
from dataclasses import dataclass

from ..words import fold


@dataclass(frozen=True, slots=True)
class Aspect:
    """An attribute by its keys, German and English, and which value wins: `lower`, `higher` or neither."""

    keys: tuple[str, ...]
    better: str | None = None


PRICE = Aspect(("Preis", "Price"), "lower")

# The first rule that fits counts; one word may mean several attributes. Over folded text.
_RULES: list[tuple[re.Pattern[str], list[Aspect]]] = [
    (re.compile(pattern), aspects)
    for pattern, aspects in [
        (r"guenstiger|billiger|teurer|cheaper|expensive|preis|kostet|price", [PRICE]),
        (
            r"(filtert|schluckt|unterdrueck|daempf|blendet|block|cancel|cuts?|shuts?) .*(laerm|krach|noise|sound|umgebung)"
            r"|geraeuschunterdrueck"
            r"|(laerm|krach|noise|umgebung).*(filter|schluckt|unterdrueck|daempf|aus|cancel|block|cut|out)|mehr laerm|more noise",
            [Aspect(("Geräuschunterdrückung", "Noise cancelling"), "higher")],
        ),
        (
            r"leiser|lauter|quieter|louder|noisier|lautstaerke|noise|krach|laut\b",
            [Aspect(("Lautstärke", "Sound level", "Noise level"), "lower")],
        ),
        (
            r"\bmit (etui|case)|with (the )?case|ladeschale|insgesamt",
            [Aspect(("Akkulaufzeit mit Etui", "Battery life with case"), "higher")],
        ),
        (
            r"(schneller|faster|quicker) .*(laedt|laden|geladen|voll|charg|full)|ladezeit|charging time",
            [Aspect(("Ladezeit", "Charging time"), "lower")],
        ),
        (r"garantie|gewaehrleist|warranty|guarantee", [Aspect(("Garantie", "Warranty"), "higher")]),
        (r"beutel|\bbags?\b", [Aspect(("Beutelvolumen", "Bag volume"), "higher")]),
        (r"wassertank|\btank|wasser .*(nach|auf)fuell|more water|mehr wasser|refill", [Aspect(("Wassertank", "Water tank"), "higher")]),
        (r"bohnen|beans?\b", [Aspect(("Bohnenbehälter", "Bean container"), "higher")]),
        (r"auslauf|spout|(hoeher|taller).*(tasse|glas|becher|cup|mug)", [Aspect(("Höhe des Auslaufs", "Spout height"), "higher")]),
        (r"druck\b|pressure", [Aspect(("Pumpendruck", "Pump pressure"), "higher")]),
        (r"tassen|\bcups\b", [Aspect(("Tassen", "Cups"), "higher")]),
        (r"bruehzeit|brew|kaffee fertig", [Aspect(("Brühzeit", "Brewing time"), "lower")]),
        (r"aktionsradius|reichweite|reach|weiter|further|kabel", [Aspect(("Aktionsradius", "Operating radius"), "higher")]),
        (r"staubbehaelter|dust container|schmutz|dirt|ausleeren|empty", [Aspect(("Staubbehälter", "Dust container"), "higher")]),
        (
            r"saugt|saugkraft|suction|kraeftiger|staerker|stronger",
            [Aspect(("Saugkraft", "Suction", "Suction power"), "higher"), Aspect(("Leistung", "Power"), "higher")],
        ),
        (r"schwelle|threshold|teppichkante|climb", [Aspect(("Schwellenhöhe", "Threshold height"), "higher")]),
        (r"flacher|niedriger|flatter|lower|sofa|under the bed", [Aspect(("Höhe", "Height"), "lower")]),
        (r"\bram\b|arbeitsspeicher|memory", [Aspect(("Arbeitsspeicher", "Memory", "RAM"), "higher")]),
        (r"kamera|camera|megapixel", [Aspect(("Kamera", "Camera"), "higher")]),
        (r"speicher|storage|\bssd\b|fotos|photos|\bapps\b", [Aspect(("Speicher", "Storage"), "higher")]),
        (
            r"(groesser|bigger|larger|mehr) .*(akku|battery)|mah\b|kapazitaet|capacity",
            [Aspect(("Akkukapazität", "Battery capacity"), "higher")],
        ),
        (r"bildschirm|display|screen|zoll\b|inch", [Aspect(("Bildschirm", "Display", "Screen"), "higher")]),
        (
            r"laenger|haelt .*durch|laufzeit|longer|lasts?\b|battery life|runtime|seltener .*(laden|steckdose)",
            [Aspect(("Akkulaufzeit", "Battery life"), "higher"), Aspect(("Laufzeit", "Runtime"), "higher")],
        ),
        (r"wassersaeule|wasserdicht|regen|dichter|waterproof|rain|trocken", [Aspect(("Wassersäule", "Water column"), "higher")]),
        (r"atmungsaktiv|schwitz|breath|sweat", [Aspect(("Atmungsaktivität", "Breathability"), "higher")]),
        (r"profil|stollen|tread|\blugs?\b|grip|matsch|mud", [Aspect(("Stollentiefe", "Lug depth"), "higher")]),
        (r"farbe|colou?r", [Aspect(("Farbe", "Colour", "Color"))]),
        (
            r"leichter|schwerer|wiegt|gewicht|lighter|heavier|weigh",
            [Aspect(("Gewicht", "Weight"), "lower"), Aspect(("Gewicht je Hörer", "Weight per earbud"), "lower")],
        ),
    ]
]


def aspects_in(folded: str) -> list[Aspect]:
    """What a question compares by, whichever of it products state; empty when it names nothing."""
    return next((aspects for pattern, aspects in _RULES if pattern.search(folded)), [])


_BY_KEY = {fold(key): aspect for _, aspects in _RULES for aspect in aspects for key in aspect.keys}


def aspect_of(key: str) -> Aspect | None:
    """The aspect of a catalog's key."""
    return _BY_KEY.get(fold(key))
