from itertools import pairwise

import pytest

from pynomaly.infrastructure.algorithms.own_rows.torch_rows import TORCH_ROWS

SIZES = (2, 10, 100, 255, 256, 1000, 4097, 9999, 10_001, 10_102, 49_999, 50_001, 10**6)
WIDTHS = (1, 2, 3, 4, 39, 40, 41, 160, 161, 768)


@pytest.fixture(params=TORCH_ROWS, ids=lambda row: row.description.name)
def row(request):
    return request.param


def costs(row, sizes):
    settings = row.description.settings({})
    found = [row.cost(n_rows, n_features, settings) for n_rows, n_features in sizes]
    return [(one.fit_seconds, one.score_seconds_per_row, one.fit_bytes, one.model_bytes) for one in found]


def test_more_rows_or_columns_never_cost_less(row):
    by_rows = costs(row, [(n_rows, 20) for n_rows in SIZES])
    by_columns = costs(row, [(5000, width) for width in WIDTHS])
    for less, more in (*pairwise(by_rows), *pairwise(by_columns)):
        assert all(left <= right for left, right in zip(less, more, strict=True))


def test_a_table_of_5000_by_20_is_said_to_take_seconds(row):
    ((seconds, *_),) = costs(row, [(5000, 20)])
    assert 1 < seconds < 20


def test_epochs_that_were_set_are_counted(row):
    few, many = (row.cost(5000, 20, row.description.settings({"epochs": epochs})) for epochs in (10, 1000))
    assert many.fit_seconds > 5 * few.fit_seconds
