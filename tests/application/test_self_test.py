"""Silence is told apart from blindness."""

import numpy as np
import pytest

from pynomaly.application.self_test import self_test
from pynomaly.bootstrap import build
from pynomaly.domain.decision import AlarmBudget, Decision, StandsOut

CALM = np.random.default_rng(0).uniform(size=(500, 4))


def notes_of(rows, **choices):
    return [note for note in build().find_anomalies(source=rows, **choices).notes if note.startswith("self-test")]


@pytest.mark.parametrize("algorithm", ["isolation_forest", "ecod", "hbos", "knn", "pca"])
def test_where_nothing_is_flagged_a_planted_row_shows_that_the_detector_sees(algorithm):
    central = np.random.default_rng(1).uniform(0.3, 0.7, size=(50, 4))
    found = build().find_anomalies(source=central, train=CALM, algorithm=algorithm)
    assert found.findings.n_anomalies == 0
    assert [note for note in found.notes if note.startswith("self-test passed")]


def test_where_rows_are_flagged_there_is_nothing_to_prove():
    assert notes_of(np.vstack([CALM, [[9.0, 9.0, -9.0, 9.0]]])) == []


def test_a_policy_without_a_line_has_nothing_to_prove():
    assert notes_of(CALM, policy=AlarmBudget(rows=0)) == []


def test_a_line_that_nothing_passes_is_called_a_failure():
    found = build().find_anomalies(source=CALM)
    out_of_reach = Decision(StandsOut(), np.zeros(500, dtype=bool), score_threshold=1.5)  # forests score below 1
    assert self_test(found.model, out_of_reach).startswith("self-test failed")


def test_a_detector_that_scores_no_new_rows_cannot_be_tested():
    found = build().find_anomalies(source=CALM[:100], algorithm="pyod.sos", policy=AlarmBudget(rows=0))
    assert self_test(found.model, Decision(StandsOut(), np.zeros(100, dtype=bool), score_threshold=1.0)) == ""
