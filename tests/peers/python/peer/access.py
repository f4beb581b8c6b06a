"""Who asks: the token, and the agent's row, which is believed for seconds."""

import base64
import binascii
import hmac
import time
from dataclasses import dataclass

import asyncpg
import orjson

from .problems import Problem

AUDIENCE = "auskunft"
BELIEVED_SECONDS = 5.0
MOST_AGENTS = 10_000
LONGEST_TOKEN = 4_096

AGENT = """
select role, active, array(select region::text from shop.agent_permissions p where p.agent_id = a.agent_id order by region) as regions
from shop.agents a where a.agent_id = $1
"""


@dataclass(frozen=True, slots=True)
class Claims:
    """What a token says."""

    agent: str
    token_id: str


@dataclass(frozen=True, slots=True)
class Agent:
    """An agent as Postgres knew it a moment ago."""

    id: str
    role: str
    regions: tuple[str, ...]

    @property
    def permissions(self) -> str:
        """What the agent may see, as a part of a cache key."""
        return f"{self.role}:{','.join(self.regions)}"


def _invalid(detail: str) -> Problem:
    return Problem(401, "invalid_token", detail)


def _part(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def verify(token: str, key: bytes, now: float) -> Claims:
    """The claims of an HS256 token, once its signature and its times are right."""
    try:
        signed, _, signature = token.rpartition(".")
        header, _, payload = signed.partition(".")
        given = _part(signature)
        if len(token) > LONGEST_TOKEN or orjson.loads(_part(header)).get("alg") != "HS256":
            raise _invalid("the token is no HS256 token")
        if not hmac.compare_digest(given, hmac.digest(key, signed.encode(), "sha256")):
            raise _invalid("the token's signature is wrong")
        claims = orjson.loads(_part(payload))
        agent, token_id, expires = str(claims["sub"]), str(claims["jti"]), float(claims["exp"])
    except (binascii.Error, ValueError, KeyError, TypeError, AttributeError) as error:
        raise _invalid("the token is malformed") from error
    audience = claims.get("aud", AUDIENCE)
    if AUDIENCE not in (audience if isinstance(audience, list) else [audience]):
        raise _invalid("the token is for another service")
    if now >= expires or claims.get("nbf", now) > now + 30:
        raise _invalid("the token has expired or is not valid yet")
    return Claims(agent, token_id)


class Agents:
    """Agents' rows, kept for seconds."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool
        self._known: dict[str, tuple[Agent | None, float]] = {}

    async def get(self, agent_id: str) -> tuple[Agent, int]:
        """The agent, and how many statements it took to know."""
        now = time.monotonic()
        known = self._known.get(agent_id)
        statements = 0
        if known is None or now - known[1] >= BELIEVED_SECONDS:
            statements = 1
            known = (await self._read(agent_id), now)
            if len(self._known) >= MOST_AGENTS:
                self._known.clear()
            self._known[agent_id] = known
        if known[0] is None:
            raise _invalid("the token's agent is unknown or not active")
        return known[0], statements

    async def _read(self, agent_id: str) -> Agent | None:
        row = await self._pool.fetchrow(AGENT, agent_id)
        if row is None or not row["active"]:
            return None
        return Agent(agent_id, row["role"], tuple(row["regions"]))
