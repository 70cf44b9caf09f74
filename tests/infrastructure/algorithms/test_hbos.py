import numpy as np
import pytest

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.hbos import FLOOR_SHARE, MAX_BINS, Hbos


def matrix(rows):
    return FeatureMatrix(rows, tuple(f"f{i}" for i in range(rows.shape[1])))


def test_scores_are_those_of_numpys_histogram():
    rows = np.random.default_rng(2).normal(size=(500, 3))
    model = Hbos(n_bins=12).fit(matrix(rows), seed=0)
    expected = np.zeros(500)
    for column in rows.T:
        counts, edges = np.histogram(column, bins=12)
        heights = counts + FLOOR_SHARE * 500 / 12
        expected += np.log(heights.max() / heights)[np.clip(np.digitize(column, edges) - 1, 0, 11)]
    np.testing.assert_allclose(model.score(rows), expected, rtol=1e-12)


def test_contributions_add_up_to_the_score():
    rows = np.random.default_rng(2).normal(size=(100, 3))
    model = Hbos().fit(matrix(rows), seed=0)
    np.testing.assert_allclose(model.contributions(rows).sum(axis=1), model.score(rows), rtol=1e-12)


def test_empty_bins_and_values_outside_get_the_same_floor():
    rows = np.array([[0.0], [0.1], [0.2], [10.0]])
    model = Hbos(n_bins=10).fit(matrix(rows), seed=0)
    empty_bin, below, above, far_above = model.score(np.array([[5.0], [-0.1], [10.1], [1e300]]))
    assert empty_bin == below == above == far_above
    assert empty_bin == pytest.approx(np.log((3 + FLOOR_SHARE * 0.4) / (FLOOR_SHARE * 0.4)))


def test_a_gap_between_two_modes_is_strange():
    rng = np.random.default_rng(0)
    rows = np.concatenate([rng.normal(-5, 1, 500), rng.normal(5, 1, 500)])[:, None]
    gap, mode = Hbos().fit(matrix(rows), seed=0).score(np.array([[0.0], [5.0]]))
    assert gap > mode + 1


def test_the_number_of_bins_follows_freedman_and_diaconis():
    rows = np.linspace(0.0, 1.0, 1001)[:, None]  # IQR 0.5, so a width of 1 / 1001^(1/3) = 0.09997
    assert Hbos().fit(matrix(rows), seed=0).n_bins.tolist() == [10]


def test_a_column_whose_inner_half_is_one_value_gets_the_square_root_of_the_rows():
    rows = np.zeros((400, 1))
    rows[:20, 0] = np.arange(20)
    assert Hbos().fit(matrix(rows), seed=0).n_bins.tolist() == [20]


def test_a_long_tail_cannot_ask_for_any_number_of_bins():
    rows = np.random.default_rng(0).normal(size=(1000, 1))
    rows[0] = 1e15
    assert Hbos().fit(matrix(rows), seed=0).n_bins.tolist() == [MAX_BINS]


def test_a_constant_column_adds_nothing_for_its_value():
    rows = np.column_stack([np.arange(50.0), np.full(50, 0.1)])
    model = Hbos().fit(matrix(rows), seed=0)
    assert model.contributions(rows)[:, 1].max() == 0.0
    assert model.contributions(np.array([[3.0, 0.2]]))[0, 1] > 0


def test_a_row_has_the_same_bits_alone_and_in_a_batch():
    rows = np.random.default_rng(3).lognormal(size=(300, 7))
    model = Hbos().fit(matrix(rows), seed=0)
    assert model.score(rows).tolist() == [model.score(rows[i : i + 1])[0] for i in range(300)]


@pytest.mark.parametrize("rows", [[[-1.7e308], [0.0], [1.7e308]], [[0.0], [5e-324], [1e-323]]])
def test_the_edges_of_the_float_range_are_survived(rows):
    rows = np.array(rows)
    assert np.isfinite(Hbos().fit(matrix(rows), seed=0).score(rows)).all()


def test_a_histogram_that_ends_before_it_starts_is_refused():
    state = Hbos().fit(matrix(np.arange(9.0)[:, None]), seed=0).state()
    swapped = {**state.arrays, "low": state.arrays["high"], "high": state.arrays["low"]}
    with pytest.raises(CorruptModel, match="ends before it starts"):
        Hbos.restore(ModelState(swapped, state.scalars))
