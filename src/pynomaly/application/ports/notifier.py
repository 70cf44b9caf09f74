"""Telling somebody outside what happened."""

from typing import Protocol

from pynomaly.domain.audit import AuditEntry


class Notifier(Protocol):
    """One channel."""

    @property
    def channel(self) -> str:
        """Its name in the routing table."""
        ...

    def tell(self, entry: AuditEntry) -> None:
        """Tell of an event, at least once; its id stays the same when it is told again. Raises Unavailable."""
        ...
