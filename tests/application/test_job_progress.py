import pytest

from pynomaly.application.job_progress import ProgressMeter
from pynomaly.domain.job import JobProgress
from tests.fakes.workers import SteppingClock


@pytest.fixture
def clock():
    return SteppingClock()


@pytest.fixture
def meter(clock):
    return ProgressMeter(clock)


def _hear(meter, clock, at, stage, share, n_rows=1000):
    clock.now = 100.0 + at
    meter.hear({"stage": stage, "share": share, "n_rows": n_rows})
    return meter.progress


def test_before_anything_was_heard_the_job_is_starting(meter) -> None:
    assert meter.progress == JobProgress("starting", 0.0, None, None)


def test_speed_and_time_left_are_those_of_the_stage_at_work(meter, clock) -> None:
    """By hand: 20 % of 1000 rows in 2 s are 100 rows/s, and the other 80 % take 8 s."""
    assert _hear(meter, clock, 0.0, "learning", 0.0) == JobProgress("learning", 0.0)
    assert _hear(meter, clock, 2.0, "learning", 0.2) == JobProgress("learning", 0.2, 100.0, 8.0)
    assert _hear(meter, clock, 8.0, "learning", 0.5) == JobProgress("learning", 0.5, 62.5, 8.0)
    assert _hear(meter, clock, 9.0, "scoring", 0.5) == JobProgress("scoring", 0.5)
    assert _hear(meter, clock, 10.0, "scoring", 0.75) == JobProgress("scoring", 0.75, 250.0, 1.0)
    assert _hear(meter, clock, 11.0, "scoring", 1.0) == JobProgress("scoring", 1.0, 250.0, 0.0)


def test_a_speed_measured_over_less_than_half_a_second_is_not_told(meter, clock) -> None:
    _hear(meter, clock, 0.0, "learning", 0.0)
    assert _hear(meter, clock, 0.49, "learning", 0.5) == JobProgress("learning", 0.5)
    assert _hear(meter, clock, 0.5, "learning", 0.5).rows_per_second == 1000.0


@pytest.mark.parametrize("share", [0.4, 0.2], ids=["stands still", "goes back"])
def test_work_that_does_not_get_on_has_no_speed(meter, clock, share) -> None:
    _hear(meter, clock, 0.0, "learning", 0.4)
    assert _hear(meter, clock, 5.0, "learning", share) == JobProgress("learning", share)


def test_without_a_number_of_rows_the_time_left_is_still_known(meter, clock) -> None:
    _hear(meter, clock, 0.0, "learning", 0.0)
    assert _hear(meter, clock, 1.0, "learning", 0.5, n_rows=None) == JobProgress("learning", 0.5, None, 1.0)


def test_a_share_is_kept_between_nothing_and_all(meter, clock) -> None:
    assert _hear(meter, clock, 0.0, "learning", -3).share == 0.0
    assert _hear(meter, clock, 1.0, "learning", 3).share == 1.0


def test_a_stage_is_no_longer_than_its_column(meter, clock) -> None:
    assert _hear(meter, clock, 0.0, "x" * 100, 0.0).stage == "x" * 40


@pytest.mark.parametrize(
    "report",
    [
        {},
        {"stage": "learning"},
        {"share": 0.5},
        {"stage": 7, "share": 0.5},
        {"stage": "learning", "share": "half"},
        {"stage": "learning", "share": float("nan")},
        {"stage": "learning", "share": float("inf")},
        {"stage": None, "share": None},
    ],
    ids=str,
)
def test_a_report_that_makes_no_sense_changes_nothing(meter, report) -> None:
    meter.hear(report)
    assert meter.progress == JobProgress("starting")
