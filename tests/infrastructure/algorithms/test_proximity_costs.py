from itertools import pairwise

import pytest

from pynomaly.infrastructure.algorithms.catalog import Catalog

NAMES = ("cblof", "dte_np", "inne", "kde", "knn", "lof")
ROWS = (2, 3, 50, 900, 2000, 40_000, 1_000_000)
COLUMNS = (1, 2, 5, 10, 16, 40, 1000)


def figures(name, n_rows, n_features, **parameters):
    cost = Catalog(plugins=()).cost(name, parameters, n_rows=n_rows, n_features=n_features)
    return cost.fit_seconds, cost.score_seconds_per_row, cost.fit_bytes, cost.model_bytes


@pytest.mark.parametrize("name", NAMES)
def test_nothing_becomes_cheaper_when_rows_or_columns_are_added(name):
    for n_features in COLUMNS:
        by_rows = [figures(name, n_rows, n_features) for n_rows in ROWS]
        for fewer, more in pairwise(by_rows):
            assert all(a <= b for a, b in zip(fewer, more, strict=True)), n_features
    for n_rows in ROWS:
        by_columns = [figures(name, n_rows, n_features) for n_features in COLUMNS]
        for fewer, more in pairwise(by_columns):
            assert all(a <= b for a, b in zip(fewer, more, strict=True)), n_rows


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_is_above_nothing(name):
    assert min(figures(name, 2, 1)) > 0


def test_more_neighbours_and_an_approximate_fit_cost_more():
    few, many = (figures("knn", 10_000, 10, n_neighbors=k) for k in (5, 500))
    assert few[1] < many[1]
    assert figures("knn", 10_000, 10, search="approximate")[0] > figures("knn", 10_000, 10)[0]


def test_more_reference_rows_make_a_larger_model():
    small, large = (figures("lof", 100_000, 10, max_reference_rows=m) for m in (1000, 50_000))
    assert small[3] < large[3]
