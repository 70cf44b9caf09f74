"""A session with somebody's PostgreSQL server: at a checked address, read-only, over in time, with exact reasons."""

import os
import socket
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import generators, pq

from pynomaly.domain.errors import DestinationRefused, InvalidRequest, PynomalyError, RemoteRefused, RemoteUnavailable
from pynomaly.infrastructure.sources.kinds import PREFERRED, VERIFIED
from pynomaly.infrastructure.sources.postgresql_columns import Described
from pynomaly.infrastructure.sources.remote_words import repeatable
from pynomaly.infrastructure.sources.surroundings import Exchange, is_over

CONNECT_SECONDS = 10
LOCK_MILLISECONDS = 5000

_SETTINGS = {
    "lock_timeout": str(LOCK_MILLISECONDS),
    "client_min_messages": "error",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "timezone": "UTC",
    "extra_float_digits": "3",  # floats come back as the very same floats
    "standard_conforming_strings": "on",
    "row_security": "on",
}
_TRANSIENT = ("08", "40", "53", "57P", "55P03", "58")
"""Beginnings of SQLSTATE that say: try again later. Connection, rollback, resources, shutdown, lock, system."""
_TRANSIENT_WORDS = ("too many clients", "connection slots", "starting up", "shutting down", "in recovery mode")
"""A server's reasons not to let anybody in just now; libpq keeps no SQLSTATE of those."""
_FINAL_WORDS = ("FATAL:", "SSL", "certificate", "authentication", "password", "requirement")
"""Anything else that ends a connection before it began, a firewall say, may be gone later."""
_PREFIX = "connection failed: "


@dataclass(frozen=True, slots=True)
class Server:
    """Where the server is and whom it lets in. security: an sslmode of libpq."""

    host: str
    port: int
    database: str
    user: str
    password: str
    security: str

    @property
    def is_encrypted(self) -> bool:
        """Whether nothing is said in the open."""
        return self.security != PREFERRED

    def secrets(self) -> Sequence[str]:
        """Return what no message may hold."""
        return [self.password]


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
def session(server: Server, exchange: Exchange, own_tables: frozenset[str]) -> Iterator[Session]:
    """Lend a session. own_tables: no session with a database that has them all.

    Raises DestinationRefused, RemoteUnavailable, RemoteRefused and InvalidRequest with the server's own words.
    """
    with (
        _in_our_words(server, exchange),
        _connected(server, exchange) as connection,
        exchange.over(lambda: _socket_of(connection)),
    ):
        opened = Session(connection)
        _begin(opened, exchange)
        _refuse_own(opened, own_tables)
        yield opened


@contextmanager
def _connected(server: Server, exchange: Exchange) -> "Iterator[psycopg.Connection[Any]]":
    addresses = exchange.checked(server.host, server.port, is_encrypted=server.is_encrypted)
    if not addresses:
        raise RemoteUnavailable(f"{server.host} has no address")
    connection = _first_connection(server, exchange, addresses)
    try:
        yield connection
    finally:
        connection.close()


def _first_connection(server: Server, exchange: Exchange, addresses: Sequence[str]) -> "psycopg.Connection[Any]":
    *others, last = addresses
    for address in others:
        try:
            return _connection(server, exchange, address)
        except psycopg.OperationalError as error:
            if _is_final(str(error)):
                raise
    return _connection(server, exchange, last)


def _connection(server: Server, exchange: Exchange, address: str) -> "psycopg.Connection[Any]":
    """Connect to an address and to no name; every parameter that the environment or a file could set is set here."""
    return psycopg.connect(
        host=server.host,  # for TLS alone
        hostaddr=address,
        port=server.port,
        dbname=server.database,
        user=server.user,
        password=server.password,
        passfile=f"{os.devnull}/none",
        sslmode=server.security,
        sslrootcert=_authorities() if server.security == VERIFIED else "",
        sslcert="",
        sslkey="",
        sslcertmode="disable",
        gssencmode="disable",
        require_auth="" if server.security == VERIFIED else "!password",  # who may be anybody gets no password
        target_session_attrs="any",
        load_balance_hosts="disable",
        options="",
        replication="",
        application_name="pynomaly",
        client_encoding="UTF8",
        connect_timeout=min(CONNECT_SECONDS, max(2, int(exchange.left()))),
        keepalives=1,
        keepalives_idle=15,
        keepalives_interval=5,
        keepalives_count=3,
        tcp_user_timeout=20_000,
        autocommit=True,
        prepare_threshold=None,
    )


def _authorities() -> str:
    """Return the file of whom this machine trusts; libpq brings an OpenSSL that looks elsewhere."""
    return os.environ.get("SSL_CERT_FILE") or ssl.get_default_verify_paths().cafile or "system"


def _socket_of(connection: "psycopg.Connection[Any]") -> socket.socket:
    if connection.closed:
        return socket.socket()
    return socket.socket(fileno=os.dup(connection.fileno()))


def _begin(opened: Session, exchange: Exchange) -> None:
    """Begin a transaction that cannot write; each statement in it sees one moment, after it got its locks."""
    milliseconds = str(max(1, int(exchange.left() * 1000)))
    timeouts = {"statement_timeout": milliseconds, "idle_in_transaction_session_timeout": milliseconds}
    opened.connection.execute("BEGIN TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY")
    for name, value in {**_SETTINGS, **timeouts}.items():
        opened.connection.execute(f"SET LOCAL {name} = '{value}'")


def _refuse_own(opened: Session, own_tables: frozenset[str]) -> None:
    found = opened.rows(
        "SELECT count(DISTINCT relname) FROM pg_catalog.pg_class WHERE relkind = 'r' AND relname = ANY(%s)",
        sorted(own_tables),
    )
    if own_tables and found[0][0] == len(own_tables):
        raise DestinationRefused("this database is where a Pynomaly keeps its own; sources do not lead there")


@contextmanager
def _in_our_words(server: Server, exchange: Exchange) -> Iterator[None]:
    try:
        yield
    except psycopg.Error as error:
        raise _translated(error, server, exchange) from None  # its message and frames may hold the password
    except UnicodeError as error:
        raise InvalidRequest(
            f"the selection cannot be sent: {error.reason if hasattr(error, 'reason') else error}"
        ) from None


def _translated(error: psycopg.Error, server: Server, exchange: Exchange) -> PynomalyError:
    state, told = error.sqlstate, repeatable(_words_of(error), server.secrets())
    if state == "57014" or is_over(exchange):
        return RemoteUnavailable(f"{server.host} did not answer in the time there is for it")
    if state is None:
        kind = RemoteRefused if _is_final(str(error)) else RemoteUnavailable
        return kind(f"{server.host}:{server.port}: {told}")
    kind = RemoteUnavailable if state.startswith(_TRANSIENT) else RemoteRefused
    return kind(f"{server.host}: {told}")


def _words_of(error: psycopg.Error) -> str:
    said = error.diag.message_primary
    if said is None:
        return str(error).removeprefix(_PREFIX).split("\n\t")[0] or type(error).__name__
    return "; ".join(part for part in (said, error.diag.message_detail, error.diag.message_hint) if part)


def _is_final(words: str) -> bool:
    is_answer = any(word in words for word in _FINAL_WORDS)
    return is_answer and not any(word in words for word in _TRANSIENT_WORDS)
