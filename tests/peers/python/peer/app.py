"""`POST /support/rag-answer`, as the product has it."""

import gc
import re
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated
from uuid import uuid4

import orjson
from fastapi import FastAPI, Header, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from .access import verify
from .flow import Asked, Flow
from .problems import Problem, respond
from .services import Services, opened
from .settings import Settings

IDENTIFIER = r"^[A-Za-z0-9_.-]{1,128}$"
_REQUEST_ID = re.compile(IDENTIFIER)


class AnswerRequest(BaseModel):
    """A question of a conversation."""

    model_config = ConfigDict(extra="forbid")

    question: str = Field(min_length=1, max_length=2_000, pattern=r"\w")
    session_id: str | None = Field(None, pattern=IDENTIFIER)
    customer_id: str | None = Field(None, pattern=IDENTIFIER)
    product_id: str | None = Field(None, pattern=IDENTIFIER)
    language: str | None = Field(None, pattern=r"^[a-z]{2,3}$")
    stream: bool = False


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Connects before the first request, and lets go after the last."""
    async with opened(Settings()) as services:
        app.state.services = services
        # What is loaded now stays: the collector need not look at it again.
        gc.collect()
        gc.freeze()
        yield


app = FastAPI(title="peer", lifespan=lifespan, openapi_url=None, exception_handlers={Problem: respond})


@app.get("/health/ready")
async def ready(request: Request) -> dict[str, int]:
    """Whether questions are answered, and of which generation."""
    standing = request.app.state.services.catalog.standing
    return {"generation": standing.generation, "revision": standing.revision}


@app.post("/support/rag-answer")
async def rag_answer(
    request: Request,
    body: AnswerRequest,
    authorization: Annotated[str, Header()] = "",
    x_request_id: Annotated[str, Header()] = "",
) -> Response:
    """Answers a question from facts and cited texts."""
    begin, arrived = time.perf_counter(), datetime.now(UTC)
    services: Services = request.app.state.services
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise Problem(401, "missing_token", "send an agent's token as `authorization: Bearer …`")
    claims = verify(token.strip(), services.settings.jwt_key.encode(), time.time())
    request_id = x_request_id if _REQUEST_ID.match(x_request_id) else f"r-{uuid4().hex}"
    asked = _checked(services, body, request_id)
    agent, statements = await services.agents.get(claims.agent)
    flow = Flow(services, asked, agent, claims.token_id)
    flow.cost.operations["postgres"] += statements
    opened_request = await flow.open()
    if opened_request.is_revoked:
        raise Problem(401, "invalid_token", "the token is revoked; get a new one")
    limits = _limits(services.settings.rate_per_minute, opened_request.requests)
    answer = await flow.answer(opened_request)
    total = (time.perf_counter() - begin) * 1_000
    stages = {stage: round(spent, 3) for stage, spent in flow.cost.stages.items()}
    cited = len(answer["citations"])
    services.log.add(
        (arrived, request_id, claims.agent, asked.customer, asked.session, total, cited, None, answer["intent"], flow.cached, stages)
    )
    operations = {**flow.cost.operations, "total": sum(flow.cost.operations.values())}
    response = {
        "request_id": request_id,
        "session_id": asked.session,
        **answer,
        "cached": flow.cached,
        "degraded": [],
        "operations": operations,
        "timings_ms": {**stages, "total": round(total, 3)},
    }
    timing = ", ".join(f"{stage};dur={spent}" for stage, spent in response["timings_ms"].items())
    return Response(orjson.dumps(response), headers={**limits, "server-timing": timing}, media_type="application/json")


def _checked(services: Services, body: AnswerRequest, request_id: str) -> Asked:
    if body.stream:
        raise Problem(400, "not_supported", "the peer does not stream")
    if body.product_id and body.product_id not in services.catalog.index.products:
        raise Problem(404, "unknown_product", f"the catalog has no product `{body.product_id}`")
    session = body.session_id or f"s-{uuid4().hex}"
    return Asked(body.question.strip(), session, body.customer_id, body.product_id, body.language, request_id)


def _limits(limit: int, requests: int) -> dict[str, str]:
    """`RateLimit-*`, or the refusal of a request that is one too many."""
    if limit == 0:
        return {}
    reset = str(60 - int(time.time()) % 60)
    headers = {"ratelimit-limit": str(limit), "ratelimit-remaining": str(max(limit - requests, 0)), "ratelimit-reset": reset}
    if requests > limit:
        detail = f"more than {limit} questions in this minute; wait {reset} s"
        raise Problem(429, "rate_limited", detail, {**headers, "retry-after": reset})
    return headers
