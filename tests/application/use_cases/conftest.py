"""A real workspace on SQLite, with its tables made."""

import pytest

from pynomaly.assembly.workspace import table_store
from pynomaly.bootstrap import build
from pynomaly.infrastructure.settings import Settings
from tests.application.use_cases.people import House
from tests.infrastructure.persistence.examples import ready_workspace


@pytest.fixture
def transactions(tmp_path):
    """Transactions of the local workspace, whose clock ticks one second at each look."""
    opened = ready_workspace(tmp_path)
    yield opened
    opened.close()


@pytest.fixture
def program(tmp_path):
    """A whole program with a home of its own."""
    ready_workspace(tmp_path / "home").close()
    return build(Settings(home=tmp_path / "home", threads=None, origins={}))


@pytest.fixture
def workspace(program):
    """Every use case of its local workspace."""
    return program.open_workspace()


@pytest.fixture
def tables(tmp_path):
    """Where rows are kept."""
    return table_store(tmp_path / "tables")


@pytest.fixture
def house(transactions):
    """What is done about people."""
    return House(transactions)
