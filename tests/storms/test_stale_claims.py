"""Zombies without the waiting: attempts that are overtaken in the middle, and try to store all the same."""

import itertools
import uuid
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from sqlalchemy import select, update

from pynomaly.application.job_running import source_of
from pynomaly.application.ports.asking import Asked, KeyClaim, Reply, RequestKey
from pynomaly.assembly.adapters import Adapters
from pynomaly.assembly.workspace import open_workspace
from pynomaly.domain.decision import StandsOut
from pynomaly.domain.errors import LeaseLost, StillRunning
from pynomaly.domain.identifiers import LOCAL_TENANT
from pynomaly.domain.job import JobFailure, JobKind, JobStatus
from pynomaly.infrastructure.algorithms.catalog import Catalog
from pynomaly.infrastructure.data.matrix_builder import ArrowPreparer
from pynomaly.infrastructure.data.table_reader import TableReader
from pynomaly.infrastructure.intake.in_process import InProcessIntake
from pynomaly.infrastructure.jobs.cron_clock import CronsimClock
from pynomaly.infrastructure.persistence.database import Database
from pynomaly.infrastructure.persistence.job_queue import SqlJobQueue
from pynomaly.infrastructure.persistence.metadata import metadata
from pynomaly.infrastructure.persistence.unit_of_work import DATABASE_NAME, SqlTransactions
from pynomaly.infrastructure.persistence.work_tables import jobs, request_keys
from pynomaly.infrastructure.settings import load_settings
from tests.at_once import at_once
from tests.databases import KINDS, fresh_url
from tests.fakes.notifiers import FakeNotifierCatalog
from tests.fakes.sources import FakeSources

BY_ADA = Asked(LOCAL_TENANT, "user:ada")
NUMBERS = itertools.count()


@dataclass(frozen=True)
class House:
    """A program over its own database, with a queue whose leases have run out when they begin."""

    shared: Adapters
    database: Database
    queue: SqlJobQueue

    def under(self, claim):
        """Return the workspace of an attempt, or of Ada where there is no claim."""
        return open_workspace(self.shared, replace(BY_ADA, claim=claim))

    @property
    def workspace(self):
        """The workspace as Ada has it."""
        return self.under(None)

    def take(self):
        """Lease the next job."""
        return self.queue.take("worker")

    def rows(self):
        """Everything that is stored."""
        with self.database.engine().connect() as connection:
            return {table.name: connection.execute(select(table)).all() for table in metadata.sorted_tables}


