"""Several processes on one workspace, started together on an empty database: none fails and nothing is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.at_once import at_once
from tests.databases import KINDS, fresh_url
from tests.infrastructure.persistence.examples import at

WRITER = """
import sys
from pynomaly.domain.errors import AlreadyExists
from tests.infrastructure.persistence.examples import at, dataset, detector, version

address, me, n_transactions = sys.argv[1], sys.argv[2], int(sys.argv[3])
transactions = at(address)
try:
    with transactions.begin() as work:
        work.detectors.add(detector("shared"))
        work.commit()
except AlreadyExists:
    pass
for number in range(n_transactions):
    with transactions.begin() as work:
        found = work.detectors.get("shared")
        work.detectors.save(found.with_version(version(found.next_version)))
        work.datasets.add(dataset(f"{me} {number}"))
        work.commit()
    with transactions.begin_reading() as work:
        assert work.detectors.get("shared").next_version > found.next_version
transactions.close()
"""
OPENER = """
import sys
from tests.infrastructure.persistence.examples import at

transactions = at(sys.argv[1])
with transactions.begin_reading() as work:
    assert list(work.datasets.all()) == []
transactions.close()
"""


def _run_together(script: str, *arguments: list[str]) -> list[str]:
    command = [sys.executable, "-W", "error", "-c", script]
    running = [subprocess.Popen([*command, *given], stderr=subprocess.PIPE, text=True) for given in arguments]
    return [process.communicate(timeout=120)[1] for process in running]


@pytest.fixture(params=KINDS)
def address(request, tmp_path: Path):
    """Where an empty database is, or will be."""
    with fresh_url(request.param) as url:
        yield url or str(tmp_path)


@pytest.mark.slow
def test_a_hundred_and_fifty_read_then_write_transactions_lose_nothing(address: str) -> None:
    n_processes, n_transactions = 3, 50
    errors = _run_together(WRITER, *([address, f"p{me}", str(n_transactions)] for me in range(n_processes)))
    assert errors == [""] * n_processes
    transactions = at(address)
    with transactions.begin_reading() as work:
        shared = work.detectors.get("shared")
        assert [version.number for version in shared.versions] == list(range(1, n_processes * n_transactions + 1))
        assert shared.revision == n_processes * n_transactions
        assert len(work.datasets.all()) == n_processes * n_transactions
    transactions.close()


@pytest.mark.slow
def test_three_processes_may_create_the_workspace_at_once(address: str) -> None:
    assert _run_together(OPENER, *([address] for _ in range(3))) == [""] * 3


def test_threads_may_create_the_workspace_at_once(address: str) -> None:
    opened = [at(address) for _ in range(4)]
    assert at_once(4, lambda number: _n_datasets(opened[number])) == [0] * 4


def _n_datasets(transactions) -> int:
    with transactions.begin_reading() as work:
        found = len(work.datasets.all())
    transactions.close()
    return found
