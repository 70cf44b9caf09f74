"""What is told of requests is told a moment later: the shortest of them takes little longer than telling would."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from pynomaly.application.current_work import current_work
from pynomaly.application.ports.telemetry import Unwatched

MOMENT_SECONDS = 0.05
MOST_TOGETHER = 5000
"""More than that are not kept in memory, but told at once."""


class Answered(NamedTuple):
    """A request that ended at a time, in seconds since 1970, with the names it had."""

    at: float
    route: str
    method: str
    status: int
    seconds: float
    names: Mapping[str, str]


Hear: TypeAlias = Callable[[Sequence[Answered]], None]
"""Hears of some requests at once."""


class Afterwards(Unwatched):
    """Telemetry that keeps what it hears of requests for a moment, then tells it to others, from a thread of its own.

    Whoever is killed takes the last moment along.
    """

    def __init__(self, listeners: Sequence[Hear]) -> None:
        self._listeners = listeners
        self._heard: deque[Answered] = deque()
        self._telling = threading.Lock()
        self._has_heard, self._is_over = threading.Event(), threading.Event()
        self._teller = threading.Thread(target=self._keep_telling, name="telemetry", daemon=True)
        self._teller.start()

    def request_ended(self, route: str, method: str, status: int, seconds: float) -> None:
        """Keep it for a moment."""
        self._heard.append(Answered(time.time(), route, method, status, seconds, current_work()))
        if not self._has_heard.is_set():
            self._has_heard.set()
        if len(self._heard) >= MOST_TOGETHER:
            self.catch_up()

    def catch_up(self) -> None:
        """Tell what has been heard."""
        with self._telling:
            heard = [self._heard.popleft() for _ in range(len(self._heard))]
            if heard:
                for listener in self._listeners:
                    listener(heard)

    def close(self) -> None:
        """Tell the rest, and end."""
        self._is_over.set()
        self._has_heard.set()
        self._teller.join()
        self.catch_up()

    def _keep_telling(self) -> None:
        while not self._is_over.is_set():
            self._has_heard.wait()
            self._is_over.wait(MOMENT_SECONDS)
            self._has_heard.clear()
            self.catch_up()
