from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from pynomaly.application.ports.paging import Piece
from pynomaly.application.use_cases.fire_schedule import FireSchedule
from pynomaly.domain.errors import NotFound
from tests.application.use_cases.told import events_of
from tests.at_once import at_once
from tests.infrastructure.persistence.examples import NOON, schedule

HOUR = timedelta(hours=1)


class Hourly:
    """Every full hour."""

    def next_time(self, cron: str, time_zone: str, after: datetime) -> datetime:
        return after.replace(minute=0, second=0, microsecond=0) + HOUR


@pytest.fixture
def fire(transactions):
    """Fire a schedule at a moment."""

    def at(moment, name="mornings"):
        return FireSchedule(transactions.begin, Hourly(), lambda: moment, transactions.new_id)(schedule=name)

    return at


def _store(transactions, **changes):
    stored = schedule(**({"next_run_at": NOON} | changes))
    with transactions.begin() as work:
        work.schedules.add(stored)
        work.commit()
    return stored


def _now(transactions):
    with transactions.begin_reading() as work:
        return work.schedules.get("mornings"), work.jobs.page(Piece(50)).items


def _set_to(transactions, moment):
    with transactions.begin() as work:
        work.schedules.save(replace(work.schedules.get("mornings"), next_run_at=moment))
        work.commit()


def test_when_its_time_has_come_a_job_is_submitted_and_the_next_time_set(fire, transactions) -> None:
    stored = _store(transactions)
    job = fire(NOON)
    assert (job.kind, job.payload, job.created_by) == (stored.kind, stored.payload, f"schedule:{stored.id}")
    after, jobs = _now(transactions)
    assert jobs == [job]
    assert (after.next_run_at, after.last_job_id) == (NOON + HOUR, job.id)
    assert events_of(transactions) == [("JobSubmitted", {"job_id": job.id, "kind": "train"})]


@pytest.mark.parametrize(
    "changes",
    [{"next_run_at": NOON + timedelta(microseconds=1)}, {"is_enabled": False}, {"next_run_at": None}],
    ids=["not yet", "disabled", "resting"],
)
def test_before_its_time_or_at_rest_nothing_is_submitted(fire, transactions, changes) -> None:
    stored = _store(transactions, **changes)
    assert fire(NOON) is None
    assert _now(transactions) == (stored, [])


def test_of_the_times_that_nobody_saw_one_is_made_up_for(fire, transactions) -> None:
    _store(transactions, next_run_at=NOON - 1000 * HOUR)
    assert fire(NOON + HOUR / 2) is not None
    assert fire(NOON + HOUR / 2) is None
    after, jobs = _now(transactions)
    assert (len(jobs), after.next_run_at) == (1, NOON + HOUR)


def test_however_many_look_each_time_is_run_once(fire, transactions) -> None:
    _store(transactions)
    for hour in range(3):
        fired = at_once(8, lambda _, hour=hour: fire(NOON + hour * HOUR))
        assert sum(job is not None for job in fired) == 1
    assert len(_now(transactions)[1]) == 3


def test_a_time_that_was_run_already_is_passed_over(fire, transactions) -> None:
    """As where the machine that changes schedules is a little behind the one that fires them."""
    _store(transactions)
    job = fire(NOON)
    _set_to(transactions, NOON)
    assert fire(NOON + HOUR / 2) is None
    after, jobs = _now(transactions)
    assert (jobs, after.next_run_at, after.last_job_id) == ([job], NOON + HOUR, job.id)
    assert len(events_of(transactions)) == 1
    assert fire(NOON + HOUR) is not None


def test_a_schedule_whose_detector_is_gone_leaves_a_job_that_will_say_so(fire, transactions) -> None:
    _store(transactions, payload={"detector_id": "gone", "dataset_id": "gone", "seed": 0})
    assert fire(NOON).payload["detector_id"] == "gone"


def test_a_schedule_that_was_removed_meanwhile_is_not_found(fire) -> None:
    with pytest.raises(NotFound):
        fire(NOON, "gone")
