"""What the process knows of the shop: the live generation, and names and numbers of all products."""

import asyncio
import logging
from collections import defaultdict
from dataclasses import dataclass, field

import asyncpg

from .database import statement
from .words import words

REFRESH_SECONDS = 2.0
# Words of a name or number that are looked at together.
MOST_WORDS = 8
# More products than this fit a kind of product, not one.
MOST_CANDIDATES = 24

STANDING = """
select g.id as generation, g.revision, g.dimensions, (select sum(version) from shop.data_version)::bigint as shop_version
from knowledge.live l join knowledge.generations g on g.id = l.generation
"""
PRODUCTS = """
select id, name, maker, region,
    array(select text from shop.product_identifiers i where i.product_id = p.id) as numbers
from shop.products p
"""

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Standing:
    """What is read now."""

    generation: int
    revision: int
    dimensions: int
    shop_version: int


@dataclass(frozen=True, slots=True)
class Product:
    """A product as the index knows it."""

    sku: str
    name: str
    region: str | None


@dataclass(slots=True)
class ProductIndex:
    """Finds the products that a question names: the longest run of its words that is a number or a name."""

    products: dict[str, Product] = field(default_factory=dict)
    _exact: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _begun: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, product: Product, maker: str | None, numbers: list[str]) -> None:
        """Takes a product in under its numbers, its name, and the beginnings of its name that hold a number."""
        self.products[product.sku] = product
        parts = words(product.sku)
        # Behind the maker's letters a SKU often is the name: OV-VEGA53-PRO is the Vega 53 Pro.
        tail = "".join(parts[1:])
        called = [product.sku, *([tail] if tail[:1].isalpha() and _has_digit(tail) else [])]
        made_by = [f"{maker} {name}" for name in called] if maker else []
        for number in [*called, *made_by, *numbers]:
            self._exact["".join(words(number))].add(product.sku)
        name = words(product.name)
        own = name[len(words(maker)) :] if maker and product.name.startswith(maker) else name
        for form in (name, own):
            for end in range(1, min(len(form), MOST_WORDS) + 1):
                key = "".join(form[:end])
                if _has_digit(key) and not key.isdigit():
                    self._begun[key].add(product.sku)

    def find(self, asked: list[str], regions: tuple[str, ...]) -> list[set[str]]:
        """The products of each run of words that names some; several in a set are those that it fits alike."""
        found: list[set[str]] = []
        start = 0
        while start < len(asked):
            skus, length = self._longest(asked, start)
            seen = {sku for sku in skus if self.products[sku].region in (None, *regions)}
            if 0 < len(seen) <= MOST_CANDIDATES and seen not in found:
                found.append(seen)
            start += max(length, 1)
        return found

    def _longest(self, asked: list[str], start: int) -> tuple[set[str], int]:
        for length in range(min(MOST_WORDS, len(asked) - start), 0, -1):
            key = "".join(asked[start : start + length])
            skus = self._exact.get(key) or self._begun.get(key)
            if skus:
                return skus, length
        return set(), 0


def _has_digit(text: str) -> bool:
    return any(sign.isdigit() for sign in text)


class Catalog:
    """The standing and the index, read anew when they have changed."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._standing: Standing | None = None
        self.index = ProductIndex()
        self.nearest = ""
        self.nearest_of_product = ""

    @property
    def standing(self) -> Standing:
        """What is read now; there is one after the first `refresh`."""
        if self._standing is None:
            raise RuntimeError("the catalog was not read yet")
        return self._standing

    async def refresh(self) -> None:
        """Reads what has changed; one statement where nothing has."""
        row = await self._pool.fetchrow(STANDING)
        if row is None:
            raise SystemExit("nothing is ingested: run `ingest DIR` with the same servers first")
        known, standing = self._standing, Standing(**row)
        if known is None or known.revision != standing.revision or known.generation != standing.generation:
            await self._load(standing)
        self._standing = standing

    async def _load(self, standing: Standing) -> None:
        index = ProductIndex()
        for row in await self._pool.fetch(PRODUCTS):
            index.add(Product(row["id"], row["name"], row["region"]), row["maker"], row["numbers"])
        self.index = index
        values = {
            "partition": f"chunks_{standing.generation}",
            "generation": standing.generation,
            "dimensions": standing.dimensions,
        }
        text = statement("nearest")
        self.nearest = text.format(**values, narrowed="and $5::text is null", exact="")
        # A product has few chunks: adding zero hides the order from the index, so that all of them are looked at.
        narrowed = "and (product_id = $5 or tags @> array['product:' || $5::text])"
        self.nearest_of_product = text.format(**values, narrowed=narrowed, exact=" + 0")

    async def keep_fresh(self) -> None:
        """Looks for changes for ever."""
        while True:
            await asyncio.sleep(REFRESH_SECONDS)
            try:
                await self.refresh()
            except (OSError, TimeoutError, asyncpg.PostgresError) as error:
                log.warning("the catalog could not be read again: %s", error)
