"""How many neighbours are looked at, and what looking for them costs; imported without any algorithm."""

from math import ceil, log

NEIGHBOUR_SHARE = 0.05
"""Share of the reference rows looked at by default. Where training holds anomalies that keep each other company, a few
neighbours are found inside their cluster; a twentieth of all rows reaches beyond it."""

MIN_NEIGHBORS = 5
"""Fewest neighbours looked at by default; fewer make the distance to the nearest one noisy."""

CACHED_BYTES = 4 << 20
"""Rows that a core's share of the last cache holds; leaves of larger trees are waited for."""


def neighbours_of(n_neighbors: int | None, n_reference: int) -> int:
    """Return how many neighbours are looked at: as many as wanted, or a share of the rows there are."""
    return min(n_neighbors or max(MIN_NEIGHBORS, ceil(NEIGHBOUR_SHARE * n_reference)), n_reference)


def search_cycles(n_rows: int, n_features: int, n_neighbors: int, n_leaves: float) -> tuple[float, float]:
    """Return about how many cycles a search takes with AVX2: by a tree of which n_leaves are met, and past all rows.

    Measured; about `n_neighbors * (1 + log(n_rows / n_neighbors))` rows are met that are nearer than those before.
    """
    nearer = n_neighbors * (1 + log(n_rows / n_neighbors))
    waiting = 2.5 if 8 * n_rows * n_features > CACHED_BYTES else 1.0
    by_tree = n_leaves * (12 * n_features + 250) * waiting + nearer * (n_features + 65)
    by_all = n_rows * (n_features / 12 + 1) + nearer * (2 * n_features + 130)
    return by_tree, by_all
