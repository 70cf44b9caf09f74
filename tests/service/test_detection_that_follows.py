"""A training that a detection is to follow, done by workers that are killed: each is done once, and by itself."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from pynomaly.application.ports.asking import BY_LOCAL_USER
from pynomaly.application.ports.paging import Piece
from pynomaly.bootstrap import adapters, program_on
from pynomaly.domain.job import JobKind, JobStatus
from pynomaly.infrastructure.settings import Settings
from tests.databases import KINDS, fresh_url

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 90.0
EVERYTHING = Piece(100)


class Works:
    """A workspace with a dataset, and workers as processes of their own."""

    def __init__(self, folder: Path, url: str | None) -> None:
        self.log_file = folder / "worker.log"
        self.shared = adapters(Settings(folder / "home", None, {}, database_url=url))
        self.workspace = program_on(self.shared).open_workspace()
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("PYNOMALY_")}
        paths = os.pathsep.join((str(ROOT / "src"), str(ROOT)))
        self.environment = inherited | {"PYNOMALY_HOME": str(folder / "home"), "PYTHONPATH": paths}
        if url is not None:
            self.environment["PYNOMALY_DATABASE_URL"] = url
        table = pa.table({name: np.random.default_rng(seed).normal(size=20_000) for seed, name in enumerate("abcd")})
        self.workspace.register_dataset(source=table, name="readings", source_name="")

    @contextmanager
    def worker(self):
        """Have jobs done while the block lasts; whoever is still there afterwards is ended."""
        with self.log_file.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "pynomaly", "worker"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment, start_new_session=True,
            )  # fmt: skip
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
            process.wait()

    def until(self, look):
        """Return what there is to see as soon as there is something."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            if seen := look():
                return seen
            time.sleep(0.02)
        raise TimeoutError(self.log_file.read_text())

    def ended(self, job_id):
        """Return a job that has come to its end."""

        def look():
            job = self.workspace.queries.job(job_id)
            return job if job.status.is_final else None

        return self.until(look)

    def is_running(self, job_id):
        return self.workspace.queries.job(job_id).status is JobStatus.RUNNING

    def detecting(self):
        """Every job that detects."""
        return self.workspace.queries.job_page(EVERYTHING, kind=JobKind.DETECT).items


def kill_family(process):
    """End a worker and everything it started without a warning, as a machine does that loses power."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


@pytest.fixture(params=KINDS)
def works(request, tmp_path):
    with fresh_url(request.param) as url:
        one = Works(tmp_path, url)
        yield one
        one.shared.transactions(BY_LOCAL_USER).database.close()


@pytest.mark.slow
def test_whichever_worker_is_killed_one_training_and_one_detection_come_of_one_look(works) -> None:
    detector, training = works.workspace.look_at_dataset(dataset="readings")
    with works.worker() as first:
        works.until(lambda: works.is_running(training.id))
        kill_family(first)
    assert works.detecting() == []
    with works.worker() as second:
        following = works.ended(training.id).result["next_job_id"]
        works.until(lambda: works.workspace.queries.job(following).status is not JobStatus.QUEUED)
        kill_family(second)
    with works.worker():
        done = works.ended(following)

    trained = works.ended(training.id)
    assert (trained.status, trained.attempt) == (JobStatus.SUCCEEDED, 2)
    assert [job.id for job in works.detecting()] == [following]
    queries = works.workspace.queries
    (detection,) = queries.detections()
    assert (done.status, done.result["detection_id"]) == (JobStatus.SUCCEEDED, detection.id)
    assert done.created_by == training.created_by
    described, runs = queries.detector(detector.id)
    assert ([version.number for version in described.versions], len(runs)) == ([1], 1)
    assert (detection.detector_id, detection.detector_version) == (detector.id, 1)
    assert detection.dataset_id == queries.dataset("readings").id
