"""What is told of requests is told a moment later: the shortest of them takes little longer than telling would."""

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from pynomaly.application.current_work import current_work
from pynomaly.application.ports.telemetry import Unwatched

MOMENT_SECONDS = 0.05
A_LITTLE = 25
MOST_TOGETHER = 5000
"""More than that are not kept in memory, but told at once."""


Answered: TypeAlias = tuple[float, str, str, int, float, Mapping[str, str]]
"""A request that ended: when, in seconds since 1970; route, method, status; seconds it took; the names it had.

A plain tuple, since making anything else takes longer than all the rest.
"""
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
        self._heard.append((time.time(), route, method, status, seconds, current_work()))
        if not self._has_heard.is_set():
            self._has_heard.set()
        if len(self._heard) >= MOST_TOGETHER:
            self.catch_up()

    def catch_up(self) -> None:
        """Tell what has been heard, a little at a time: whoever answers requests meanwhile waits for no more."""
        with self._telling:
            for _ in range(-(-len(self._heard) // A_LITTLE)):
                heard = [self._heard.popleft() for _ in range(min(A_LITTLE, len(self._heard)))]
                for listener in self._listeners:
                    listener(heard)
                time.sleep(0)  # lets go of the interpreter, if another thread wants it

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
