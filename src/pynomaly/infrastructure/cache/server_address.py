"""Where the Redis server is, and connections to it that nobody waits for long."""

import re
from typing import TYPE_CHECKING

from pynomaly.domain.errors import ExtraNotInstalled, InvalidRequest

if TYPE_CHECKING:
    from redis import Redis

_ADDRESS = re.compile(r"(rediss?://[^/?#]+(/\d*)?|unix://[^?#]+)(\?(ssl_|db=)[^#]*)?")
_ADVICE = "redis_url is no address such as redis://:password@host:6379/0; rediss:// speaks TLS, unix:// a local socket"


def client_of(url: str, *, patience_seconds: float) -> "Redis":
    """Return a client that connects when it is first used. Raises InvalidRequest, ExtraNotInstalled.

    patience_seconds: for each piece of an answer.
    """
    try:
        from redis import ConnectionPool, Redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry
    except ImportError:
        raise ExtraNotInstalled("a shared cache needs: pip install 'pynomaly-platform[redis]'") from None
    if not _ADDRESS.fullmatch(url):
        raise InvalidRequest(_ADVICE)  # without the address: it holds a password
    try:
        pool = ConnectionPool.from_url(
            url,
            protocol=2,
            driver_info=None,  # no introductions: two questions less for each connection
            retry=Retry(NoBackoff(), 0),  # who is not answered goes on without
            socket_connect_timeout=patience_seconds,
            socket_timeout=patience_seconds,
        )
    except ValueError:
        raise InvalidRequest(_ADVICE) from None
    return Redis(connection_pool=pool)
