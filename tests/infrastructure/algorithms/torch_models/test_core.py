import numpy as np

from pynomaly.infrastructure.algorithms.torch_models.core import least_strange

ROWS = np.arange(30.0)[:, None]


def test_the_rows_with_the_lowest_scores_stay_in_their_order():
    scores = np.random.default_rng(0).permutation(30).astype(float)
    kept = least_strange(ROWS, scores, 0.5)[:, 0].astype(int)
    assert sorted(scores[kept]) == list(range(15))
    assert list(kept) == sorted(kept)


def test_ten_rows_stay_at_least():
    assert len(least_strange(ROWS[:12], np.zeros(12), 0.5)) == 10
