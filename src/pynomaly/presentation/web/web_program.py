"""What the pages work with, as it was put together for this process."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from starlette.requests import HTTPConnection

from pynomaly.application.people import People
from pynomaly.application.ports.algorithm import AlgorithmCatalog
from pynomaly.application.ports.sources import SourceCatalog
from pynomaly.application.ports.stores import ResultFiles
from pynomaly.application.ports.tables import Preparer
from pynomaly.application.program import Check, WriteSample
from pynomaly.application.workspace import OpenWorkspace
from pynomaly.domain.identifiers import TenantId, UserId
from pynomaly.presentation.http.cursors import Cursors
from pynomaly.presentation.http.incoming import Incoming
from pynomaly.presentation.http.limits import Limits
from pynomaly.presentation.identity import Identity
from pynomaly.presentation.web.assets import Assets
from pynomaly.presentation.web.form_tokens import FormTokens


@dataclass(frozen=True, slots=True)
class WebProgram:
    """The built program behind the pages.

    identify: turns the token of a cookie into the principal it stands for.  redeem_ticket: turns a ticket, once,
    into workspace and user; raises NotSignedIn.
    """

    open_workspace: OpenWorkspace
    people: People
    catalog: AlgorithmCatalog
    sources: SourceCatalog
    preparer: Preparer
    result_files: ResultFiles
    identify: Identity
    limits: Limits
    cursors: Cursors
    incoming: Incoming
    form_tokens: FormTokens
    assets: Assets
    clock: Callable[[], datetime]
    new_id: Callable[[], str]
    redeem_ticket: Callable[[str], tuple[TenantId, UserId]]
    write_sample: WriteSample
    diagnose: Callable[[], Sequence[Check]]
    version: str


def program_behind(request: HTTPConnection) -> WebProgram:
    """Return the program that a request came to."""
    return cast(WebProgram, request.app.state.program)
