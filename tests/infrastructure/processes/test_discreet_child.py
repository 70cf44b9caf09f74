from pynomaly.application.ports.child_process import ChildProcess, Crashed, Refused, Succeeded
from pynomaly.infrastructure.processes.discreet_child import DiscreetChild
from tests.fakes.workers import FakeChild, SteppingClock


def _child(ends_as) -> tuple[FakeChild, ChildProcess]:
    child = FakeChild(SteppingClock(), script=[[{"stage": "reading", "share": 0.5}]], ends_as=ends_as)
    return child, DiscreetChild(child, ["hush"])


def test_a_child_says_and_does_what_it_does_but_tells_no_secret() -> None:
    _, discreet = _child(Refused("KeyError", "no route for {'password': 'hush'}"))
    with discreet as child:
        assert child.outcome is None
        assert child.poll(0.0) == [{"stage": "reading", "share": 0.5}]
        assert child.outcome == Refused("KeyError", "no route for {'password': '(hidden)'}")


def test_other_ends_stay_as_they_are_and_the_child_is_left() -> None:
    for end in (Succeeded({"hush": 1}), Crashed("killed")):
        inner, discreet = _child(end)
        with discreet as child:
            child.poll(0.0)
            assert child.outcome == end
        assert inner.is_left


def test_a_child_can_be_ended_and_its_secrets_are_not_shown() -> None:
    inner, discreet = _child(None)
    discreet.terminate()
    assert inner.is_killed
    assert "hush" not in repr(discreet)
