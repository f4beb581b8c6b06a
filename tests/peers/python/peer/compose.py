"""The extractive answer: the sentences that hold most of the question, verbatim and cited."""

import re
from typing import Any

from .search import Hit
from .words import stems

_SENTENCE = re.compile(r"[^\n.!?]+(?:[.!?](?=\d)[^\n.!?]*)*[.!?]?")
MOST_QUOTES = 3
SHORTEST = 15
# What a chunk's similarity counts beside the words that a sentence shares with the question.
SIMILARITY_WEIGHT = 2.0
# A sentence that holds less of the question, with the headings above it, is no evidence.
LEAST_SHARE = 0.34

Citation = dict[str, Any]
# A sentence with its stems.
Sentence = tuple[str, frozenset[str]]


def sentences(text: str) -> list[Sentence]:
    """What quotes are taken from."""
    found = (match[0].strip() for match in _SENTENCE.finditer(text))
    return [(sentence, frozenset(stems(sentence))) for sentence in found if len(sentence) >= SHORTEST]


def quotes(question: str, hits: list[Hit], texts: dict[str, list[Sentence]]) -> tuple[str, list[Citation]]:
    """The best sentences with their sources; nothing when none answers."""
    asked = stems(question)
    ranked = []
    for hit in hits:
        heading = stems(" ".join([hit.title, *hit.section])) & asked
        for sentence, held in texts.get(hit.chunk_id, []):
            shared = (held | heading) & asked
            share = len(shared) / max(len(asked), 1)
            ranked.append((share + SIMILARITY_WEIGHT * hit.similarity, share, sentence, hit))
    ranked.sort(key=lambda one: one[0], reverse=True)
    best = [one for one in ranked if one[1] >= LEAST_SHARE][:MOST_QUOTES]
    citations = [_citation(number, sentence, hit) for number, (_, _, sentence, hit) in enumerate(best, 1)]
    text = "\n\n".join(f"{citation['quote']} [{citation['n']}]" for citation in citations)
    return text, citations


def _citation(number: int, quote: str, hit: Hit) -> Citation:
    anchor = hit.anchor or (f"page={hit.page}" if hit.page else None)
    citation = {
        "n": number,
        "document_id": hit.document_id,
        "source": hit.source,
        "title": hit.title,
        "section": hit.section,
        "quote": quote,
    }
    return {**citation, **({"anchor": anchor} if anchor else {}), **({"page": hit.page} if hit.page else {})}
