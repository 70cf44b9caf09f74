"""Children of the tests: a nursery for the tasks in `tasks`, and what is asked of it again and again."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pynomaly.application.ports.child_process import Outcome
from pynomaly.infrastructure.processes.limits import ChildLimits
from pynomaly.infrastructure.processes.nursery import Nursery

TASKS = "tests.infrastructure.processes.tasks"
MEBIBYTE = 1024**2
LIMITS = ChildLimits(
    memory_bytes=512 * MEBIBYTE, cpu_seconds=20, file_bytes=MEBIBYTE, open_files=128, wall_seconds=20.0
)
NURSERY = Nursery(preloaded=("numpy", "pyarrow", "no_such_module"), allowed=(TASKS,))


def outcome(task: str, limits: ChildLimits = LIMITS, **arguments: object) -> Outcome:
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
