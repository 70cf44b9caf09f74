import numpy as np
import pytest

from pynomaly.domain.anomaly_scores import AnomalyScore, AnomalyScores
from pynomaly.domain.errors import NonFiniteScores


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
def test_scores_that_are_not_finite_are_refused_and_counted(bad):
    with pytest.raises(NonFiniteScores, match="1 of 3"):
        AnomalyScores(np.array([0.0, bad, 1.0]))


def test_the_strangest_come_first_and_ties_keep_row_order():
    scores = AnomalyScores(np.array([1.0, 3.0, 2.0, 3.0]))
    assert list(scores.strangest(3)) == [AnomalyScore(1, 3.0), AnomalyScore(3, 3.0), AnomalyScore(2, 2.0)]


def test_scores_cannot_be_changed():
    scores = AnomalyScores(np.array([1.0]))
    with pytest.raises(ValueError, match="read-only"):
        scores.values[0] = 2.0
