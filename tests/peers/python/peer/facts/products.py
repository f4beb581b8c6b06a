"""Prices, stock, successors and attributes of products."""

import re
from typing import Any

from ..understand import Understood
from ..words import fold, stems
from . import Fact, Finding
from .aspects import PRICE, Aspect, aspect_of, aspects_in

Row = dict[str, Any]

_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)*")
_THOUSANDS = re.compile(r"(?<=\d)\.(?=\d{3}(?!\d))")
MOST_COMPARED = 4
# What names or sells a product is no property of it.
NO_PROPERTIES = frozenset(
    """name|maker|category|family|ean|sku|discontinued|successor|marke|hersteller|modell|artikelnummer|artikelnr.|preis|brand|manufacturer|model
    |price|gtin|mpn|item number|item no.|artikel-nr.|art.-nr.|availability|lieferstatus|verfuegbarkeit|lieferbarkeit|lieferzeit|lagerbestand
    |condition|zustand|stock""".replace("\n    ", "").split("|")
)
# Longer values are prose.
LONGEST_VALUE = 80


def prices(understood: Understood, rows: list[Row], region: str) -> Finding | None:
    """What products cost today, or what is sold instead."""
    if any(len(mention) > 1 for mention in understood.mentions):
        return None
    facts = [fact for row in rows for fact in _of_product(row, region)]
    return Finding("answered", facts) if facts else None


def _of_product(row: Row, region: str) -> list[Fact]:
    sku = row["sku"]
    if row["price"]:
        return [_price(sku, row["price"], row["stock"], region)]
    source = f"products/{sku}"
    if not row["obsolete"]:
        return [{"kind": "not_sold", "source": source, "product_id": sku, "region": region}]
    heir = row["successor_id"]
    gone = {"kind": "discontinued", "source": source, "product_id": sku, "since": row["gone_since"], "successor": heir}
    return [gone, *([_price(heir, row["heir_price"], row["heir_stock"], region)] if row["heir_price"] else [])]


def _price(sku: str, price: dict[str, Any], stock: int | None, region: str) -> Fact:
    return {"kind": "price", "source": f"products/{sku}", "product_id": sku, "region": region, **price, "stock": stock}


def attribute(understood: Understood, row: Row) -> Fact | None:
    """The attribute of a product whose name stands in the question."""
    asked = stems(understood.text)
    best, most = None, 0
    for stated in row["attributes"]:
        key = stems(stated["key"])
        if key and key <= asked and len(key) > most and len(stated["text"]) <= LONGEST_VALUE:
            best, most = stated, len(key)
    if best is None:
        return None
    return {
        "kind": "attribute",
        "product_id": row["sku"],
        "key": best["key"],
        "text": best["text"],
        "source": best["source"],
    }


def comparison(understood: Understood, rows: list[Row], region: str) -> Finding | None:
    """Products beside one another, by what is asked for, else by all that differs."""
    rows = rows[:MOST_COMPARED]
    if len(rows) < 2:
        return None
    asked = aspects_in(understood.folded)
    if any(aspect is PRICE for aspect in asked):
        return prices(understood, rows, region)
    facts = [fact for aspect in asked or _shared(rows) if (fact := _compare(aspect, rows)) is not None]
    if not asked:
        facts = [fact for fact in facts if len({value["value"] for value in fact["values"]}) > 1]
    return Finding("answered", facts) if facts else None


def _shared(rows: list[Row]) -> list[Aspect]:
    """What people compare by, and what two of the products state, in the order of the pages."""
    shared: dict[str, Aspect] = {}
    for stated in (stated for row in rows for stated in row["attributes"]):
        known = aspect_of(stated["key"])
        aspect = known or Aspect((stated["key"],))
        is_shared = sum(_stated(aspect, row) is not None for row in rows) > 1
        if (known or is_shared) and fold(stated["key"]) not in NO_PROPERTIES:
            shared.setdefault(fold(aspect.keys[0]), aspect)
    return list(shared.values())


def _compare(aspect: Aspect, rows: list[Row]) -> Fact | None:
    stated = [_stated(aspect, row) for row in rows]
    if not any(stated):
        return None
    printed = [_printed(one) for one in stated]
    is_text = any(one is not None and number is None for one, number in zip(stated, printed, strict=True))
    units = {number[1] for number in printed if number}
    same_unit = len(units) == 1 and not is_text
    amounts = [None if one is None or is_text else one["value"].get("amount") for one in stated]
    values = []
    for row, one, number, amount in zip(rows, stated, printed, amounts, strict=True):
        text = None if one is None else one["text"]
        if number and not is_text:
            text = number[0] if same_unit else f"{amount:g}"
        value = {"product_id": row["sku"], "value": text}
        values.append({**value, "source": one["source"]} if one else value)
    best = _best(aspect.better, amounts)
    return {
        "kind": "comparison",
        "attribute": aspect.keys[0],
        "unit": units.pop() if same_unit else "",
        "better": aspect.better,
        "values": values,
        "best": rows[best]["sku"] if best is not None else None,
    }


def _stated(aspect: Aspect, row: Row) -> Row | None:
    for key in aspect.keys:
        for stated in row["attributes"]:
            if fold(stated["key"]) == fold(key):
                return stated
    return None


def _printed(stated: Row | None) -> tuple[str, str] | None:
    """The number as printed, with a point before its decimals, and the unit behind it; nothing for texts and ranges."""
    if stated is None or stated["value"].get("amount") is None or stated["value"].get("upper") is not None:
        return None
    found = _NUMBER.search(stated["text"])
    if found is None:
        return None
    return _THOUSANDS.sub("", found[0]).replace(",", "."), stated["text"][found.end() :].strip()


def _best(better: str | None, amounts: list[float | None]) -> int | None:
    """The place of the winner; nothing when a value is missing or several are alike at the top."""
    known = [amount for amount in amounts if amount is not None]
    if better is None or len(known) < len(amounts):
        return None
    top = min(known) if better == "lower" else max(known)
    return amounts.index(top) if amounts.count(top) == 1 else None
