"""The one place where exceptions become answers; what nobody expected is logged with its trace and never shown."""

import logging
from collections.abc import Iterator, Sequence
from typing import Any, cast

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope

from pynomaly.domain.errors import Forbidden, NotFound, NotSignedIn, PynomalyError, TooManyRequests, Unavailable
from pynomaly.presentation.http.errors import UNEXPECTED, row_of
from pynomaly.presentation.http.json_faults import escaped
from pynomaly.presentation.http.problems import MOST_FAULTS, bare_problem_response, problem_response
from pynomaly.presentation.http.refusals import (
    Fault,
    InvalidValues,
    MalformedRequest,
    MethodNotAllowed,
    NotAcceptable,
    PayloadTooLarge,
    Place,
    RequestTimeout,
    TargetTooLong,
    UnsupportedMediaType,
)

logger = logging.getLogger("pynomaly.api")

FAILURE = "failure"
"""Where the state of a request keeps an error that was logged, so that it is logged once."""

_BY_STATUS: dict[int, type[PynomalyError]] = {
    row_of(kind).status: kind
    for kind in (
        MalformedRequest,
        NotSignedIn,
        Forbidden,
        NotFound,
        MethodNotAllowed,
        NotAcceptable,
        RequestTimeout,
        PayloadTooLarge,
        TargetTooLong,
        UnsupportedMediaType,
        InvalidValues,
        TooManyRequests,
        Unavailable,
    )
}
"""What the framework's own errors are here."""

_NO_BODY = frozenset({204, 304})
_PLACES: tuple[Place, ...] = ("body", "query", "path", "header", "cookie")


def install_error_handlers(app: FastAPI) -> None:
    """Make an application answer every exception."""
    app.add_exception_handler(PynomalyError, _known)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _of_the_framework)
    app.add_exception_handler(ClientDisconnect, _gone)
    app.add_exception_handler(Exception, _unknown)


def answer_to_unexpected(error: Exception, scope: Scope) -> Response:
    """Log an error that nobody expected, with its trace, and return the answer, which does not tell it."""
    scope.setdefault("state", {})[FAILURE] = error
    logger.error(
        "request_failed request_id=%s method=%s path=%r",
        _request_id(scope),
        scope["method"],
        scope["path"],
        exc_info=error,
    )
    return problem_response(PynomalyError(), _request_id(scope), scope["path"])


def faults_of(found: Sequence[Any], body: object = None) -> tuple[Fault, ...]:
    """Return what pydantic found wrong, as places with JSON pointers (RFC 6901) into the body, where there is one."""
    return tuple(_fault(one["loc"], one["msg"], body) for one in found[:MOST_FAULTS])


async def _known(request: Request, error: Exception) -> Response:
    known = cast(PynomalyError, error)
    row = row_of(type(known))
    if row is UNEXPECTED:
        return answer_to_unexpected(known, request.scope)
    if row.status >= 500 or not row.tells_why:
        reason = (_request_id(request.scope), row.slug, str(known))
        logger.warning("request_not_served request_id=%s problem=%s reason=%r", *reason)
    return problem_response(known, _request_id(request.scope), request.scope["path"])


async def _invalid(request: Request, error: Exception) -> Response:
    raised = cast(RequestValidationError, error)
    faults = faults_of(raised.errors(), raised.body)
    return problem_response(InvalidValues(faults=faults), _request_id(request.scope), request.scope["path"])


async def _of_the_framework(request: Request, error: Exception) -> Response:
    raised = cast(HTTPException, error)
    if raised.status_code in _NO_BODY:
        return Response(status_code=raised.status_code, headers=raised.headers)
    where = (_request_id(request.scope), request.scope["path"])
    kind = _BY_STATUS.get(raised.status_code)
    if kind is None:
        return bare_problem_response(raised.status_code, *where, headers=raised.headers)
    response = problem_response(kind(), *where)
    response.headers.update(raised.headers or {})
    if kind is MethodNotAllowed:
        response.headers["Allow"] = ", ".join(sorted(_methods_at(request)))  # the framework names one route's
    return response


def _methods_at(request: Request) -> set[str]:
    """Return the methods that the address of a request answers."""
    routes = iter_route_contexts(request.app.routes)
    return {
        method
        for route in routes
        if route.matches(request.scope)[0] is not Match.NONE
        for method in route.methods or ()
    }


async def _gone(request: Request, _error: Exception) -> Response:
    """Return what nobody will read: the client went away while it sent its body."""
    error = MalformedRequest("the request ended before its body did")
    return problem_response(error, _request_id(request.scope), request.scope["path"])


async def _unknown(request: Request, error: Exception) -> Response:
    return answer_to_unexpected(error, request.scope)


def _request_id(scope: Scope) -> str:
    return str(scope.get("state", {}).get("request_id", ""))


def _fault(location: Sequence[str | int], message: str, body: object) -> Fault:
    first, *rest = location
    place: Place = next((place for place in _PLACES if place == first), "body")
    steps = _steps_into(body, rest) if place == "body" else rest
    return Fault(place, "".join(f"/{escaped(step)}" for step in steps), message)


def _steps_into(body: object, location: Sequence[str | int]) -> Iterator[str | int]:
    """Yield the steps that exist in the body, and the last, which may not; pydantic also names members of unions."""
    here = body
    for step in location[:-1]:
        if isinstance(here, dict | list) and step in (here if isinstance(here, dict) else range(len(here))):
            here = here[step]  # type: ignore[index]
            yield step
    yield from (step for step in location[-1:] if step != "[key]")
