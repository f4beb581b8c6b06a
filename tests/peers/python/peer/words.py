"""Folded words: what questions, names and texts are compared by."""

import re

_FOLDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "é": "e", "è": "e", "å": "a", "–": "-", "’": "'"})
_WORD = re.compile(r"[a-z0-9]+")

# Words that say nothing of what is asked.
_FUNCTION = frozenset(
    """aber alle als also am an auch auf aus bei beim bin bis bitte da damit dann das dass dem den denn der des die dies diese diesem
    diesen dieser doch du durch ein eine einem einen einer eines er es etwas euch fuer gibt gleich habe haben hat hab ich ihm ihn ihr im
    in ist ja jetzt kann kein keine koennen man mehr mein meine meinem meinen meiner mich mir mit muss nach nicht noch nun nur ob oder
    ohne schon sehr sein seine sich sie sind so soll ueber um und uns unter vom von vor war warum was weil welche welchem welchen
    welcher welches wenn wer werden wie wieder will wir wird wo zu zum zur viel viele wieviel komisch hilfe machen tun los
    a about am an and any are as at be been but by can could did do does for from had has have hi how i if in into is it its me my no
    not of on or our out should so still than that the their them then there these they this to us was we were what when where which
    who why will with would you your much many""".split()
)
_STEM = 6


def fold(text: str) -> str:
    """Lower case without umlauts."""
    return text.lower().translate(_FOLDED)


def words(text: str) -> list[str]:
    """The folded words and numbers of a text."""
    return _WORD.findall(fold(text))


def stems(text: str) -> set[str]:
    """The beginnings of a text's words, without those that say nothing."""
    return {word[:_STEM] for word in words(text) if word not in _FUNCTION and len(word) > 1}
