"""What detectors of distances cost, on one core with AVX2; tests/benchmarks/costs.py shows the times."""

from collections.abc import Mapping
from dataclasses import replace
from math import ceil, log, log2

from pynomaly.domain.algorithm import Cost, ParameterValue
from pynomaly.infrastructure.algorithms.neighbour_counts import neighbours_of, search_cycles

Settings = Mapping[str, ParameterValue]

CYCLE = 0.4e-9
"""Seconds; the counts below are cycles, as in kernels/neighbours.py."""


def knn_cost(n_rows: int, n_features: int, settings: Settings) -> Cost:
    """Cost of k nearest neighbours; an approximate search tries its slacks on 400 rows."""
    n_reference = _whole(settings, "max_reference_rows", n_rows)
    n_neighbors = neighbours_of(_given(settings, "n_neighbors"), n_reference)
    search = _search_seconds(n_reference, n_features, n_neighbors)
    trials = 400 * 8 * search if settings["search"] == "approximate" else 0.0
    return _cost_of_search(n_rows, n_reference, n_features, trials, search)


def dte_np_cost(n_rows: int, n_features: int, settings: Settings) -> Cost:
    """Cost of the diffusion time: that of its neighbours."""
    return knn_cost(n_rows, n_features, {**settings, "search": "exact"})


def lof_cost(n_rows: int, n_features: int, settings: Settings) -> Cost:
    """Cost of the local outlier factor: each reference row is searched for at fit."""
    n_reference = _whole(settings, "max_reference_rows", n_rows)
    n_neighbors = min(_whole(settings, "n_neighbors", n_rows), n_reference)
    search = _search_seconds(n_reference, n_features, n_neighbors) + 40e-9 * n_neighbors
    cost = _cost_of_search(n_rows, n_reference, n_features, n_reference * search, search)
    return replace(cost, fit_bytes=cost.fit_bytes + 40 * n_reference * n_neighbors)


def kde_cost(n_rows: int, n_features: int, settings: Settings) -> Cost:
    """Cost of the kernel density: a distance and an exponential for each reference row."""
    n_reference = _whole(settings, "max_reference_rows", n_rows)
    n_bytes = 16 * n_reference * n_features
    measured = min(n_reference, 500) * _search_seconds(n_reference, n_features, neighbours_of(None, n_reference))
    fit = 3e-4 + 2e-9 * n_rows * n_features + 3e-8 * n_reference * n_features + measured
    return Cost(fit, 5e-7 + n_reference * (0.3 * n_features + 9) * CYCLE, n_bytes, n_bytes)


def inne_cost(n_rows: int, n_features: int, settings: Settings) -> Cost:
    """Cost of isolating balls: all centres are compared with every row."""
    n_sets, n_centres = _whole(settings, "n_estimators", None), min(_whole(settings, "max_samples", n_rows), n_rows)
    n_slots = ceil(n_centres / 8) * 8
    fit = 2e-9 * n_rows * n_features + n_sets * (1.1e-4 + 7e-6 * n_features + n_centres**2 * n_features * 1e-9)
    score = 5e-7 + n_sets * (30 + n_slots * (0.3 * n_features + 1)) * CYCLE
    return Cost(fit, score, n_sets * n_slots * (16 * n_features + 16), n_sets * n_slots * (16 * n_features + 16))


def cblof_cost(n_rows: int, n_features: int, settings: Settings) -> Cost:
    """Cost of clusters: about 40 rounds on at most 10 000 rows."""
    n_clusters = min(_whole(settings, "n_clusters", n_rows), n_rows)
    nearest = 1e-7 + (ceil(n_clusters / 8) * 8 * (0.8 * n_features + 4)) * CYCLE
    moved = nearest + 1e-8 * n_features
    drawn = n_clusters * (2 + log(n_clusters)) * (1.5e-4 + 1e-7 * min(n_rows, 2000))
    fit = 1e-3 + drawn + 40 * min(n_rows, 10_000) * moved + n_rows * (nearest + 2e-9 * n_features)
    return Cost(fit, nearest, 24 * min(n_rows, 10_000) * n_features + 16 * n_rows, 24 * n_clusters * n_features)


def _search_seconds(n_reference: int, n_features: int, n_neighbors: int) -> float:
    """Return what one search takes: through a tree, or past all rows where that is faster."""
    leaves = min(
        n_reference / 25, 1.6 * (1 + n_neighbors / 8) * 1.8 ** min(n_features, 60) * (n_reference / 1e4) ** 0.4
    )
    return 4e-7 + min(search_cycles(n_reference, n_features, n_neighbors, leaves)) * CYCLE


def _cost_of_search(n_rows: int, n_reference: int, n_features: int, searches: float, search: float) -> Cost:
    levels = log2(n_reference + 1)
    arranging = 2e-9 * n_rows * n_features + n_reference * levels * (n_features + 10) * 1.5e-9
    n_bytes = n_reference * (24 * n_features + 50)
    return Cost(1e-4 + arranging + searches + 16 * search, search, n_bytes, n_bytes)


def _whole(settings: Settings, name: str, most: int | None) -> int:
    value = settings[name]
    number = int(value) if isinstance(value, int | float) else 0
    return number if most is None else min(number, most)


def _given(settings: Settings, name: str) -> int | None:
    return None if settings[name] is None else _whole(settings, name, None)
