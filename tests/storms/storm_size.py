"""How large a storm is."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StormSize:
    """How much is killed and frozen, among how many.

    part_seconds: how long the killing may take, and how long the freezing.  reclaim_seconds: how long all but one in a
    hundred orphans may wait for their next attempt.
    """

    n_workers: int
    n_customers: int
    n_worker_kills: int
    n_api_kills: int
    n_database_kills: int
    n_zombies: int
    part_seconds: float
    reclaim_seconds: float = 15.0

    @staticmethod
    def of(text: str) -> "StormSize":
        """Read `small`, `full` or a number of kills. Raises ValueError."""
        if text == "small":
            return StormSize(3, 2, 12, 2, 1, 2, 90.0)
        n_kills = 300 if text == "full" else int(text)
        n_others = max(1, n_kills // 30)
        return StormSize(4, 3, n_kills, n_others, n_others, max(1, n_kills // 6), max(60.0, 3.0 * n_kills))
