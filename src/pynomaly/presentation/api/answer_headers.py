"""The headers of answers, as the OpenAPI document promises them."""

from collections.abc import Iterator, Mapping
from typing import Any

_ETAG = "The strong entity tag of the object as it is now, for `If-Match` and `If-None-Match`."
HEADERS: Mapping[str, str] = {
    "ETag": _ETAG,
    "Location": "Where the object or the job is.",
    "Retry-After": "Seconds to wait before the same request may succeed.",
    "WWW-Authenticate": "How to say who you are.",
}
"""Every header that is promised, and what it says."""

_BY_STATUS = {"202": "Location", "304": "ETag", "401": "WWW-Authenticate", "429": "Retry-After", "503": "Retry-After"}
_PLACE = "#/components/headers/{name}"


def header_components() -> dict[str, Any]:
    """Return what the references of `promise_headers` lead to."""
    text = {"type": "string"}
    return {name: {"description": said, "required": True, "schema": text} for name, said in HEADERS.items()}


def promise_headers(operation: Mapping[str, Any]) -> None:
    """Add to each answer of an operation the headers it always has."""
    asked = {parameter["name"] for parameter in operation.get("parameters", ())}
    for status, answer in operation["responses"].items():
        for name in _promised(status, answer, is_editable=bool(asked & {"If-Match", "If-None-Match"})):
            answer.setdefault("headers", {})[name] = {"$ref": _PLACE.format(name=name)}


def _promised(status: str, answer: Mapping[str, Any], *, is_editable: bool) -> Iterator[str]:
    if status in _BY_STATUS:
        yield _BY_STATUS[status]
    links = answer.get("links", {})
    if status == "201" and links:
        yield "Location"
    leads_to_changes = any("If-Match" in link["parameters"] for link in links.values())
    if leads_to_changes or (status == "200" and is_editable):
        yield "ETag"
