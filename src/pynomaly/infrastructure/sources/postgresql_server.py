"""Reaching a PostgreSQL server: at a checked address, by a connection in which nothing is left to the surroundings."""

import os
import socket
import ssl
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import Any, TypeAlias

import psycopg

from pynomaly.domain.errors import RemoteUnavailable
from pynomaly.infrastructure.sources.kinds import PREFERRED, VERIFIED
from pynomaly.infrastructure.sources.postgresql_errors import is_final
from pynomaly.infrastructure.sources.surroundings import Exchange

CONNECT_SECONDS = 10
_ANY_WAY = "scram-sha-256,md5,password,none"
Connect: TypeAlias = Callable[..., "psycopg.Connection[Any]"]
"""Takes libpq's parameters by name."""


@dataclass(frozen=True, slots=True)
class Server:
    """Where the server is and whom it lets in. security: an sslmode of libpq."""

    host: str
    port: int
    database: str
    user: str
    password: str = field(repr=False)
    security: str

    @property
    def is_encrypted(self) -> bool:
        """Whether nothing is said in the open."""
        return self.security != PREFERRED

    def secrets(self) -> Sequence[str]:
        """Return what no message may hold."""
        return [self.password]


@contextmanager
def connected(server: Server, exchange: Exchange, connect: Connect) -> "Iterator[psycopg.Connection[Any]]":
    """Lend a connection to one of the server's addresses. Raises DestinationRefused, RemoteUnavailable, psycopg's."""
    addresses = exchange.checked(server.host, server.port, is_encrypted=server.is_encrypted)
    if not addresses:
        raise RemoteUnavailable(f"{server.host} has no address")
    connection = _first_connection(partial(_connection, server, exchange, connect), addresses)
    try:
        yield connection
    finally:
        connection.close()


def _first_connection(
    connection_to: "Callable[[str], psycopg.Connection[Any]]", addresses: Sequence[str]
) -> "psycopg.Connection[Any]":
    *others, last = addresses
    for address in others:
        try:
            return connection_to(address)
        except psycopg.OperationalError as error:
            if is_final(str(error)):
                raise
    return connection_to(last)


def _connection(server: Server, exchange: Exchange, connect: Connect, address: str) -> "psycopg.Connection[Any]":
    """Connect to an address and to no name; every parameter that the environment or a file could set is set here."""
    return connect(
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
        require_auth=_ANY_WAY if server.security == VERIFIED else "!password",  # who may be anybody gets no password
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
    return ssl.get_default_verify_paths().cafile or "system"


def socket_of(connection: "psycopg.Connection[Any]") -> socket.socket:
    """Return a connection's socket once more, to cut it by and to close."""
    return socket.socket(fileno=os.dup(connection.fileno()))
