"""A session with somebody's PostgreSQL server: at a checked address, read-only, over in time, with exact reasons."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import generators, pq

from pynomaly.domain.errors import DestinationRefused
from pynomaly.infrastructure.sources.postgresql_columns import Described
from pynomaly.infrastructure.sources.postgresql_errors import in_our_words
from pynomaly.infrastructure.sources.postgresql_server import Connect, Server, connected, socket_of
from pynomaly.infrastructure.sources.surroundings import Exchange

LOCK_SECONDS = 5.0

_SETTINGS = {
    "client_min_messages": "error",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "extra_float_digits": "3",  # floats come back as the very same floats
    "standard_conforming_strings": "on",
    "row_security": "on",
}


@dataclass(frozen=True, slots=True)
class Session:
    """One read-only transaction. Every statement goes by the protocol that takes one at a time, whatever is in it."""

    connection: "psycopg.Connection[Any]"

    def rows(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Return all rows of a statement of our own."""
        return self.connection.execute(statement, values, prepare=True).fetchall()

    def described(self, statement: str) -> list[Described]:
        """Return the columns of a statement without running it; its tables keep their form from now on."""
        speaking = self.connection.pgconn
        speaking.send_prepare(b"", statement.encode())
        self._result()
        speaking.send_describe_prepared(b"")
        shape = self._result()
        return [
            Described((shape.fname(place) or b"").decode(errors="replace"), shape.ftype(place), shape.fmod(place))
            for place in range(shape.nfields)
        ]

    def copied(self, statement: str) -> Iterator[memoryview]:
        """Yield what COPY … TO STDOUT says, a row at a time."""
        speaking = self.connection.pgconn
        speaking.send_query_params(statement.encode(), None)
        self._result()
        while isinstance(row := self.connection.wait(generators.copy_from(speaking)), memoryview):
            yield row

    def _result(self) -> pq.abc.PGresult:
        result: pq.abc.PGresult = self.connection.wait(generators.execute(self.connection.pgconn))[-1]
        if result.status == pq.ExecStatus.FATAL_ERROR:
            raise psycopg.errors.error_from_result(result)
        return result


@contextmanager
def session(
    server: Server, exchange: Exchange, own_tables: frozenset[str], connect: Connect = psycopg.connect
) -> Iterator[Session]:
    """Lend a session. own_tables: no session with a database that has them all.  connect: as the driver does.

    Raises DestinationRefused, RemoteUnavailable, RemoteRefused and InvalidRequest with the server's own words.
    """
    with (
        in_our_words(server.host, server.secrets(), exchange),
        connected(server, exchange, connect) as connection,
        socket_of(connection) as cut_here,
        exchange.over(lambda: cut_here),
    ):
        opened = Session(connection)
        _begin(opened, exchange)
        _refuse_own(opened, own_tables)
        yield opened


def _begin(opened: Session, exchange: Exchange) -> None:
    """Begin a transaction that cannot write; each statement in it sees one moment, after it got its locks."""
    left = exchange.left()
    timeouts = {
        "statement_timeout": _milliseconds(left),
        "idle_in_transaction_session_timeout": _milliseconds(left),
        "lock_timeout": _milliseconds(min(LOCK_SECONDS, left / 4)),  # sooner, so that the reason is told
    }
    opened.connection.execute("BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY")
    for name, value in {**_SETTINGS, **timeouts}.items():
        opened.connection.execute(f"SET LOCAL {name} = '{value}'")


def _milliseconds(seconds: float) -> str:
    return str(max(1, int(seconds * 1000)))


def _refuse_own(opened: Session, own_tables: frozenset[str]) -> None:
    found = opened.rows(
        "SELECT count(DISTINCT relname) FROM pg_catalog.pg_class WHERE relkind = 'r' AND relname = ANY(%s)",
        sorted(own_tables),
    )
    if own_tables and found[0][0] == len(own_tables):
        raise DestinationRefused("this database is where a Pynomaly keeps its own; sources do not lead there")
