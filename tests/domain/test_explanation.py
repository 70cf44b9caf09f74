import itertools
import math

import numpy as np

from pynomaly.domain.explanation import shapley_contributions

WEIGHTS = np.array([1.0, -2.0, 0.5, 3.0])


def linear(rows):
    return rows @ WEIGHTS


def curved(rows):
    return np.maximum(rows[:, 0], rows[:, 1]) * rows[:, 2] + rows[:, 3] ** 2


def exact_shapley(score, row, start):
    """By the definition: the mean over all orders of each feature's step."""
    n = row.size
    total = np.zeros(n)
    for order in itertools.permutations(range(n)):
        state = start.copy()
        for feature in order:
            before = score(state[None])[0]
            state[feature] = row[feature]
            total[feature] += score(state[None])[0] - before
    return total / math.factorial(n)


def test_a_linear_score_is_explained_exactly():
    row, background = np.array([1.0, 2.0, 3.0, 4.0]), np.array([[0.5, 0.5, 0.5, 0.5]])
    found = shapley_contributions(
        linear, row, background, [[0], [1], [2], [3]], n_walks=1, rng=np.random.default_rng(0)
    )
    np.testing.assert_allclose(found, WEIGHTS * (row - background[0]), rtol=1e-12)


def test_contributions_sum_to_the_score_above_the_background():
    row, background = np.array([1.0, 2.0, 3.0, 4.0]), np.random.default_rng(1).normal(size=(4, 4))
    found = shapley_contributions(curved, row, background, [[0, 1], [2], [3]], n_walks=8, rng=np.random.default_rng(0))
    np.testing.assert_allclose(found.sum(), curved(row[None])[0] - curved(background).mean(), rtol=1e-12)


def test_many_walks_approach_the_exact_shapley_values():
    row, background = np.array([1.0, 2.0, -3.0, 4.0]), np.array([[0.2, -0.3, 0.4, 0.1]])
    found = shapley_contributions(
        curved, row, background, [[0], [1], [2], [3]], n_walks=2000, rng=np.random.default_rng(0)
    )
    np.testing.assert_allclose(found, exact_shapley(curved, row, background[0]), atol=0.15)
