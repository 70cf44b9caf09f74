"""What every row of the catalogue must do; a new row is tested for existing."""

from itertools import pairwise

import numpy as np
import pytest

from pynomaly.application.ports.algorithm import ExplainsItself, LearnsFromLabels, LearnsOnline
from pynomaly.domain.errors import (
    ColumnMismatch,
    InvalidData,
    InvalidParameter,
    NotStorable,
    TooFewRows,
    TransductiveDetector,
)
from pynomaly.infrastructure.algorithms.catalog import OWN_ROWS, ROWS_OF_EXTRAS
from tests.conformance.trained import CATALOG, N_ANOMALIES, as_if_stored, fit, planted_rows, trained

EXPLAINS_ITSELF = {"copod", "ecod", "hbos", "mcd", "pca", "robust_ewma", "sub_pca"}


def test_scores_are_finite_float64_one_per_row(any_algorithm):
    one = trained(any_algorithm)
    assert one.scores.shape == (len(one.rows),)
    assert one.scores.dtype == np.float64
    assert np.isfinite(one.scores).all()


def test_planted_anomalies_score_above_the_median_inlier(any_algorithm):
    scores = trained(any_algorithm).scores
    assert scores[-N_ANOMALIES:].min() > np.median(scores[:-N_ANOMALIES])


def test_the_same_seed_gives_the_same_scores(any_algorithm):
    one = trained(any_algorithm)
    assert np.array_equal(fit(any_algorithm, one.rows).score(one.rows), one.scores)


def test_fitting_and_scoring_leave_the_rows_alone(any_algorithm):
    one = trained(any_algorithm)
    assert np.array_equal(one.rows, planted_rows(one.description))


def test_read_only_rows_are_accepted(any_algorithm):
    one = trained(any_algorithm)
    rows = one.rows.copy()
    rows.flags.writeable = False
    assert np.array_equal(one.model.score(rows), one.scores)


def test_column_major_rows_score_the_same(inductive):
    one = trained(inductive)
    np.testing.assert_allclose(one.model.score(np.asfortranarray(one.rows)), one.scores, rtol=1e-9, atol=1e-9)


def test_the_order_of_the_rows_does_not_matter(inductive):
    one = trained(inductive)
    order = np.random.default_rng(1).permutation(len(one.rows))
    np.testing.assert_allclose(one.model.score(one.rows[order]), one.scores[order], rtol=1e-9, atol=1e-9)


def test_a_row_alone_scores_as_in_its_batch(inductive):
    one = trained(inductive)
    places = range(0, len(one.rows), 23)
    alone = [one.model.score(one.rows[place : place + 1])[0] for place in places]
    np.testing.assert_allclose(alone, one.scores[list(places)], rtol=1e-9, atol=1e-9)


def test_strange_company_does_not_change_a_score(inductive):
    one = trained(inductive)
    crowd = np.vstack([one.rows[:5], np.repeat(one.rows[-1:] * 3, 50, axis=0)])
    np.testing.assert_allclose(one.model.score(crowd)[:5], one.scores[:5], rtol=1e-9, atol=1e-9)


def test_no_rows_give_no_scores(own_algorithm):
    one = trained(own_algorithm)
    assert one.model.score(one.rows[:0]).shape == (0,)


@pytest.mark.parametrize("change", [-1, 1])
def test_another_number_of_columns_is_refused(any_algorithm, change):
    one = trained(any_algorithm)
    n_features = one.rows.shape[1] + change
    with pytest.raises(ColumnMismatch):
        one.model.score(np.ones((3, n_features), dtype=one.rows.dtype))


@pytest.mark.parametrize("poison", [np.nan, np.inf])
def test_a_missing_or_infinite_cell_gets_no_made_up_score(inductive, poison):
    one = trained(inductive)
    rows = one.rows[:3].copy()
    rows[1, 0] = poison
    with pytest.raises(InvalidData):
        one.model.score(rows)


def test_a_constant_column_is_survived(any_algorithm):
    rows = trained(any_algorithm).rows
    rows = np.column_stack([rows[:, 1:], np.full(len(rows), 5.0)]).astype(rows.dtype)
    assert np.isfinite(fit(any_algorithm, rows).score(rows)).all()


def test_duplicated_rows_are_survived(any_algorithm):
    rows = np.repeat(trained(any_algorithm).rows[::10], 10, axis=0)
    assert np.isfinite(fit(any_algorithm, rows).score(rows)).all()


def test_the_fewest_allowed_rows_are_enough(any_algorithm):
    one = trained(any_algorithm)
    rows = one.rows[: one.description.min_rows, :2]
    assert np.isfinite(fit(any_algorithm, rows).score(rows)).all()


def test_one_row_fewer_than_allowed_is_refused(any_algorithm):
    one = trained(any_algorithm)
    with pytest.raises(TooFewRows):
        fit(any_algorithm, one.rows[: one.description.min_rows - 1])


