"""Several processes on one workspace, started together on an empty folder: none fails and nothing is lost."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.infrastructure.persistence.examples import workspace

WRITER = """
import sys
from pathlib import Path
from pynomaly.domain.errors import AlreadyExists
from tests.infrastructure.persistence.examples import dataset, detector, version, workspace

folder, me, n_transactions = Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])
transactions = workspace(folder)
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
"""
OPENER = """
import sys
from pathlib import Path
from tests.infrastructure.persistence.examples import workspace

with workspace(Path(sys.argv[1])).begin_reading() as work:
    assert list(work.datasets.all()) == []
"""


def _run_together(script: str, *arguments: list[str]) -> list[str]:
    command = [sys.executable, "-W", "error", "-c", script]
    running = [subprocess.Popen([*command, *given], stderr=subprocess.PIPE, text=True) for given in arguments]
    return [process.communicate(timeout=120)[1] for process in running]


@pytest.mark.slow
def test_three_hundred_read_then_write_transactions_lose_nothing(tmp_path: Path) -> None:
    n_processes, n_transactions = 3, 100
    errors = _run_together(WRITER, *([str(tmp_path), f"p{me}", str(n_transactions)] for me in range(n_processes)))
    assert errors == [""] * n_processes
    transactions = workspace(tmp_path)
    with transactions.begin_reading() as work:
        shared = work.detectors.get("shared")
        assert [version.number for version in shared.versions] == list(range(1, n_processes * n_transactions + 1))
        assert shared.revision == n_processes * n_transactions
        assert len(work.datasets.all()) == n_processes * n_transactions
    transactions.close()


@pytest.mark.slow
def test_three_processes_may_create_the_workspace_at_once(tmp_path: Path) -> None:
    for attempt in range(2):
        assert _run_together(OPENER, *([str(tmp_path / str(attempt))] for _ in range(3))) == [""] * 3
