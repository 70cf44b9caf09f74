"""Open a source for whoever is about to read it, and see whether it can be reached."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from pynomaly.application.ports.opened_source import OpenedSource
from pynomaly.application.ports.persistence import BeginReading
from pynomaly.application.redaction import discreet, redacted
from pynomaly.application.source_opening import open_source

ReachSource: TypeAlias = Callable[[OpenedSource], str]
"""Reaches a source, in whatever process, and returns one sentence of what was found. Raises why it could not."""


@dataclass(frozen=True, slots=True)
class OpenSource:
    """Put a source's settings and secrets together."""

    begin_reading: BeginReading

    def __call__(self, *, source: str) -> OpenedSource:
        """Return a source with its secrets, to be handed to its reader and to nobody else.

        Raises NotFound, SealBroken, InvalidRequest where a key that is needed is not set.
        """
        with self.begin_reading() as work:
            return open_source(work, source)


@dataclass(frozen=True, slots=True)
class CheckSource:
    """Connect as a source says, look, and go away again; nothing is stored."""

    begin_reading: BeginReading
    reach: ReachSource

    def __call__(self, *, source: str) -> str:
        """Return one sentence of what was found.

        Raises RemoteRefused, RemoteUnavailable, DestinationRefused, InvalidRequest with the exact reason, NotFound,
        SealBroken.
        """
        with self.begin_reading() as work:
            opened = open_source(work, source)
        with discreet(opened.secret_texts):
            return redacted(self.reach(opened), opened.secret_texts)
