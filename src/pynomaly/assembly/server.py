"""The server of this program, and on the embedded default the workers beside it."""

import logging
import os
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from socket import socket
from typing import TYPE_CHECKING

from pynomaly.application.program import ServeOptions
from pynomaly.assembly.adapters import Adapters
from pynomaly.assembly.log_lines import log_to_standard_error
from pynomaly.assembly.watching import watching
from pynomaly.domain.errors import ExtraNotInstalled
from pynomaly.infrastructure.home_sign import signed
from pynomaly.infrastructure.listening import listening_sockets

if TYPE_CHECKING:
    from starlette.types import ASGIApp
    from uvicorn import Server

log = logging.getLogger("pynomaly.server")


def run_server(shared: Adapters, options: ServeOptions) -> None:
    """Serve until told to stop, then let requests and jobs finish.

    Raises ExtraNotInstalled, InvalidRequest, Conflict where the address is taken or another server has the home.
    """
    _require_extra()
    from pynomaly.assembly.asgi import asgi_application

    log_to_standard_error(shared.settings)
    address = address_of(options.host, options.port)
    with ExitStack() as leaving:
        leaving.enter_context(signed(shared.settings.home, address, alone=options.is_alone))
        sockets = [leaving.enter_context(one) for one in listening_sockets(options.host, options.port)]
        options.before()
        watch = leaving.enter_context(watching(shared, has_requests=True))
        application = asgi_application(
            replace(shared, telemetry=watch.telemetry),
            n_workers=_n_workers(shared, options),
            metrics=watch.metrics,
            at_end=leaving.close,  # once uvicorn has ended the signal that stopped it ends the process
            tickets=options.tickets,
        )
        _server(application, shared, lambda: _tell(address, options)).run(sockets)


def address_of(host: str, port: int) -> str:
    """Return the address of a server as a browser on its machine is given it.

    >>> address_of("127.0.0.1", 8000), address_of("::1", 8000)
    ('http://127.0.0.1:8000', 'http://[::1]:8000')
    """
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _require_extra() -> None:
    try:
        import uvicorn  # noqa: F401 - only seen to be there, with what its protocol needs

        from pynomaly.presentation.http.deadlines import protocol_within  # noqa: F401
    except ImportError:
        raise ExtraNotInstalled("serving needs: pip install 'pynomaly-platform[server]'") from None


def _server(application: "ASGIApp", shared: Adapters, when_ready: Callable[[], None]) -> "Server":
    import uvicorn

    from pynomaly.presentation.http.bounds import BOUNDS
    from pynomaly.presentation.http.deadlines import protocol_within

    class Told(uvicorn.Server):
        """A server that tells when it answers."""

        async def startup(self, sockets: list[socket] | None = None) -> None:
            await super().startup(sockets)
            when_ready()

    config = uvicorn.Config(
        application,
        http=protocol_within(BOUNDS, shared.settings.trusted_proxies),
        lifespan="on",
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=False,
        ws="none",
        timeout_graceful_shutdown=30,
        log_config=None,
    )
    return Told(config)


def _tell(address: str, options: ServeOptions) -> None:
    log.info("server_listens address=%s", address)
    options.when_ready(address)


def _n_workers(shared: Adapters, options: ServeOptions) -> int:
    if options.n_workers is not None:
        return options.n_workers
    return min(2, os.cpu_count() or 1) if shared.settings.database_url is None else 0
