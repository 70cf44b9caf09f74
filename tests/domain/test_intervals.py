"""Checked against scipy, and against its promise."""

import numpy as np
import pytest
from scipy.stats import binomtest

from pynomaly.domain.intervals import wilson_interval


@pytest.mark.parametrize(("n_hits", "n"), [(0, 1), (1, 1), (0, 20), (7, 20), (20, 20), (3, 100_000)])
def test_the_interval_is_that_of_scipy(n_hits, n):
    expected = binomtest(n_hits, n).proportion_ci(0.95, method="wilson")
    assert wilson_interval(n_hits, n) == pytest.approx((expected.low, expected.high), abs=1e-12)


def test_it_covers_the_share_about_as_often_as_it_says():
    hits = np.random.default_rng(0).binomial(40, 0.15, 4000)
    within = [low <= 0.15 <= high for low, high in (wilson_interval(int(one), 40) for one in hits)]
    assert 0.93 <= np.mean(within) <= 0.97
