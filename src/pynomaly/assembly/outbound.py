"""The guard of connections that users ask for, as the settings have it."""

from collections.abc import Iterator
from urllib.parse import urlsplit

from pynomaly.infrastructure.outbound.addresses import Address, read_address, read_networks, unwrapped
from pynomaly.infrastructure.outbound.guard import OutboundGuard, addresses_of
from pynomaly.infrastructure.settings import Settings

_POSTGRES_PORT = 5432


def guard_of(settings: Settings, ports: frozenset[int]) -> OutboundGuard:
    """Return a guard that lets these ports of the outside world through, and never leads to our own database.

    Raises InvalidRequest for networks that are none.
    """
    allowed = read_networks(settings.outbound_allow, origin="PYNOMALY_OUTBOUND_ALLOW")
    closed = frozenset(_own_database(settings.database_url)) if settings.database_url and allowed else frozenset()
    return OutboundGuard(ports, allowed, closed)


def _own_database(url: str) -> Iterator[tuple[Address, int]]:
    """Yield where the database listens; what has no address now cannot be reached now either."""
    place = urlsplit(url)
    try:
        found = addresses_of(place.hostname or "localhost")
    except OSError:
        return
    for text in found:
        address = read_address(text)
        if address is not None:
            yield unwrapped(address), place.port or _POSTGRES_PORT
