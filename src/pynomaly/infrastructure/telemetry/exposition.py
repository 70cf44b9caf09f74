"""Where metrics are read: a port of their own, so that nobody who reaches the API reads them."""

from collections.abc import Iterator
from contextlib import contextmanager

from prometheus_client import CollectorRegistry, start_http_server

from pynomaly.domain.errors import Conflict


@contextmanager
def exposed(registry: CollectorRegistry, host: str, port: int) -> Iterator[None]:
    """Answer `GET /metrics` on a port while the block lasts. Raises Conflict if the port cannot be had."""
    try:
        server, thread = start_http_server(port, host, registry)
    except (OSError, OverflowError) as error:
        raise Conflict(
            f"metrics cannot be shown at {host}, port {port}: {error}; set PYNOMALY_METRICS_PORT to a free one"
        ) from error
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
