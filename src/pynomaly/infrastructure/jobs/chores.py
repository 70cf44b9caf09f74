"""Small recurring duties that any worker may do between jobs; each is safe to do twice and by many at once."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from pynomaly.domain.errors import PynomalyError

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
