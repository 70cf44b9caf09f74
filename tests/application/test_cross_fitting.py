import numpy as np
import pytest

from pynomaly.application.cross_fitting import MAX_REFERENCE_ROWS, cross_fitted_scores, learned
from pynomaly.application.ports.progress import nobody_listens
from pynomaly.domain.feature_matrix import FeatureMatrix
from tests.fakes.algorithms import LabelLearner, Memorizer, Memory, Refuser


def matrix(n):
    return FeatureMatrix(np.arange(float(n))[:, None], ("x",))


def cross_fitted(algorithm, n, min_rows=2, labels=None):
    return cross_fitted_scores(algorithm, matrix(n), min_rows=min_rows, seed=1, progress=nobody_listens, labels=labels)


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


def test_every_fold_learns_from_the_labels_of_its_own_training_rows_only():
    labels = np.array([1, 0, -1] * 10, dtype=np.int8)
    learner = LabelLearner()
    rows, scores = cross_fitted(learner, 30, labels=labels)
    assert scores.tolist() == [0.0] * 30
    held_out = np.split(rows, 5)
    for told, fold in zip(learner.told, held_out, strict=True):
        assert told == {float(row): labels[row] for row in range(30) if row not in fold}


def test_without_labels_an_algorithm_that_could_use_some_is_fitted_plainly():
    learner = LabelLearner()
    cross_fitted(learner, 30)
    assert learner.told == [None] * 5


def test_an_algorithm_that_cannot_learn_from_labels_never_sees_them():
    memorizer = Memorizer()
    assert isinstance(learned(memorizer, matrix(4), np.array([1, 0, 1, 0], dtype=np.int8), seed=3), Memory)
    assert memorizer.fits == [(4, 3)]
