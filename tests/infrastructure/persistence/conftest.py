"""Every test that asks for `database`, `transactions` or `work` runs on SQLite and on PostgreSQL."""

from dataclasses import replace

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.domain.identifiers import LOCAL_TENANT
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.metadata import metadata
from pynomaly.infrastructure.persistence.people_tables import tenants
from tests.databases import KINDS, fresh_url
from tests.infrastructure.persistence.examples import on, ready_workspace


@pytest.fixture(scope="session")
def server():
    """A PostgreSQL database with every table."""
    with fresh_url("postgresql") as url:
        database = Database.on_server(url)
        database.engine()
        yield database
        database.close()


@pytest.fixture(params=KINDS)
def database(request, tmp_path):
    """An empty database of each kind."""
    if request.param == "sqlite":
        in_file = ready_workspace(tmp_path).database
        yield in_file
        in_file.close()
    else:
        _empty(request.getfixturevalue("server"))
        yield request.getfixturevalue("server")


@pytest.fixture
def transactions(database):
    """Transactions of the local workspace."""
    return on(database)


@pytest.fixture
def elsewhere(transactions):
    """Transactions of another workspace in the same database."""
    return replace(transactions, asked=Asked("elsewhere", "somebody else"))


@pytest.fixture
def work(transactions):
    """A transaction that may write."""
    with transactions.begin() as opened:
        yield opened


def _empty(database):
    with database.engine().begin() as connection:
        for table in reversed(metadata.sorted_tables):
            leftover = table.delete()
            connection.execute(leftover.where(table.c.id != LOCAL_TENANT) if table is tenants else leftover)
