"""Measures are checked against scikit-learn, and by hand where it has none."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import average_precision_score, f1_score, precision_score, recall_score, roc_auc_score

from pynomaly.domain.errors import InvalidLabels
from pynomaly.domain.evaluation import average_precision, evaluate, precision_at, roc_auc


@st.composite
def labels_and_scores(draw):
    n = draw(st.integers(2, 60))
    labels = np.array(draw(st.lists(st.booleans(), min_size=n, max_size=n)))
    labels[0], labels[1] = True, False
    scores = np.array(draw(st.lists(st.integers(-5, 5), min_size=n, max_size=n)), dtype=float)
    return labels, scores


@settings(derandomize=True)
@given(labels_and_scores())
def test_ranking_measures_agree_with_scikit_learn_even_with_ties(case):
    labels, scores = case
    assert roc_auc(labels, scores) == pytest.approx(roc_auc_score(labels, scores), abs=1e-12)
    assert average_precision(labels, scores) == pytest.approx(average_precision_score(labels, scores), abs=1e-12)


@settings(derandomize=True)
@given(labels_and_scores())
def test_decision_measures_agree_with_scikit_learn(case):
    labels, scores = case
    flagged = scores > 1
    result = evaluate(labels, scores, flagged)
    assert result.recall == pytest.approx(recall_score(labels, flagged))
    assert result.f1 == pytest.approx(f1_score(labels, flagged, zero_division=0))
    if flagged.any():
        assert result.precision == pytest.approx(precision_score(labels, flagged))
    else:
        assert result.precision is None
    assert result.n_false_alarms == int((flagged & ~labels).sum())


def test_precision_at_n_shares_the_last_places_among_ties():
    labels = np.array([True, False, True, False])
    scores = np.array([3.0, 2.0, 2.0, 1.0])
    assert precision_at(2, labels, scores) == pytest.approx((1 + 0.5) / 2)  # by hand: one sure, half a chance
    assert precision_at(4, labels, scores) == pytest.approx(0.5)


@pytest.mark.parametrize("labels", [np.zeros(5, bool), np.ones(5, bool)])
def test_labels_of_one_class_cannot_be_evaluated(labels):
    with pytest.raises(InvalidLabels, match="one class"):
        evaluate(labels, np.arange(5.0), labels)
