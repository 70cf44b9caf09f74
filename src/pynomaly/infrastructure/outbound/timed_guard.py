"""The guard for one exchange: everything it opens, and everything said through that, is over at the same moment."""

import socket
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass

from pynomaly.infrastructure.outbound.deadline import Deadline
from pynomaly.infrastructure.outbound.guard import OutboundGuard


@dataclass(frozen=True, slots=True)
class TimedGuard:
    """What is not encrypted is let through to allowed networks alone."""

    guard: OutboundGuard
    deadline: Deadline

    @classmethod
    def within(cls, guard: OutboundGuard, seconds: float) -> "TimedGuard":
        """Return the guard of an exchange that begins now."""
        return cls(guard, Deadline.within(seconds))

    def open(self, host: str, port: int, *, is_encrypted: bool) -> socket.socket:
        """Connect to a host. Raises DestinationRefused, RemoteUnavailable."""
        return self._for(is_encrypted).open(host, port, self.deadline)

    def checked(self, host: str, port: int, *, is_encrypted: bool) -> Sequence[str]:
        """Return the addresses of a host, all of them allowed. Raises DestinationRefused, RemoteUnavailable."""
        return self._for(is_encrypted).checked(host, port, self.deadline)

    def left(self) -> float:
        """Return the seconds left, more than 0. Raises RemoteUnavailable if there are none."""
        return self.deadline.left()

    def over(self, connection: Callable[[], socket.socket]) -> AbstractContextManager[None]:
        """Cut what is open by then when the time is over, whoever is waiting for it. Raises RemoteUnavailable."""
        return self.deadline.over(connection)

    def _for(self, is_encrypted: bool) -> OutboundGuard:
        return self.guard if is_encrypted else self.guard.inside_only()
