"""What a worker holds while it runs."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import asyncpg

from . import database
from .access import Agents
from .catalog import Catalog
from .documents import Documents
from .embedding import Embeddings
from .facts.read import FactsLane
from .log import RequestLog
from .settings import Settings
from .volatile import Volatile


@dataclass(frozen=True, slots=True)
class Services:
    """Connections and caches of this worker."""

    settings: Settings
    pool: asyncpg.Pool
    volatile: Volatile
    documents: Documents
    embeddings: Embeddings
    catalog: Catalog
    agents: Agents
    facts: FactsLane
    log: RequestLog


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Services]:
    """Connects to all servers; at the end writes what the log still holds, and closes."""
    pool = await database.connect(settings)
    catalog = Catalog(pool)
    await catalog.refresh()
    services = Services(
        settings,
        pool,
        Volatile(settings),
        Documents(settings),
        Embeddings(),
        catalog,
        Agents(pool),
        FactsLane(pool, settings.today, settings.time_zone),
        RequestLog(pool),
    )
    await services.documents.ping()
    tasks = [asyncio.create_task(catalog.keep_fresh()), asyncio.create_task(services.log.write())]
    try:
        yield services
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task
        await services.log.drain()
        services.embeddings.close()
        await services.documents.close()
        await services.volatile.end()
        await pool.close()
