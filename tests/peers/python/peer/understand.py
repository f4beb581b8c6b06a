"""What a question wants: its language, intent, numbers and products, by simple rules."""

import re
from dataclasses import dataclass
from enum import StrEnum

from .catalog import ProductIndex
from .references import References
from .words import fold, words


class Intent(StrEnum):
    """The kinds of question that a support desk gets."""

    PARCEL = "parcel"
    RETURNS = "returns"
    WARRANTY = "warranty"
    PRICE = "price"
    COMPARISON = "comparison"
    FAULT = "fault"
    TECHNICAL = "technical"


# In order of precedence. Over folded text: small letters, no umlauts.
_RULES: list[tuple[Intent, re.Pattern[str]]] = [
    (intent, re.compile(pattern))
    for intent, pattern in [
        (
            Intent.RETURNS,
            r"\b(rueckgabe|rueckgeb|ruecksend|retour|rueckerstatt|erstatt|widerruf|umtausch|refund|return(s|ed|ing)?\b|loswerden|restocking)"
            r"|\bzurue?ck|\bnehmt ihr\b.*\bwieder\b|\bgo back\b|\b(send|sent|give|take|get|money)\b.*\bback\b",
        ),
        (
            Intent.WARRANTY,
            r"\b(garantie|gewaehrleist|warrant|guarantee|abgedeckt|abgesichert|covered|coverage|seriennummer|serial|typenschild)"
            r"|\b(kostenlos|free|gratis|umsonst)\b.*\b(repar|repair|ersetz|fix)|\brepair free\b",
        ),
        (
            Intent.PARCEL,
            r"\b(paket|paeckchen|parcel|package|sendung|tracking|bestellstatus|lieferstatus|zugestellt|geliefert|unterwegs|verschickt"
            r"|versandt|dispatched|shipped|waiting for)"
            r"|\b(lieferung|delivery|bestellung|order)\b.*\b(wo|wann|status|stand|bleibt|kommt|noch|where|when|my|yet|arrive|deliver)"
            r"|\b(wo|wann|was|where|when|what)\b.*\b(lieferung|delivery|bestellung|bestellt|order|ordered|geliefert|delivered|ankomm|arrive)"
            r"|\bkommt (das|es|die|der) (noch|an|endlich)|\bwann kommt\b",
        ),
        (
            Intent.PRICE,
            r"\b(kostet|kosten|preis|price|costs?|how much (is|are|for)|lieferbar|vorraetig|verfuegbar|available|stock|lager|ausverkauft"
            r"|nachfolger|successor|hinlegen|fuer wie ?viel)\b|\b(gibt es|gibts|habt ihr|fuehrt ihr|do you (have|sell))\b.*\bnoch\b"
            r"|\bzu welchem preis",
        ),
        (
            Intent.FAULT,
            r"\b(blink|leucht|flacker|flash|fehler|stoerung|defekt|kaputt|error|fault|broken|problem|spinnt|streikt|klemmt|stinkt|brummt|quietscht"
            r"|tropft|leckt|smells|woran liegt|was ist los|what is wrong)|\be ?\d{2}\b"
            r"|\b(geht|laeuft|laedt|startet|funktioniert|works?)\b.*\b(nicht|not)\b",
        ),
    ]
]
_COMPARING = re.compile(
    r"\b(oder|or|als|than|vs|versus|unterschied|unterscheiden|vergleich|difference|compare|zwischen|between|welche[rsn]?|which|beide|both)\b"
)
_LATEST = re.compile(r"\b(letzte[nrms]?|zuletzt|neueste[nr]?|juengste[nr]?|als letztes|last|latest)\b")
_OWN = re.compile(r"\b(mein\w*|unser\w*|my|mine|our|kunde|kundin|kunden|customer|ich|i|mir|me)\b")
_RUNNING_RETURN = re.compile(
    r"\b(geld|money|refund|erstattung|zurueckbekommen|zurueckgekommen|ruecksendung|retoure|zurueckgeschickt|sent back|got)\b"
)
_GENERAL_PARCEL = re.compile(
    r"\b(versandkosten|kostenlos|porto|ausland|abroad|oesterreich|schweiz|how long does|wie lange dauert|packstation)\b"
)
_ENGLISH = frozenset("the is are what where when how my which does do can it this for with of to a an has have i and there was not".split())
_GERMAN = frozenset(
    "der die das ist sind was wo wann wie mein meine welche welcher kann ich es und fuer mit von zu ein eine hat nicht den dem noch".split()
)
_FOLLOWING = re.compile(r"^(und|and|aber|but|also|ok)\b")
# A question of so few words that names nothing goes on with what was spoken of.
SHORT = 7


