"""Training under a job's claim: one run per job, one version per run, whatever happens between."""

from dataclasses import replace

import pytest

from pynomaly.application.ports.asking import Asked
from pynomaly.application.use_cases.train_detector import TrainDetector
from pynomaly.application.written_jobs import detecting_by_default
from pynomaly.domain.errors import Conflict, InvalidData, LeaseLost, NotFound, StorageFull, Unavailable
from pynomaly.domain.job import JobKind, JobStatus
from pynomaly.domain.training import TrainingStatus
from pynomaly.infrastructure.algorithms.catalog import Catalog
from pynomaly.infrastructure.data.matrix_builder import ArrowPreparer
from pynomaly.infrastructure.data.table_reader import TableReader
from pynomaly.infrastructure.intake.in_process import InProcessIntake
from pynomaly.infrastructure.persistence.job_queue import SqlJobQueue
from pynomaly.infrastructure.storage.model_store import ModelFolderStore
from tests.application.use_cases.orders import orders
from tests.application.use_cases.told import ALL, events_of, job_of
from tests.infrastructure.persistence.examples import dataset, detector, job

FRAUD = detector("Fraud", algorithm="ecod", parameters={})


class Trouble:
    """A model store that cannot store."""

    def __init__(self, error):
        self.error = error

    def save(self, artifact):
        raise self.error


@pytest.fixture
def trainer(transactions, tables, tmp_path):
    """Train under whatever claim `asked` has, keeping models in `models`."""
    taken = InProcessIntake(TableReader(), tables).take_in(orders(), name="orders", roles={}, kinds={})
    with transactions.begin() as work:
        rows = dataset("orders", fingerprint=taken.fingerprint, columns=taken.columns, n_rows=taken.n_rows)
        work.datasets.add(rows)
        work.detectors.add(FRAUD)
        work.commit()

    def train(claim=None, models=None, **question):
        claimed = replace(transactions, asked=Asked("local", "user:ada", "", claim))
        use_case = TrainDetector(
            claimed.begin,
            claimed.begin_reading,
            tables,
            models or ModelFolderStore(tmp_path / "models"),
            Catalog(plugins=()),
            ArrowPreparer(),
            transactions.clock,
            transactions.new_id,
        )
        return use_case(**({"detector": "Fraud", "dataset": "orders"} | question))

    return train


@pytest.fixture
def queue(transactions):
    return SqlJobQueue(transactions.database, transactions.clock, lease_seconds=-1.0)


@pytest.fixture
def taken(transactions, queue):
    with transactions.begin() as work:
        work.jobs.add(job(kind=JobKind.TRAIN))
        work.commit()
    return queue.take("worker")


def _runs(transactions):
    with transactions.begin_reading() as work:
        return work.training_runs.of(FRAUD)


def _versions(transactions):
    with transactions.begin_reading() as work:
        return [version.number for version in work.detectors.get("Fraud").versions]


def test_a_version_its_run_and_its_job_come_true_together(trainer, transactions, taken) -> None:
    trained = trainer(taken.claim, run_id=taken.job.id)
    (run,) = _runs(transactions)
    assert (run.id, run.status, run.version) == (taken.job.id, TrainingStatus.SUCCEEDED, 1)
    ended = job_of(transactions, taken.job.id)
    assert (ended.status, ended.result) == (JobStatus.SUCCEEDED, {"detector_id": trained.id, "version": 1})
    assert [name for name, _ in events_of(transactions)] == ["DetectorTrained", "JobEnded"]


def _others(transactions, taken):
    """The jobs besides the one that was taken."""
    with transactions.begin_reading() as work:
        return [one for one in work.jobs.page(ALL).items if one.id != taken.job.id]


def test_the_detection_that_follows_is_queued_together_with_the_version(trainer, transactions, queue) -> None:
    with transactions.begin() as work:
        work.jobs.add(job(kind=JobKind.TRAIN, priority=8, created_by="key:nightly"))
        work.commit()
    taken = queue.take("worker")
    trained = trainer(taken.claim, run_id=taken.job.id, then_detect=True)
    (following,) = _others(transactions, taken)
    assert (following.kind, following.status) == (JobKind.DETECT, JobStatus.QUEUED)
    assert (following.created_by, following.priority) == ("key:nightly", 8)
    rows = trained.versions[0].dataset_id
    assert following.payload == detecting_by_default(FRAUD.id, rows, 1)
    ended = job_of(transactions, taken.job.id)
    assert ended.result == {"detector_id": FRAUD.id, "version": 1, "next_job_id": following.id}
    assert [name for name, _ in events_of(transactions)] == ["DetectorTrained", "JobSubmitted", "JobEnded"]


