import threading

import pytest

from pynomaly.domain.errors import NotFound, Unavailable
from pynomaly.infrastructure.jobs.chores import Chore, Chores
from tests.fakes.workers import SteppingClock


def test_each_chore_is_done_when_its_own_time_has_come() -> None:
    clock, done = SteppingClock(), []
    chores = Chores([Chore("a", 1.0, lambda: done.append("a")), Chore("b", 2.5, lambda: done.append("b"))], clock)
    for _ in range(6):
        chores()
        clock.now += 1.0
    assert "".join(done) == "abaaabaa"


def test_a_chore_that_fails_is_logged_and_holds_up_no_other(caplog) -> None:
    clock, done = SteppingClock(), []

    def fail() -> None:
        done.append("tried")
        raise Unavailable("the database is away")

    chores = Chores([Chore("bad", 1.0, fail), Chore("good", 1.0, lambda: done.append("good"))], clock)
    chores()
    chores()
    assert done == ["tried", "good"]
    assert "chore_failed chore=bad reason=the database is away" in caplog.text
    clock.now += 1.0
    chores()
    assert done == ["tried", "good"] * 2


def test_a_mistake_in_a_chore_is_not_swallowed() -> None:
    def stumble() -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        Chores([Chore("bad", 1.0, stumble)], SteppingClock())()


def test_each_chore_looks_at_its_own_clock_reading() -> None:
    clock, done = SteppingClock(), []

    def take_long() -> None:
        clock.now += 10.0
        done.append("long")

    def missing() -> None:
        done.append("missing")
        raise NotFound

    chores = Chores([Chore("long", 5.0, take_long), Chore("missing", 1.0, missing)], clock)
    chores()
    chores()
    assert done == ["long", "missing", "long", "missing"]


def test_chores_go_on_until_they_are_told_to_stop_whatever_one_of_them_does(caplog) -> None:
    stop, n_rounds = threading.Event(), 0

    class Soon(threading.Event):
        """Waits for nothing."""

        def wait(self, timeout: float | None = None) -> bool:
            return stop.is_set()

    def break_down() -> None:
        nonlocal n_rounds
        n_rounds += 1
        if n_rounds == 3:
            stop.set()
        raise ZeroDivisionError

    Chores([Chore("bad", 0.0, break_down)], SteppingClock()).run(Soon())
    assert n_rounds == 3
    assert "chores_stumbled" in caplog.text
