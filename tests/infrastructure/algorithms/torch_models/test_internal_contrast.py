import numpy as np
import pytest

from pynomaly.domain.errors import CorruptModel, InvalidData
from pynomaly.infrastructure.algorithms.standardiser import Standardiser
from pynomaly.infrastructure.algorithms.torch_models.internal_contrast import (
    MOST_WINDOWS,
    FittedInternalContrast,
    InternalContrast,
    window_for,
    windows,
)
from pynomaly.infrastructure.algorithms.torch_models.perceptron import Perceptron
from tests.infrastructure.algorithms.torch_models.tables import matrix_of


def dependent_rows(n_rows=400, seed=0):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n_rows, 1)) * [1.0, 2.0, -1.0, 0.5, 1.5, -2.0] + 0.05 * rng.normal(size=(n_rows, 6))


def test_rows_whose_columns_do_not_fit_together_score_higher():
    model = InternalContrast(epochs=40).fit(matrix_of(dependent_rows()), seed=0)
    usual, mixed = dependent_rows(seed=1), dependent_rows(seed=1)
    for column in range(6):
        mixed[:, column] = np.roll(mixed[:, column], 31 * column)
    assert np.median(model.score(mixed)) > 1.5 * np.median(model.score(usual))


def test_windows_that_look_alike_are_recognised_by_chance_only():
    def blind(n_inputs):
        return Perceptron((np.zeros((4, n_inputs)), np.zeros((3, 4))), (np.zeros(4), np.ones(3)))

    model = FittedInternalContrast(Standardiser(np.zeros(5), np.ones(5)), blind(2), blind(3))
    np.testing.assert_allclose(model.score(np.ones((2, 5))), np.log(4), rtol=1e-12)


def test_every_window_and_its_rest_are_the_whole_row():
    for n_features, n_within in ((2, 1), (5, 2), (100, 10), (768, 384)):
        within, without = windows(n_features, n_within)
        assert len(within) == min(n_features - n_within + 1, MOST_WINDOWS)
        for inside, outside in zip(within, without, strict=True):
            assert sorted([*inside, *outside]) == list(range(n_features))


def test_a_window_leaves_at_least_one_column():
    assert all(window_for(n_features) < n_features for n_features in range(2, 300))
    model = InternalContrast(window=1000, epochs=1).fit(matrix_of(dependent_rows(30)), seed=0)
    assert model.inner.sizes[0] == 5


def test_one_column_is_refused():
    with pytest.raises(InvalidData, match="two or more"):
        InternalContrast().fit(matrix_of(np.arange(20.0)[:, None]), seed=0)


def test_networks_that_do_not_match_are_refused():
    state = InternalContrast(epochs=1).fit(matrix_of(dependent_rows(30)), seed=0).state()
    with pytest.raises(CorruptModel, match="do not match"):
        InternalContrast.restore(type(state)(state.arrays, {**state.scalars, "outer_sizes": [4, 64, 31]}))
