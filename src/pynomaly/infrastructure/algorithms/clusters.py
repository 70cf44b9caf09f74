"""Clusters around centres: k-means, seeded, for detectors that need groups of like rows."""

import numpy as np
from numpy.typing import NDArray

from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.infrastructure.algorithms.kernels.neighbours import NeighbourIndex

MAX_ROUNDS = 100
"""Rounds of moving the centres; tables settle in 10 to 50."""

STARTING_ROWS = 2000
"""Rows among which the first centres are drawn, evenly spread over all."""

LARGEST_DISTANCE = 1e150
"""Distances beyond are taken as this where chances are drawn from their squares, so that these can be added up."""


def cluster_centres(rows: FloatMatrix, n_clusters: int, random: np.random.Generator) -> FloatMatrix:
    """Return at most n_clusters centres (k, d): fewer where rows coincide or a cluster loses its last row.

    Starts with centres far apart (greedy k-means++: Arthur and Vassilvitskii 2007, SODA, section 5) and moves each to
    the mean of the rows nearest to it until none moves (Lloyd 1982, IEEE Transactions on Information Theory 28(2)).
    """
    centres = centres_far_apart(rows[:: -(-len(rows) // STARTING_ROWS)], n_clusters, random)
    members = np.full(len(rows), -1, np.int32)
    for _ in range(MAX_ROUNDS):
        nearest, _ = nearest_centres(rows, centres)
        if np.array_equal(nearest, members):
            break
        members = nearest
        centres = _means(rows, members, len(centres))
    return centres


def nearest_centres(rows: FloatMatrix, centres: FloatMatrix) -> tuple[NDArray[np.int32], FloatVector]:
    """Return the number of the nearest centre, the first of equally near ones, and the squared distance: (n,), (n,)."""
    squares, nearest = NeighbourIndex(centres).nearest_to_all(rows, 1)
    return nearest[:, 0], squares[:, 0]


def centres_far_apart(rows: FloatMatrix, n_clusters: int, random: np.random.Generator) -> FloatMatrix:
    """Return at most n_clusters rows that lie apart (k, d), fewer where rows coincide.

    They are drawn with chances in proportion to the squared distance from the nearest one so far; of a few rows drawn
    each time, that one stays which leaves the least squared distances.
    """
    centres = rows[random.integers(len(rows))][None]
    squares = _bounded_squares(rows, centres)
    while len(centres) < n_clusters and squares.max() > 0:
        chances = np.cumsum(squares)
        places = np.searchsorted(chances, random.random(2 + int(np.log(n_clusters))) * chances[-1], side="right")
        drawn = rows[np.minimum(places, len(rows) - 1)]
        left = [np.minimum(squares, _bounded_squares(rows, row[None])) for row in drawn]
        best = int(np.argmin([one.sum() for one in left]))
        centres, squares = np.vstack([centres, drawn[best]]), left[best]
    return np.asarray(centres)


def _bounded_squares(rows: FloatMatrix, centres: FloatMatrix) -> FloatVector:
    return np.minimum(nearest_centres(rows, centres)[1], LARGEST_DISTANCE**2)


def _means(rows: FloatMatrix, members: NDArray[np.int32], n_clusters: int) -> FloatMatrix:
    """Return the mean of each cluster that has members."""
    sizes = np.bincount(members, minlength=n_clusters)
    scale = 2.0 ** -len(rows).bit_length()  # so that no sum of huge values overflows
    sums = [np.bincount(members, weights=column * scale, minlength=n_clusters) for column in rows.T]
    return np.ascontiguousarray(np.array(sums).T[sizes > 0] / (sizes[sizes > 0, None] * scale))
