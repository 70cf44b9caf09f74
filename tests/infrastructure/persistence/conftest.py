"""Every test that asks for `database`, `transactions` or `work` runs on SQLite and on PostgreSQL."""

import shutil
from dataclasses import replace

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.domain.identifiers import LOCAL_TENANT
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.metadata import metadata
from pynomaly.infrastructure.persistence.people_tables import tenants
from pynomaly.infrastructure.persistence.unit_of_work import DATABASE_NAME
from tests.databases import KINDS, fresh_url
from tests.infrastructure.persistence.examples import on


@pytest.fixture(scope="session")
def empty_file(tmp_path_factory):
    """An SQLite file with every table and nothing in it, to be copied."""
    path = tmp_path_factory.mktemp("empty") / DATABASE_NAME
    database = Database.in_file(path)
    database.engine()
    database.close()
    return path


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
        shutil.copy(request.getfixturevalue("empty_file"), tmp_path / DATABASE_NAME)
        file = Database.in_file(tmp_path / DATABASE_NAME)
        yield file
        file.close()
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
