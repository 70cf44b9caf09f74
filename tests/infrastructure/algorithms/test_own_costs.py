"""The costs that rows of our own declare: what a planner relies on."""

from dataclasses import astuple
from itertools import pairwise

import numpy as np
import pytest

from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.catalog import OWN_ROWS, Catalog

CATALOG = Catalog(plugins=())
WITH_COST = [row.description.name for row in OWN_ROWS if row.cost is not None]


@pytest.mark.parametrize("name", WITH_COST)
def test_a_cost_never_falls_when_rows_or_columns_are_added(name):
    sizes = [1, 2, 3, 10, 255, 256, 257, 5000, 10**5, 10**7]
    for n_rows, more_rows in pairwise(sizes):
        for n_features, more_features in pairwise(sizes[:8]):
            here = CATALOG.cost(name, {}, n_rows=n_rows, n_features=n_features)
            longer = CATALOG.cost(name, {}, n_rows=more_rows, n_features=n_features)
            wider = CATALOG.cost(name, {}, n_rows=n_rows, n_features=more_features)
            assert min(astuple(here)) > 0
            assert all(less <= more for less, more in zip(astuple(here), astuple(longer), strict=True))
            assert all(less <= more for less, more in zip(astuple(here), astuple(wider), strict=True))


@pytest.mark.parametrize("name", WITH_COST)
def test_a_model_holds_no_less_than_its_arrays_by_a_factor_of_three(name):
    rows = np.random.default_rng(0).normal(size=(3000, 6)).astype(CATALOG.describe(name).dtype)
    state = CATALOG.create(name, {}).fit(FeatureMatrix(rows, tuple("abcdef")), seed=0).state()
    n_bytes = sum(array.nbytes for array in state.arrays.values())
    assert n_bytes <= 3 * CATALOG.cost(name, {}, n_rows=3000, n_features=6).model_bytes
