"""A crew of worker processes that one command keeps: each that dies is replaced, all go when told to."""

import logging
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

RESTART_SECONDS = 1.0  # a worker that dies at once must not be started a thousand times a minute
WATCH_SECONDS = 0.5

log = logging.getLogger("pynomaly.crew")


@dataclass(slots=True)
class Crew:
    """Runs `command` in `size` processes. environment: of each, by its place in the crew.

    The processes die with this one: whoever starts them gives a command that sees to that.
    """

    command: Sequence[str]
    size: int
    environment: Callable[[int], Mapping[str, str]]
    drain_seconds: float
    _processes: list["subprocess.Popen[bytes]"] = field(default_factory=list, init=False)
    _changing: threading.Lock = field(default_factory=threading.Lock, init=False)
    _is_stopping: threading.Event = field(default_factory=threading.Event, init=False)
    _have_gone: threading.Event = field(default_factory=threading.Event, init=False)
    _watch: threading.Thread | None = field(default=None, init=False)

    def start(self) -> None:
        """Start every process and watch over them."""
        self._processes = [self._started(place) for place in range(self.size)]
        self._watch = threading.Thread(target=self._keep, name="crew", daemon=True)
        self._watch.start()

    def stop(self) -> None:
        """Ask every process to finish what it is doing, wait, and end those that take too long."""
        self._is_stopping.set()
        with self._changing:
            for process in self._processes:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
        give_up_at = time.monotonic() + self.drain_seconds + 5.0
        for process in self._processes:
            try:
                process.wait(max(0.1, give_up_at - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._have_gone.set()
        if self._watch is not None:
            self._watch.join()

    @property
    def process_ids(self) -> list[int]:
        """The processes at work."""
        return [process.pid for process in self._processes]

    def _keep(self) -> None:
        """Replace who dies. The thread outlives its processes: to the kernel it is the parent they must not survive."""
        while not self._is_stopping.wait(WATCH_SECONDS):
            for place, process in enumerate(self._processes):
                code = process.poll()
                if code is not None and not self._is_stopping.wait(RESTART_SECONDS):
                    log.warning("worker_died pid=%s code=%s", process.pid, code)
                    self._replace(place)
        self._have_gone.wait()

    def _replace(self, place: int) -> None:
        with self._changing:
            if not self._is_stopping.is_set():
                self._processes[place] = self._started(place)

    def _started(self, place: int) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(list(self.command), env=dict(self.environment(place)), stdin=subprocess.DEVNULL)
