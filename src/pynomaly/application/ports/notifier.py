"""Telling people and programs outside what happened."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.audit import AuditEntry
from pynomaly.domain.connection import ConnectionKind, Value


@dataclass(frozen=True, slots=True)
class Message:
    """What is told, the same to everybody.

    id: the same at every attempt, so that a receiver knows what it has seen.  type: "anomalies.found", "job.failed" or
    "channel.test".  at: when it happened.  data: what programs read: ids, names, counts and severities.
    """

    id: str
    type: str
    at: datetime
    title: str
    text: str
    data: Mapping[str, JsonValue]


class Notifier(Protocol):
    """One channel, ready to send."""

    def send(self, message: Message) -> None:
        """Send a message, once.

        Raises DestinationRefused where it must not go, RemoteRefused for an answer that will not change,
        RemoteUnavailable where another attempt may succeed. What they say holds no secret.
        """
        ...


class NotifierCatalog(Protocol):
    """Every kind of channel there is."""

    def kinds(self) -> Sequence[ConnectionKind]:
        """Return what each kind needs."""
        ...

    def kind(self, name: str) -> ConnectionKind:
        """Return what one kind needs. Raises InvalidRequest for one that is not there."""
        ...

    def open(self, kind: str, values: Mapping[str, Value]) -> Notifier:
        """Return a channel; nothing is connected yet. values: as `kind` checked them, secrets among them.

        Raises InvalidRequest for values that no channel can work with, without repeating a secret.
        """
        ...


class EventListener(Protocol):
    """Whoever hears every event that is routed to it."""

    @property
    def channel(self) -> str:
        """Its name in the routing table."""
        ...

    def tell(self, entry: AuditEntry) -> None:
        """Tell of an event, at least once; its id stays the same when it is told again. Raises Unavailable."""
        ...
