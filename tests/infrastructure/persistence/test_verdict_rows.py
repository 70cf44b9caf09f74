from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import delete

from pynomaly.domain.errors import StaleWrite
from pynomaly.domain.verdict import Replaced, VerdictAnswer
from pynomaly.infrastructure.persistence.tables import detections
from tests.infrastructure.persistence.examples import NOON, detection, new_id, verdict


@pytest.fixture
def judged(work):
    one = detection()
    work.detections.add(one)
    return one


def test_verdicts_come_back_as_they_were(work, judged) -> None:
    first = verdict(judged, note="☂ \ud800 'x'", is_flagged=False)
    changed = verdict(judged, 5, revision=3, replaced=Replaced(VerdictAnswer.NOT_SURE, "api_key:k"))
    work.verdicts.put([first, changed])
    found = work.verdicts.given_on(judged.id, [4, 5, 6])
    assert found == {4: replace(first, note="☂ \\ud800 'x'"), 5: changed}


def test_a_row_has_one_verdict_and_the_last_one_put_stands(work, judged) -> None:
    work.verdicts.put([verdict(judged, row) for row in (1, 2, 3)])
    second = verdict(judged, 2, answer=VerdictAnswer.EXPECTED, revision=1)
    work.verdicts.put([second])
    assert work.verdicts.given_on(judged.id, [2]) == {2: second}
    assert [one.row for one in work.verdicts.of_rows(judged.fingerprint)] == [1, 3, 2]


def test_what_is_removed_is_gone_and_nothing_else(work, judged) -> None:
    work.verdicts.put([verdict(judged, row) for row in (1, 2, 3)])
    work.verdicts.remove([verdict(judged, 1), verdict(judged, 3)])
    assert list(work.verdicts.given_on(judged.id, [1, 2, 3])) == [2]


def test_the_same_rows_are_known_in_every_detection_of_them(work, judged) -> None:
    again, of_others = detection(), detection(fingerprint="e" * 64)
    for one in (again, of_others):
        work.detections.add(one)
        work.verdicts.put([verdict(one, 9)])
    work.verdicts.put([verdict(judged)])
    assert work.verdicts.of_rows(judged.fingerprint) == [verdict(again, 9), verdict(judged)]


def test_a_verdict_needs_a_detection(work) -> None:
    with pytest.raises(StaleWrite):
        work.verdicts.put([verdict(detection())])


def test_verdicts_go_with_their_detection(work, judged) -> None:
    work.verdicts.put([verdict(judged)])
    work.detections.transaction.write(delete(detections).where(detections.c.id == judged.id))
    assert list(work.verdicts.of_rows(judged.fingerprint)) == []


def test_a_thousand_rows_are_judged_at_once(work, judged) -> None:
    everything = [verdict(judged, row) for row in range(1000)]
    work.verdicts.put(everything)
    work.verdicts.put(everything)
    assert list(work.verdicts.given_on(judged.id, range(1000)).values()) == everything


def test_answers_are_counted_by_detector_flagged_and_unflagged_apart(work, judged) -> None:
    other = detection(fingerprint="e" * 64)
    work.detections.add(other)
    work.verdicts.put([verdict(judged, row) for row in (1, 2)])
    work.verdicts.put([verdict(judged, 3, is_flagged=False)])
    work.verdicts.put([verdict(other, 1, answer=VerdictAnswer.FALSE_ALARM)])
    assert work.verdicts.tallies(NOON) == {
        judged.detector_id: {(VerdictAnswer.CONFIRMED, True): 2, (VerdictAnswer.CONFIRMED, False): 1},
        other.detector_id: {(VerdictAnswer.FALSE_ALARM, True): 1},
    }


def test_what_was_said_before_a_moment_is_not_counted(work, judged) -> None:
    work.verdicts.put([verdict(judged, 1), verdict(judged, 2, given_at=NOON - timedelta(seconds=1))])
    assert work.verdicts.tallies(NOON) == {judged.detector_id: {(VerdictAnswer.CONFIRMED, True): 1}}


def test_a_row_judged_on_several_detections_of_a_detector_counts_once_as_it_was_judged_last(work, judged) -> None:
    again = detection(detector_id=judged.detector_id)
    by_another = detection(detector_id=new_id())
    for one in (again, by_another):
        work.detections.add(one)
    work.verdicts.put([verdict(judged, 1), verdict(judged, 2)])
    work.verdicts.put([verdict(again, 1, answer=VerdictAnswer.FALSE_ALARM)])
    work.verdicts.put([verdict(by_another, 1)])
    counted = work.verdicts.tallies(NOON)
    assert counted[judged.detector_id] == {(VerdictAnswer.CONFIRMED, True): 1, (VerdictAnswer.FALSE_ALARM, True): 1}
    assert counted[by_another.detector_id] == {(VerdictAnswer.CONFIRMED, True): 1}
