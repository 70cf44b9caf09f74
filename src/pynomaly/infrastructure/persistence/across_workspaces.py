"""Transactions over all workspaces at once, for what hands out work: none of their statements asks for one."""

from collections.abc import Iterator
from contextlib import contextmanager

from pynomaly.domain.identifiers import LOCAL_TENANT
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.database_errors import translated
from pynomaly.infrastructure.persistence.transaction import Transaction


@contextmanager
def across_workspaces(database: Database, *, is_reading: bool = False) -> Iterator[Transaction]:
    """Lend a transaction that is undone unless it is committed."""
    engine = database.engine()
    with translated(database.name), engine.execution_options(read_only=is_reading).connect() as connection:
        connection.begin()
        yield Transaction(connection, LOCAL_TENANT, database.name, is_reading)
