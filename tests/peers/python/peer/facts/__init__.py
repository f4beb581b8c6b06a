"""Exact facts from the shop's tables: what a question needs is read, computed and given in the product's form."""

from dataclasses import dataclass, field
from typing import Any

Fact = dict[str, Any]


@dataclass(slots=True)
class Finding:
    """What the data say to a question."""

    state: str
    facts: list[Fact] = field(default_factory=list)
    # Names of what is said beside the facts, see `say`.
    messages: list[str] = field(default_factory=list)
    suggestions: list[str] = field(default_factory=list)
    of_customer: bool = False


def answered(facts: list[Fact], messages: list[str] | None = None) -> Finding:
    """These facts answer."""
    return Finding("answered", facts, messages or [], of_customer=True)


def hand_over(message: str) -> Finding:
    """A person must answer."""
    return Finding("handoff", messages=[message], of_customer=True)
