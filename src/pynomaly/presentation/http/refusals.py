"""What only HTTP can get wrong, as one tree; its roots are kinds of PynomalyError like those of the domain.

RequestRefused
├── MalformedRequest         not HTTP or JSON as they should be        (400)
├── UnknownHost              the Host is none of ours                  (400)
├── MethodNotAllowed                                                   (405)
├── NotAcceptable                                                      (406)
├── RequestTimeout           the rest of the request did not come      (408)
├── PreconditionFailed       If-Match names an old version             (412)
├── PayloadTooLarge                                                    (413)
├── TargetTooLong                                                      (414)
├── UnsupportedMediaType                                               (415)
├── InvalidValues            a field or parameter is out of bounds     (422)
│   └── UnevenRows           rows that differ in their cells           (422)
├── UnknownParameter         a query parameter nobody declared         (422)
├── UnknownCursor            a place in another list, or in none       (422)
├── IdempotencyKeyReused     the same key with another body            (422)
├── PreconditionRequired     If-Match is missing                       (428)
└── HeadersTooLarge                                                    (431)
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

from pynomaly.domain.errors import PynomalyError

Place: TypeAlias = Literal["body", "query", "path", "header", "cookie"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with a request: in which part, where in it as a JSON pointer, and what."""

    place: Place
    pointer: str
    detail: str


class RequestRefused(PynomalyError):
    """This request is not answered as it stands."""

    def __init__(
        self, message: str = "", *, faults: Sequence[Fault] = (), headers: Mapping[str, str] | None = None
    ) -> None:
        super().__init__(message)
        self.faults = tuple(faults)
        self.headers = dict(headers or {})


class MalformedRequest(RequestRefused):
    """The request cannot be understood."""


class UnknownHost(RequestRefused):
    """This server does not go by the name the request calls it."""


class MethodNotAllowed(RequestRefused):
    """This address does not answer that method; the Allow header lists those it does."""


class NotAcceptable(RequestRefused):
    """The answer exists in none of the media types that are accepted."""


class RequestTimeout(RequestRefused):
    """The rest of the request did not arrive in time."""


class PreconditionFailed(RequestRefused):
    """It was changed since you read it; read it again, and send its new ETag in If-Match."""


class PayloadTooLarge(RequestRefused):
    """The body is larger than this address takes."""


class TargetTooLong(RequestRefused):
    """The address with its query is too long."""


class UnsupportedMediaType(RequestRefused):
    """This address does not take bodies of that media type."""


class InvalidValues(RequestRefused):
    """Some values cannot be used; `errors` says which and why."""


class UnevenRows(InvalidValues):
    """The rows differ in the cells they have; `errors` says where."""


class UnknownParameter(RequestRefused):
    """A query parameter is unknown here, or given more than once."""


class UnknownCursor(RequestRefused):
    """This list gave out no such cursor; start it anew, without one."""


class IdempotencyKeyReused(RequestRefused):
    """This Idempotency-Key was used for another request; take a new one."""


class PreconditionRequired(RequestRefused):
    """Send the ETag of what you read in If-Match, so that nobody's change is lost."""


class HeadersTooLarge(RequestRefused):
    """The headers are larger than this server takes."""
