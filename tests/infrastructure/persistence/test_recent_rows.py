"""What happened lately: short lists and counts of one workspace, on both databases."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, update

from pynomaly.application.ports.recent import Looked, Some, WorkAtHand
from pynomaly.application.today import today_of
from pynomaly.domain.delivery import DeliveryStatus
from pynomaly.domain.job import JobFailure, JobKind
from pynomaly.domain.training import TrainingStatus
from pynomaly.infrastructure.persistence.database_clock import DatabaseNow
from pynomaly.infrastructure.persistence.work_tables import jobs
from tests.infrastructure.persistence.examples import (
    NOON,
    anomaly,
    channel,
    dataset,
    delivery,
    detection,
    detector,
    job,
    ready_workspace,
    schedule,
    training_run,
    version,
)

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
LONG = 100.0
FAILURE = JobFailure("TooFewRows", "1 row")


def store(transactions, repository, *things):
    with transactions.begin() as work:
        for one in things:
            getattr(work, repository).add(one)
        work.commit()


def looked_back(transactions, name, *arguments):
    with transactions.begin_reading() as work:
        return getattr(work.recent, name)(*arguments)


def change(database, job_id, **values):
    with database.engine().begin() as connection:
        connection.execute(update(jobs).where(jobs.c.id == job_id).values(**values))


def flagged(severity, **changes):
    return detection(strangest=(replace(anomaly(), severity=severity),), **changes)


def quiet(**changes):
    return detection(n_anomalies=0, strangest=(replace(anomaly(), is_anomaly=False),), **changes)


def test_an_empty_workspace_has_no_past(transactions) -> None:
    with transactions.begin_reading() as work:
        recent = work.recent
        assert (recent.looked(NOON), recent.last_look(), recent.work(), recent.n_datasets()) == (
            Looked(), None, WorkAtHand(), 0,
        )  # fmt: skip
        assert [*recent.alarms(NOON, 9), *recent.detectors(9), *recent.upcoming(9)] == []
        for name in ("failed_trainings", "failed_jobs", "failed_deliveries"):
            assert getattr(recent, name)(NOON, 9) == Some()


def test_detections_since_a_moment_are_counted_and_the_highest_severity_of_their_rows_told(transactions) -> None:
    store(
        transactions, "detections",
        flagged(99.0, created_at=NOON - DAY, n_anomalies=50),
        flagged(61.0, created_at=NOON, n_anomalies=3),
        flagged(77.5, created_at=NOON + HOUR, n_anomalies=2),
        flagged(None, created_at=NOON + HOUR, n_anomalies=1),
        quiet(created_at=NOON + 2 * HOUR),
    )  # fmt: skip
    assert looked_back(transactions, "looked", NOON) == Looked(4, 3, 6, 77.5)
    assert looked_back(transactions, "looked", NOON - DAY) == Looked(5, 4, 56, 99.0)
    assert looked_back(transactions, "last_look") == NOON + 2 * HOUR


def test_alarms_are_told_newest_first_with_their_detectors_name_also_where_it_is_gone(transactions) -> None:
    fraud = detector("Fraud")
    store(transactions, "detectors", fraud)
    older = flagged(61.0, detector_id=fraud.id, created_at=NOON + HOUR, source="may.csv")
    newer = flagged(77.5, created_at=NOON + 2 * HOUR, n_anomalies=4)
    store(
        transactions, "detections", older, newer, quiet(created_at=NOON + 3 * HOUR), flagged(1.0, created_at=NOON - DAY)
    )
    first, second = looked_back(transactions, "alarms", NOON, 9)
    assert (first.detection_id, first.detector_name, first.n_anomalies, first.severity) == (newer.id, None, 4, 77.5)
    assert (second.detection_id, second.detector_name, second.detector_id) == (older.id, "Fraud", fraud.id)
    assert (second.source, second.n_rows, second.at) == ("may.csv", 1000, NOON + HOUR)
    assert looked_back(transactions, "alarms", NOON, 1) == [first]


def test_a_detector_is_told_with_its_last_detection_and_its_last_training(transactions) -> None:
    draft, fraud = detector("Draft"), detector("Fraud").with_version(version(1))
    store(transactions, "detectors", draft, fraud, detector("Old").retire())
    ended = training_run(fraud.id).succeeded(1, NOON + HOUR)
    store(transactions, "training_runs", training_run(fraud.id).failed("no rows", NOON), ended)
    store(transactions, "detections", *(quiet(detector_id=fraud.id, created_at=NOON + n * HOUR) for n in (5, 9, 7)))
    newest, oldest = looked_back(transactions, "detectors", 9)
    assert (newest.name, newest.live_version, newest.last_detection_at) == ("Fraud", 1, NOON + 9 * HOUR)
    training = newest.training
    assert (training.run_id, training.status, training.finished_at) == (ended.id, TrainingStatus.SUCCEEDED, NOON + HOUR)
    assert (oldest.id, oldest.live_version, oldest.last_detection_at, oldest.training) == (draft.id, None, None, None)
    assert looked_back(transactions, "detectors", 1) == [newest]


def test_a_training_that_failed_is_told_until_another_one_was_begun(transactions) -> None:
    broken, mended, old, retired = (detector(name) for name in ("Broken", "Mended", "Old", "Retired"))
    store(transactions, "detectors", broken, mended, old, retired.retire())
    failed = training_run(broken.id).failed("too few rows", NOON + HOUR)
    store(
        transactions, "training_runs", failed, training_run(mended.id).failed("too few rows", NOON + HOUR),
        training_run(mended.id), training_run(old.id).failed("long ago", NOON - DAY),
        training_run(retired.id).failed("who cares", NOON + HOUR),
    )  # fmt: skip
    found = looked_back(transactions, "failed_trainings", NOON, 9)
    (one,) = found.items
    assert (one.detector_id, one.detector_name, one.run_id, one.error) == (
        broken.id,
        "Broken",
        failed.id,
        "too few rows",
    )
    assert (one.at, found.n_total) == (NOON + HOUR, 1)


def test_schedules_are_told_in_the_order_of_their_times_unless_they_rest(transactions) -> None:
    store(
        transactions, "schedules",
        schedule("later", next_run_at=NOON + DAY, payload={"detector_id": "e"}),
        schedule("sooner", next_run_at=NOON - HOUR, kind=JobKind.PULL, payload={"source_id": "s"}),
        schedule("resting", is_enabled=False, next_run_at=None),
    )  # fmt: skip
    told = looked_back(transactions, "upcoming", 9)
    assert [(one.name, one.kind, one.detector_id, one.at) for one in told] == [
        ("sooner", JobKind.PULL, None, NOON - HOUR),
        ("later", JobKind.TRAIN, "e", NOON + DAY),
    ]


def test_failed_jobs_are_told_newest_first_and_all_of_them_counted(transactions) -> None:
    failed = [job().failed(FAILURE, NOON + n * HOUR) for n in (1, 3, 2)]
    store(transactions, "jobs", *failed, job().failed(FAILURE, NOON - HOUR), job(), job().succeeded({}, NOON + HOUR))
    found = looked_back(transactions, "failed_jobs", NOON, 2)
    assert [one.job_id for one in found.items] == [failed[1].id, failed[2].id]
    assert (found.items[0].failure_kind, found.items[0].detail, found.n_total) == ("TooFewRows", "1 row", 3)


def test_messages_that_were_given_up_are_told_with_their_channel(transactions) -> None:
    duty = channel("duty")
    failed = delivery(duty.id, status=DeliveryStatus.FAILED, ended_at=NOON + HOUR, last_error="answered 500")
    store(transactions, "channels", duty)
    store(
        transactions, "deliveries", failed, delivery(duty.id),
        delivery(duty.id, status=DeliveryStatus.FAILED, ended_at=NOON - HOUR),
        delivery(duty.id, status=DeliveryStatus.DELIVERED, ended_at=NOON + HOUR),
    )  # fmt: skip
    found = looked_back(transactions, "failed_deliveries", NOON, 9)
    (one,) = found.items
    assert (one.delivery_id, one.channel_id, one.channel_name) == (failed.id, duty.id, "duty")
    assert (one.title, one.at, one.last_error, found.n_total) == (failed.title, NOON + HOUR, "answered 500", 1)


def test_jobs_wait_run_or_are_orphans_by_the_databases_clock(transactions, elsewhere, database) -> None:
    oldest, later, held, orphan = (job() for _ in range(4))
    store(transactions, "jobs", oldest, later, held, orphan, job().succeeded({}, NOON))
    change(database, oldest.id, run_at=DatabaseNow() - LONG)
    change(database, later.id, run_at=DatabaseNow() + LONG)
    change(database, held.id, status="running", lease_until=DatabaseNow() + LONG, worker="w")
    change(database, orphan.id, status="running", lease_until=DatabaseNow() - LONG / 2, run_at=DatabaseNow() - 9 * LONG)
    found = looked_back(transactions, "work")
    assert (found.n_running, found.n_waiting, found.is_anybody_working) == (1, 2, True)
    assert LONG <= found.oldest_seconds < 2 * LONG
    assert looked_back(elsewhere, "work") == WorkAtHand(is_anybody_working=True)
    change(database, held.id, status="succeeded")
    assert not looked_back(transactions, "work").is_anybody_working


def test_a_worker_at_work_for_another_workspace_is_one_that_takes_jobs(transactions, elsewhere, database) -> None:
    busy = job()
    store(elsewhere, "jobs", busy)
    store(transactions, "jobs", job())
    change(database, busy.id, status="running", lease_until=DatabaseNow() + LONG, worker="w")
    found = looked_back(transactions, "work")
    assert (found.n_running, found.n_waiting, found.is_anybody_working) == (0, 1, True)


def test_nothing_of_another_workspace_is_told(transactions, elsewhere) -> None:
    fraud, duty = detector("Fraud"), channel("duty")
    for repository, things in {
        "datasets": [dataset()],
        "detectors": [fraud],
        "training_runs": [training_run(fraud.id).failed("no rows", NOON)],
        "detections": [flagged(61.0, detector_id=fraud.id)],
        "jobs": [job().failed(FAILURE, NOON), job()],
        "schedules": [schedule()],
        "channels": [duty],
        "deliveries": [delivery(duty.id, status=DeliveryStatus.FAILED, ended_at=NOON)],
    }.items():
        store(transactions, repository, *things)
    with elsewhere.begin_reading() as work:
        there = today_of(work, NOON)
    with transactions.begin_reading() as work:
        here = today_of(work, NOON)
    kinds = [str(reason.kind) for reason in here.reasons]
    assert kinds == ["failed_training", "failed_job", "failed_delivery", "anomalies"]
    assert (there.last_week, there.alarms, there.detectors, there.overdue) == (Looked(), (), (), ())
    assert (there.failed_jobs, there.failed_trainings, there.failed_deliveries) == (Some(), Some(), Some())
    assert (there.work.n_waiting, there.n_datasets) == (0, 0)


@pytest.mark.parametrize("n_things", [1, 30])
def test_a_look_takes_the_same_few_statements_however_much_there_is(transactions, database, n_things) -> None:
    for number in range(n_things):
        one = detector(f"d{number}")
        store(transactions, "detectors", one)
        store(transactions, "training_runs", training_run(one.id).failed("no rows", NOON))
        store(transactions, "detections", flagged(61.0, detector_id=one.id))
        store(transactions, "schedules", schedule(f"s{number}", payload={"detector_id": one.id}))
        store(transactions, "jobs", job().failed(FAILURE, NOON), job())
    statements = []

    def note(_connection, _cursor, statement, *_):
        statements.append(statement)

    event.listen(database.engine(), "before_cursor_execute", note)
    try:
        with transactions.begin_reading() as work:
            today_of(work, NOON)
    finally:
        event.remove(database.engine(), "before_cursor_execute", note)
    assert sum(statement.startswith("SELECT") for statement in statements) == 11


def test_old_detections_are_not_read(tmp_path) -> None:
    database = ready_workspace(tmp_path).database
    with database.engine().connect() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT count(*), sum(n_anomalies), max(severity) FROM detections "
            "WHERE tenant_id = 'local' AND created_at >= '2024-01-01'"
        ).all()
    database.close()
    assert "COVERING INDEX ix_detections_tenant_id_created_at" in str(plan)
