"""What the routes of the API work with, as it was put together for this process."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

from starlette.requests import HTTPConnection

from pynomaly.application.people import People
from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.sources import SourceCatalog
from pynomaly.application.ports.stores import ResultFiles
from pynomaly.application.workspace import OpenWorkspace
from pynomaly.domain.access import Principal
from pynomaly.presentation.api.scoring import Scoring
from pynomaly.presentation.http.cursors import Cursors
from pynomaly.presentation.http.incoming import Incoming
from pynomaly.presentation.http.limits import Limits


class Identify(Protocol):
    """Turns what a request carries into the principal it is made by."""

    def __call__(self, credentials: str) -> Principal:
        """Return the principal, which may be known from a few seconds ago. Raises NotSignedIn."""
        ...

    def remembered(self, credentials: str) -> Principal | None:
        """Return the principal if it is at hand, without asking anybody."""
        ...


@dataclass(frozen=True, slots=True)
class ApiProgram:
    """The built program behind the API.

    check_ready: raises Unavailable where requests could not be served.
    """

    open_workspace: OpenWorkspace
    catalog: AlgorithmCatalog
    sources: SourceCatalog
    result_files: ResultFiles
    people: People
    scoring: Scoring
    identify: Identify
    limits: Limits
    cursors: Cursors
    incoming: Incoming
    new_id: Callable[[], str]
    check_ready: Callable[[], None]


def program_behind(request: HTTPConnection) -> ApiProgram:
    """Return the program that a request came to."""
    return cast(ApiProgram, request.app.state.service)
