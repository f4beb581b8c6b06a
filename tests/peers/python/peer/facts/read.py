"""Reads what a question needs of the shop's tables: one statement about the customer, or one about products."""

from dataclasses import dataclass, field
from datetime import date
from typing import Any

import asyncpg

from ..access import Agent
from ..database import statement
from ..understand import Intent, Understood
from . import Finding, hand_over, orders, products, returns, warranty

CUSTOMER = statement("customer")
PRODUCTS = statement("products")
SUBJECTS = {
    Intent.PARCEL: ["payments"],
    Intent.RETURNS: ["returns"],
    Intent.WARRANTY: ["warranty", "returns"],
}
NEEDED = {Intent.RETURNS: "returns", Intent.WARRANTY: "warranty"}
OF_PRODUCTS = (Intent.PRICE, Intent.COMPARISON, Intent.TECHNICAL)
MOST_PRODUCTS = 8


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, for whom."""

    agent: Agent
    customer: str | None
    request_id: str


@dataclass(slots=True)
class Facts:
    """What was found, and what of products was read on the way."""

    finding: Finding | None = None
    products: list[dict[str, Any]] = field(default_factory=list)
    statements: int = 0


class FactsLane:
    """The shop's own data."""

    def __init__(self, pool: asyncpg.Pool, today: date, time_zone: str) -> None:
        self._pool = pool
        self._today = today
        self._time_zone = time_zone

    async def find(self, understood: Understood, asker: Asker) -> Facts:
        """What the data say; nothing where texts must answer."""
        if asker.customer and understood.asks_of_customer:
            return await self._of_customer(understood, asker)
        if understood.intent is Intent.WARRANTY and (wrong := warranty.wrong_serials(understood)):
            return Facts(wrong)
        if understood.products and understood.intent in OF_PRODUCTS:
            return await self._of_products(understood, asker)
        return Facts()

    async def _of_customer(self, understood: Understood, asker: Asker) -> Facts:
        if understood.intent is Intent.WARRANTY and (wrong := warranty.wrong_serials(understood)):
            return Facts(wrong)
        references, subjects = understood.references, SUBJECTS[understood.intent]
        row = await self._pool.fetchrow(
            CUSTOMER,
            asker.agent.id,
            asker.customer,
            asker.request_id,
            references.orders,
            references.tracking,
            references.serials,
            subjects,
            self._time_zone,
        )
        if row is None:
            return Facts(hand_over("not_permitted"), statements=1)
        return Facts(self._told(understood, row["orders"], row["shown"]), statements=1)

    def _told(self, understood: Understood, read: list[dict[str, Any]], shown: list[str]) -> Finding:
        if NEEDED.get(understood.intent, "payments") not in shown and understood.intent is not Intent.PARCEL:
            return hand_over("withheld")
        if understood.intent is Intent.WARRANTY and understood.references.serials:
            return warranty.find(understood, read, shown, self._today)
        chosen = orders.choose(understood, read)
        if isinstance(chosen, Finding):
            return chosen
        if understood.intent is Intent.PARCEL:
            return orders.parcels(chosen, shown)
        if understood.intent is Intent.RETURNS:
            return returns.find(understood, chosen, self._today)
        return warranty.find(understood, chosen, shown, self._today)

    async def _of_products(self, understood: Understood, asker: Asker) -> Facts:
        by_price = understood.intent in (Intent.PRICE, Intent.COMPARISON)
        row = await self._pool.fetchrow(
            PRODUCTS,
            understood.products[:MOST_PRODUCTS],
            asker.agent.id,
            asker.customer if by_price else None,
            self._today,
            asker.request_id,
        )
        read, region = row["products"], row["region"]
        finding = None
        if understood.intent is Intent.PRICE:
            finding = products.prices(understood, read, region)
        elif understood.intent is Intent.COMPARISON:
            finding = products.comparison(understood, read, region)
        if finding and row["of_customer"]:
            finding.of_customer = True
        return Facts(finding, read, 1)
