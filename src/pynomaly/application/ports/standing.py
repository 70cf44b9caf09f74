"""How the service stands: what waits, for how long, and who is there to do it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from pynomaly.domain.job import JobKind


@dataclass(frozen=True, slots=True)
class Queue:
    """The jobs of one kind.

    n_waiting: could be taken now, also because whoever held them fell silent.  oldest_seconds: how long the first of
    them has waited for a worker.
    """

    n_waiting: int = 0
    n_running: int = 0
    oldest_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The messages on their way through channels of one kind, those that rest left out.

    oldest_seconds: how long ago the first of them was made.
    """

    n_waiting: int = 0
    oldest_seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class Standing:
    """An installation at one moment, all workspaces together.

    n_workers: that were seen within the last minute.  n_events: in the audit log.  outgoing: by kind of channel.
    """

    n_workers: int = 0
    n_events: int = 0
    queues: Mapping[JobKind, Queue] = field(default_factory=dict)
    outgoing: Mapping[str, Outgoing] = field(default_factory=dict)


class ReadStanding(Protocol):
    """Looks at the database."""

    def __call__(self) -> Standing:
        """Return how things stand. Raises Unavailable."""
        ...
