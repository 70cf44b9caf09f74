from dataclasses import astuple
from itertools import pairwise

import pytest

from pynomaly.infrastructure.algorithms.own_rows.jax_rows import JAX_ROWS


@pytest.mark.parametrize("row", JAX_ROWS, ids=lambda row: row.description.name)
def test_nothing_gets_cheaper_with_more_rows_or_columns(row):
    settings = row.description.settings({})
    sizes = [(2, 1), (300, 1), (300, 9), (5000, 9), (5000, 200), (300_000, 200)]
    costs = [astuple(row.cost(n_rows, n_features, settings)) for n_rows, n_features in sizes]
    for smaller, larger in pairwise(costs):
        assert all(less <= more for less, more in zip(smaller, larger, strict=True))


@pytest.mark.parametrize("row", JAX_ROWS, ids=lambda row: row.description.name)
def test_the_extra_and_its_packages_are_named(row):
    assert row.description.extra == "jax"
    assert row.needs == ("jax", "equinox", "optax")
