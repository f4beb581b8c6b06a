"""Limits, sessions and cached answers in Redis: one pipeline opens a request, one closes it."""

import time
from dataclasses import dataclass
from typing import Any

import orjson
import redis.asyncio as redis

from .settings import Settings

PREFIX = "peer:"
RATE_SECONDS = 60
SESSION_SECONDS = 30 * 60
ANSWER_SECONDS = 120
MOST_MESSAGES = 10
MESSAGE_CHARACTERS = 4_096
# Without Redis there is no answer: what takes longer is an error.
TIMEOUT_SECONDS = 0.5


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one request."""

    rate: str
    session: str
    messages: str
    answer: str
    revoked: str

    @classmethod
    def of(cls, session: str, agent: str, customer: str, answer_hash: str, token_id: str) -> "Keys":
        """Keys name agent and customer: the same session of others is another conversation."""
        minute = time.strftime("%Y-%m-%dT%H:%M", time.gmtime())
        owned = f"{{{session}}}:{agent}:{customer}"
        return cls(
            f"{PREFIX}ratelimit:{agent}:{minute}",
            f"{PREFIX}session:{owned}",
            f"{PREFIX}messages:{owned}",
            f"{PREFIX}ragcache:{{{session}}}:{answer_hash}",
            # The product's list, which is read alone.
            f"revoked:{token_id}",
        )


@dataclass(frozen=True, slots=True)
class Opened:
    """What Redis knows of a request."""

    requests: int
    session: dict[str, str]
    answer: dict[str, Any] | None
    is_revoked: bool


class Volatile:
    """State that may be lost."""

    OPENING_COMMANDS = 5

    def __init__(self, settings: Settings) -> None:
        pool = redis.BlockingConnectionPool.from_url(
            settings.redis_url,
            max_connections=32,
            socket_timeout=TIMEOUT_SECONDS,
            socket_connect_timeout=TIMEOUT_SECONDS,
        )
        self._redis = redis.Redis(connection_pool=pool)

    async def open(self, keys: Keys) -> Opened:
        """Counts the request and reads session, cached answer and revocation."""
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.incr(keys.rate)
        pipeline.expire(keys.rate, RATE_SECONDS, nx=True)
        pipeline.hgetall(keys.session)
        pipeline.get(keys.answer)
        pipeline.exists(keys.revoked)
        requests, _, session, answer, revoked = await pipeline.execute()
        fields = {name.decode(): value.decode() for name, value in session.items()}
        return Opened(requests, fields, orjson.loads(answer) if answer else None, bool(revoked))

    async def close(self, keys: Keys, fields: dict[str, str], messages: list[dict[str, str]], answer: dict[str, Any] | None) -> int:
        """Keeps what a session shall remember, field by field, and the answer where it may be used again; returns the commands."""
        pipeline = self._redis.pipeline(transaction=False)
        pipeline.hset(keys.session, mapping=fields)
        pipeline.expire(keys.session, SESSION_SECONDS)
        said = [orjson.dumps({**message, "text": message["text"][:MESSAGE_CHARACTERS]}) for message in messages]
        pipeline.rpush(keys.messages, *said)
        pipeline.ltrim(keys.messages, -MOST_MESSAGES, -1)
        pipeline.expire(keys.messages, SESSION_SECONDS)
        if answer is not None:
            pipeline.set(keys.answer, orjson.dumps(answer), ex=ANSWER_SECONDS)
        return len(await pipeline.execute())

    async def end(self) -> None:
        """Closes the connections."""
        await self._redis.aclose()
