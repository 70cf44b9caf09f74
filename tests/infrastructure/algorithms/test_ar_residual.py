import numpy as np
import pytest

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel, InvalidData
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.domain.series import windows_of
from pynomaly.infrastructure.algorithms import ar_residual
from pynomaly.infrastructure.algorithms.ar_residual import AutoregressiveResidual


def autoregressive_series(n_points=3000, seed=0):
    """Return x[t] = 1.2 x[t-1] - 0.5 x[t-2] + e, e normal with standard deviation 0.5, around 20."""
    errors = np.random.default_rng(seed).normal(size=n_points) * 0.5
    series = np.zeros(n_points)
    for t in range(2, n_points):
        series[t] = 1.2 * series[t - 1] - 0.5 * series[t - 2] + errors[t]
    return series + 20


def fitted(windows, **parameters):
    names = tuple(f"t-{i}" for i in range(windows.shape[1]))
    return AutoregressiveResidual(**parameters).fit(FeatureMatrix(windows, names), seed=0)


def test_scores_are_the_errors_of_the_true_process_over_their_scale():
    series = autoregressive_series()
    windows, _ = windows_of(series, 5)
    errors = (windows[:, 4] - 20) - 1.2 * (windows[:, 3] - 20) + 0.5 * (windows[:, 2] - 20)
    scores = fitted(windows).score(windows)
    np.testing.assert_allclose(scores, np.abs(errors) / 0.5, atol=0.35)
    assert (scores < 3).mean() > 0.99


def test_without_outliers_the_coefficients_are_nearly_those_of_least_squares():
    windows, _ = windows_of(autoregressive_series(), 3)
    design = np.column_stack([windows[:, :2], np.ones(len(windows))])
    solved = np.linalg.lstsq(design, windows[:, 2], rcond=None)[0]
    expected = np.abs(windows[:, 2] - design @ solved)
    scores = fitted(windows).score(windows)
    np.testing.assert_allclose(scores * np.median(expected) / np.median(scores), expected, atol=0.05)


def test_a_single_jump_is_seen_at_once_and_strange_training_windows_hardly_matter():
    clean = autoregressive_series()
    spoiled = clean.copy()
    spoiled[::50] += 15
    windows, _ = windows_of(clean, 5)
    before, after = fitted(windows), fitted(windows_of(spoiled, 5)[0])
    np.testing.assert_allclose(after.score(windows), before.score(windows), atol=0.7)
    jumps = windows_of(spoiled, 5)[0][46::50]  # windows that end with one
    assert after.score(jumps).min() > 15


@pytest.mark.parametrize("odd_channel", [0, 1])
def test_the_strangest_channel_counts(odd_channel):
    series = np.column_stack([autoregressive_series(seed=1), 100 * autoregressive_series(seed=2)])
    windows, _ = windows_of(series, 4)
    model = fitted(windows, n_channels=2)
    odd = windows[500:501].copy()
    odd[0, 6 + odd_channel] += [10, 1000][odd_channel]
    assert model.score(odd)[0] > model.score(windows[500:501])[0] + 10


def test_with_no_value_before_the_forecast_is_the_middle():
    rows = np.random.default_rng(0).normal(size=(500, 1)) * 2 + 5
    np.testing.assert_allclose(fitted(rows).score(np.array([[5.0], [9.0]])), [0, 2], atol=0.15)


def test_a_series_without_noise_notices_the_least_change():
    windows, _ = windows_of(np.sin(np.arange(500) * 0.3), 8)
    odd = windows[100:101].copy()
    odd[0, -1] += 0.5
    model = fitted(windows)
    assert model.score(odd)[0] > 10 * model.score(windows).max()


@pytest.mark.parametrize("scale", [1e-150, 1e15, 1e200, 1e308])
def test_values_of_any_size_give_finite_scores(scale):
    rows = np.random.default_rng(0).uniform(-1, 1, size=(50, 3)) * scale
    model = fitted(rows)
    assert np.isfinite(model.score(rows)).all()
    assert np.isfinite(model.score(np.array([[1.7e308, -1.7e308, 1.7e308]]))).all()


def test_enormous_windows_are_not_learned_from():
    windows = windows_of(autoregressive_series(), 5)[0].copy()
    before = fitted(windows).score(windows[:100])
    windows[-20:] *= 1e40
    np.testing.assert_allclose(fitted(windows).score(windows[:100]), before, atol=0.2)


def test_fewer_values_than_channels_are_refused():
    with pytest.raises(InvalidData, match="3 channels"):
        fitted(np.zeros((10, 2)), n_channels=3)


def test_a_long_series_is_sampled_by_seed(monkeypatch):
    monkeypatch.setattr(ar_residual, "MAX_TRAINING_ROWS", 100)
    windows, names = windows_of(autoregressive_series(500), 3)
    first, same, other = (
        AutoregressiveResidual().fit(FeatureMatrix(windows, names), seed=seed).coefficients for seed in (1, 1, 2)
    )
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


def test_a_state_that_foretells_more_than_a_window_holds_is_refused():
    state = fitted(windows_of(autoregressive_series(100), 3)[0]).state()
    damaged = {**state.arrays, "scales": np.ones(9)}
    with pytest.raises(CorruptModel, match="foretells more"):
        AutoregressiveResidual.restore(ModelState(damaged))
