"""A look at the Redis server that caches share, for whoever wants to know whether it is there."""

from pynomaly.domain.errors import ExtraNotInstalled, InvalidRequest, Unavailable

PATIENCE_SECONDS = 2.0


def redis_version(url: str) -> str:
    """Return the version of the server at an address. Raises Unavailable, InvalidRequest, ExtraNotInstalled."""
    try:
        import redis
    except ImportError:
        raise ExtraNotInstalled("Redis needs its client: pip install 'pynomaly-platform[redis]'") from None
    try:
        client = redis.Redis.from_url(url, socket_connect_timeout=PATIENCE_SECONDS, socket_timeout=PATIENCE_SECONDS)
    except ValueError:
        raise InvalidRequest("PYNOMALY_REDIS_URL is no Redis address; write redis://host:6379/0") from None
    try:
        with client:
            return str(client.info("server")["redis_version"])
    except (redis.RedisError, OSError) as error:
        raise Unavailable(f"Redis does not answer ({type(error).__name__})") from error
