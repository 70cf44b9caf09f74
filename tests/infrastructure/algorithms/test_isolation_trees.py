import numpy as np
import pytest

from pynomaly.infrastructure.algorithms.isolation_trees import (
    PATH_LENGTH_ONE,
    average_path_length,
    depth_limit,
    leaf_corrections,
)


def test_the_average_path_length_follows_the_papers_formula() -> None:
    # Liu, Ting and Zhou (2008), equation 1, with the exact harmonic number instead of its logarithm
    for n in (50, 256, 5000):
        harmonic = sum(1 / i for i in range(1, n))
        exact = 2 * harmonic - 2 * (n - 1) / n
        assert average_path_length(n) == pytest.approx(exact, abs=1.1 / n)


def test_the_smallest_leaves_have_their_exact_path_lengths() -> None:
    assert average_path_length(np.array([0, 1, 2])).tolist() == [0.0, 0.0, 1.0]


def test_leaf_corrections_are_the_path_lengths_to_the_nearest_unit() -> None:
    corrections = leaf_corrections(300)
    assert corrections.dtype == np.uint32
    assert np.abs(corrections / PATH_LENGTH_ONE - average_path_length(np.arange(301))).max() <= 0.5 / PATH_LENGTH_ONE


def test_the_depth_limit_is_the_rounded_up_logarithm() -> None:
    assert [depth_limit(n) for n in (2, 3, 4, 255, 256, 257)] == [1, 2, 2, 8, 8, 9]
