"""What goes into a child and what comes out of it."""

import os
import signal
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pynomaly.application.ports.child_process import Crashed, Refused, Succeeded
from pynomaly.domain.errors import ColumnMismatch, UnreadableFile
from pynomaly.infrastructure.processes.outcomes import UnexpectedInChild
from pynomaly.infrastructure.processes.task_names import TaskNotAllowed
from tests.infrastructure.processes.children import LIMITS, MEBIBYTE, NURSERY, TASKS, is_gone, outcome


def test_a_task_gets_plain_json_and_gives_plain_json() -> None:
    arguments = {"text": "żółć", "number": 1.5, "nothing": None, "list": [1, True, {"a": "b"}]}
    assert outcome("echo", **arguments) == Succeeded(arguments)


def test_progress_comes_in_order_and_none_is_lost() -> None:
    heard: list[object] = []
    result = NURSERY.run(f"{TASKS}:count", {"to": 5000}, LIMITS, on_progress=lambda told: heard.append(told["number"]))
    assert result == 5000
    assert heard == list(range(5000))


def test_an_error_of_ours_comes_back_as_the_same_class() -> None:
    assert outcome("refuse", sentence="column 'a' missing") == Refused("ColumnMismatch", "column 'a' missing")
    with pytest.raises(ColumnMismatch, match="column 'a' missing"):
        NURSERY.run(f"{TASKS}:refuse", {"sentence": "column 'a' missing"}, LIMITS)


@pytest.mark.parametrize(("task", "kind"), [("stumble", "KeyError"), ("panic", "BaseException")])
def test_any_other_error_is_told_as_unexpected(task: str, kind: str) -> None:
    with pytest.raises(UnexpectedInChild, match=kind):
        NURSERY.run(f"{TASKS}:{task}", {}, LIMITS)


def test_a_crash_is_an_unreadable_file_to_whoever_does_not_say_otherwise() -> None:
    with pytest.raises(UnreadableFile, match="more than it may \\(signal 11\\)"):
        NURSERY.run(f"{TASKS}:die", {"signal": int(signal.SIGSEGV)}, LIMITS)


def test_a_running_task_is_stopped_when_the_caller_says_so() -> None:
    began = time.monotonic()
    found = NURSERY.outcome_of(f"{TASKS}:sleep", {}, LIMITS, should_stop=lambda: time.monotonic() - began > 0.3)
    assert found == Crashed("stopped")
    assert time.monotonic() - began < 3.0


def test_too_long_a_result_and_one_that_is_no_json_are_refused_in_words() -> None:
    for task in ("too_long", "not_json"):
        found = outcome(task)
        assert isinstance(found, Refused)
        assert found.kind == "InvalidData"
        assert "too much" in found.detail


def test_half_a_character_in_an_error_is_replaced() -> None:
    assert outcome("odd_text") == Refused("ColumnMismatch", "half a character: ?")


def test_a_child_sees_no_input_and_its_limits() -> None:
    found = outcome("look_around")
    assert isinstance(found, Succeeded)
    seen = found.result
    assert isinstance(seen, dict)
    assert seen["stdin"] == ""
    assert seen["soft_limits"] == {
        "RLIMIT_CPU": 20,
        "RLIMIT_FSIZE": MEBIBYTE,
        "RLIMIT_NOFILE": 128,
        "RLIMIT_CORE": 0,
    }
    assert not seen["answers_to_ctrl_c"]
    assert not seen["answers_to_sigterm"]
    assert {"numpy", "pyarrow"} <= set(map(str, seen["modules"]))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "task", ["os:system", f"{TASKS}:_private", f"{TASKS}:time", f"{TASKS}:", TASKS, f"{TASKS}:__name__", ":echo"]
)
def test_only_public_functions_of_listed_modules_are_tasks(task: str) -> None:
    with pytest.raises((TaskNotAllowed, UnexpectedInChild), match=r"not a public function|no function"):
        NURSERY.run(task, {}, LIMITS)


def test_arguments_that_are_no_json_are_a_mistake_of_the_caller() -> None:
    with pytest.raises(TypeError):
        outcome("echo", what={1, 2})
    with pytest.raises(ValueError, match="Out of range"):
        outcome("echo", what=float("nan"))


def test_many_threads_may_have_children_at_once() -> None:
    found: list[object] = []

    def work(number: int) -> None:
        for _ in range(6):
            found.append(outcome("echo", number=number) == Succeeded({"number": number}))
            found.append(outcome("die", signal=int(signal.SIGSEGV)) == Crashed("signal 11"))

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == [True] * 96


def test_no_descriptor_is_left_behind() -> None:
    outcome("echo")
    before = n_descriptors()
    for _ in range(20):
        outcome("echo")
        outcome("die", signal=int(signal.SIGKILL))
        with NURSERY.start(f"{TASKS}:sleep", {}, LIMITS):
            pass
    give_up_at = time.monotonic() + 10.0
    while n_descriptors() > before and time.monotonic() < give_up_at:
        outcome("echo")  # whoever was slow to go is reaped at the next start
    assert n_descriptors() <= before


def n_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_a_new_forkserver_is_started_where_the_old_one_was_killed() -> None:
    with NURSERY.start(f"{TASKS}:sleep", {}, LIMITS) as child:
        (report,) = child.poll(10.0)
        stat = Path(f"/proc/{report['process_id']}/stat").read_text()
        os.kill(int(stat.rpartition(")")[2].split()[1]), signal.SIGKILL)
        while child.outcome is None:
            child.poll(10.0)
        assert isinstance(child.outcome, Crashed)
    assert is_gone(int(str(report["process_id"])))
    assert outcome("echo") == Succeeded({})


def _median_seconds(times: int, what: Callable[[], object]) -> float:
    seconds = []
    for _ in range(times):
        began = time.perf_counter()
        what()
        seconds.append(time.perf_counter() - began)
    return statistics.median(seconds)


def test_a_child_is_at_work_in_half_the_time_that_a_fresh_interpreter_takes() -> None:
    outcome("echo")
    fresh = [sys.executable, "-c", "import numpy, pyarrow"]
    assert _median_seconds(15, lambda: outcome("echo")) < 0.5 * _median_seconds(5, lambda: subprocess.run(fresh))
