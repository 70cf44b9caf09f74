"""Keeps everybody from asking again and again what does not answer."""

import threading
from collections.abc import Callable


class Breaker:
    """Lets all through while things go well, and one every few seconds while they do not.

    clock: seconds that never go back.
    """

    def __init__(self, seconds: float, clock: Callable[[], float]) -> None:
        self._seconds = seconds
        self._clock = clock
        self._next_try: float | None = None
        self._lock = threading.Lock()

    def lets_through(self) -> bool:
        """Whether to ask now."""
        if self._next_try is None:
            return True
        with self._lock:
            now = self._clock()
            if self._next_try is None:
                return True
            if now < self._next_try:
                return False
            self._next_try = now + self._seconds  # this one tries, the others go on without
            return True

    def succeeded(self) -> None:
        """Hear that somebody was answered."""
        if self._next_try is not None:
            with self._lock:
                self._next_try = None

    def failed(self) -> bool:
        """Hear that somebody was not; return whether that is news."""
        with self._lock:
            is_news = self._next_try is None
            self._next_try = self._clock() + self._seconds
            return is_news