@dataclass(slots=True)
class Understood:
    """A question, understood."""

    text: str
    folded: str
    words: list[str]
    language: str
    intent: Intent
    references: References
    # One set for each thing that is named; several in a set are alike.
    mentions: list[set[str]]
    latest: bool
    own: bool
    used_session: bool = False

    @property
    def products(self) -> list[str]:
        """All products that may be meant, in order of mention."""
        return [sku for mention in self.mentions for sku in sorted(mention)]

    @property
    def bound(self) -> str | None:
        """The product, where exactly one is meant."""
        return self.products[0] if len(self.products) == 1 else None

    @property
    def running_return(self) -> bool:
        """Whether a return that is under way is asked for."""
        return bool(_RUNNING_RETURN.search(self.folded))

    @property
    def asks_of_customer(self) -> bool:
        """Whether something of the customer's own is asked for."""
        if self.intent is Intent.PARCEL:
            return self.references.any or self.latest or self.own or not _GENERAL_PARCEL.search(self.folded)
        is_own = self.references.any or self.latest or (self.own and bool(self.mentions)) or self.used_session
        return is_own and self.intent in (Intent.RETURNS, Intent.WARRANTY)


def language_of(asked: list[str]) -> str:
    """German, unless there are more English words."""
    english = sum(word in _ENGLISH for word in asked)
    return "en" if english > sum(word in _GERMAN for word in asked) else "de"


def _intent(folded: str, mentions: list[set[str]], references: References) -> Intent | None:
    if len([mention for mention in mentions if len(mention) == 1]) > 1 and _COMPARING.search(folded):
        return Intent.COMPARISON
    for intent, rule in _RULES:
        if rule.search(folded):
            return intent
    if references.serials:
        return Intent.WARRANTY
    return Intent.PARCEL if references.orders or references.tracking else None


def understand(
    text: str, stated_language: str | None, product: str | None, session: dict[str, str], index: ProductIndex, regions: tuple[str, ...]
) -> Understood:
    """Understands a question; what it leaves to the conversation is taken from the session."""
    folded, asked = fold(text), words(text)
    references = References.of(text)
    named = {part for number in (*references.orders, *references.tracking, *references.serials) for part in words(number)}
    mentions = [{product}] if product else index.find([word for word in asked if word not in named], regions)
    intent = _intent(folded, mentions, references)
    understood = Understood(
        text,
        folded,
        asked,
        stated_language or language_of(asked),
        intent or Intent.TECHNICAL,
        references,
        mentions,
        bool(_LATEST.search(folded)),
        bool(_OWN.search(folded)),
    )
    names_nothing = not mentions and not references.any and not understood.latest
    if session and names_nothing and (_FOLLOWING.match(folded) or (intent is None and len(asked) <= SHORT)):
        _continue(understood, intent, session)
    return understood


def _continue(understood: Understood, intent: Intent | None, session: dict[str, str]) -> None:
    """Takes over what was spoken of."""
    understood.used_session = True
    understood.mentions = [{sku} for sku in session.get("products", "").split() if sku]
    understood.references.orders = session.get("orders", "").split()
    if intent is None and session.get("intent"):
        understood.intent = Intent(session["intent"])
