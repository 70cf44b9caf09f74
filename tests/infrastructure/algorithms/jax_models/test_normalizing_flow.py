import numpy as np
import pytest

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.jax_models import flow_training, normalizing_flow
from pynomaly.infrastructure.algorithms.jax_models.flow_training import CouplingLayers, dequantised
from pynomaly.infrastructure.algorithms.jax_models.normalizing_flow import NormalizingFlow


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


@pytest.fixture(scope="module")
def rows():
    """A bent ridge: the second column is the square of the first."""
    rng = np.random.default_rng(0)
    first = rng.normal(size=2000)
    return np.column_stack([first, first**2 + 0.2 * rng.normal(size=2000)])


@pytest.fixture(scope="module")
def model(rows):
    return NormalizingFlow().fit(matrix(rows), seed=0)


def test_the_density_adds_up_to_one(rows, model):
    """The score is minus the log density per standard deviation of each column, tails included."""
    axis = np.linspace(-12, 12, 241)
    centre, scale = rows.mean(axis=0), rows.std(axis=0)
    grid = np.stack(np.meshgrid(axis, axis), axis=-1).reshape(-1, 2) * scale + centre
    mass = np.exp(-model.score(grid)).sum() * (axis[1] - axis[0]) ** 2
    assert mass == pytest.approx(1.0, abs=0.01)


def test_off_the_ridge_is_less_likely_than_on_it(model):
    on, off = model.score(np.array([[-1.0, 1.0], [0.0, 0.0], [1.5, 2.25]])), model.score(np.array([[0.0, 2.5]]))
    assert on.max() + 1 < off[0]


def test_the_layers_that_score_are_those_that_jax_runs(rows, model):
    layers = CouplingLayers(model.inner, model.inner_bias, model.outer, model.outer_bias)
    standard = model.standardiser.apply(rows).astype(np.float32)
    found = layers.negative_log_density(model.is_given.astype(np.float32), standard, np.ones(2, np.float32))
    np.testing.assert_allclose(model.negative_log_density(standard.astype(float)), found, rtol=1e-5, atol=1e-5)


def test_the_clamp_is_the_same_in_training_and_scoring():
    assert normalizing_flow.LARGEST_LOG_SCALE == flow_training.LARGEST_LOG_SCALE


def test_every_column_is_moved_by_every_second_layer(model):
    assert np.array_equal(model.is_given[0::2] + model.is_given[1::2], np.ones((2, 2)))


def test_one_column_gets_a_density_too():
    rows = np.random.default_rng(0).normal(size=(2000, 1))
    model = NormalizingFlow().fit(matrix(rows), seed=0)
    centre, edge, far = model.score(np.array([[0.0], [3.0], [1e30]]))
    assert centre < edge < far


def test_columns_of_few_values_are_spread_over_the_steps_between_them():
    rng = np.random.default_rng(0)
    rows = np.column_stack([rng.integers(0, 3, 300) * 4.0, np.full(300, 7.0), rng.normal(size=300)])
    spread = dequantised(rows, seed=0)
    away = spread - rows
    assert np.array_equal(spread[:, 2], rows[:, 2])
    assert -2 <= away[:, 0].min() < -1.9
    assert 1.9 < away[:, 0].max() <= 2
    assert 0.4 < np.abs(away[:, 1]).max() <= 0.5


def test_a_mark_that_is_neither_kept_nor_moved_is_refused(model):
    state = model.state()
    broken = {**state.arrays, "is_given": np.full((4, 2), 2, dtype=np.uint8)}
    with pytest.raises(CorruptModel, match="is_given"):
        NormalizingFlow.restore(ModelState(broken, state.scalars))
