import numpy as np
import pytest

from pynomaly.domain.errors import InvalidData, InvalidRequest, TooFewRows
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.domain.series import point_scores, windows_of
from pynomaly.infrastructure.algorithms.catalog import Catalog


def test_windows_of_one_channel_run_from_old_to_new():
    windows, names = windows_of(np.arange(6.0), 4)
    assert windows.tolist() == [[0, 1, 2, 3], [1, 2, 3, 4], [2, 3, 4, 5]]
    assert names == ("t-3", "t-2", "t-1", "t-0")


def test_channels_of_a_moment_stand_side_by_side():
    windows, names = windows_of(np.array([[1, 10], [2, 20], [3, 30]]), 2)
    assert windows.tolist() == [[1, 10, 2, 20], [2, 20, 3, 30]]
    assert names == ("t-1:0", "t-1:1", "t-0:0", "t-0:1")


def test_windows_may_skip_starts():
    assert windows_of(np.arange(8.0), 3, step=2)[0].tolist() == [[0, 1, 2], [2, 3, 4], [4, 5, 6]]


def test_windows_are_a_read_only_matrix_of_their_own():
    series = np.arange(5.0)
    windows, names = windows_of(series, 2)
    series[0] = 99
    assert windows[0, 0] == 0
    assert not windows.flags.writeable
    assert windows.flags.c_contiguous
    assert FeatureMatrix(windows, names).n_samples == 4


@pytest.mark.parametrize(
    ("series", "width", "step", "error"),
    [
        (np.arange(3.0), 4, 1, TooFewRows),
        (np.arange(3.0), 0, 1, InvalidRequest),
        (np.arange(3.0), 1, 0, InvalidRequest),
        (np.zeros((3, 2, 2)), 1, 1, InvalidData),
        (np.zeros((3, 0)), 1, 1, InvalidData),
    ],
)
def test_what_has_no_windows_is_refused(series, width, step, error):
    with pytest.raises(error):
        windows_of(series, width, step=step)


def test_a_point_gets_the_score_of_the_window_that_ends_there():
    assert point_scores(np.array([1.0, 2.0, 3.0]), 5, 3).tolist() == [1, 1, 1, 2, 3]
    assert point_scores(np.array([1.0, 2.0]), 2, 1).tolist() == [1, 2]


@pytest.mark.parametrize(("n_scores", "n_points", "width"), [(3, 5, 2), (0, 2, 3), (3, 2, 0)])
def test_scores_that_are_not_those_of_the_windows_are_refused(n_scores, n_points, width):
    with pytest.raises(InvalidData):
        point_scores(np.zeros(n_scores), n_points, width)


@pytest.mark.parametrize("name", ["sub_pca", "ar_residual"])
@pytest.mark.parametrize("n_channels", [1, 2])
def test_cutting_the_future_changes_no_earlier_score(name, n_channels):
    rng = np.random.default_rng(0)
    series = np.sin(np.arange(400) / 5)[:, np.newaxis] * np.arange(1, n_channels + 1) + 0.1 * rng.normal(
        size=(400, n_channels)
    )
    series[300] += 4
    windows, names = windows_of(series[:250], 12)
    model = Catalog(plugins=()).create(name, {"n_channels": n_channels}).fit(FeatureMatrix(windows, names), seed=0)

    def scores(n_points):
        return point_scores(model.score(windows_of(series[:n_points], 12)[0]), n_points, 12)

    whole = scores(400)
    for n_points in (12, 200, 300, 301, 399):
        np.testing.assert_allclose(scores(n_points), whole[:n_points], rtol=1e-9, atol=1e-9)
    assert 300 <= whole.argmax() < 312
