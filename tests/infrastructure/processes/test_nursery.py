import gc
import os
import signal
import statistics
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from pynomaly.application.ports.child_process import Crashed, Refused, Succeeded
from pynomaly.domain.errors import ColumnMismatch, UnreadableFile
from pynomaly.infrastructure.processes.child import PROCESS_TABLE
from pynomaly.infrastructure.processes.limits import ChildLimits
from pynomaly.infrastructure.processes.nursery import Nursery
from pynomaly.infrastructure.processes.outcomes import UnexpectedInChild
from pynomaly.infrastructure.processes.task_names import TaskNotAllowed

TASKS = "tests.infrastructure.processes.tasks"
MEBIBYTE = 1024**2
LIMITS = ChildLimits(
    memory_bytes=512 * MEBIBYTE, cpu_seconds=20, file_bytes=MEBIBYTE, open_files=128, wall_seconds=20.0
)
NURSERY = Nursery(preloaded=("numpy", "pyarrow", "no_such_module"), allowed=(TASKS,))


def outcome(task: str, limits: ChildLimits = LIMITS, **arguments: object) -> object:
    return NURSERY.outcome_of(f"{TASKS}:{task}", arguments, limits)  # type: ignore[arg-type]


def limits(**changed: float) -> ChildLimits:
    return replace(LIMITS, **changed)  # type: ignore[arg-type]


def is_gone(process_id: int, *, within_seconds: float = 3.0) -> bool:
    give_up_at = time.monotonic() + within_seconds
    while Path(f"/proc/{process_id}").exists():
        if time.monotonic() > give_up_at:
            return False
        time.sleep(0.01)
    return True


def memory_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@contextmanager
def growing_less_than(n_bytes: int) -> Iterator[None]:
    before, highest = memory_bytes(), 0
    is_over = threading.Event()

    def watch() -> None:
        nonlocal highest
        while not is_over.wait(0.005):
            highest = max(highest, memory_bytes())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        yield
    finally:
        is_over.set()
        watcher.join()
    assert highest - before < n_bytes


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


def test_a_crash_is_an_unreadable_file_to_whoever_does_not_say_otherwise() -> None:
    with pytest.raises(UnreadableFile, match="more than it may \\(signal 11\\)"):
        NURSERY.run(f"{TASKS}:die", {"signal": int(signal.SIGSEGV)}, LIMITS)


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


def test_a_running_task_is_stopped_when_the_caller_says_so() -> None:
    began = time.monotonic()
    found = NURSERY.outcome_of(f"{TASKS}:sleep", {}, LIMITS, should_stop=lambda: time.monotonic() - began > 0.3)
    assert found == Crashed("stopped")
    assert time.monotonic() - began < 3.0


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
    before = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    for _ in range(20):
        outcome("echo")
        outcome("die", signal=int(signal.SIGKILL))
        with NURSERY.start(f"{TASKS}:sleep", {}, LIMITS):
            pass
    assert len(os.listdir("/proc/self/fd")) <= before  # noqa: PTH208


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


def test_a_child_is_at_work_in_a_fraction_of_what_a_fresh_interpreter_takes() -> None:
    outcome("echo")
    times = []
    for _ in range(15):
        began = time.perf_counter()
        outcome("echo")
        times.append(time.perf_counter() - began)
    assert statistics.median(times) < 0.1
