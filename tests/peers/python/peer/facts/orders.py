"""Which of a customer's orders are meant, and how they stand."""

from typing import Any

from ..understand import Intent, Understood
from . import Fact, Finding, answered, hand_over

Order = dict[str, Any]

MOST_CANDIDATES = 5
WAITING = {
    Intent.PARCEL: {"awaiting_payment", "paid", "partially_shipped", "shipped"},
    Intent.RETURNS: {"delivered", "shipped", "partially_shipped"},
    Intent.WARRANTY: {"awaiting_payment", "paid", "partially_shipped", "shipped", "delivered", "returned"},
}


def choose(understood: Understood, orders: list[Order]) -> list[Order] | Finding:
    """The orders that are named, else those that hold the product, else the one that waits for something; else what is asked back."""
    references = understood.references
    if references.orders or references.tracking:
        return orders or hand_over(f"no_order:{', '.join([*references.orders, *references.tracking])}")
    fitting = [order for order in orders if holds_any(order, understood.products)]
    if understood.latest:
        fitting = fitting[:1]
    waiting = [order for order in fitting if _waits(understood, order)]
    if not fitting:
        return hand_over("no_such_order")
    if len(fitting) == 1:
        return fitting
    if len(waiting) == 1:
        return waiting
    if not waiting and not understood.products:
        return fitting[:1]
    return _which_order(waiting or fitting)


def holds_any(order: Order, products: list[str]) -> bool:
    """Whether an order holds one of the products; every order does when there are none."""
    return not products or any(item["sku"] in products for item in order["items"])


def _waits(understood: Understood, order: Order) -> bool:
    if understood.intent is Intent.RETURNS and understood.running_return:
        return bool(order["returns"])
    return order["status"] in WAITING[understood.intent]


def _which_order(orders: list[Order]) -> Finding:
    shown = orders[:MOST_CANDIDATES]
    facts = [
        {"kind": "candidate", "source": source(order), "order_id": order["order_id"], "ordered_on": order["ordered_on"]} for order in shown
    ]
    suggestions = [order["order_id"] for order in shown]
    return Finding("clarify", facts, [f"which_order:{', '.join(suggestions)}"], suggestions, of_customer=True)


def source(order: Order) -> str:
    """The row, as facts name it."""
    return f"orders/{order['order_id']}"


def order_fact(order: Order) -> Fact:
    """The order itself."""
    return {"kind": "order", "source": source(order), "order_id": order["order_id"], "status": order["status"]}


def parcels(orders: list[Order], shown: list[str]) -> Finding:
    """Where the parcels of these orders are, and a payment that is missing."""
    facts: list[Fact] = []
    for order in orders:
        facts.append(order_fact(order))
        facts.extend(_shipment(order, shipment) for shipment in order["shipments"])
        facts.extend(_payment(order, payment) for payment in _missing_payments(order))
    unpaid = any(order["status"] == "awaiting_payment" for order in orders)
    return answered(facts, ["payment_withheld"] if unpaid and "payments" not in shown else [])


def _shipment(order: Order, shipment: dict[str, Any]) -> Fact:
    moment = shipment["last_event_at"]
    told = {**shipment, "last_event_at": moment.replace("+00:00", "Z") if moment else None}
    return {"kind": "shipment", "source": f"shipments/{shipment['shipment_id']}", "order_id": order["order_id"], **told}


def _missing_payments(order: Order) -> list[dict[str, Any]]:
    payments = order["payments"] or []
    states = {payment["status"] for payment in payments}
    if order["is_paid"] or order["status"] in ("cancelled", "returned") or "refunded" in states:
        return []
    pending = [payment for payment in payments if payment["status"] == "pending"]
    return pending or [payment for payment in payments if payment["status"] == "failed"][-1:]


def _payment(order: Order, payment: dict[str, Any]) -> Fact:
    told = {name: payment[name] for name in ("status", "method", "amount", "currency")}
    return {"kind": "payment", "source": f"payments/{payment['payment_id']}", "order_id": order["order_id"], **told}
