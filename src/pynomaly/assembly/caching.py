"""What processes share, and the levels on the way to it."""

from pynomaly.application.ports.cache import NoCache, SharedCache
from pynomaly.assembly.people import signing_key_of
from pynomaly.infrastructure.settings import Settings


def shared_cache_of(settings: Settings) -> SharedCache:
    """Return the cache that is set. Raises InvalidRequest for a bad address or key, ExtraNotInstalled, Conflict."""
    if settings.redis_url is None:
        return NoCache()
    from pynomaly.infrastructure.cache.redis_cache import PATIENCE_SECONDS, RedisCache
    from pynomaly.infrastructure.cache.server_address import client_of
    from pynomaly.infrastructure.credentials.signing_key import derived

    client = client_of(settings.redis_url, patience_seconds=PATIENCE_SECONDS)
    return RedisCache(client, derived(signing_key_of(settings), "cache"))
