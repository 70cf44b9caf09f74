import numpy as np
import pytest
from scipy.stats import chi2, spearmanr
from sklearn.covariance import MinCovDet

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms import mcd
from pynomaly.infrastructure.algorithms.mcd import SHRINKAGE, MinimumCovarianceDeterminant


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


def fitted(rows, **parameters):
    return MinimumCovarianceDeterminant(**parameters).fit(matrix(rows), seed=0)


def correlated_rows(n_rows, n_features, seed=8):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n_rows, n_features)) @ rng.normal(size=(n_features, n_features)) + 5


def crowd_and_company(n_crowd=800, n_company=150):
    """Return a flat crowd and, off its plane, a company of anomalies that keep close to each other."""
    rng = np.random.default_rng(0)
    return np.vstack([rng.normal(size=(n_crowd, 2)) * [10, 0.1], rng.normal(size=(n_company, 2)) * 0.1 + [0, 30]])


@pytest.fixture
def _unshrunk(monkeypatch):
    monkeypatch.setattr(mcd, "SHRINKAGE", 0.0)


@pytest.mark.usefixtures("_unshrunk")
@pytest.mark.parametrize("support_fraction", [0.5, 0.75])
def test_centre_and_distances_agree_with_scikit_learn(support_fraction):
    rows = correlated_rows(1000, 4)
    rows[:100] += 30
    peer = MinCovDet(support_fraction=support_fraction, random_state=0).fit(rows)
    model = fitted(rows, support_fraction=support_fraction)
    spread = np.sqrt(np.diag(peer.covariance_))
    np.testing.assert_allclose((model.centre - peer.location_) / spread, 0, atol=0.05)
    assert spearmanr(model.score(rows), peer.mahalanobis(rows)).statistic > 0.999
    np.testing.assert_allclose(model.score(rows[100:]), peer.mahalanobis(rows[100:]), rtol=0.25)


def test_all_rows_give_the_squared_distance_under_the_shrunk_covariance_of_scaled_columns():
    rows = correlated_rows(400, 3)
    middle = np.median(rows, axis=0)
    scale = 1.4826 * np.median(np.abs(rows - middle), axis=0)
    scaled = (rows - middle) / scale
    covariance = np.cov(scaled.T, bias=True)
    shrunk = (1 - SHRINKAGE) * covariance + SHRINKAGE * np.trace(covariance) / 3 * np.eye(3)
    away = scaled - scaled.mean(axis=0)
    expected = np.einsum("ij,ij->i", away, np.linalg.solve(shrunk, away.T).T)
    np.testing.assert_allclose(fitted(rows, support_fraction=1.0).score(rows), expected, rtol=1e-9)


@pytest.mark.usefixtures("_unshrunk")
def test_scores_of_normal_rows_follow_the_chi_squared_distribution():
    rows = correlated_rows(5000, 5)
    scores = fitted(rows).score(rows)
    for share in (0.1, 0.5, 0.9):
        assert np.quantile(scores, share) == pytest.approx(chi2.ppf(share, 5), rel=0.1)


def test_anomalies_that_keep_each_other_company_stay_outside():
    rows = crowd_and_company()
    robust, classical = (fitted(rows, support_fraction=share).score(rows) for share in (0.75, 1.0))
    assert robust[800:].min() > 1000 * robust[:800].max()
    assert classical[800:].min() < 100 * classical[:800].max()


def test_half_of_the_rows_may_be_enough():
    rows = crowd_and_company(n_crowd=600, n_company=400)
    scores = fitted(rows, support_fraction=0.5).score(rows)
    assert scores[600:].min() > scores[:600].max()


def test_one_enormous_row_does_not_hide_the_others():
    rows = correlated_rows(300, 3)
    rows[0] = 1e60
    rows[1] += [20, -20, 20]
    assert np.argsort(fitted(rows).score(rows))[-2:].tolist() == [1, 0]


@pytest.mark.parametrize("shape", [(2, 3), (6, 6), (30, 70), (100, 30)])
def test_few_rows_for_their_columns_are_survived(shape):
    rows = correlated_rows(*shape)
    scores = fitted(rows).score(np.vstack([rows, rows.mean(axis=0) + 1e3 * rows.std(axis=0)]))
    assert np.isfinite(scores).all()
    assert scores.argmax() == len(rows)


def test_columns_that_hold_mostly_one_value_notice_another():
    rng = np.random.default_rng(0)
    rows = np.column_stack([rng.normal(size=500), rng.random(500) < 0.02, np.full(500, 3.0)]).astype(np.float64)
    model = fitted(rows)
    usual, rare, never = model.score(np.array([[0.0, 0.0, 3.0], [0.0, 1.0, 3.0], [0.0, 0.0, 4.0]]))
    assert usual < rare
    assert usual + 10 < never


def test_rows_that_are_all_alike_give_the_squared_distance_to_them():
    model = fitted(np.full((20, 3), 4.0))
    np.testing.assert_allclose(model.score(np.array([[4.0, 4.0, 4.0], [4.0, 6.0, 5.0]])), [0.0, 5.0])


def test_the_column_that_breaks_the_relation_gets_the_larger_part():
    rng = np.random.default_rng(0)
    shared = rng.normal(size=(500, 1))
    rows = np.hstack([1e6 * (shared + 0.1 * rng.normal(size=(500, 3))), rng.normal(size=(500, 1))])
    parts = fitted(rows).contributions(np.array([[0.0, 0.0, 2e6, 0.0]]))[0]
    assert parts.argmax() == 2


@pytest.mark.parametrize("scale", [1e-150, 1e-130, 1e15, 1e200, 1e308])
def test_values_of_any_size_give_finite_scores(scale):
    rows = np.random.default_rng(0).uniform(-1, 1, size=(50, 3)) * scale
    model = fitted(rows)
    assert np.isfinite(model.score(rows)).all()
    assert np.isfinite(model.score(np.full((1, 3), 1.7e308))).all()


def test_units_do_not_matter():
    rows = correlated_rows(300, 4)
    units = np.array([1e-6, 1.0, 1e3, 1e9])
    np.testing.assert_allclose(fitted(rows * units).score(rows * units), fitted(rows).score(rows), rtol=1e-6)


def test_a_long_table_is_sampled_by_seed():
    rows = np.random.default_rng(0).normal(size=(mcd.MAX_TRAINING_ROWS + 1000, 2))
    first, same, other = (MinimumCovarianceDeterminant().fit(matrix(rows), seed=seed) for seed in (1, 1, 2))
    assert np.array_equal(first.centre, same.centre)
    assert not np.array_equal(first.centre, other.centre)


def test_a_root_beyond_all_bounds_is_refused():
    state = fitted(correlated_rows(50, 3)).state()
    with pytest.raises(CorruptModel, match="outside"):
        MinimumCovarianceDeterminant.restore(ModelState({**state.arrays, "root": np.full((3, 3), 1e300)}))
