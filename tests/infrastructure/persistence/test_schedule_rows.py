from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from pynomaly.application.ports.paging import Piece
from pynomaly.application.use_cases.fire_schedule import FireSchedule
from pynomaly.application.use_cases.keep_schedule import ChangeSchedule
from pynomaly.domain.errors import AlreadyExists, NotFound, StaleWrite
from tests.at_once import at_once
from tests.infrastructure.persistence.examples import NOON, job, schedule


def test_a_schedule_comes_back_as_it_was_awake_or_at_rest(work) -> None:
    awake, resting = schedule("awake", last_job_id="j"), schedule("resting", next_run_at=None, is_enabled=False)
    for stored in (awake, resting):
        work.schedules.add(stored)
        assert work.schedules.get(stored.name) == work.schedules.get(stored.id) == stored


def test_a_taken_name_is_refused_for_a_new_and_for_a_renamed_schedule(work) -> None:
    work.schedules.add(schedule("one"))
    other = schedule("other")
    work.schedules.add(other)
    with pytest.raises(AlreadyExists, match="'one'"):
        work.schedules.add(schedule("one"))
    with pytest.raises(AlreadyExists, match="'one'"):
        work.schedules.save(replace(other, name="one"))


def test_two_who_change_a_schedule_notice_each_other(work) -> None:
    stored = schedule()
    work.schedules.add(stored)
    work.schedules.save(stored.fired("j", NOON))
    assert work.schedules.get(stored.id) == replace(stored.fired("j", NOON), revision=1)
    with pytest.raises(StaleWrite, match="changed or deleted meanwhile"):
        work.schedules.save(stored)


def test_a_removed_schedule_is_gone_and_the_jobs_it_submitted_stay(work) -> None:
    stored, submitted = schedule(), job()
    work.jobs.add(submitted)
    work.schedules.add(stored.fired(submitted.id, NOON))
    work.schedules.remove(stored)
    assert work.jobs.get(submitted.id) == submitted
    for action in (work.schedules.remove, work.schedules.save):
        with pytest.raises((NotFound, StaleWrite)):
            action(stored)


def test_an_unknown_schedule_names_the_closest(work) -> None:
    work.schedules.add(schedule("mornings"))
    with pytest.raises(NotFound, match=r"no schedule 'mornigs'; did you mean 'mornings'\?"):
        work.schedules.get("mornigs")


def test_changes_that_come_together_are_made_one_after_the_other(transactions) -> None:
    with transactions.begin() as work:
        work.schedules.add(schedule())
        work.commit()

    def fire(number: int) -> None:
        with transactions.begin() as work:
            work.schedules.save(work.schedules.get("mornings").fired(f"j{number}", NOON))
            work.commit()

    assert at_once(6, fire) == [None] * 6
    with transactions.begin_reading() as work:
        assert work.schedules.get("mornings").revision == 6


class Hourly:
    """Every hour after."""

    def next_time(self, cron, time_zone, after):
        return after + timedelta(hours=1)


@pytest.mark.slow
def test_however_many_workers_look_each_time_is_run_once(transactions) -> None:
    with transactions.begin() as work:
        work.schedules.add(schedule(next_run_at=NOON))
        work.commit()
    for hour in range(3):
        now = NOON + timedelta(hours=hour)
        fire = FireSchedule(transactions.begin, Hourly(), lambda now=now: now, transactions.new_id)
        fired = at_once(8, lambda _, fire=fire: fire(schedule="mornings"))
        assert Counter(type(job).__name__ for job in fired) == {"Job": 1, "NoneType": 7}
    with transactions.begin_reading() as work:
        assert len(work.jobs.page(Piece(50)).items) == 3


def test_firing_holds_up_nobody_who_changes_the_schedule_and_the_other_way_round(transactions) -> None:
    """Whoever comes second sees what the first one did."""
    with transactions.begin() as work:
        work.schedules.add(schedule(next_run_at=NOON))
        work.commit()
    fire = FireSchedule(transactions.begin, Hourly(), lambda: NOON, transactions.new_id)
    change = ChangeSchedule(transactions.begin, Hourly(), lambda: NOON)
    outcomes = at_once(2, lambda n: change(schedule="mornings", is_enabled=False) if n else fire(schedule="mornings"))
    assert not any(isinstance(outcome, Exception) for outcome in outcomes)
    with transactions.begin_reading() as work:
        found = work.schedules.get("mornings")
        submitted = work.jobs.page(Piece(9)).items
    assert (found.is_enabled, found.next_run_at) == (False, None)
    assert [found.last_job_id] * len(submitted) == [one.id for one in submitted]
