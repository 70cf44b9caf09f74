"""How long orphaned jobs waited, from the moment their worker was killed to the start of their next attempt."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from tests.storms.killer import Kill

_TAKEN = re.compile(r"job_taken job_id=(\w+) kind=\w+ attempt=(\d+)")
_LET_GO = re.compile(r"(?:job_succeeded|job_ended|job_lost|job_released|stale_write_refused) job_id=(\w+)")

Attempt = tuple[str, int]
"""A job's id and the number of the attempt."""


@dataclass(frozen=True, slots=True)
class Reclaims:
    """Waiting times in seconds, of jobs whose worker was killed while it held them."""

    seconds: Sequence[float]

    def percentile(self, share: float) -> float:
        """Return the time that this share of the jobs waited at most, 0 where none was orphaned."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0.0


def attempts_in(log: str) -> tuple[list[Attempt], Attempt | None]:
    """Return what a worker's log says it took, and what it held at the end of the log."""
    taken: list[Attempt] = []
    held: Attempt | None = None
    for line in log.splitlines():
        if found := _TAKEN.search(line):
            held = (found[1], int(found[2]))
            taken.append(held)
        elif held is not None and (ended := _LET_GO.search(line)) and ended[1] == held[0]:
            held = None
    return taken, held


def reclaims(kills: Iterable[Kill], starts: Mapping[Attempt, float]) -> Reclaims:
    """Return how long each orphan waited. starts: when each attempt was leased, by the database's rows.

    A job without a further attempt was no orphan: its process had stored the result before it died.
    """
    waited = []
    for kill in kills:
        _, held = attempts_in(kill.worker.text)
        if held is not None and (held[0], held[1] + 1) in starts:
            waited.append(starts[held[0], held[1] + 1] - kill.at)
    return Reclaims(waited)
