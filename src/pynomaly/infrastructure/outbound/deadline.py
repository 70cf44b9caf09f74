"""A moment by which a whole exchange must be over, however slowly the other side lets bytes drip."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from pynomaly.domain.errors import RemoteUnavailable


@dataclass(frozen=True, slots=True)
class Deadline:
    """ends_at: on the clock that never goes back."""

    ends_at: float

    @classmethod
    def within(cls, seconds: float) -> "Deadline":
        """Return the deadline that lies so many seconds ahead."""
        return cls(time.monotonic() + seconds)

    @property
    def has_passed(self) -> bool:
        """Whether the time is over; what breaks off then was cut from here."""
        return time.monotonic() >= self.ends_at

    def left(self) -> float:
        """Return the seconds left, more than 0. Raises RemoteUnavailable if it has passed."""
        seconds = self.ends_at - time.monotonic()
        if seconds <= 0:
            raise RemoteUnavailable("no answer came in time")
        return seconds

    @contextmanager
    def over(self, connection: Callable[[], socket.socket]) -> Iterator[None]:
        """Cut a connection at the deadline, whoever is waiting for it. connection: returns what is open by then."""
        watch = threading.Timer(self.left(), lambda: _cut(connection()))
        watch.daemon = True
        watch.start()
        try:
            yield
        finally:
            watch.cancel()


def _cut(connection: socket.socket) -> None:
    with suppress(OSError):  # it is closed already
        socket.socket.shutdown(connection, socket.SHUT_RDWR)  # not that of a TLS socket, which others are reading from
