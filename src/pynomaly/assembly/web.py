"""The pages as the server runs them, beside the API."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import version

from starlette.types import ASGIApp, Receive, Scope, Send

from pynomaly.assembly.adapters import Adapters
from pynomaly.assembly.people import signing_key_of
from pynomaly.domain.errors import NotSignedIn
from pynomaly.domain.identifiers import TenantId, UserId
from pynomaly.infrastructure.credentials.signing_key import derived
from pynomaly.infrastructure.sample import write_sample
from pynomaly.presentation.api.api_program import ApiProgram
from pynomaly.presentation.http.route_names import API
from pynomaly.presentation.identity import Identity
from pynomaly.presentation.web.assets import built_assets
from pynomaly.presentation.web.form_tokens import FormTokens
from pynomaly.presentation.web.web_program import WebProgram

RedeemTicket = Callable[[str], tuple[TenantId, UserId]]


@dataclass(frozen=True, slots=True)
class Doors:
    """Leads a request to the API or to the pages, by its address."""

    api: ASGIApp
    web: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection."""
        is_page = scope["type"] == "http" and not f"{scope['path']}/".startswith(f"{API}/")
        await (self.web if is_page else self.api)(scope, receive, send)


def no_tickets(_text: str) -> tuple[TenantId, UserId]:
    """Refuse every ticket: this server gave none out. Raises NotSignedIn."""
    raise NotSignedIn("this address was good once, and its time is over; sign in, or run `pynomaly start` again")


def web_program_of(shared: Adapters, service: ApiProgram, redeem_ticket: RedeemTicket = no_tickets) -> WebProgram:
    """Return what the pages work with: what the API works with, seen by people."""
    from pynomaly.assembly.diagnosis import diagnose_server

    return WebProgram(
        open_workspace=service.open_workspace,
        people=service.people,
        catalog=shared.catalog,
        sources=shared.sources,
        preparer=shared.preparer,
        result_files=service.result_files,
        identify=Identity(service.people.authenticate_browser),
        limits=service.limits,
        cursors=service.cursors,
        incoming=service.incoming,
        form_tokens=FormTokens(derived(signing_key_of(shared.settings), "forms")),
        assets=built_assets(),
        clock=shared.clock,
        new_id=shared.new_id,
        redeem_ticket=redeem_ticket,
        write_sample=write_sample,
        diagnose=partial(diagnose_server, shared),
        version=version("pynomaly-platform"),
    )
