import numpy as np
import pytest

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import CorruptModel
from pynomaly.infrastructure.algorithms.kernels.tables import tail_terms
from pynomaly.infrastructure.algorithms.tail_lines import tail_lines
from pynomaly.infrastructure.algorithms.tail_tables import THINNING, learn_tail_tables, restore_tail_tables


def exact_surprise(training, values):
    """The definition, by counting."""
    n_rows = len(training)
    left = [-np.log(((training <= value).sum() + 1) / (n_rows + 1)) for value in values]
    right = [-np.log(((training >= value).sum() + 1) / (n_rows + 1)) for value in values]
    return np.array(left), np.array(right)


def surprise(tables, values):
    """-log p of the left and right tail by the tables, both (n_features, n_samples)."""
    lines = tail_lines(tables, np.zeros(tables.n_features, dtype=bool), "both_tails")
    return tail_terms(lines, values)


def columns_of(n_rows):
    rng = np.random.default_rng(11)
    return np.column_stack(
        [
            rng.normal(size=n_rows),
            rng.lognormal(sigma=3, size=n_rows),
            rng.poisson(2, size=n_rows),
            np.where(rng.random(n_rows) < 0.7, 0.0, rng.normal(size=n_rows)),
            np.full(n_rows, 3.5),
        ]
    )


def values_beside(column):
    rng = np.random.default_rng(5)
    drawn = rng.choice(column, 200)
    return np.concatenate([drawn, drawn + rng.normal(scale=0.3, size=200), [-1e300, 1e300, 0.0, 3.5]])


def test_a_short_column_is_counted_exactly():
    rows = columns_of(150)
    tables = learn_tail_tables(rows)
    values = np.column_stack([values_beside(column) for column in rows.T])
    left, right = surprise(tables, values)
    for place in range(rows.shape[1]):
        expected_left, expected_right = exact_surprise(rows[:, place], values[:, place])
        np.testing.assert_allclose(left[place], expected_left, atol=1e-12)
        np.testing.assert_allclose(right[place], expected_right, atol=1e-12)


def test_a_long_column_is_off_by_no_more_than_the_stated_error():
    rows = columns_of(20_000)
    tables = learn_tail_tables(rows)
    values = np.column_stack([values_beside(column) for column in rows.T])
    left, right = surprise(tables, values)
    for place in range(rows.shape[1]):
        expected_left, expected_right = exact_surprise(rows[:, place], values[:, place])
        assert np.abs(left[place] - expected_left).max() <= THINNING
        assert np.abs(right[place] - expected_right).max() <= THINNING


def test_the_size_hardly_grows_with_the_rows():
    sizes = [learn_tail_tables(np.random.default_rng(0).normal(size=(n, 1))).knots.size for n in (10_000, 100_000)]
    assert sizes[0] < 1200
    assert sizes[1] < 1700


def test_values_at_the_edge_of_the_float_range_are_counted():
    rows = np.array([[-1.7e308], [0.0], [5e-324], [1.7e308]] * 400)
    tables = learn_tail_tables(rows)
    left, right = surprise(tables, np.array([[-1.7e308], [1e-300], [1.7e308]]))
    np.testing.assert_allclose(np.exp(-left[0]) * 1601 - 1, [400, 1200, 1600])
    np.testing.assert_allclose(np.exp(-right[0]) * 1601 - 1, [1600, 400, 400])


@pytest.mark.parametrize(
    ("name", "place", "value"),
    [
        ("knots", 1, -50.0),
        ("n_below", 0, 1),
        ("n_below", 1, 0),
        ("n_at_most", -1, 4),
        ("n_at_most", 0, 0),
        ("n_knots", 0, 2),
    ],
)
def test_tables_that_do_not_add_up_are_refused(name, place, value):
    tables = learn_tail_tables(np.array([[1.0], [2.0], [3.0], [4.0], [5.0]]))
    arrays = {key: array.copy() for key, array in tables.arrays().items()}
    restore_tail_tables(ModelState(arrays), 5)
    arrays[name][place] = value
    with pytest.raises(CorruptModel):
        restore_tail_tables(ModelState(arrays), 5)
