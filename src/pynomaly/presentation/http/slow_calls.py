"""Requests that wait for other systems: a few at a time, so that those which hang leave threads for everybody else."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore

from pynomaly.domain.errors import TooManyRequests

AT_ONCE = 8  # of the forty threads that requests are answered in
_places = BoundedSemaphore(AT_ONCE)


@contextmanager
def waiting_for_others() -> Iterator[None]:
    """Take one of the places while a block lasts. Raises TooManyRequests where none is free."""
    if not _places.acquire(blocking=False):
        raise TooManyRequests("too many requests wait for other systems already", retry_after_seconds=5.0)
    try:
        yield
    finally:
        _places.release()
