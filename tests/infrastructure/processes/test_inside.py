"""What a child does before its task begins, seen from whole programs: a parent, its forkserver and its children."""

import json
import os
import random
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

MARK = "PYNOMALY_FAMILY"
SECRET = "correct horse battery staple"

PARENT = """
import os, sys, time
from pynomaly.infrastructure.processes.limits import ChildLimits
from pynomaly.infrastructure.processes.nursery import Nursery

TASKS = "tests.infrastructure.processes.tasks"
LIMITS = ChildLimits(2**29, cpu_seconds=60, file_bytes=2**20, open_files=64, wall_seconds=60.0)
nursery = Nursery(("numpy",), (TASKS,), ("PYNOMALY_SECRET", "PYNOMALY_NOT_SET"))
"""
LOOKS_AROUND = """
import json
print(json.dumps(nursery.run(f"{TASKS}:look_around", {}, LIMITS)))
"""
HAS_CHILDREN_AT_WORK = """
children = [nursery.start(f"{TASKS}:{task}", {}, LIMITS) for task in ("sleep", "be_stuck_in_c", "burn", "chatter")]
for child in children[:2]:
    child.poll(20.0)
print("ready", flush=True)
time.sleep(60)
"""
KEEPS_STARTING = """
print("ready", flush=True)
held = []
while True:
    held = [*held[-3:], nursery.start(f"{TASKS}:be_stuck_in_c", {}, LIMITS)]
"""
FORGETS_TO_CLEAN_UP = """
child = nursery.start(f"{TASKS}:be_stuck_in_c", {}, LIMITS)
child.poll(20.0)
"""


def family_of(mark: str) -> set[int]:
    """Return the processes that were started with this mark in their environment."""
    found = set()
    for entry in Path("/proc").iterdir():
        if entry.name.isdecimal():
            try:
                is_one = f"{MARK}={mark}".encode() in (entry / "environ").read_bytes()
            except OSError:
                continue
            if is_one:
                found.add(int(entry.name))
    return found


def those_that_ignore_requests_to_stop(mark: str) -> set[int]:
    """Return the processes with this mark that neither Ctrl-C nor SIGTERM ends, apart from the parent itself."""
    requests = (1 << (signal.SIGTERM - 1)) | (1 << (signal.SIGINT - 1))
    found = set()
    for process_id in family_of(mark):
        try:
            status = Path(f"/proc/{process_id}/status").read_text()
        except OSError:
            continue
        ignored = int(next(line.split()[1] for line in status.splitlines() if line.startswith("SigIgn:")), 16)
        if ignored & requests == requests:
            found.add(process_id)
    return found


def started(script: str, mark: str) -> "subprocess.Popen[str]":
    environment = {**os.environ, MARK: mark, "PYNOMALY_SECRET": SECRET}
    return subprocess.Popen(
        [sys.executable, "-c", PARENT + script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=environment,
    )


def is_extinct(mark: str, *, within_seconds: float) -> bool:
    give_up_at = time.monotonic() + within_seconds
    while family_of(mark):
        if time.monotonic() > give_up_at:
            for process_id in family_of(mark):
                os.kill(process_id, signal.SIGKILL)
            return False
        time.sleep(0.02)
    return True


@pytest.fixture
def mark() -> str:
    return uuid.uuid4().hex


def test_a_child_finds_no_secret_in_any_copy_of_its_environment(mark: str) -> None:
    with started(LOOKS_AROUND, mark) as parent:
        told, complaint = parent.communicate(timeout=60)
    assert complaint == ""
    seen = json.loads(told)
    assert "PYNOMALY_SECRET" not in seen["variables"]
    assert SECRET not in seen["kernel_environment"]
    assert MARK in seen["variables"]
    assert mark in seen["kernel_environment"]


def test_children_at_work_die_with_a_parent_that_is_killed(mark: str) -> None:
    with started(HAS_CHILDREN_AT_WORK, mark) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        assert len(family_of(mark)) >= 6  # the parent, its forkserver and four children
        parent.kill()
        parent.wait()
        assert is_extinct(mark, within_seconds=2.0)


def test_children_outlast_a_request_to_stop_that_reaches_every_process(mark: str) -> None:
    with started(
        HAS_CHILDREN_AT_WORK.replace("print(", "import signal; signal.signal(15, signal.SIG_IGN); print("), mark
    ) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        while those_that_ignore_requests_to_stop(mark) != family_of(mark) - {parent.pid}:  # a child does once it is up
            time.sleep(0.02)
        family = family_of(mark)
        for number in (signal.SIGTERM, signal.SIGINT):
            for process_id in family - {parent.pid}:
                os.kill(process_id, number)
        time.sleep(0.3)
        assert family_of(mark) == family
        parent.kill()
        parent.wait()
        assert is_extinct(mark, within_seconds=2.0)


def test_a_child_that_was_forgotten_does_not_keep_its_parent_from_ending(mark: str) -> None:
    with started(FORGETS_TO_CLEAN_UP, mark) as parent:
        _, complaint = parent.communicate(timeout=20)
    assert complaint == ""
    assert parent.returncode == 0
    assert is_extinct(mark, within_seconds=2.0)


@pytest.mark.slow
@pytest.mark.parametrize("round_number", range(16))
def test_no_child_outlives_a_parent_that_is_killed_in_the_middle_of_a_start(mark: str, round_number: int) -> None:
    """Within the first second: while the forkserver starts, imports, and is asked for one child after the other."""
    with started(KEEPS_STARTING, mark) as parent:
        assert parent.stdout is not None
        assert parent.stdout.readline() == "ready\n"
        time.sleep(random.Random(round_number).uniform(0.0, 0.9))  # noqa: S311
        parent.kill()
        parent.wait()
        assert is_extinct(mark, within_seconds=3.0)
