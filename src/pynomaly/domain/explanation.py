"""Why a row is strange: how much each column added to its score, beside what is usual for that column."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector, IntVector


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
    row: FloatMatrix,
    background: FloatMatrix,
    groups: Sequence[Sequence[int]],
    *,
    n_walks: int,
    rng: np.random.Generator,
) -> FloatVector:
    """Estimate how much each group of features adds to one row's score over a typical row's.

    A walk starts at a background row and switches one group at a time to the row's values, in random
    order and then in the reverse order; a group's contribution is its mean step. The result sums exactly
    to the row's score minus the mean score of the background rows walked from.

    row: (n_features,); background: (n_background, n_features); groups: the feature indices of each group.
    Scores 2 * n_walks * (n_groups + 1) rows in one call. Returns float64 (n_groups,).
    Sources: Strumbelj and Kononenko (2014), "Explaining prediction models and individual predictions with
    feature contributions", KAIS 41; reversed walks: Mitchell et al. (2022), JMLR 23, section 3.
    """
    n_groups = len(groups)
    orders = [order for _ in range(n_walks) for order in _there_and_back(rng.permutation(n_groups))]
    steps = np.empty((len(orders), n_groups + 1, row.size), dtype=background.dtype)
    for walk, order in enumerate(orders):
        steps[walk] = background[(walk // 2) % len(background)]
        for position, group in enumerate(order):
            members = list(groups[group])
            steps[walk, position + 1 :, members] = row[members][:, None]
    scores = score(steps.reshape(-1, row.size)).reshape(len(orders), n_groups + 1)
    contributions = np.zeros(n_groups)
    for order, walk_scores in zip(orders, scores, strict=True):
        contributions[order] += np.diff(walk_scores)
    return contributions / len(orders)


def _there_and_back(order: IntVector) -> tuple[IntVector, IntVector]:
    return order, order[::-1]
