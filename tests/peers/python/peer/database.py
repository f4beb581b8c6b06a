"""The pool of Postgres connections, and the statements as files."""

from collections.abc import Sequence
from pathlib import Path

import asyncpg
import numpy as np
import orjson

from .settings import Settings

SQL = Path(__file__).parent / "sql"
# Which process makes the peer's tables, when several start at once.
SCHEMA_LOCK = 7_302_117


def statement(name: str) -> str:
    """A statement by the name of its file."""
    return (SQL / f"{name}.sql").read_text()


def _vector(values: Sequence[float]) -> bytes:
    """pgvector's binary form: dimensions, two bytes unused, big-endian floats."""
    numbers = np.asarray(values, dtype=">f4")
    return len(numbers).to_bytes(2) + b"\0\0" + numbers.tobytes()


def _from_vector(data: bytes) -> np.ndarray:
    return np.frombuffer(data, dtype=">f4", offset=4)


async def _prepare(connection: asyncpg.Connection) -> None:
    for name in ("json", "jsonb"):
        await connection.set_type_codec(name, schema="pg_catalog", encoder=lambda value: orjson.dumps(value).decode(), decoder=orjson.loads)
    await connection.set_type_codec("vector", schema="public", encoder=_vector, decoder=_from_vector, format="binary")


async def _keep(_connection: asyncpg.Connection) -> None:
    """Nothing is changed in a session, so nothing must be reset: asyncpg would send a statement at each release."""


async def connect(settings: Settings) -> asyncpg.Pool:
    """Opens this worker's part of the connections and makes the peer's own tables."""
    size = max(2, settings.connections // settings.workers)
    pool = await asyncpg.create_pool(
        settings.database_url,
        min_size=size,
        max_size=size,
        init=_prepare,
        reset=_keep,
        command_timeout=10,
        # Each statement has one good plan; left to itself Postgres plans the one about products anew each time, for a millisecond.
        server_settings={"plan_cache_mode": "force_generic_plan"},
    )
    async with pool.acquire() as connection, connection.transaction():
        await connection.execute("select pg_advisory_xact_lock($1)", SCHEMA_LOCK)
        await connection.execute(statement("schema"))
    return pool
