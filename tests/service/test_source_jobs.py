"""Rows of a source on their way through worker and child; its credentials are in the pipe between them alone."""

import os
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from pynomaly.application.ports.asking import BY_LOCAL_USER
from pynomaly.assembly.workspace import open_workspace
from pynomaly.bootstrap import adapters
from pynomaly.domain.job import Job, JobKind, JobStatus
from pynomaly.infrastructure.encryption.master_keys import MasterKeys
from pynomaly.infrastructure.persistence.metadata import metadata
from pynomaly.infrastructure.settings import Settings
from tests.databases import KINDS, fresh_url
from tests.fakes.sources import N_ROWS, PASSWORD, SHOP, WRONG_PASSWORD, FakeSources

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60.0


class Shop:
    """An installation with a source, and a worker in a process of its own."""

    def __init__(self, folder: Path, url: str | None) -> None:
        self.folder, self.master_key = folder, MasterKeys.new()
        home = folder / "home"
        self.settings = Settings(home, None, {}, database_url=url, master_keys=(self.master_key,))
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYNOMALY_")},
            "PYNOMALY_HOME": str(home),
            "PYNOMALY_MASTER_KEYS": self.master_key,
            "PYTHONPATH": os.pathsep.join((str(ROOT / "src"), str(ROOT))),
            **({} if url is None else {"PYNOMALY_DATABASE_URL": url}),
        }
        self.shared = adapters(self.settings, sources=FakeSources())
        self.workspace = open_workspace(self.shared)
        for name, password in (("shop", PASSWORD), ("closed shop", WRONG_PASSWORD)):
            self.workspace.create_source(name=name, kind="postgresql", settings=SHOP, secrets={"password": password})

    @contextmanager
    def at_work(self):
        """Have jobs done while the block lasts."""
        log = (self.folder / "worker.log").open("ab")
        worker = subprocess.Popen(
            [sys.executable, "-m", "tests.service.source_worker"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment, cwd=self.folder,
        )  # fmt: skip
        try:
            yield
        finally:
            worker.terminate()
            worker.wait()
            log.close()

    def submit(self, kind: JobKind, **payload: Any) -> str:
        return self.workspace.submit_job(kind=kind, payload=payload).id

    def job(self, job_id: str) -> Job:
        """Return a job that has ended, or has been tried without success."""
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            job = self.workspace.queries.job(job_id)
            if job.status.is_final or job.failure is not None:
                return job
            time.sleep(0.05)
        raise TimeoutError(self.log)

    @property
    def log(self) -> str:
        return (self.folder / "worker.log").read_text()

    def everything_stored(self) -> str:
        """Return every cell of every table, as Python writes it."""
        engine = self.shared.transactions(BY_LOCAL_USER).database.engine()
        with engine.connect() as connection:
            return repr([row for table in metadata.sorted_tables for row in connection.execute(select(table))])


@pytest.fixture(params=KINDS)
def shop(request, tmp_path):
    with fresh_url(request.param) as url:
        one = Shop(tmp_path, url)
        yield one
        one.shared.transactions(BY_LOCAL_USER).database.close()


def test_rows_are_pulled_and_scored_by_jobs_and_no_credential_is_left_anywhere(shop) -> None:
    workspace = shop.workspace
    pulled = shop.submit(JobKind.PULL, source_id="shop", selection={"table": "history"}, name="history")
    mirrored = shop.submit(JobKind.PULL, source_id="shop", selection={"table": "mirror"}, name="mirror")
    trapped = shop.submit(JobKind.PULL, source_id="shop", selection={"table": "trap"})
    refused = shop.submit(JobKind.PULL, source_id="closed shop", selection={"table": "history"})
    with shop.at_work():
        assert shop.job(pulled).result["dataset_id"] == workspace.queries.dataset("history").id, shop.log
        workspace.create_detector(name="watch", algorithm="isolation_forest", parameters={"n_trees": 20})
        workspace.train_detector(detector="watch", dataset="history")
        scored = shop.submit(JobKind.DETECT, detector_id="watch", source_id="shop", selection={"table": "today"})
        detection = workspace.queries.detection(shop.job(scored).result["detection_id"])
        failures = {name: shop.job(job_id).failure for name, job_id in (("trap", trapped), ("refused", refused))}
        assert shop.job(mirrored).status is JobStatus.SUCCEEDED

    snapshot = workspace.queries.dataset(detection.dataset_id)
    assert (snapshot.n_rows, snapshot.fingerprint) == (N_ROWS, detection.fingerprint)
    again = workspace.detect_anomalies(detector="watch", dataset=snapshot.id, n_strangest=100).detection
    assert (again.scores, again.strangest) == (detection.scores, detection.strangest)

    assert failures["refused"].kind == "RemoteRefused"
    assert failures["refused"].detail == "FATAL: the password '(hidden)' is wrong for reader"
    assert failures["trap"].kind == "RuntimeError"
    assert "'password': '(hidden)'" in failures["trap"].detail

    seen = "".join(map(str, workspace.queries.dataset_rows("mirror").cells("seen", range(20))))
    assert "PYNOMALY_HOME" in seen
    files = b"".join(path.read_bytes() for path in shop.folder.rglob("*") if path.is_file()).decode("latin-1")
    places = {"child": seen, "tables": shop.everything_stored(), "files": files, "log": shop.log}
    for secret in (PASSWORD, WRONG_PASSWORD, shop.master_key):
        assert [name for name, text in places.items() if secret in text] == []


def test_a_job_whose_source_is_gone_fails_and_says_so(shop) -> None:
    job_id = shop.submit(JobKind.PULL, source_id="shop", selection={"table": "history"})
    shop.workspace.remove_source(source="shop")
    with shop.at_work():
        job = shop.job(job_id)
    assert (job.status, job.failure.kind) == (JobStatus.FAILED, "NotFound")
    assert "there is no source" in job.failure.detail


def test_a_schedule_reads_a_source_anew_each_time(shop) -> None:
    made = shop.workspace.create_schedule(
        name="nightly", cron="* * * * *", time_zone="UTC", kind=JobKind.PULL,
        payload={"source_id": "shop", "selection": {"table": "entries"}},
    )  # fmt: skip
    jobs = []
    for minutes in (1, 2):
        with shop.shared.transactions(BY_LOCAL_USER).begin() as work:
            due = work.schedules.get(made.id)
            work.schedules.save(due.fired(due.last_job_id, due.created_at - timedelta(minutes=minutes)))
            work.commit()
        jobs.append(shop.workspace.fire_schedule(schedule=made.id).id)
        made = shop.workspace.change_schedule(schedule=made.id)
    with shop.at_work():
        names = [shop.workspace.queries.dataset(shop.job(one).result["dataset_id"]).name for one in jobs]
    assert len(set(names)) == 2
    assert all(name.startswith("shop 20") for name in names)
