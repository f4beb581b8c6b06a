"""The request log: rows wait in a bounded queue and are written some at a time, off the requests' path."""

import asyncio
import logging
from datetime import datetime

import asyncpg

MOST_WAITING = 10_000
MOST_AT_ONCE = 256
GATHER_SECONDS = 0.25
INSERT = """
insert into peer.support_logs
    (ts, request_id, agent_id, customer_id, session_id, latency_ms, chunks_used, error, intent, cached, stages)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
"""

Row = tuple[datetime, str, str | None, str | None, str, float, int, str | None, str, bool, dict[str, float]]

log = logging.getLogger(__name__)


class RequestLog:
    """Rows on their way into the log."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._waiting: asyncio.Queue[Row] = asyncio.Queue(MOST_WAITING)
        self.dropped = 0

    def add(self, row: Row) -> None:
        """Puts a row into the queue; never waits."""
        try:
            self._waiting.put_nowait(row)
        except asyncio.QueueFull:
            self.dropped += 1

    async def write(self) -> None:
        """Writes rows for ever."""
        while True:
            rows = [await self._waiting.get()]
            await asyncio.sleep(GATHER_SECONDS)
            await self._write(self._take(rows))

    async def drain(self) -> None:
        """Writes what still waits."""
        while not self._waiting.empty():
            await self._write(self._take([]))

    def _take(self, rows: list[Row]) -> list[Row]:
        while len(rows) < MOST_AT_ONCE and not self._waiting.empty():
            rows.append(self._waiting.get_nowait())
        return rows

    async def _write(self, rows: list[Row]) -> None:
        try:
            await self._pool.executemany(INSERT, rows)
        except (OSError, TimeoutError, asyncpg.PostgresError) as error:
            self.dropped += len(rows)
            log.warning("%d rows of the request log are lost: %s", len(rows), error)
