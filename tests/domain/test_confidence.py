import numpy as np
import pytest
from scipy.stats import binom

from pynomaly.domain.confidence import decision_confidence

REFERENCE = np.sort(np.random.default_rng(0).normal(size=1000))


def test_a_row_far_past_the_line_is_decided_with_confidence():
    assert decision_confidence(6.0, REFERENCE, 2.0) > 0.99
    assert decision_confidence(-1.0, REFERENCE, 2.0) > 0.99


def test_a_row_on_the_line_is_a_coin_toss():
    line = float(REFERENCE[950])
    assert decision_confidence(line, REFERENCE, line) == pytest.approx(0.5, abs=0.1)


@pytest.mark.parametrize("n", [50, 1000, 20_000])
@pytest.mark.parametrize(("share_of_score", "share_of_line"), [(1.0, 1.0), (0.99, 0.95), (0.9, 0.9), (0.5, 0.2)])
def test_a_flagged_rows_confidence_is_the_binomial_tail_of_the_paper(n, share_of_score, share_of_line):
    reference = np.arange(float(n))
    score, line = n * share_of_score - 0.5, n * share_of_line - 0.5
    below_score, below_line = int((reference <= score).sum()), int((reference < line).sum())
    expected = binom.sf(below_line - 1, n, (1 + below_score) / (2 + n))
    assert decision_confidence(score, reference, line) == pytest.approx(expected, abs=2e-3)


def test_confidence_falls_towards_the_line_from_both_sides():
    line = float(REFERENCE[900])
    above = [decision_confidence(float(REFERENCE[rank]), REFERENCE, line) for rank in (905, 920, 940)]
    below = [decision_confidence(float(REFERENCE[rank]), REFERENCE, line) for rank in (895, 880, 860)]
    assert above == sorted(above)
    assert below == sorted(below)
