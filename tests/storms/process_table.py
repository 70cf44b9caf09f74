"""What runs on this machine, from /proc: who descends from whom, and who would be hit by a signal to a group."""

import os
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Entry:
    """One process that is not a zombie."""

    process_id: int
    parent: int
    group: int


def entries() -> Iterator[Entry]:
    """Yield what runs now."""
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                fields = (folder / "stat").read_bytes().rpartition(b")")[2].split()
            except OSError:  # it has ended meanwhile
                continue
            if fields[0] not in b"ZX":
                yield Entry(int(folder.name), int(fields[1]), int(fields[2]))


def group_members(group: int) -> list[int]:
    """Return the processes of a group."""
    return [one.process_id for one in entries() if one.group == group]


def children_of(parent: int) -> list[int]:
    """Return the processes that a process has started and that still run."""
    return [one.process_id for one in entries() if one.parent == parent]


def running(process_ids: Iterable[int]) -> set[int]:
    """Return those that still run."""
    return set(process_ids) & {one.process_id for one in entries()}


def send(number: signal.Signals, process_ids: Iterable[int]) -> None:
    """Send a signal to each process that is still there."""
    for process_id in process_ids:
        with suppress(ProcessLookupError):
            os.kill(process_id, number)


def wait_until(condition: Callable[[], object], seconds: float, what: str) -> None:
    """Look again and again. Raises TimeoutError naming what did not happen."""
    give_up_at = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > give_up_at:
            raise TimeoutError(f"after {seconds:.0f} s still not so: {what}")
        time.sleep(0.02)
