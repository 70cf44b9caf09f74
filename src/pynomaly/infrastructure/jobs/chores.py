"""Small recurring duties that any worker may do beside its jobs; each is safe to do twice and by many at once."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pynomaly.domain.errors import PynomalyError

LOOK_SECONDS = 1.0
log = logging.getLogger("pynomaly.worker")


@dataclass(slots=True)
class Chore:
    """Something to do about every so often."""

    name: str
    every_seconds: float
    act: Callable[[], object]
    last: float = field(default=float("-inf"), init=False)


@dataclass(frozen=True, slots=True)
class Chores:
    """What is due is done; one that fails is logged and tried again next time."""

    chores: Sequence[Chore]
    clock: Callable[[], float]

    def run(self, stop: threading.Event) -> None:
        """Do what is due about once a second until `stop` is set."""
        while not stop.wait(LOOK_SECONDS):
            try:
                self()
            except Exception:  # the scheduler's last resort: one bad chore must not end the others
                log.exception("chores_stumbled")

    def __call__(self) -> None:
        """Do what is due."""
        for chore in self.chores:
            now = self.clock()
            if now - chore.last < chore.every_seconds:
                continue
            chore.last = now
            try:
                chore.act()
            except PynomalyError as error:
                log.warning("chore_failed chore=%s reason=%s", chore.name, error)
