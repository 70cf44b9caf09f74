"""The server of this program, and on the embedded default the workers beside it."""

import os
from contextlib import ExitStack
from dataclasses import replace

from pynomaly.application.program import ServeOptions
from pynomaly.assembly.log_lines import log_to_standard_error
from pynomaly.assembly.watching import watching
from pynomaly.assembly.workspace import Adapters
from pynomaly.domain.errors import ExtraNotInstalled


def run_server(shared: Adapters, options: ServeOptions) -> None:
    """Serve until told to stop, then let requests and jobs finish.

    Raises ExtraNotInstalled, InvalidRequest, Conflict.
    """
    try:
        import uvicorn

        from pynomaly.presentation.api.bounds import BOUNDS
        from pynomaly.presentation.api.deadlines import protocol_within
    except ImportError:
        raise ExtraNotInstalled("serving needs: pip install 'pynomaly-platform[server]'") from None
    from pynomaly.assembly.asgi import asgi_application

    log_to_standard_error(shared.settings)
    with ExitStack() as leaving:
        watch = leaving.enter_context(watching(shared, has_requests=True))
        application = asgi_application(
            replace(shared, telemetry=watch.telemetry),
            n_workers=_n_workers(shared, options),
            metrics=watch.metrics,
            at_end=leaving.close,  # once uvicorn has ended the signal that stopped it ends the process
        )
        config = uvicorn.Config(
            application,
            host=options.host,
            port=options.port,
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
        uvicorn.Server(config).run()


def _n_workers(shared: Adapters, options: ServeOptions) -> int:
    if options.n_workers is not None:
        return options.n_workers
    return min(2, os.cpu_count() or 1) if shared.settings.database_url is None else 0
