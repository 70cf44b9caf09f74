from datetime import UTC, datetime

import pytest

from pynomaly.application.detector_overview import live_spans, self_test_note, self_test_of
from pynomaly.application.ports.detector_history import WentLive

MONDAY, TUESDAY = datetime(2026, 3, 2, tzinfo=UTC), datetime(2026, 3, 3, tzinfo=UTC)


def test_a_version_is_live_until_the_next_one_is() -> None:
    spans = live_spans([WentLive(1, MONDAY), WentLive(2, TUESDAY)])
    assert (spans[1][0].since, spans[1][0].until) == (MONDAY, TUESDAY)
    assert (spans[2][0].since, spans[2][0].until) == (TUESDAY, None)


def test_of_a_detector_that_never_went_live_nothing_is_told() -> None:
    assert live_spans([]) == {}


@pytest.mark.parametrize(
    ("notes", "passed"),
    [
        ((), None),
        (("left out: 'x' (always 5)",), None),
        (("left out: 'x'", "self-test passed: a planted row scores 0.8"), True),
        (("self-test failed: so even that row would be missed",), False),
    ],
)
def test_the_outcome_of_a_self_test_is_found_among_notes(notes: tuple[str, ...], passed: bool | None) -> None:
    assert self_test_of(notes) is passed


def test_a_column_that_is_called_as_the_test_row_is_not_taken_for_it() -> None:
    far = "far outside a column and yet not flagged: planted area 900 in row 3 (usually 1 to 5)"
    proof = "self-test passed: a planted row scores 0.8"
    assert self_test_note([far]) == ""
    assert self_test_note([far, proof]) == proof
