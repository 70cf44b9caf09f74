"""THE guard of connections that users ask for: where to, checked on the very address that is connected to.

A name is resolved once; every address it has must be allowed, and the connection goes to one of those addresses and not
to the name, so that a name which means something else a moment later changes nothing. What lies inside the network is
reached only if whoever runs the program named it (`PYNOMALY_OUTBOUND_ALLOW`); cloud metadata never is.
"""

import re
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from queue import Empty, SimpleQueue
from threading import Thread
from typing import TypeAlias

from pynomaly.domain.errors import DestinationRefused, RemoteUnavailable
from pynomaly.infrastructure.outbound.addresses import (
    METADATA,
    Address,
    Network,
    is_outside,
    is_within,
    read_address,
    unwrapped,
)
from pynomaly.infrastructure.outbound.deadline import Deadline

Resolve: TypeAlias = Callable[[str], Sequence[str]]
"""Returns the addresses of a host. Raises OSError."""
Connect: TypeAlias = Callable[[tuple[str, int], float], socket.socket]
"""Connects to an address and port within some seconds. Raises OSError."""

_LABEL = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME = re.compile(rf"(?=.{{1,253}}\Z)(?:{_LABEL}\.)*[A-Za-z](?:[A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?")
"""Host names as they are; the last label begins with a letter, so no number in disguise is one."""


def addresses_of(host: str) -> Sequence[str]:
    """Return the addresses of a host as the system resolves it. Raises OSError."""
    found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in found]


@dataclass(frozen=True, slots=True)
class OutboundGuard:
    """Opens connections.

    ports: those of the outside world that may be connected to; inside, any port of an allowed network.
    allowed: networks inside that whoever runs the program named.  closed: addresses and ports that are refused all the
    same: where the program's own database listens.
    """

    ports: frozenset[int]
    allowed: tuple[Network, ...] = ()
    closed: frozenset[tuple[Address, int]] = frozenset()
    resolve: Resolve = addresses_of
    connect: Connect = socket.create_connection

    def open(self, host: str, port: int, deadline: Deadline) -> socket.socket:
        """Connect to a host. Raises DestinationRefused where it must not go, RemoteUnavailable where nobody answers."""
        reason = "it has no address"
        for address in self.checked(host, port, deadline):
            try:
                return self.connect((address, port), deadline.left())
            except OSError as error:
                reason = error.strerror or str(error) or type(error).__name__
        raise RemoteUnavailable(f"{host}:{port} does not answer: {reason}")

    def inside_only(self) -> "OutboundGuard":
        """Return a guard for what must not be spoken to the outside world: anything that is not encrypted."""
        return replace(self, ports=frozenset())

    def checked(self, host: str, port: int, deadline: Deadline) -> Sequence[str]:
        """Return the addresses of a host, all of them allowed. Raises DestinationRefused, RemoteUnavailable."""
        literal = read_address(host.strip("[]") if host.startswith("[") else host)
        if literal is None and not _NAME.fullmatch(host):
            raise DestinationRefused(f"'{host[:100]}' is neither a host name nor an address in its usual notation")
        found = [str(literal)] if literal is not None else self._resolved(host, deadline)
        for text in found:
            self._require_allowed(text, host, port)
        return found

    def _require_allowed(self, text: str, host: str, port: int) -> None:
        address = read_address(text)
        if address is None or unwrapped(address) in METADATA or (unwrapped(address), port) in self.closed:
            raise DestinationRefused(f"{host}:{port} must not be connected to")
        if is_within(address, self.allowed):
            return
        if not is_outside(address):
            raise DestinationRefused(
                f"{host} lies inside the network; whoever runs the program may allow it with PYNOMALY_OUTBOUND_ALLOW"
            )
        if not self.ports:
            raise DestinationRefused(f"nothing goes out to {host} unencrypted; use TLS")
        if port not in self.ports:
            known = ", ".join(str(each) for each in sorted(self.ports))
            raise DestinationRefused(f"port {port} is none of those that are connected to ({known})")

    def _resolved(self, host: str, deadline: Deadline) -> Sequence[str]:
        """Resolve a name aside: the system's resolver takes as long as it likes, and cannot be stopped."""
        answers: SimpleQueue[Sequence[str] | OSError] = SimpleQueue()

        def look_up() -> None:
            try:
                answers.put(list(dict.fromkeys(self.resolve(host))))
            except (OSError, UnicodeError) as error:
                answers.put(OSError(str(error)))

        Thread(target=look_up, name="resolve", daemon=True).start()
        try:
            answer = answers.get(timeout=deadline.left())
        except Empty:
            raise RemoteUnavailable(f"nobody said in time where {host} is") from None
        if isinstance(answer, OSError):
            raise RemoteUnavailable(f"nobody knows where {host} is: {answer}")
        return answer
