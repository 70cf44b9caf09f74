"""Intervals are checked against Newcombe (1998), "Two-sided confidence intervals for the single proportion:
comparison of seven methods", Statistics in Medicine 17, 857-872, table I, method 3."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pynomaly.domain.estimated_share import EstimatedShare, estimated_share


@pytest.mark.parametrize(
    ("n_hits", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_intervals_are_those_of_the_literature(n_hits, n, low, high) -> None:
    share = estimated_share(n_hits, n)
    assert share.value == n_hits / n
    assert (share.low, share.high) == pytest.approx((low, high), abs=5e-5)


def test_of_nothing_there_is_no_share() -> None:
    assert estimated_share(0, 0) is None


@given(st.integers(1, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_holds_its_share_and_mirrors_that_of_the_misses(counted) -> None:
    n_hits, n = counted
    share, misses = estimated_share(n_hits, n), estimated_share(n - n_hits, n)
    assert 0.0 <= share.low <= share.value <= share.high <= 1.0
    assert (share.low, share.high) == pytest.approx((1.0 - misses.high, 1.0 - misses.low))


def test_more_that_were_counted_narrow_it() -> None:
    def width(share: EstimatedShare) -> float:
        return share.high - share.low

    assert width(estimated_share(250, 1000)) < width(estimated_share(25, 100)) < width(estimated_share(1, 4))
