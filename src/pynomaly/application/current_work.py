"""What this thread or task is at: the request or job whose names every log line and span of it carries.

Ids only, and of our own making or checked: nothing that a caller wrote.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

_NOTHING: Mapping[str, str] = MappingProxyType({})
_AT: ContextVar[Mapping[str, str]] = ContextVar("current_work", default=_NOTHING)


def begin_work(names: dict[str, str]) -> None:
    """Begin something under its names: "request_id" or "job_id", and what else is known of it.

    They hold for this task and the threads it waits for. Who finds out more, such as who asks, adds to `names`.
    """
    _AT.set(names)


@contextmanager
def at_work(**names: str) -> Iterator[None]:
    """Be at something while the block lasts."""
    token = _AT.set(names)
    try:
        yield
    finally:
        _AT.reset(token)


def note_of_work(**names: str) -> None:
    """Add what was found out about the work at hand, such as "tenant_id" and "actor"; between works do nothing."""
    at = _AT.get()
    if isinstance(at, dict):
        at.update(names)


def current_work() -> Mapping[str, str]:
    """Return the names of the work at hand; none between works."""
    return _AT.get()
