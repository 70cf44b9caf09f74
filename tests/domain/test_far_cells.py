import math

import numpy as np
import pytest

from pynomaly.domain.explanation import Typical
from pynomaly.domain.far_cells import far_bounds


def usual(values: np.ndarray) -> Typical:
    low, median, high = np.quantile(values, [0.05, 0.5, 0.95]).tolist()
    return Typical(median=median, low=low, high=high)


def n_far(values: np.ndarray) -> int:
    bounds = far_bounds(usual(values))
    assert bounds is not None
    return int(((values < bounds.below) | (values > bounds.above)).sum())


@pytest.mark.parametrize("draw", ["normal", "exponential", "lognormal", "laplace", "gumbel"])
def test_columns_of_one_kind_hold_no_far_cell(draw: str) -> None:
    assert n_far(getattr(np.random.default_rng(0), draw)(size=200_000)) == 0


def test_a_slip_of_two_digits_is_far() -> None:
    heights = np.random.default_rng(0).normal(166, 9, 400)
    weights = np.random.default_rng(0).lognormal(1, 0.4, 400)
    assert n_far(np.append(heights, 780.0)) == 1
    assert n_far(np.append(weights, 270.0)) == 1


def test_where_the_usual_is_positive_a_long_tail_is_measured_by_logarithms() -> None:
    bounds = far_bounds(Typical(median=10.0, low=1.0, high=100.0))
    assert bounds is not None
    assert bounds.above == pytest.approx(10 * 100**1.6)
    assert bounds.below == pytest.approx(10 - 8 * 99)


@pytest.mark.parametrize(
    "typical",
    [
        Typical(most_frequent="red", share=0.5),
        Typical(median=1.0, low=1.0, high=1.0),
        Typical(median=0.0, low=-1.7e308, high=1.7e308),
    ],
)
def test_columns_that_do_not_say_have_no_bounds(typical: Typical) -> None:
    assert far_bounds(typical) is None


def test_bounds_beyond_every_number_are_infinite() -> None:
    bounds = far_bounds(Typical(median=1e150, low=1e-10, high=1e300))
    assert bounds is not None
    assert bounds.above == math.inf