def test_huge_values_give_finite_scores(own_algorithm):
    rows = trained(own_algorithm).rows.copy()
    rows[:, 0] *= 1e15
    rows[-1] = 1e30
    assert np.isfinite(fit(own_algorithm, rows).score(rows)).all()


def test_more_columns_than_rows_give_finite_scores(own_algorithm):
    dtype = trained(own_algorithm).rows.dtype
    rows = np.random.default_rng(3).normal(size=(100, 768)).astype(dtype)
    scores = fit(own_algorithm, rows).score(rows)
    assert np.isfinite(scores).all()
    assert np.ptp(scores) > 0


def test_a_transductive_detector_refuses_other_rows(transductive):
    one = trained(transductive)
    with pytest.raises(TransductiveDetector):
        one.model.score(one.rows[:3])
    with pytest.raises(TransductiveDetector):
        one.model.score(one.rows + 1)


def test_a_restored_model_gives_bit_equal_scores(storable):
    one = trained(storable)
    restored = CATALOG.restore(storable, as_if_stored(one.model.state()))
    if one.description.is_inductive:
        assert np.array_equal(restored.score(one.rows[::-1]), one.model.score(one.rows[::-1]))
    assert np.array_equal(restored.score(one.rows), one.scores)


def test_a_restored_model_has_the_same_state(storable):
    state = trained(storable).model.state()
    again = CATALOG.restore(storable, as_if_stored(state)).state()
    assert again.scalars == state.scalars
    assert {name: array.tobytes() for name, array in again.arrays.items()} == {
        name: array.tobytes() for name, array in state.arrays.items()
    }


def test_a_model_that_cannot_be_stored_says_so(not_storable):
    one = trained(not_storable)
    assert one.description.not_storable_because
    with pytest.raises(NotStorable):
        one.model.state()


def test_a_model_explains_itself_if_and_only_if_that_is_known(any_algorithm):
    assert isinstance(trained(any_algorithm).model, ExplainsItself) == (any_algorithm in EXPLAINS_ITSELF)


@pytest.mark.parametrize("name", sorted(EXPLAINS_ITSELF))
def test_contributions_add_up_to_the_score_less_a_constant(name):
    one = trained(name)
    parts = one.model.contributions(one.rows)
    assert parts.shape == one.rows.shape
    assert parts.dtype == np.float64
    rest = one.scores - parts.sum(axis=1)
    np.testing.assert_allclose(rest, rest[0], atol=1e-9 * np.abs(one.scores).max())


@pytest.mark.parametrize("name", sorted(EXPLAINS_ITSELF))
def test_contributions_refuse_another_number_of_columns(name):
    with pytest.raises(ColumnMismatch):
        trained(name).model.contributions(np.ones((2, 3)))


def test_the_ends_of_every_declared_range_are_accepted(any_algorithm):
    for parameter in CATALOG.describe(any_algorithm).parameters:
        for value in (parameter.default, parameter.minimum, parameter.maximum, *parameter.choices):
            if value is not None or parameter.is_optional:
                CATALOG.create(any_algorithm, {parameter.name: value})


def test_values_beyond_a_declared_range_are_refused(any_algorithm):
    for parameter in CATALOG.describe(any_algorithm).parameters:
        beyond = [end + step for end, step in ((parameter.minimum, -1), (parameter.maximum, 1)) if end is not None]
        for value in (*beyond, "no such value"):
            with pytest.raises(InvalidParameter):
                CATALOG.create(any_algorithm, {parameter.name: value})


def test_the_smallest_settings_and_every_choice_can_be_fitted(own_algorithm):
    rows = trained(own_algorithm).rows
    for parameter in CATALOG.describe(own_algorithm).parameters:
        for value in (parameter.minimum, *parameter.choices):
            if value is not None:
                assert np.isfinite(fit(own_algorithm, rows, **{parameter.name: value}).score(rows)).all()


def test_what_a_description_says_of_learning_is_so(any_algorithm):
    one = trained(any_algorithm)
    assert isinstance(one.model, LearnsOnline) == one.description.learns_online
    assert isinstance(CATALOG.create(any_algorithm, {}), LearnsFromLabels) == one.description.learns_from_labels


@pytest.mark.parametrize("name", [row.description.name for row in (*OWN_ROWS, *ROWS_OF_EXTRAS)])
def test_an_algorithm_of_our_own_declares_what_it_costs(name):
    sizes = [(100, 2), (10_000, 2), (10_000, 20), (1_000_000, 20), (1_000_000, 200)]
    costs = [CATALOG.cost(name, {}, n_rows=n_rows, n_features=width) for n_rows, width in sizes]
    assert None not in costs
    for smaller, larger in pairwise(costs):
        for figure in ("fit_seconds", "score_seconds_per_row", "fit_bytes", "model_bytes"):
            assert 0 < getattr(smaller, figure) <= getattr(larger, figure), figure
