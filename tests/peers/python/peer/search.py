"""The nearest chunks and their texts."""

from dataclasses import dataclass
from datetime import date

import asyncpg
import numpy as np

from .access import Agent
from .catalog import Catalog
from .understand import Understood


@dataclass(frozen=True, slots=True)
class Hit:
    """A chunk that was found, with what a citation needs."""

    chunk_id: str
    document_id: str
    source: str
    anchor: str | None
    title: str
    section: list[str]
    page: int | None
    similarity: float


async def nearest(
    pool: asyncpg.Pool, catalog: Catalog, vector: np.ndarray, understood: Understood, agent: Agent, customer: str | None, today: date
) -> list[Hit]:
    """The chunks nearest to a question, best first: of the product that is asked about, else of all."""
    text = catalog.nearest_of_product if understood.bound else catalog.nearest
    rows = await pool.fetch(text, vector, today, agent.id, customer, understood.bound)
    return [
        Hit(
            row["chunk_id"],
            row["document_id"],
            row["source"],
            row["anchor"],
            row["title"],
            row["heading_path"],
            row["page"],
            row["similarity"],
        )
        for row in rows
    ]
