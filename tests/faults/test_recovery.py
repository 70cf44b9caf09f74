"""The judge itself: it has to see what must not be overlooked."""

from tests.faults.recovery import Broken, faults_of
from tests.faults.traffic import CUT_OFF, Answered, Question

LIST = Question("list", "GET", lambda: ("/detectors", None))
BROKEN = Broken("database away", 10.0, 12.0, {"/problems/unavailable"})


def _answered(at: float, status: int = 200, problem: str = "", seconds: float = 0.1) -> Answered:
    return Answered(LIST, at, seconds, status, problem)


def test_a_named_state_and_a_quick_recovery_are_no_fault() -> None:
    answers = [_answered(9.0), _answered(11.0, 503, "/problems/unavailable"), _answered(13.0)]
    assert list(faults_of(BROKEN, answers)) == []


def test_a_500_is_a_fault_and_so_is_no_answer_at_all() -> None:
    answers = [_answered(11.0, 500, "/problems/unexpected"), _answered(11.5, CUT_OFF, "ConnectionResetError")]
    faults = list(faults_of(BROKEN, [*answers, _answered(13.0)]))
    assert len(faults) == 2
    assert "500" in faults[0]


def test_what_goes_wrong_before_the_fault_is_not_its_doing_but_a_slow_answer_that_reaches_into_it_is() -> None:
    assert list(faults_of(BROKEN, [_answered(1.0, 500), _answered(13.0)])) == []
    assert list(faults_of(BROKEN, [_answered(9.0, 500, seconds=2.0), _answered(13.0)])) != []


def test_a_slow_recovery_is_a_fault() -> None:
    answers = [_answered(23.0, 503, "/problems/unavailable"), _answered(24.0)]
    assert [fault for fault in faults_of(BROKEN, answers) if "until all was well" in fault]


def test_never_recovering_is_a_fault() -> None:
    answers = [_answered(9.0), _answered(13.0, 503, "/problems/unavailable")]
    assert [fault for fault in faults_of(BROKEN, answers) if "never answered well" in fault]
