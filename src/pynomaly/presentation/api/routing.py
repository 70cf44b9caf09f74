"""How a resource's routes are declared: strictly read, guarded, and documented with what they may answer."""

from typing import Any

from fastapi import APIRouter

from pynomaly.domain import errors as domain
from pynomaly.presentation.api.strict_route import StrictRoute
from pynomaly.presentation.http import refusals as http
from pynomaly.presentation.http.problems import documented

ID, ETAG = "$response.body#/id", "$response.header.ETag"

ANY_ROUTE = (
    http.MalformedRequest,
    http.UnknownHost,
    http.InvalidValues,
    http.UnknownParameter,
    http.RequestTimeout,
    http.TargetTooLong,
    http.HeadersTooLarge,
    domain.TooManyRequests,
    domain.Unavailable,
)
WITH_BODY = (http.PayloadTooLarge, http.UnsupportedMediaType)
GUARDED = (domain.NotSignedIn, domain.Forbidden)
DATA = (
    domain.InvalidData,
    domain.EmptyDataset,
    domain.TooFewRows,
    domain.ColumnMismatch,
    domain.InvalidLabels,
    domain.NonFiniteScores,
)
KEYED = (http.IdempotencyKeyReused, domain.StillRunning, domain.LeaseLost, domain.StorageFull)
LISTED = (http.UnknownCursor,)
CONDITIONAL = (http.PreconditionRequired, http.PreconditionFailed, domain.StaleWrite)

USING_A_DETECTOR = (
    domain.NotFound,
    domain.NotTrained,
    domain.Conflict,
    domain.TransductiveDetector,
    *DATA,
    domain.InvalidRequest,
    domain.PolicyNotAvailable,
    domain.CorruptModel,
    domain.ExtraNotInstalled,
)
"""What can stand in the way of scoring rows and deciding."""


def router(tag: str) -> APIRouter:
    """Return a router for one resource."""
    return APIRouter(tags=[tag], route_class=StrictRoute)


def answers(*kinds: type[domain.PynomalyError] | tuple[type[domain.PynomalyError], ...]) -> dict[int | str, Any]:
    """Return what a guarded route tells OpenAPI of its errors: those of every route and the given ones."""
    listed = [one for kind in kinds for one in (kind if isinstance(kind, tuple) else (kind,))]
    return documented(*dict.fromkeys((*ANY_ROUTE, *GUARDED, *listed)))


def public_answers(*kinds: type[domain.PynomalyError]) -> dict[int | str, Any]:
    """Return what a public route tells OpenAPI of its errors."""
    return documented(*dict.fromkeys((*ANY_ROUTE, *kinds)))


def leads_to(*operations: str, edits: tuple[str, ...] = ()) -> dict[str, Any]:
    """Return what OpenAPI is told of an answer: its `id` is good for other operations.

    edits: those that its ETag is good for too.
    """
    plain = {operation: _link(operation, {"id": ID}) for operation in operations}
    return {"links": plain | {operation: _link(operation, {"id": ID, "If-Match": ETAG}) for operation in edits}}


def link(operation: str, **parameters: str) -> dict[str, Any]:
    """Return an OpenAPI link: what the answer's fields are good for in another operation."""
    return {operation: _link(operation, parameters)}


def _link(operation: str, parameters: dict[str, str]) -> dict[str, Any]:
    return {"operationId": operation, "parameters": parameters}


JOB_LINKS = leads_to("get_job", "cancel_job", "follow_job")
