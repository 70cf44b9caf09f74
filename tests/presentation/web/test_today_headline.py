from dataclasses import replace
from datetime import timedelta

import pytest

from pynomaly.application.ports.detector_history import Look
from pynomaly.application.ports.recent import Looked, Some, WorkAtHand
from pynomaly.application.today import Today
from pynomaly.domain.identifiers import DetectionId, DetectorId
from pynomaly.presentation.web.today_headline import headline, sightings, watch_of, watched_in_words
from tests.fakes.today import DELIVERY, FOUND, JOB, LATE, NEVER, NOON, QUIET, TRAINING

WAITING = WorkAtHand(n_waiting=5, oldest_seconds=95.0)
LOOK = Look(DetectionId("c1"), DetectorId("e1"), 1, None, "may.csv", "f1", 40_000, 0, None, (), NOON)
ALARMED = replace(LOOK, n_anomalies=7, severity=91.5)
PASSED = replace(LOOK, n_rows=1002, notes=("self-test passed: a planted row scores 0.8",))
FAILED = replace(LOOK, detector_id=DetectorId("e2"), notes=("self-test failed: so even that row would be missed",))


@pytest.mark.parametrize(
    ("today", "looks", "sentence"),
    [
        (QUIET, [LOOK], "Nothing stands out."),
        (replace(QUIET, **FOUND), [ALARMED], "7 rows of may.csv stand out; nothing is broken."),
        (
            replace(QUIET, **FOUND),
            [ALARMED, replace(ALARMED, fingerprint="f2", source="june.csv", n_anomalies=2)],
            "9 rows stand out; nothing is broken.",
        ),
        (
            replace(QUIET, **FOUND),
            [ALARMED, replace(ALARMED, n_anomalies=5)],
            "7 rows of may.csv stand out; nothing is broken.",
        ),
        (replace(QUIET, **FOUND), [replace(ALARMED, n_anomalies=1)], "1 row of may.csv stands out; nothing is broken."),
        (replace(QUIET, **FOUND), [LOOK, ALARMED], "Nothing stands out."),
        (replace(QUIET, **NEVER), [], "Nothing was looked at yet."),
        (
            replace(QUIET, last_day=Looked(), last_look=NOON - timedelta(days=3)),
            [],
            "Nothing was looked at in the last 24 hours; the last time was 3 days ago.",
        ),
        (replace(QUIET, overdue=(LATE,)), [], "'mornings' did not run."),
        (replace(QUIET, overdue=(LATE, LATE)), [], "2 schedules did not run."),
        (replace(QUIET, failed_trainings=Some((TRAINING,), 1)), [], "The last training of 'Fraud' failed."),
        (replace(QUIET, failed_trainings=Some((TRAINING,), 3)), [], "The last trainings of 3 detectors failed."),
        (replace(QUIET, failed_jobs=Some((JOB,), 40)), [], "40 jobs failed in the last 24 hours."),
        (replace(QUIET, failed_deliveries=Some((DELIVERY,), 1)), [], "1 message could not be delivered."),
        (replace(QUIET, work=WAITING), [], "5 jobs wait and no worker takes them."),
        (
            replace(QUIET, overdue=(LATE,), **FOUND),
            [ALARMED],
            "'mornings' did not run. And 7 rows of may.csv stand out.",
        ),
    ],
)
def test_the_first_sentence_answers_whether_anything_is_wrong(today: Today, looks: list[Look], sentence: str) -> None:
    assert headline(today, watch_of(looks, len(looks))) == sentence


def test_the_worst_sighting_comes_first_and_says_how_often_it_was_seen_before() -> None:
    worse = replace(ALARMED, fingerprint="f2", severity=95.0)
    found = sightings([ALARMED, worse, LOOK, replace(LOOK, fingerprint="f3")])
    assert [(one.look.fingerprint, one.n_before) for one in found] == [("f2", 0), ("f1", 1)]


def test_silence_says_how_much_was_looked_at_and_that_a_planted_row_was_caught() -> None:
    told = watched_in_words(watch_of([LOOK, PASSED], 2))
    assert told == "1 detector looked at 41,002 rows in the last 24 hours; a planted test row was caught."


def test_a_failed_self_test_is_told_before_those_that_passed() -> None:
    told = watched_in_words(watch_of([PASSED, FAILED], 2))
    assert told.startswith("2 detectors looked at 41,002 rows in the last 24 hours; 1 self-test failed")


def test_rows_that_were_not_counted_are_owned_up_to() -> None:
    assert "more than 40,000 rows" in watched_in_words(watch_of([LOOK], 2))


def test_where_nothing_was_looked_at_nothing_is_claimed() -> None:
    assert watched_in_words(watch_of([], 0)) == ""
