"""Errors as `application/problem+json`."""

import orjson
from fastapi import Request, Response


class Problem(Exception):
    """Why a request gets no answer, and what to do about it."""

    def __init__(self, status: int, code: str, detail: str, headers: dict[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.code = code
        self.detail = detail
        self.headers = headers or {}


async def respond(_request: Request, problem: Problem) -> Response:
    """The response to a request that met a problem."""
    body = orjson.dumps({"status": problem.status, "code": problem.code, "detail": problem.detail})
    return Response(body, problem.status, problem.headers, "application/problem+json")
