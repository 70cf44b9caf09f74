import numpy as np
import pytest

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel, InvalidData
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.domain.series import windows_of
from pynomaly.infrastructure.algorithms import sub_pca
from pynomaly.infrastructure.algorithms.sub_pca import SubsequenceComponents


def fitted(windows, seed=0, **parameters):
    names = tuple(f"t-{i}" for i in range(windows.shape[1]))
    return SubsequenceComponents(**parameters).fit(FeatureMatrix(windows, names), seed=seed)


def rhythm(n_points=1000):
    rng = np.random.default_rng(0)
    return np.sin(np.arange(n_points) * 2 * np.pi / 20) + 0.05 * rng.normal(size=n_points)


@pytest.mark.parametrize(("explained_share", "n_leading"), [(0.4, 1), (0.9, 2), (0.998, 6)])
def test_scores_are_weighted_leading_components_and_the_rest(explained_share, n_leading):
    windows, _ = windows_of(rhythm(), 10)
    away = windows - windows.mean(axis=0)
    variances, axes = np.linalg.eigh(np.cov(windows.T, bias=True))
    variances, along = variances[::-1], (away @ axes)[:, ::-1]
    leading = (along[:, :n_leading] ** 2 / variances[:n_leading]).sum(axis=1)
    rest = (along[:, n_leading:] ** 2).sum(axis=1) / variances[n_leading:].mean()
    np.testing.assert_allclose(
        fitted(windows, explained_share=explained_share).score(windows), leading + rest, rtol=1e-8
    )


def test_a_break_of_the_rhythm_scores_highest():
    series = rhythm()
    series[600:610] = series[600]
    scores = fitted(windows_of(series, 20)[0]).score(windows_of(series, 20)[0])
    assert 600 - 19 <= scores.argmax() < 630


def test_normalised_windows_know_neither_level_nor_size():
    windows, _ = windows_of(rhythm(), 20)
    model = fitted(windows, z_normalised=True)
    np.testing.assert_allclose(model.score(windows * 7 + 300), model.score(windows), rtol=1e-6)
    assert not np.allclose(fitted(windows).score(windows * 7 + 300), fitted(windows).score(windows))


def test_channels_are_normalised_each_on_its_own():
    series = np.column_stack([rhythm(), rhythm()[::-1]])
    windows, _ = windows_of(series, 20)
    units = np.tile([1.0, 1e6], 20)
    model = fitted(windows, z_normalised=True, n_channels=2)
    np.testing.assert_allclose(model.score(windows * units), model.score(windows), rtol=1e-6)


def test_flat_windows_are_survived_when_normalised():
    model = fitted(windows_of(rhythm(), 20)[0], z_normalised=True)
    assert np.isfinite(model.score(np.full((2, 20), 0.1))).all()


@pytest.mark.parametrize("z_normalised", [False, True])
def test_contributions_add_up_to_the_score_and_point_at_the_moment(z_normalised):
    windows, _ = windows_of(rhythm(), 20)
    model = fitted(windows, z_normalised=z_normalised)
    odd = windows[100:101].copy()
    odd[0, 13] += 1
    parts = model.contributions(odd)
    np.testing.assert_allclose(parts.sum(axis=1), model.score(odd), rtol=1e-9)
    assert parts[0].argmax() == 13


def test_windows_that_are_all_alike_give_the_squared_distance_to_them():
    model = fitted(np.full((20, 3), 4.0))
    np.testing.assert_allclose(model.score(np.array([[4.0, 4.0, 4.0], [4.0, 6.0, 5.0]])), [0.0, 5.0])


@pytest.mark.parametrize("z_normalised", [False, True])
@pytest.mark.parametrize("scale", [1e-150, 1e15, 1e200, 1e308])
def test_values_of_any_size_give_finite_scores(scale, z_normalised):
    rows = np.random.default_rng(0).uniform(-1, 1, size=(50, 4)) * scale
    model = fitted(rows, z_normalised=z_normalised)
    assert np.isfinite(model.score(rows)).all()
    assert np.isfinite(model.score(np.array([[1.7e308, -1.7e308, 1.7e308, 0.0]]))).all()


def test_windows_not_made_of_their_channels_are_refused():
    with pytest.raises(InvalidData, match="3 channels"):
        fitted(np.zeros((10, 4)), n_channels=3)


def test_a_long_series_is_sampled_by_seed(monkeypatch):
    monkeypatch.setattr(sub_pca, "MAX_TRAINING_ROWS", 100)
    windows, _ = windows_of(rhythm(), 5)
    first, same, other = (fitted(windows, seed=seed).centre for seed in (1, 1, 2))
    assert np.array_equal(first, same)
    assert not np.array_equal(first, other)


def test_a_state_with_channels_that_do_not_divide_its_windows_is_refused():
    state = fitted(windows_of(rhythm(), 5)[0]).state()
    with pytest.raises(CorruptModel, match="not made of its channels"):
        SubsequenceComponents.restore(ModelState(state.arrays, {"n_normalised": 2}))
