"""Until when something can go back, and how a return stands."""

from datetime import date, timedelta
from typing import Any

from ..understand import Understood
from ..words import fold
from . import Fact, Finding, answered
from .orders import Order, holds_any, order_fact, source


def find(understood: Understood, orders: list[Order], today: date) -> Finding:
    """What became of the things that are asked for, or until when they can go back."""
    asked = understood.products
    messages = [f"not_in_order:{order['order_id']}" for order in orders if not holds_any(order, asked)]
    facts = [fact for order in orders if holds_any(order, asked) for fact in _of_order(understood, order, today)]
    if facts:
        return answered(facts, messages)
    return Finding("clarify" if messages else "handoff", messages=messages or ["no_policy"], of_customer=True)


def _of_order(understood: Understood, order: Order, today: date) -> list[Fact]:
    if order["status"] == "cancelled":
        return [order_fact(order)]
    asked = understood.products
    items = [item for item in order["items"] if not asked or item["sku"] in asked]
    back = {item["line"]: returned(order, item["line"]) for item in items}
    if understood.running_return and any(back.values()):
        return [fact for facts in back.values() for fact in facts]
    facts: list[Fact] = []
    for item in items:
        facts.extend(back[item["line"]])
        # A return is of one piece: what is left of the line can still go back.
        if len(back[item["line"]]) < item["quantity"] and order["return_policy"]:
            facts.append(_window(order, item, today))
    return facts


def returned(order: Order, line: int) -> list[Fact]:
    """What went back of a line, oldest first."""
    return [_return(order, back) for back in order["returns"] or [] if back["line"] == line]


def _return(order: Order, back: dict[str, Any]) -> Fact:
    names = ("return_id", "status", "requested_on", "received_on", "refunded_on", "refund_amount", "currency")
    told = {name: back[name] for name in names}
    source = f"returns/{back['return_id']}"
    return {"kind": "return", "source": source, "order_id": order["order_id"], "product_id": back["sku"], **told}


def _window(order: Order, item: dict[str, Any], today: date) -> Fact:
    policy = order["return_policy"]
    delivered = date.fromisoformat(order["delivered_on"]) if order["delivered_on"] else None
    deadline = delivered + timedelta(days=policy["return_days"]) if delivered else None
    kinds = {fold(kind) for kind in (item["product_family"], item["category"]) if kind}
    excluded = any(fold(kind) in kinds for kind in policy["excludes"])
    return {
        "kind": "return_window",
        "source": source(order),
        "order_id": order["order_id"],
        "product_id": item["sku"],
        "days": policy["return_days"],
        "delivered_on": order["delivered_on"],
        "deadline": deadline.isoformat() if deadline else None,
        "excluded": excluded,
        "open": not excluded and (deadline is None or today <= deadline),
        "policy": policy["source"],
    }
