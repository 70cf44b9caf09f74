import numpy as np
import pytest

from pynomaly.domain.errors import (
    InvalidData,
    NonFiniteScores,
    NotStorable,
    TooFewRows,
    TransductiveDetector,
)
from pynomaly.domain.evaluation import roc_auc
from pynomaly.infrastructure.algorithms.pyod_adapter.session import fitted, load_class, pyod_session
from pynomaly.infrastructure.algorithms.pyod_adapter.table import PYOD_TABLE
from tests.infrastructure.algorithms.pyod_adapter.examples import (
    EVERY,
    INDUCTIVE,
    N_PLANTED,
    QUICKLY,
    TRANSDUCTIVE,
    fit,
    planted_table,
    table_for,
)


@pytest.mark.parametrize("rounding", [None, 0], ids=["continuous", "whole numbers"])
@pytest.mark.parametrize("n_features", [4, 40])
@pytest.mark.parametrize("name", INDUCTIVE)
def test_a_row_scores_the_same_alone_in_its_batch_and_in_a_shuffled_batch(name, n_features, rounding):
    # whole numbers put rows on the edges of bins and balls; 40 columns make scikit-learn choose other arithmetic
    rows = planted_table(PYOD_TABLE[name].description.max_features or n_features, n_rows=100)
    if rounding is not None:
        rows = np.round(2 * rows) / 3
    model = fit(name, rows)
    asked = np.vstack([rows, rows[:50] + 0.1])
    together = model.score(asked)

    alone = np.concatenate([model.score(asked[place : place + 1]) for place in range(0, 150, 5)])
    order = np.random.default_rng(1).permutation(150)
    np.testing.assert_allclose(alone, together[::5], rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(model.score(asked[order]), together[order], rtol=1e-9, atol=1e-9)


SCORED_OTHERWISE = {"pyod.loda", "pyod.vae"}
"""Where PyOD looks a row up in the wrong bin, or draws noise while it scores."""


@pytest.mark.parametrize("name", sorted(set(INDUCTIVE) - SCORED_OTHERWISE))
def test_scores_are_those_of_the_decision_function(name):
    row = PYOD_TABLE[name]
    rows = table_for(name)
    fresh = np.random.default_rng(9).normal(size=(30, rows.shape[1]))  # on no edge of a bin or ball
    given = row.description.settings(QUICKLY.get(name, {}))
    derived = row.derive(rows, given) if row.derive else {}
    settings = {key: value for key, value in {**given, **derived}.items() if value is not None}
    seed = {"random_state": 3} if row.is_seeded else {}
    original = fitted(load_class(row.target), {**row.arguments, **settings, **seed}, rows.copy(), name=name, seed=3)
    with pyod_session(name):
        expected = original.decision_function(fresh.copy())

    rtol = 1e-4 if "torch" in row.needs else 1e-9  # PyOD's networks score in single precision
    np.testing.assert_allclose(fit(name, rows, seed=3).score(fresh), expected, rtol=rtol, atol=1e-12)


@pytest.mark.parametrize("name", TRANSDUCTIVE)
def test_a_transductive_detector_scores_its_own_table_and_nothing_else(name):
    rows = table_for(name)
    model = fit(name, rows)

    assert np.array_equal(model.score(rows.copy()), model.score(rows))
    for other in (rows[:1], rows[::-1], rows + 1e-9, np.vstack([rows, rows[:1]])):
        with pytest.raises(TransductiveDetector, match=f"to score other rows use {PYOD_TABLE[name].alternative}"):
            model.score(other)
    with pytest.raises(NotStorable, match="table it was fitted on"):
        model.state()


@pytest.mark.parametrize("name", TRANSDUCTIVE)
def test_the_order_of_the_table_does_not_change_transductive_scores(name):
    rows = table_for(name)
    order = np.random.default_rng(2).permutation(len(rows))

    np.testing.assert_allclose(fit(name, rows[order]).score(rows[order]), fit(name, rows).score(rows)[order], rtol=1e-9)


@pytest.mark.parametrize("name", EVERY)
def test_a_table_of_equal_rows_is_refused(name):
    rows = np.ones_like(table_for(name))

    with pytest.raises(InvalidData):
        fit(name, rows)


@pytest.mark.parametrize("name", ["pyod.pca", "pyod.mcd", "pyod.gmm", "pyod.ecod", "pyod.copod", "pyod.rod"])
def test_a_constant_column_does_not_spoil_the_scores(name):
    rows = planted_table()
    rows[:, 2] = 4.0
    scores = fit(name, rows).score(rows)

    assert roc_auc(np.arange(80) < N_PLANTED, scores) > 0.9
    assert np.abs(scores).max() < 1e6


def test_a_column_that_follows_from_another_does_not_blow_up_pca():
    # PyOD alone divides by the variance of a direction that has none and returns scores near 1e17
    rows = planted_table()
    rows[:, 3] = 2 * rows[:, 0]

    assert np.abs(fit("pyod.pca", rows).score(rows)).max() < 1e6


def test_repeated_rows_do_not_break_abod_and_break_sos_with_a_sentence():
    rows = np.repeat(planted_table(n_rows=12), 6, axis=0)

    assert np.isfinite(fit("pyod.abod", rows).score(rows)).all()
    with pytest.raises(NonFiniteScores, match=r"repeated rows.*try knn"):
        fit("pyod.sos", rows)


def test_too_many_rows_are_refused_with_an_alternative():
    rows = np.random.default_rng(0).normal(size=(501, 2))

    with pytest.raises(InvalidData, match=r"at most 500 rows.*use lof"):
        fit("pyod.loci", rows)


def test_too_many_columns_are_refused_with_an_alternative():
    with pytest.raises(InvalidData, match=r"at most 1 columns.*use mad"):
        fit("pyod.mad", planted_table(2))


def test_a_setting_larger_than_the_table_is_refused_by_name():
    with pytest.raises(TooFewRows, match="n_neighbors=500 needs more than 500 different rows"):
        fit("pyod.lof", planted_table(), n_neighbors=500)


def test_cblof_without_a_split_of_clusters_says_what_to_do():
    corners = np.array([[0.0, 0.0], [9.0, 0.0], [0.0, 9.0], [9.0, 9.0]])
    rows = np.repeat(corners, 20, axis=0) + np.random.default_rng(0).normal(scale=0.01, size=(80, 2))

    with pytest.raises(InvalidData, match="set another n_clusters, or use knn"):
        fit("pyod.cblof", rows, n_clusters=4, alpha=0.95)


def test_mcd_asks_for_twice_as_many_rows_as_columns():
    with pytest.raises(TooFewRows, match="more than 80 are needed"):
        fit("pyod.mcd", planted_table(40, n_rows=60))


def test_values_whose_distances_overflow_are_refused():
    model = fit("pyod.knn", planted_table())

    with pytest.raises(NonFiniteScores, match=r"pyod\.knn gives 1 of 2 rows no finite score"):
        model.score(np.array([[0.0, 0, 0, 0], [1e300, 0, 0, 0]]))


def test_one_score_for_all_rows_is_refused_with_an_alternative():
    rows = np.repeat(planted_table(n_rows=12), 6, axis=0)  # five nearest neighbours at distance 0

    with pytest.raises(InvalidData, match="same score; try knn"):
        fit("pyod.knn", rows)


def test_r_graph_finds_rows_that_leave_the_plane_of_the_others():
    # in the setting of its paper; PyOD alone gives long rows the lowest scores
    rng = np.random.default_rng(1)
    rows = rng.normal(size=(60, 2)) @ rng.normal(size=(2, 8))
    rows[:N_PLANTED] = 5 * rng.normal(size=(N_PLANTED, 8))

    assert roc_auc(np.arange(60) < N_PLANTED, fit("pyod.rgraph", rows).score(rows)) > 0.95


def test_no_rows_give_no_scores():
    assert fit("pyod.knn", planted_table()).score(np.empty((0, 4))).shape == (0,)
