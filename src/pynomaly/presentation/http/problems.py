"""Problem documents (RFC 9457): how every error looks on the wire."""

import json
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from pynomaly.domain.errors import NotSignedIn, PynomalyError, TooManyRequests
from pynomaly.presentation.http.errors import Row, row_of
from pynomaly.presentation.http.refusals import Fault, RequestRefused

MEDIA_TYPE = "application/problem+json"
MOST_CHARACTERS = 500  # of any text that a client may have had a hand in
MOST_FAULTS = 20  # whoever mends these sees the next ones

_CUT_AT_BYTES = frozenset({400, 408, 413, 431})  # the rest of such a request is not read, so the connection ends


def problem_response(error: PynomalyError, request_id: str, instance: str) -> Response:
    """Return the answer to a request that failed with an error; `instance` is the path that was asked for."""
    row = row_of(type(error))
    headers = _headers(error, row)
    return _response(row.status, problem_document(error, request_id, instance), headers)


def bare_problem_response(
    status: int, request_id: str, instance: str, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the answer for a status that no row of the table has."""
    document = {"type": "about:blank", "title": _phrase(status), "status": status}
    document |= {"detail": f"{_phrase(status)}.", "instance": _reference(instance), "request_id": request_id}
    return _response(status, document, headers or {})


def problem_document(error: PynomalyError, request_id: str, instance: str) -> dict[str, object]:
    """Return the document for an error: only text that may leave the server, none of it long."""
    row = row_of(type(error))
    document: dict[str, object] = {
        "type": f"/problems/{row.slug}",
        "title": row.title,
        "status": row.status,
        "detail": fit_to_print(str(error)) if row.tells_why else row.meaning,
        "instance": _reference(instance),
        "request_id": request_id,
    }
    if isinstance(error, RequestRefused) and error.faults:
        document["errors"] = [_fault(fault) for fault in error.faults[:MOST_FAULTS]]
    return document


def fit_to_print(text: str) -> str:
    r"""Return a text as it may stand in an answer: without lone surrogates, and cut where it is long.

    >>> fit_to_print("\ud800 " + "x" * 1000).count("x")
    497
    """
    short = text if len(text) <= MOST_CHARACTERS else text[: MOST_CHARACTERS - 1] + "…"
    return short.encode("utf-8", "replace").decode("utf-8")


def documented(*kinds: type[PynomalyError]) -> dict[int | str, dict[str, Any]]:
    """Return what a route tells OpenAPI of the errors it may answer with, for FastAPI's `responses`.

    The document itself is in the components, where `described` puts it.
    """
    told: dict[int | str, dict[str, Any]] = {}
    for kind in kinds:
        row = row_of(kind)
        content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
        entry = told.setdefault(row.status, {"description": "", "content": content})
        entry["description"] = " ".join(filter(None, (entry["description"], f"`{row.slug}`: {row.meaning}")))
    return told


_TEXT = {"type": "string", "maxLength": MOST_CHARACTERS}
PROBLEM_SCHEMA: Mapping[str, Any] = {
    "title": "Problem",
    "type": "object",
    "required": ["type", "title", "status", "detail", "instance", "request_id"],
    "properties": {
        **dict.fromkeys(("type", "title", "detail", "instance", "request_id"), _TEXT),
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "errors": {
            "type": "array",
            "maxItems": MOST_FAULTS,
            "items": {
                "type": "object",
                "required": ["in", "pointer", "detail"],
                "properties": {
                    "in": {"enum": ["body", "query", "path", "header", "cookie"]},
                    "pointer": _TEXT,
                    "detail": _TEXT,
                },
            },
        },
    },
}
"""A problem document in JSON Schema."""


def _response(status: int, document: Mapping[str, object], headers: Mapping[str, str]) -> Response:
    body = json.dumps(document, ensure_ascii=False, allow_nan=False).encode()
    closing = {"Connection": "close"} if status in _CUT_AT_BYTES else {}
    return Response(body, status, {**headers, **closing}, MEDIA_TYPE)


def _headers(error: PynomalyError, row: Row) -> dict[str, str]:
    headers = dict(error.headers) if isinstance(error, RequestRefused) else {}
    wait = error.retry_after_seconds if isinstance(error, TooManyRequests) else row.retry_after_seconds
    if wait is not None:
        headers["Retry-After"] = str(max(1, math.ceil(wait)))
    if isinstance(error, NotSignedIn):
        headers["WWW-Authenticate"] = "Bearer"
    return headers


def _fault(fault: Fault) -> dict[str, str]:
    return {"in": fault.place, "pointer": fit_to_print(fault.pointer), "detail": fit_to_print(fault.detail)}


def _reference(path: str) -> str:
    """Return a path as the URI reference it was; what is not UTF-8 is replaced."""
    return quote(path[:MOST_CHARACTERS].encode("utf-8", "replace"), safe="/:@!$&'()*+,;=-._~")[:MOST_CHARACTERS]


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Unknown status"
