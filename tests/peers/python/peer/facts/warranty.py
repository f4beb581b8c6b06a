"""How long a numbered piece, or a thing of an order, is covered."""

import re
from calendar import monthrange
from datetime import date
from typing import Any

from ..references import serial_is_right
from ..understand import Understood
from ..words import fold
from . import Fact, Finding, answered
from .orders import Order, holds_any, order_fact, source
from .returns import returned

# Keys under which pages state the maker's own warranty, folded; what is covered in part ("Garantie auf den Akku") is none of them.
_KEYS = re.compile(
    r"(hersteller ?-?)?garantie(dauer|frist|laufzeit|zeit|zeitraum)?( \(?hersteller\)?| des herstellers)?"
    r"|(limited |manufacturer'?s? |limited manufacturer )*(warranty|guarantee)( period| duration| length| term)?"
)
_SPAN = re.compile(r"\b(in )?\(?(jahr|year|monat|month)\w*\)?")


def wrong_serials(understood: Understood) -> Finding | None:
    """Numbers whose check digit is wrong, when all are: known without the database."""
    serials = understood.references.serials
    if not serials or any(serial_is_right(serial) for serial in serials):
        return None
    return Finding("clarify", [{"kind": "serial_invalid", "serial": serial} for serial in serials])


def find(understood: Understood, orders: list[Order], shown: list[str], today: date) -> Finding:
    """How long what is asked for is covered."""
    if understood.references.serials:
        return _by_serial(understood.references.serials, orders, today)
    asked = understood.products
    facts: list[Fact] = []
    messages = [f"not_in_order:{order['order_id']}" for order in orders if not holds_any(order, asked)]
    for order in orders:
        for sku, serial in _things(order, asked):
            facts.extend(fact for fact in _of_thing(order, sku, serial, today) if fact not in facts)
    if not facts:
        return Finding("clarify" if messages else "handoff", messages=messages or ["no_policy"], of_customer=True)
    covered = any(fact["kind"] == "warranty" for fact in facts)
    return answered(facts, [*messages, *(["returns_withheld"] if covered and "returns" not in shown else [])])


def _by_serial(serials: list[str], orders: list[Order], today: date) -> Finding:
    facts: list[Fact] = []
    for serial in serials:
        told = [
            fact
            for order in orders
            for piece in order["serials"] or []
            if piece["serial"] == serial
            for fact in _of_thing(order, piece["sku"], serial, today)
        ]
        kind = "serial_unknown" if serial_is_right(serial) else "serial_invalid"
        facts.extend(told or [{"kind": kind, "serial": serial}])
    if any("order_id" in fact for fact in facts):
        return answered(facts)
    is_mistyped = any(fact["kind"] == "serial_invalid" for fact in facts)
    return Finding("clarify" if is_mistyped else "handoff", facts, of_customer=True)


def _things(order: Order, asked: list[str]) -> list[tuple[str, str | None]]:
    """The pieces with a number, then the items without one."""
    pieces = [(piece["sku"], piece["serial"]) for piece in order["serials"] or [] if not asked or piece["sku"] in asked]
    numbered = {sku for sku, _ in pieces}
    items = [item["sku"] for item in order["items"] if not asked or item["sku"] in asked]
    return [*pieces, *((sku, None) for sku in items if sku not in numbered)]


def _of_thing(order: Order, sku: str, serial: str | None, today: date) -> list[Fact]:
    if order["status"] == "cancelled":
        return [order_fact(order)]
    lines = [item for item in order["items"] if item["sku"] == sku]
    back = [fact for item in lines for fact in returned(order, item["line"])]
    refunded = sum(fact["status"] == "refunded" for fact in back)
    if lines and refunded >= sum(item["quantity"] for item in lines):
        return back
    covered = _covered(order, lines[0] if lines else {"sku": sku, "warranties": []}, serial, today)
    return [*([covered] if covered else []), *back]


def _covered(order: Order, item: dict[str, Any], serial: str | None, today: date) -> Fact | None:
    own = [months for stated in item["warranties"] or [] if (months := _months(stated)) is not None]
    granted = [months for months in (order["warranty_months"], *own) if months is not None]
    if not granted:
        return None
    months = max(granted)
    ends_on = _months_later(date.fromisoformat(order["ordered_on"]), months)
    fact = {
        "kind": "warranty",
        "source": f"serials/{serial}" if serial else source(order),
        "product_id": item["sku"],
        "order_id": order["order_id"],
        "purchased_on": order["ordered_on"],
        "region": order["region"],
        "months": months,
        "ends_on": ends_on.isoformat(),
        "active": today <= ends_on,
    }
    return {**fact, "serial": serial} if serial else fact


def _months(stated: dict[str, Any]) -> int | None:
    key = fold(stated["key"]).rstrip(": ")
    span = _SPAN.search(key)
    if not _KEYS.fullmatch(_SPAN.sub("", key).strip()) or not (stated["is_month"] or span):
        return None
    in_years = not stated["is_month"] and span is not None and span[2] in ("jahr", "year")
    return round(stated["amount"]) * (12 if in_years else 1)


def _months_later(day: date, months: int) -> date:
    """The same day of the month, the month's last where there is no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
