"""The guard of connections that users ask for, as the settings have it."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from pynomaly.infrastructure.outbound.addresses import Address, read_address, read_networks, unwrapped
from pynomaly.infrastructure.outbound.guard import OutboundGuard, addresses_of
from pynomaly.infrastructure.settings import Settings

_POSTGRES_PORT = 5432


def guard_of(settings: Settings, ports: frozenset[int]) -> OutboundGuard:
    """Return a guard that lets these ports of the outside world through, and never leads to our own database.

    Raises InvalidRequest for networks that are none.
    """
    allowed = read_networks(settings.outbound_allow, origin="PYNOMALY_OUTBOUND_ALLOW")
    closed = frozenset(_own_database(settings.database_url)) if settings.database_url else frozenset()
    return OutboundGuard(ports, allowed, closed)


def _own_database(url: str) -> Iterator[tuple[Address, int]]:
    """Yield where the database listens; what has no address now cannot be reached now either."""
    for host, port in _hosts_of(url):
        try:
            found = addresses_of(host)
        except OSError:
            continue
        yield from ((unwrapped(address), port) for address in map(read_address, found) if address is not None)


def _hosts_of(url: str) -> Iterator[tuple[str, int]]:
    """Yield every host that a PostgreSQL address names, be it as host=a:5432&host=b behind the question mark."""
    place = urlsplit(url)
    usual = place.port or _POSTGRES_PORT
    yield place.hostname or "localhost", usual
    for named in parse_qs(place.query).get("host", []):
        host, _, port = named.rpartition(":") if named.count(":") == 1 else (named, "", "")
        yield host, int(port) if port.isdecimal() else usual