@pytest.mark.parametrize("error", [InvalidData("no good"), Unavailable(), ZeroDivisionError()], ids=repr)
def test_nothing_follows_a_training_that_came_to_nothing(trainer, transactions, taken, error) -> None:
    with pytest.raises(type(error)):
        trainer(taken.claim, run_id=taken.job.id, then_detect=True, models=Trouble(error))
    assert _others(transactions, taken) == []


def test_nothing_follows_where_nobody_asked_for_it(trainer, transactions, taken) -> None:
    trainer(taken.claim, run_id=taken.job.id)
    assert _others(transactions, taken) == []


def test_each_attempt_continues_the_same_run(trainer, transactions, taken, queue) -> None:
    with pytest.raises(ZeroDivisionError):
        trainer(taken.claim, run_id=taken.job.id, models=Trouble(ZeroDivisionError()))  # as good as a crash
    assert [run.status for run in _runs(transactions)] == [TrainingStatus.RUNNING]
    trainer(queue.take("next").claim, run_id=taken.job.id)
    assert [(run.status, run.version) for run in _runs(transactions)] == [(TrainingStatus.SUCCEEDED, 1)]
    assert _versions(transactions) == [1]


@pytest.mark.parametrize("error", [InvalidData("no good"), MemoryError()], ids=repr)
def test_a_training_that_failed_leaves_a_failed_run_and_no_version(trainer, transactions, taken, error) -> None:
    with pytest.raises(type(error)):
        trainer(taken.claim, run_id=taken.job.id, models=Trouble(error))
    (run,) = _runs(transactions)
    reason = str(error) or type(error).__name__
    assert (run.status, run.error) == (TrainingStatus.FAILED, reason)
    assert events_of(transactions) == [("TrainingFailed", {"detector_id": FRAUD.id, "reason": reason})]
    assert _versions(transactions) == []
    assert job_of(transactions, taken.job.id).status is JobStatus.RUNNING  # its worker ends it


def test_a_failed_run_is_begun_anew_by_the_next_attempt(trainer, transactions, taken, queue) -> None:
    with pytest.raises(InvalidData):
        trainer(taken.claim, run_id=taken.job.id, models=Trouble(InvalidData()))
    trainer(queue.take("next").claim, run_id=taken.job.id)
    (run,) = _runs(transactions)
    assert (run.status, run.error, run.version) == (TrainingStatus.SUCCEEDED, "", 1)


@pytest.mark.parametrize("error", [Unavailable(), StorageFull("the disk is full"), LeaseLost()], ids=repr)
def test_what_says_nothing_about_the_training_leaves_the_run_to_whoever_is_next(
    trainer, transactions, taken, error
) -> None:
    with pytest.raises(type(error)):
        trainer(taken.claim, run_id=taken.job.id, models=Trouble(error))
    assert [run.status for run in _runs(transactions)] == [TrainingStatus.RUNNING]
    assert events_of(transactions) == []


def test_without_a_job_nobody_is_next(trainer, transactions) -> None:
    with pytest.raises(StorageFull):
        trainer(models=Trouble(StorageFull("the disk is full")))
    assert [(run.status, run.error) for run in _runs(transactions)] == [(TrainingStatus.FAILED, "the disk is full")]


def test_a_training_that_was_overtaken_in_the_middle_stores_nothing(
    trainer, transactions, taken, queue, tmp_path
) -> None:
    store = ModelFolderStore(tmp_path / "models")

    class Slow:
        def save(self, artifact):
            queue.take("next")
            return store.save(artifact)

    with pytest.raises(LeaseLost):
        trainer(taken.claim, run_id=taken.job.id, then_detect=True, models=Slow())
    assert _versions(transactions) == []
    assert _others(transactions, taken) == []
    assert [run.status for run in _runs(transactions)] == [TrainingStatus.RUNNING]
    assert events_of(transactions) == []


def test_without_a_job_every_training_has_a_run_of_its_own(trainer, transactions) -> None:
    trainer()
    trainer(seed=7)
    assert sorted((run.version, run.seed) for run in _runs(transactions)) == [(1, 0), (2, 7)]


def test_what_cannot_be_trained_has_no_run(trainer, transactions) -> None:
    for question in ({"detector": "Nobody"}, {"dataset": "nothing"}):
        with pytest.raises(NotFound):
            trainer(**question)
    with transactions.begin() as work:
        work.detectors.save(work.detectors.get("Fraud").retire())
        work.commit()
    with pytest.raises(Conflict, match="retired"):
        trainer()
    assert _runs(transactions) == []


def test_a_detector_that_is_deleted_meanwhile_ends_the_training_with_a_sentence(trainer, transactions, taken) -> None:
    class Slow:
        def save(self, artifact):
            with transactions.begin() as work:
                work.detectors.remove(work.detectors.get("Fraud"))
                work.commit()
            return "a" * 64

    with pytest.raises(NotFound):
        trainer(taken.claim, run_id=taken.job.id, models=Slow())
    assert job_of(transactions, taken.job.id).status is JobStatus.RUNNING
