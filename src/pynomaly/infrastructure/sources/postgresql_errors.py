"""What went wrong with PostgreSQL, in its own words: whether it said no, or may say yes later."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import psycopg

from pynomaly.application.redaction import redacted
from pynomaly.domain.errors import PynomalyError, RemoteRefused, RemoteUnavailable
from pynomaly.infrastructure.sources.surroundings import Exchange, is_over

_TRANSIENT = ("08", "40", "53", "57P", "55P03", "58")
"""Beginnings of SQLSTATE that say: try again later. Connection, rollback, resources, shutdown, lock, system."""
_TRANSIENT_WORDS = ("too many clients", "connection slots", "starting up", "shutting down", "in recovery mode")
"""A server's reasons not to let anybody in just now; libpq keeps no SQLSTATE of those."""
_FINAL_WORDS = ("FATAL:", "SSL", "certificate", "authentication", "password", "requirement")
"""Anything else that ends a connection before it began, a firewall say, may be gone later."""
_PREFIX = "connection failed: "


@contextmanager
def in_our_words(host: str, secrets: Sequence[str], exchange: Exchange) -> Iterator[None]:
    """Translate what the driver raises. Raises RemoteRefused, RemoteUnavailable."""
    try:
        yield
    except psycopg.Error as error:
        raise _translated(error, host, secrets, exchange) from None  # its message and frames may hold the password


def _translated(error: psycopg.Error, host: str, secrets: Sequence[str], exchange: Exchange) -> PynomalyError:
    state, told = error.sqlstate, redacted(_words_of(error), secrets)
    if state == "57014" or is_over(exchange):
        return RemoteUnavailable(f"{host} did not answer in the time there is for it")
    if state is None:
        kind = RemoteRefused if is_final(str(error)) else RemoteUnavailable
        return kind(f"{host}: {told}")
    kind = RemoteUnavailable if state.startswith(_TRANSIENT) else RemoteRefused
    return kind(f"{host}: {told}")


def _words_of(error: psycopg.Error) -> str:
    said = error.diag.message_primary
    if said is None:
        return str(error).removeprefix(_PREFIX).split("\n\t")[0] or type(error).__name__
    return "; ".join(part for part in (said, error.diag.message_detail, error.diag.message_hint) if part)


def is_final(words: str) -> bool:
    """Whether what ended a connection before it began will end the next one, too."""
    is_answer = any(word in words for word in _FINAL_WORDS)
    return is_answer and not any(word in words for word in _TRANSIENT_WORDS)
