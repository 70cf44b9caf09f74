"""The guard of connections that users ask for, as the settings have it."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

from pynomaly.infrastructure.outbound.addresses import Address, read_address, read_networks, unwrapped
from pynomaly.infrastructure.outbound.guard import OutboundGuard, addresses_of
from pynomaly.infrastructure.settings import Settings

_POSTGRES_PORT, _REDIS_PORT = 5432, 6379


def guard_of(settings: Settings, ports: frozenset[int]) -> OutboundGuard:
    """Return a guard that lets these ports of the outside world through, and never leads to our own database or cache.

    Raises InvalidRequest for networks that are none.
    """
    allowed = read_networks(settings.outbound_allow, origin="PYNOMALY_OUTBOUND_ALLOW")
    own = {settings.database_url: _POSTGRES_PORT, settings.redis_url: _REDIS_PORT}
    closed = frozenset(place for url, port in own.items() if url is not None for place in _places_of(url, port))
    return OutboundGuard(ports, allowed, closed)


def _places_of(url: str, usual_port: int) -> Iterator[tuple[Address, int]]:
    """Yield where a server of ours listens; what has no address now cannot be reached now either."""
    for host, port in _hosts_of(url, usual_port):
        try:
            found = addresses_of(host)
        except OSError:
            continue
        yield from ((unwrapped(address), port) for address in map(read_address, found) if address is not None)


def _hosts_of(url: str, usual_port: int) -> Iterator[tuple[str, int]]:
    """Yield every host that an address names, be it as host=a:5432&host=b behind the question mark."""
    place = urlsplit(url)
    if place.scheme == "unix":
        return
    usual = place.port or usual_port
    yield place.hostname or "localhost", usual
    for named in parse_qs(place.query).get("host", []):
        host, _, port = named.rpartition(":") if named.count(":") == 1 else (named, "", "")
        yield host, int(port) if port.isdecimal() else usual
