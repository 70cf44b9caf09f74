import threading

import pytest

from pynomaly.infrastructure.jobs.side_threads import SideThreads


def test_duties_go_on_side_by_side_until_the_block_ends() -> None:
    both_there, ended = threading.Barrier(3), []

    def duty(stop: threading.Event) -> None:
        both_there.wait()
        stop.wait()
        ended.append(threading.current_thread().name)

    with SideThreads({"chores": duty, "courier": duty}, drain_seconds=30.0):
        both_there.wait()
        assert ended == []
    assert sorted(ended) == ["chores", "courier"]


def test_they_end_also_where_the_block_fails() -> None:
    ended = threading.Event()

    def duty(stop: threading.Event) -> None:
        stop.wait()
        ended.set()

    with pytest.raises(ZeroDivisionError), SideThreads({"a": duty}, drain_seconds=30.0):
        raise ZeroDivisionError
    assert ended.is_set()


def test_one_that_does_not_end_is_left_behind(caplog) -> None:
    let_go = threading.Event()
    with SideThreads({"stuck": lambda _: let_go.wait()}, drain_seconds=0.0):
        pass
    assert "thread_left thread=stuck" in caplog.text
    let_go.set()
