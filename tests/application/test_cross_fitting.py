import numpy as np
import pytest

from pynomaly.application.cross_fitting import MAX_REFERENCE_ROWS, cross_fitted_scores
from pynomaly.application.ports.progress import nobody_listens
from pynomaly.domain.feature_matrix import FeatureMatrix
from tests.fakes.algorithms import Memorizer, Refuser


def matrix(n):
    return FeatureMatrix(np.arange(float(n))[:, None], ("x",))


def cross_fitted(algorithm, n, min_rows=2):
    return cross_fitted_scores(algorithm, matrix(n), min_rows=min_rows, seed=1, progress=nobody_listens)


@pytest.mark.parametrize("n", [10, 101, 10_001])
def test_no_row_is_scored_by_a_model_that_saw_it(n):
    rows, scores = cross_fitted(Memorizer(), n)
    assert scores.tolist() == [0.0] * n
    assert sorted(rows.tolist()) == list(range(n))


def test_few_rows_get_five_folds_and_many_get_two():
    few, many = Memorizer(), Memorizer()
    cross_fitted(few, 100)
    cross_fitted(many, 20_000)
    assert [n for n, _ in few.fits] == [80] * 5
    assert [n for n, _ in many.fits] == [10_000] * 2


def test_the_reference_is_bounded():
    rows, scores = cross_fitted(Memorizer(), MAX_REFERENCE_ROWS + 50_000)
    assert len(rows) == len(scores) == MAX_REFERENCE_ROWS


def test_too_few_rows_to_hold_any_back_give_no_reference():
    assert cross_fitted(Memorizer(), 2) is None
    assert cross_fitted(Memorizer(), 50, min_rows=45) is None


def test_an_algorithm_that_cannot_learn_from_a_part_gives_no_reference():
    assert cross_fitted(Refuser(n=90), 100) is None
