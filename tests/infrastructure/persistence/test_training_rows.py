from datetime import timedelta

import pytest

from pynomaly.domain.errors import NotFound, StaleWrite
from tests.infrastructure.persistence.examples import NOON, detector, training_run


def test_a_run_comes_back_as_it_was_before_and_after_it_ended(work) -> None:
    owner = detector()
    work.detectors.add(owner)
    run = training_run(owner.id, seed=2**127)
    work.training_runs.add(run)
    assert work.training_runs.of(owner) == [run]
    ended = run.succeeded(3, NOON + timedelta(minutes=5))
    work.training_runs.save(ended)
    assert work.training_runs.of(owner) == [ended]


def test_a_failed_run_keeps_its_reason(work) -> None:
    owner = detector()
    work.detectors.add(owner)
    run = training_run(owner.id)
    work.training_runs.add(run)
    work.training_runs.save(run.failed("too few rows: 1", NOON))
    assert work.training_runs.of(owner)[0].error == "too few rows: 1"


def test_runs_come_newest_first_and_only_of_their_detector(work) -> None:
    owner, other = detector("owner"), detector("other")
    work.detectors.add(owner)
    work.detectors.add(other)
    runs = [training_run(owner.id, started_at=NOON + timedelta(minutes=minute)) for minute in (0, 2, 1)]
    for run in (*runs, training_run(other.id)):
        work.training_runs.add(run)
    assert work.training_runs.of(owner) == [runs[1], runs[2], runs[0]]


def test_a_run_of_a_deleted_detector_is_refused(work) -> None:
    with pytest.raises(StaleWrite):
        work.training_runs.add(training_run("nobody"))
    with pytest.raises(NotFound, match="its detector was deleted"):
        work.training_runs.save(training_run("nobody"))
