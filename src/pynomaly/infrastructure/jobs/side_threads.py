"""Threads beside a worker's jobs: they begin and end with it, so that a long job holds up nothing else."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import TypeAlias

Duty: TypeAlias = Callable[[threading.Event], None]
"""Does something again and again until the event is set."""

log = logging.getLogger("pynomaly.worker")


@dataclass(slots=True)
class SideThreads:
    """Duties by name, each in a thread of its own while a `with` block lasts.

    drain_seconds: how long the threads are waited for at its end; what they were at is safe to leave undone.
    """

    duties: Mapping[str, Duty]
    drain_seconds: float
    _stop: threading.Event = field(default_factory=threading.Event, init=False)
    _threads: list[threading.Thread] = field(default_factory=list, init=False)

    def __enter__(self) -> "SideThreads":
        """Start every thread."""
        self._stop.clear()
        self._threads = [
            threading.Thread(target=duty, args=(self._stop,), name=name, daemon=True)
            for name, duty in self.duties.items()
        ]
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Tell every thread to stop, and wait."""
        self._stop.set()
        give_up_at = time.monotonic() + self.drain_seconds
        for thread in self._threads:
            thread.join(max(0.0, give_up_at - time.monotonic()))
            if thread.is_alive():
                log.warning("thread_left thread=%s", thread.name)
