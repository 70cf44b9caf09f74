"""How children end, and how they are ended."""

import gc
import signal
import time
from pathlib import Path

import pytest

from pynomaly.application.ports.child_process import Crashed, Refused, Succeeded
from pynomaly.infrastructure.processes.child import PROCESS_TABLE
from tests.infrastructure.processes.children import (
    LIMITS,
    MEBIBYTE,
    NURSERY,
    TASKS,
    growing_less_than,
    is_gone,
    limits,
    outcome,
)


@pytest.mark.parametrize(
    ("number", "reason"),
    [
        (signal.SIGABRT, "out of memory"),
        (signal.SIGKILL, "killed"),
        (signal.SIGSEGV, "signal 11"),
        (signal.SIGXCPU, "processor time"),
        (signal.SIGRTMAX, f"signal {int(signal.SIGRTMAX)}"),
    ],
)
def test_a_child_that_is_killed_says_of_what(number: int, reason: str) -> None:
    assert outcome("die", signal=int(number)) == Crashed(reason)


def test_a_child_that_leaves_without_a_word_is_told_by_its_exit_code() -> None:
    assert outcome("leave", code=3) == Crashed("exit code 3")
    assert outcome("leave", code=0) == Crashed("exit code 0")


@pytest.mark.parametrize("task", ["eat", "eat_arrow"])
def test_memory_beyond_the_limit_is_refused_in_words(task: str) -> None:
    assert isinstance(outcome(task, n_bytes=300 * MEBIBYTE), Succeeded)
    found = outcome(task, n_bytes=600 * MEBIBYTE)
    assert isinstance(found, Refused)
    assert found.kind == "InvalidData"
    assert "does not fit into the memory given to it (512 MiB)" in found.detail


def test_a_file_beyond_the_limit_cannot_be_written(tmp_path: Path) -> None:
    path = str(tmp_path / "x")
    assert outcome("write", path=path, n_bytes=MEBIBYTE) == Succeeded(MEBIBYTE)
    assert isinstance(outcome("write", path=path, n_bytes=MEBIBYTE + 1), Refused)
    assert Path(path).stat().st_size <= MEBIBYTE


def test_processor_time_runs_out() -> None:
    assert outcome("burn", limits(cpu_seconds=1)) == Crashed("processor time")


@pytest.mark.parametrize("task", ["sleep", "be_stuck_in_c"])
def test_the_deadline_holds_whatever_the_child_does(task: str) -> None:
    began = time.monotonic()
    assert outcome(task, limits(wall_seconds=0.4)) == Crashed("deadline")
    assert 0.3 < time.monotonic() - began < 3.0


def test_the_deadline_holds_while_nobody_looks() -> None:
    with NURSERY.start(f"{TASKS}:be_stuck_in_c", {}, limits(wall_seconds=0.5)) as child:
        assert child.process_id is not None
        assert is_gone(child.process_id)
        while child.outcome is None:
            child.poll(1.0)
        assert child.outcome == Crashed("deadline")


def test_the_deadline_holds_for_a_child_that_never_stops_talking() -> None:
    with growing_less_than(32 * MEBIBYTE):
        assert outcome("chatter", limits(wall_seconds=1.0)) == Crashed("deadline")


@pytest.mark.parametrize("task", ["sleep", "be_stuck_in_c"])
def test_a_child_is_ended_at_once(task: str) -> None:
    with NURSERY.start(f"{TASKS}:{task}", {}, LIMITS) as child:
        (report,) = child.poll(10.0)
        began = time.monotonic()
        child.terminate()
        child.terminate()
        assert time.monotonic() - began < 1.0
        assert child.outcome == Crashed("stopped")
        assert report == {"process_id": child.process_id}
        assert is_gone(int(str(report["process_id"])))
        assert child.poll(10.0) == ()


def test_leaving_the_block_by_an_error_leaves_no_child() -> None:
    with pytest.raises(ZeroDivisionError), NURSERY.start(f"{TASKS}:sleep", {}, LIMITS) as child:
        raise ZeroDivisionError
    assert is_gone(child.process_id or 0)


def test_a_child_that_nobody_holds_any_more_is_killed() -> None:
    child = NURSERY.start(f"{TASKS}:sleep", {}, LIMITS)
    process_id = child.process_id
    with PROCESS_TABLE:  # also where the garbage is collected in the middle of another start
        del child
        gc.collect()
    assert is_gone(process_id or 0)


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("x" * 1024, 1025),  # a line without end
        ('{"progress": [1]}\n', 1),
        ('{"result": 1, "error": 2}\n', 1),
        ('{"resul": 1}\n', 1),
        ("[]\n", 1),
        ("\n", 1),
        ("\x00\n", 1),
        ('{"result": NaN}\n', 1),
        ('{"result": 1e999}\n', 1),
        ('{"result": "\\ud800"}\n', 1),
        ('{"result": ' + "[" * 20_000 + "]" * 20_000 + "}\n", 1),
        ('{"result": [' + "{}," * 60_000 + "0]}\n", 1),
        ('{"result": ' + "9" * 5000 + "}\n", 1),
        ('{"error": "what"}\n', 1),
    ],
)
def test_a_child_that_talks_nonsense_is_killed(text: str, times: int) -> None:
    with growing_less_than(32 * MEBIBYTE):
        found = outcome("say_raw", text=text, times=times)
    assert isinstance(found, Crashed)
    assert found.reason.startswith("it said ")


def test_what_a_hostile_child_makes_its_parent_hold_is_bounded() -> None:
    with growing_less_than(32 * MEBIBYTE):
        assert isinstance(outcome("say_raw", text='{"result": [' + "0," * 500_000 + "0]}\n", times=1), Succeeded)
        found = outcome("say_raw", limits(wall_seconds=1.0), text='{"progress": {}}\n' * 1000, times=2000)
    assert found == Crashed("deadline")


def test_a_child_that_closes_its_channel_is_ended() -> None:
    began = time.monotonic()
    assert outcome("shut_up") == Crashed("stopped talking")
    assert time.monotonic() - began < 5.0


def test_a_grandchild_that_holds_the_channel_does_not_hide_the_end() -> None:
    began = time.monotonic()
    assert outcome("have_a_child") == Crashed("killed")
    assert time.monotonic() - began < 2.0
