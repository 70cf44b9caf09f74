"""A connection that is lent for a while, for protocols that speak more than one request and one reply."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

from pynomaly.domain.errors import RemoteUnavailable
from pynomaly.infrastructure.outbound.deadline import Deadline
from pynomaly.infrastructure.outbound.guard import OutboundGuard


@contextmanager
def conversation(guard: OutboundGuard, host: str, port: int, seconds: float) -> Iterator[socket.socket]:
    """Connect, and cut the connection when the time is over, whatever it has been wrapped in by then.

    Raises DestinationRefused where it must not go, RemoteUnavailable where nobody answers in time.
    """
    deadline = Deadline.within(seconds)
    # a TLS socket takes the descriptor away from the one it wraps; a second one reaches the connection all along
    with guard.open(host, port, deadline) as connection, connection.dup() as same, deadline.over(lambda: same):
        try:
            yield connection
        except OSError:
            if deadline.has_passed:
                raise RemoteUnavailable(f"{host} gave no answer within {seconds:g} s") from None
            raise
