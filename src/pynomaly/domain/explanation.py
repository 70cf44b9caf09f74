"""Why a row is strange: how much each column added to its score, beside what is usual for that column."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector, IntVector

MAX_CELLS = 1_000_000  # scored at once: wide tables must not need memory by the square of their width


@dataclass(frozen=True, slots=True)
class Typical:
    """What was usual for a column at training.

    Numbers: `median` with the range `low`..`high` that holds the middle 90 %.
    Categories and booleans: `most_frequent` with its `share` (0..1); so, in words, the hours of times and the
    lengths of texts.
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
    Scores 2 * n_walks * (n_groups + 1) rows, in blocks. Returns float64 (n_groups,).
    Sources: Strumbelj and Kononenko (2014), "Explaining prediction models and individual predictions with
    feature contributions", KAIS 41; reversed walks: Mitchell et al. (2022), JMLR 23, section 3.
    """
    n_groups, n_steps = len(groups), len(groups) + 1
    group_of = np.full(row.size, n_groups)  # features in no group are never switched
    for group, members in enumerate(groups):
        group_of[list(members)] = group
    orders = np.stack([order for _ in range(n_walks) for order in _there_and_back(rng.permutation(n_groups))])
    turn = np.column_stack([np.argsort(orders, axis=1), np.full(len(orders), n_steps)])[:, group_of]
    starts = background[(np.arange(len(orders)) // 2) % len(background)]
    scores = np.empty(len(orders) * n_steps)
    block_rows = max(1, MAX_CELLS // row.size)
    for first in range(0, scores.size, block_rows):
        walk, step = np.divmod(np.arange(first, min(first + block_rows, scores.size)), n_steps)
        scores[first : first + block_rows] = score(np.where(turn[walk] < step[:, None], row, starts[walk]))
    gains = np.diff(scores.reshape(len(orders), n_steps), axis=1)
    return np.asarray(np.take_along_axis(gains, np.argsort(orders, axis=1), axis=1).mean(axis=0))


def _there_and_back(order: IntVector) -> tuple[IntVector, IntVector]:
    return order, order[::-1]
