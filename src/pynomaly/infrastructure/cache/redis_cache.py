"""What processes share through a Redis server: whatever it does or holds, it is asked briefly and believed little."""

import logging
import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from pynomaly.application.ports.cache import MOST_BYTES, Look
from pynomaly.infrastructure.cache.breaker import Breaker
from pynomaly.infrastructure.cache.envelope import OVERHEAD_BYTES, sealed, unsealed

if TYPE_CHECKING:
    from redis import Redis

    _Answer = tuple[bytes, float]

PREFIX = "pynomaly:1:"
"""What every key starts with; the number goes up when what is kept changes its form."""
PATIENCE_SECONDS = 0.15  # for an answer, the way there, names and handshakes included
SHUT_SECONDS = 2.0
END_OF_TIME = 2**40  # seconds
N_THREADS = 8
Found = TypeVar("Found")

log = logging.getLogger("pynomaly.cache")


class RedisCache:
    """A cache on a Redis server, through threads that whoever asks can leave behind.

    Timeouts of a socket hold for each piece that arrives, and looking up a name has none; so the waiting is bounded
    here as a whole. After a failure nobody asks for a few seconds but one who tries.
    secret: seals what is kept.  clock: seconds that never go back.
    """

    def __init__(
        self,
        client: "Redis",
        secret: bytes,
        *,
        patience_seconds: float = PATIENCE_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._secret = secret
        self._patience_seconds = patience_seconds
        self._breaker = Breaker(SHUT_SECONDS, clock)
        self._threads = ThreadPoolExecutor(N_THREADS, thread_name_prefix="cache")

    def look(self, key: str, /) -> Look:
        """Return what is kept under a key."""
        name = _name(key)
        answer = self._asked(partial(self._read, name))
        if answer is None:
            return Look()
        raw, now = answer
        found = unsealed(self._secret, name, raw)
        if found is None or found[1] / 1000 <= now:
            return Look(at=now)
        return Look(found[0], found[1] / 1000 - now, now)

    def put(self, key: str, content: bytes, /, *, until: float) -> None:
        """Keep content up to a moment of the server's clock; what is larger than the bound is not kept."""
        if len(content) > MOST_BYTES:
            return
        name, until_ms = _name(key), int(until * 1000)
        raw = sealed(self._secret, name, content, until_ms=until_ms)
        self._asked(partial(self._client.set, name, raw, pxat=until_ms))

    def forget(self, key: str, /) -> None:
        """Keep nothing under a key."""
        self._asked(partial(self._client.delete, _name(key)))

    def _read(self, name: bytes) -> "_Answer":
        """Read no more than could have been put there, and the time after that."""
        pipeline = self._client.pipeline(transaction=False)
        pipeline.getrange(name, 0, MOST_BYTES + OVERHEAD_BYTES)
        pipeline.time()
        raw, (seconds, microseconds) = pipeline.execute(raise_on_error=False)
        now = seconds + microseconds / 1e6
        if not 0 < now < END_OF_TIME:
            raise ValueError("no server's clock says that")
        return raw if isinstance(raw, bytes) else b"", now

    def _asked(self, errand: Callable[[], Found]) -> Found | None:
        if not self._breaker.lets_through():
            return None
        done = self._threads.submit(errand)
        failure = _failure_of(done, self._patience_seconds)
        if failure is None:
            self._breaker.succeeded()
            return done.result()
        done.cancel()  # if it still waits for a thread
        if self._breaker.failed():
            log.warning("cache_away error=%s", failure)
        self._client.connection_pool.disconnect()  # wakes whoever still waits for it
        return None


def _failure_of(done: "Future[Found]", seconds: float) -> str | None:
    """Return what went wrong with an errand, if anything did; never in an error's words, which are the server's."""
    try:
        error = done.exception(seconds)
    except TimeoutError:
        return "no answer in time"
    return None if error is None else type(error).__name__


def _name(key: str) -> bytes:
    return (PREFIX + key).encode("utf-8", "surrogatepass")
