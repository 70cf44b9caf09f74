"""Why a row is strange: how much each column added to its score, beside what is usual for that column."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector


@dataclass(frozen=True, slots=True)
class Typical:
    """What was usual for a column at training.

    Numbers and times: `median` with the range `low`..`high` that holds the middle 90 %.
    Categories and booleans: `most_frequent` with its `share` (0..1), and how often each known value came.
    """

    median: float | None = None
    low: float | None = None
    high: float | None = None
    most_frequent: str | None = None
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Reason:
    """One column's part in a row's score; contributions add up to the score minus a typical row's score."""

    feature: str
    contribution: float
    value: object
    typical: Typical


def shapley_contributions(
    score: Callable[[FloatMatrix], FloatVector],
    row: FloatVector,
    background: FloatMatrix,
    groups: Sequence[Sequence[int]],
    *,
    n_permutations: int,
    rng: np.random.Generator,
) -> FloatVector:
    """Estimate how much each group of features adds to one row's score over a typical row's.

    Walks from a background row to `row`, switching one group at a time in random order, and averages
    each group's step over `n_permutations` walks; every walk is taken forwards and backwards, which
    halves the variance. The result sums exactly to score(row) minus the mean score of the background
    rows used.

    row: (n_features,); background: (n_background, n_features); groups: feature indices per group.
    Returns float64 (n_groups,).
    Source: Strumbelj and Kononenko (2014), "Explaining prediction models and individual predictions
    with feature contributions"; antithetic walks: Mitchell et al. (2022), JMLR 23, section 3.
    """
    n_groups = len(groups)
    total = np.zeros(n_groups)
    for walk in range(n_permutations):
        order = rng.permutation(n_groups)
        start = background[walk % len(background)]
        for path in (order, order[::-1]):
            steps = np.tile(start, (n_groups + 1, 1))
            for position, group in enumerate(path):
                members = list(groups[group])
                steps[position + 1 :, members] = row[members]
            scores = score(np.ascontiguousarray(steps))
            total[path] += np.diff(scores)
    return total / (2 * n_permutations)
