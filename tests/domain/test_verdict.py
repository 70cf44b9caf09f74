from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from pynomaly.domain.errors import InvalidRequest
from pynomaly.domain.estimated_share import estimated_share
from pynomaly.domain.verdict import Replaced, Verdict, VerdictAnswer, known_verdicts, summary_of

NOON = datetime(2026, 3, 14, 12, tzinfo=UTC)
HERE, EARLIER = "a" * 32, "b" * 32


def verdict(row=0, answer=VerdictAnswer.CONFIRMED, **changes):
    settings = {"detection_id": HERE, "fingerprint": "f" * 64, "is_flagged": True, "note": "", "given_by": "user:ada"}
    return Verdict(**(settings | {"row": row, "answer": answer, "given_at": NOON} | changes))


@pytest.mark.parametrize("note", ["x" * 501, "a\0b"])
def test_a_note_is_short_and_plain(note) -> None:
    verdict(note="x" * 500)
    with pytest.raises(InvalidRequest, match="at most 500 characters"):
        verdict(note=note)


def test_a_first_answer_replaces_nothing() -> None:
    first = verdict()
    assert first.in_place_of(None) == first
    assert (first.revision, first.replaced) == (0, None)


def test_another_answer_counts_up_and_tells_whose_it_took_the_place_of() -> None:
    second = verdict(answer=VerdictAnswer.NOT_SURE, given_by="user:bob").in_place_of(verdict())
    assert (second.revision, second.replaced) == (1, Replaced(VerdictAnswer.CONFIRMED, "user:ada"))
    third = verdict(answer=VerdictAnswer.EXPECTED).in_place_of(second)
    assert (third.revision, third.replaced) == (2, Replaced(VerdictAnswer.NOT_SURE, "user:bob"))


def test_who_repeats_an_answer_changes_nothing() -> None:
    first = verdict()
    assert verdict(given_at=NOON.replace(hour=13)).in_place_of(first) is first


@pytest.mark.parametrize("change", [{"note": "seen"}, {"given_by": "user:bob"}, {"answer": VerdictAnswer.NOT_SURE}])
def test_another_note_or_person_or_answer_is_a_change(change) -> None:
    assert verdict(**change).in_place_of(verdict()).revision == 1


def test_only_flags_called_right_or_wrong_count_for_the_share() -> None:
    summary = summary_of(
        {
            (VerdictAnswer.CONFIRMED, True): 6,
            (VerdictAnswer.FALSE_ALARM, True): 2,
            (VerdictAnswer.NEW_NORMAL, True): 1,
            (VerdictAnswer.EXPECTED, True): 5,
            (VerdictAnswer.NOT_SURE, True): 4,
            (VerdictAnswer.CONFIRMED, False): 7,
            (VerdictAnswer.FALSE_ALARM, False): 8,
        }
    )
    assert summary.n_judged == 33
    assert dict(summary.n_by_answer) == {
        VerdictAnswer.CONFIRMED: 13,
        VerdictAnswer.EXPECTED: 5,
        VerdictAnswer.FALSE_ALARM: 10,
        VerdictAnswer.NEW_NORMAL: 1,
        VerdictAnswer.NOT_SURE: 4,
    }
    assert (summary.n_false_alarms, summary.n_decisive) == (3, 9)
    assert summary.false_alarm_share == estimated_share(3, 9)


@pytest.mark.parametrize("answer", [VerdictAnswer.EXPECTED, VerdictAnswer.NOT_SURE])
def test_where_no_flag_was_called_right_or_wrong_there_is_no_share(answer) -> None:
    assert summary_of({(answer, True): 3, (VerdictAnswer.CONFIRMED, False): 2}).false_alarm_share is None
    assert summary_of({}).n_judged == 0
    assert set(summary_of({}).n_by_answer) == set(VerdictAnswer)


def test_a_row_judged_on_another_detection_keeps_that_verdict_until_it_is_judged_here() -> None:
    before = [
        verdict(3, VerdictAnswer.CONFIRMED, detection_id=EARLIER),
        verdict(5, VerdictAnswer.CONFIRMED, detection_id=EARLIER),
        verdict(5, VerdictAnswer.NOT_SURE, detection_id="c" * 32),
    ]
    known = known_verdicts(HERE, [*before, verdict(9)], np.ones(10, dtype=bool))
    assert list(known.by_row) == [3, 5, 9]
    assert [known.is_from_elsewhere(row) for row in known.by_row] == [True, True, False]
    assert known.by_row[5].answer is VerdictAnswer.NOT_SURE  # the last of those given elsewhere


def test_the_verdict_given_here_stands_even_if_another_detection_was_judged_later() -> None:
    later = verdict(3, VerdictAnswer.FALSE_ALARM, detection_id=EARLIER)
    known = known_verdicts(HERE, [verdict(3), later], np.ones(4, dtype=bool))
    assert known.by_row[3] == verdict(3)


def test_verdicts_from_elsewhere_are_held_against_what_was_flagged_here() -> None:
    given = [verdict(row, VerdictAnswer.FALSE_ALARM, detection_id=EARLIER) for row in (0, 1, 2)]
    given.append(replace(given[0], row=3, answer=VerdictAnswer.CONFIRMED))
    is_anomaly = np.array([True, False, False, True])
    summary = known_verdicts(HERE, given, is_anomaly).summary
    assert (summary.n_judged, summary.n_false_alarms, summary.n_decisive) == (4, 1, 2)