@pytest.fixture(scope="module", params=KINDS)
def house(request, tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    with fresh_url(request.param) as url:
        settings = replace(load_settings({}, home), home=home, database_url=url)
        database = Database.in_file(home / DATABASE_NAME) if url is None else Database.on_server(url)
        with closing(database):
            yield House(_adapters(settings, database), database, SqlJobQueue(database, _now, lease_seconds=-1.0))


def _now():
    return datetime.now(UTC)


def _new_id():
    return uuid.uuid4().hex


def _adapters(settings, database):
    reader = TableReader()
    return Adapters(
        settings=settings,
        reader=reader,
        preparer=ArrowPreparer(),
        catalog=Catalog(),
        clock=_now,
        new_id=_new_id,
        transactions=partial(SqlTransactions, database, _now, _new_id),
        intake=lambda tables, _: InProcessIntake(reader, tables),
        cron=CronsimClock(),
        notifiers=FakeNotifierCatalog(),
        sources=FakeSources(),
        reach=str,
    )


@pytest.fixture(scope="module")
def dataset(house, tmp_path_factory):
    file = Path(tmp_path_factory.mktemp("rows")) / "rows.csv"
    np.savetxt(file, np.random.default_rng(0).normal(size=(200, 3)), delimiter=",", header="a,b,c", comments="")
    made, _ = house.workspace.register_dataset(source=str(file), name="rows", source_name="rows")
    return made


@pytest.fixture
def detector(house, dataset):
    """A detector with one version."""
    workspace = house.workspace
    made = workspace.create_detector(name=f"d{next(NUMBERS)}", algorithm="ecod")
    return workspace.train_detector(detector=made.id, dataset=dataset.id)


@pytest.fixture(autouse=True)
def _leave_no_work(house):
    yield
    with house.database.engine().begin() as connection:
        connection.execute(update(jobs).values(status="cancelled").where(jobs.c.status.in_(("queued", "running"))))


def _submit(house, kind, detector, dataset):
    payload = {"detector_id": detector.id, "dataset_id": dataset.id}
    if kind is JobKind.PULL:
        source = house.workspace.create_source(
            name=f"s{next(NUMBERS)}", kind="sqlite", settings={"path": "a"}, secrets={}
        )
        payload = {"source_id": source.id, "selection": {"table": "entries"}}
    return house.workspace.submit_job(kind=kind, payload=payload)


def _do(house, taken, progress=lambda stage, share: None):
    name = source_of(taken.job)
    source = None if name is None else house.workspace.open_source(source=name)
    house.under(taken.claim).run_job(taken.job, progress, source)


def _effects(house, job, detector):
    """What a job has brought about: versions, detections, datasets and events."""
    queries = house.workspace.queries
    events = [row for row in house.rows()["events"] if job.id in str(row.payload) or detector.id in str(row.payload)]
    return {
        "versions": len(queries.detector(detector.id)[0].versions),
        "runs": len(queries.detector(detector.id)[1]),
        "detections": sum(row.detector_id == detector.id for row in house.rows()["detections"]),
        "pulled": sum(row.source.startswith(f"sqlite:{_source_name(house, job)} ") for row in house.rows()["datasets"]),
        "ends": sum(row.type == "JobEnded" for row in events),
        "status": queries.job(job.id).status,
    }


def _source_name(house, job):
    name = source_of(job)
    return None if name is None else house.workspace.queries.source(name).name


DONE = {
    JobKind.TRAIN: {"versions": 2, "runs": 2, "detections": 0, "pulled": 0, "ends": 1, "status": JobStatus.SUCCEEDED},
    JobKind.DETECT: {"versions": 1, "runs": 1, "detections": 1, "pulled": 0, "ends": 1, "status": JobStatus.SUCCEEDED},
    JobKind.PULL: {"versions": 1, "runs": 1, "detections": 0, "pulled": 1, "ends": 1, "status": JobStatus.SUCCEEDED},
}


@pytest.mark.parametrize("kind", JobKind)
def test_an_attempt_that_is_overtaken_while_it_works_stores_nothing(house, dataset, detector, kind) -> None:
    job = _submit(house, kind, detector, dataset)
    first, taken_over = house.take(), []

    def overtake(stage, share):
        if not taken_over:
            taken_over.append(house.take())

    with pytest.raises(LeaseLost, match="attempt 1 at job"):
        _do(house, first, overtake)
    assert _effects(house, job, detector)["status"] is JobStatus.RUNNING
    _do(house, taken_over[0])
    assert _effects(house, job, detector) == DONE[kind]


@pytest.mark.parametrize("kind", JobKind)
def test_of_many_attempts_at_once_the_last_one_counts(house, dataset, detector, kind) -> None:
    job = _submit(house, kind, detector, dataset)
    attempts = [house.take() for _ in range(4)]

    def work(number):
        _do(house, attempts[number])

    outcomes = at_once(4, work)
    assert [type(outcome) for outcome in outcomes] == [LeaseLost, LeaseLost, LeaseLost, type(None)]
    assert _effects(house, job, detector) == DONE[kind]


@pytest.mark.parametrize("kind", JobKind)
def test_an_attempt_that_is_made_twice_counts_once(house, dataset, detector, kind) -> None:
    job = _submit(house, kind, detector, dataset)
    taken = house.take()
    outcomes = at_once(2, lambda _: _do(house, taken))
    assert {type(outcome) for outcome in outcomes} == {LeaseLost, type(None)}
    assert _effects(house, job, detector) == DONE[kind]


WORKS = {
    "create_detector": lambda work, detector, dataset, job: work.create_detector(name="x", algorithm="ecod"),
    "rename_detector": lambda work, detector, dataset, job: work.change_detector(detector=detector.id, name="y"),
    "promote": lambda work, detector, dataset, job: work.promote_version(detector=detector.id, version=1),
    "remove_detector": lambda work, detector, dataset, job: work.remove_detector(detector=detector.id),
    "remove_dataset": lambda work, detector, dataset, job: work.remove_dataset(dataset=dataset.id),
    "train": lambda work, detector, dataset, job: work.train_detector(detector=detector.id, dataset=dataset.id),
    "detect": lambda work, detector, dataset, job: work.detect_anomalies(
        detector=detector.id, dataset=dataset.id, policy=StandsOut()
    ),
    "submit": lambda work, detector, dataset, job: work.submit_job(
        kind=JobKind.TRAIN, payload={"detector_id": detector.id, "dataset_id": dataset.id}
    ),
    "cancel": lambda work, detector, dataset, job: work.cancel_job(job=job.id),
    "end": lambda work, detector, dataset, job: work.end_job(
        job=job.id, failure=JobFailure("InvalidData", "no rows"), is_final=True, is_crash=False
    ),
    "release": lambda work, detector, dataset, job: work.release_job(job=job.id),
}


@pytest.mark.parametrize("work", WORKS)
def test_no_work_is_stored_under_a_claim_that_was_overtaken(house, dataset, detector, work) -> None:
    job = _submit(house, JobKind.TRAIN, detector, dataset)
    stale, _ = house.take(), house.take()
    before = house.rows()
    with pytest.raises(LeaseLost):
        WORKS[work](house.under(stale.claim), detector, dataset, job)
    assert house.rows() == before


@pytest.mark.parametrize("work", ["create_detector", "rename_detector", "train", "detect", "submit", "remove_detector"])
def test_no_work_is_stored_for_a_request_that_another_attempt_took_over(house, dataset, detector, work) -> None:
    key = RequestKey("user:ada", "POST /somewhere", f"key-{next(NUMBERS)}")
    stale, fresh = (KeyClaim(key, token, lambda subject: Reply(200, (), b"made")) for token in ("stale", "fresh"))
    reserve = house.workspace.reserve_request_key
    reserve(claim=stale, digest="d")
    with pytest.raises(StillRunning):
        reserve(claim=fresh, digest="d")
    with house.database.engine().begin() as connection:
        connection.execute(update(request_keys).values(expires_at=0.0).where(request_keys.c.key == key.key))
    assert reserve(claim=fresh, digest="d") is None
    before = house.rows()
    with pytest.raises(LeaseLost):
        WORKS[work](house.under(stale), detector, dataset, None)
    assert house.rows() == before
    made = house.under(fresh).change_detector(detector=detector.id, name=f"renamed {next(NUMBERS)}")
    assert made.revision > detector.revision
    assert reserve(claim=stale, digest="d") == Reply(200, (), b"made")
