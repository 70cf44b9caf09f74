"""From a real database to a repeated detection: sources, workers and their processes as they are installed."""

import os
import sqlite3
import subprocess
import sys
import time
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from pynomaly.application.ports.asking import BY_LOCAL_USER
from pynomaly.assembly.workspace import open_workspace
from pynomaly.bootstrap import adapters
from pynomaly.domain.job import JobKind, JobStatus
from pynomaly.infrastructure.encryption.master_keys import MasterKeys
from pynomaly.infrastructure.settings import load_settings
from tests.databases import KINDS, fresh_postgres, fresh_url
from tests.fakes.sources import N_ROWS, rows_of

pytest.importorskip("pynomaly.infrastructure.sources.catalog")

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_SECONDS = 60.0
TABLE = "CREATE TABLE {} (entry text, amount double precision, speed double precision, device text)"


class Site:
    """A workspace, and a database to read from: of the other kind, as nobody may be led to a service's own server."""

    def __init__(self, folder: Path, url: str | None, source_url: str | None) -> None:
        self.folder, self.source_url = folder, source_url
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("PYNOMALY_")},
            "PYNOMALY_HOME": str(folder / "home"),
            "PYNOMALY_MASTER_KEYS": MasterKeys.new(),
            "PYNOMALY_OUTBOUND_ALLOW": "127.0.0.0/8",
            "PYNOMALY_SQLITE_FOLDER": str(folder / "ledgers"),
            "PYTHONPATH": str(ROOT / "src"),
            **({} if url is None else {"PYNOMALY_DATABASE_URL": url}),
        }
        (folder / "ledgers").mkdir()
        self.shared = adapters(load_settings(self.environment, folder))
        self.workspace = open_workspace(self.shared)

    def fill(self, table: str) -> None:
        """Make a table to be read."""
        rows = [tuple(row.values()) for row in rows_of(table).to_pylist()]
        if self.source_url is None:
            with closing(sqlite3.connect(self.folder / "ledgers" / "ledger.db")) as connection:
                connection.execute(TABLE.format(table))
                connection.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?)", rows)
                connection.commit()
        else:
            with psycopg.connect(self.source_url) as connection, connection.cursor() as cursor:
                cursor.execute(TABLE.format(table))
                cursor.executemany(f"INSERT INTO {table} VALUES (%s, %s, %s, %s)", rows)

    def name_source(self) -> None:
        """Name the database that is read from."""
        if self.source_url is None:
            self.workspace.create_source(name="shop", kind="sqlite", settings={"path": "ledger.db"}, secrets={})
            return
        place = urlsplit(self.source_url)
        settings = {"host": "127.0.0.1", "port": place.port or 5432, "database": place.path[1:], "sslmode": "prefer"}
        with psycopg.connect(self.source_url) as connection:
            user = connection.info.user
        self.workspace.create_source(
            name="shop", kind="postgresql", settings=settings | {"user": user},
            secrets={"password": place.password or "anything will do where the server trusts"},
        )  # fmt: skip

    @contextmanager
    def at_work(self):
        """Have jobs done by an installed worker while the block lasts."""
        with (self.folder / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "pynomaly", "worker"],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=self.environment, cwd=self.folder,
            )  # fmt: skip
            try:
                yield
            finally:
                worker.terminate()
                worker.wait()

    def done(self, kind, **payload):
        """Return a job that was submitted and has ended."""
        job_id = self.workspace.submit_job(kind=kind, payload=payload).id
        give_up_at = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < give_up_at:
            job = self.workspace.queries.job(job_id)
            if job.status.is_final:
                return job
            time.sleep(0.05)
        raise TimeoutError((self.folder / "worker.log").read_text())


@pytest.fixture(params=KINDS)
def site(request, tmp_path):
    """Read from a database of each kind."""
    with ExitStack() as lent:
        address = lent.enter_context(fresh_url(request.param))
        is_source = request.param == "postgresql"
        one = Site(tmp_path, *((None, address) if is_source else (lent.enter_context(fresh_postgres()), None)))
        lent.callback(one.shared.transactions(BY_LOCAL_USER).database.close)
        yield one


def test_a_table_is_pulled_learned_from_and_scored_where_it_lies(site) -> None:
    site.fill("history")
    site.fill("today")
    site.name_source()
    workspace = site.workspace
    assert workspace.check_source(source="shop")
    with site.at_work():
        pulled = site.done(JobKind.PULL, source_id="shop", selection={"table": "history"}, name="history")
        assert pulled.status is JobStatus.SUCCEEDED, pulled.failure
        dataset = workspace.queries.dataset("history")
        copy, _ = workspace.register_dataset(source=rows_of("history"), name="copy", source_name="memory")
        assert (dataset.n_rows, dataset.fingerprint) == (N_ROWS, copy.fingerprint)

        workspace.create_detector(name="watch", algorithm="isolation_forest", parameters={"n_trees": 20})
        workspace.train_detector(detector="watch", dataset="history")
        query = {"query": "SELECT * FROM today ORDER BY entry"}
        scored = site.done(JobKind.DETECT, detector_id="watch", source_id="shop", selection=query)
        assert scored.status is JobStatus.SUCCEEDED, scored.failure
        missing = site.done(JobKind.PULL, source_id="shop", selection={"table": "tomorrow"})
    assert (missing.status, missing.failure.kind) == (JobStatus.FAILED, "RemoteRefused")
    assert "tomorrow" in missing.failure.detail

    detection = workspace.queries.detection(scored.result["detection_id"])
    again = workspace.detect_anomalies(detector="watch", dataset=detection.dataset_id, n_strangest=100).detection
    assert (again.scores, again.strangest) == (detection.scores, detection.strangest)
