"""Databases for tests: SQLite always, PostgreSQL where a server answers. In CI it has to.

The server is looked for at PYNOMALY_TEST_POSTGRES (default: this machine, user and database as the driver guesses).
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

import psycopg
import pytest
from psycopg import sql

SERVER = os.environ.get("PYNOMALY_TEST_POSTGRES", "postgresql://127.0.0.1:5432/postgres")
KINDS = ("sqlite", "postgresql")
on_postgresql_alone = pytest.mark.parametrize("database", ["postgresql"], indirect=True)
"""For tests of the fixture `database` that would say nothing on SQLite, whose writers take turns."""


@cache
def _reason_it_is_away() -> str:
    try:
        psycopg.connect(SERVER, connect_timeout=3).close()
    except psycopg.OperationalError as error:
        return str(error).strip()
    return ""


def require_postgres() -> None:
    """Skip loudly where no PostgreSQL server answers; fail in CI."""
    reason = _reason_it_is_away()
    if reason and os.environ.get("CI"):
        pytest.fail(f"CI needs a PostgreSQL server at {SERVER}: {reason}")
    if reason:
        pytest.skip(f"NOT TESTED ON POSTGRESQL: no server at {SERVER} ({reason}); set PYNOMALY_TEST_POSTGRES")


@contextmanager
def fresh_postgres() -> Iterator[str]:
    """Lend the address of an empty database of its own."""
    require_postgres()
    name = f"pynomaly_test_{secrets.token_hex(6)}"
    with psycopg.connect(SERVER, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    try:
        yield SERVER.rsplit("/", 1)[0] + "/" + name
    finally:
        with psycopg.connect(SERVER, autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def fresh_url(kind: str) -> Iterator[str | None]:
    """Lend a database of a kind: an address, or None for a file in the workspace's folder."""
    if kind == "sqlite":
        yield None
    else:
        with fresh_postgres() as url:
            yield url
