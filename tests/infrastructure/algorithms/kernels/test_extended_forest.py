from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynomaly.domain.errors import ColumnMismatch, NonFiniteScores
from pynomaly.infrastructure.algorithms.kernels.compiled import kernels_in_use
from pynomaly.infrastructure.algorithms.kernels.extended_forest import ExtendedForest, grow_extended, score_extended

SCALE = 2.0**-24 / 500


def table(n_rows: int, n_features: int, seed: int = 0, levels: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    values = rng.integers(0, levels, (n_rows, n_features)) if levels else rng.normal(size=(n_rows, n_features))
    return values.astype(np.float32)


def arrays_of(forest: ExtendedForest) -> dict[str, bytes]:
    values = {field.name: getattr(forest, field.name) for field in fields(forest)}
    return {name: value.tobytes() for name, value in values.items() if isinstance(value, np.ndarray)}


@settings(max_examples=40)
@given(
    n_rows=st.integers(2, 200),
    n_features=st.integers(1, 12),
    n_components=st.integers(1, 12),
    max_samples=st.integers(2, 200),
    levels=st.sampled_from([0, 1, 3]),
    seed=st.integers(-(2**70), 2**70),
)
def test_compiled_and_numpy_kernels_grow_the_same_trees(
    n_rows: int, n_features: int, n_components: int, max_samples: int, levels: int, seed: int
) -> None:
    rows = table(n_rows, n_features, levels=levels)
    settings = {"n_trees": 3, "max_samples": min(max_samples, n_rows), "n_components": min(n_components, n_features)}
    compiled, twin = (grow_extended(rows, **settings, seed=seed, path=path) for path in (None, "numpy"))
    assert arrays_of(compiled) == arrays_of(twin)
    assert np.array_equal(score_extended(compiled, rows, SCALE), score_extended(twin, rows, SCALE, path="numpy"))


@pytest.mark.parametrize("path", [None, "numpy"])
def test_a_row_scores_the_same_alone_in_a_batch_and_far_out(path: None) -> None:
    rows = np.vstack([table(600, 7), np.full((1, 7), 3.4e38), np.full((1, 7), -3.4e38)]).astype(np.float32)
    forest = grow_extended(rows, n_trees=20, max_samples=256, n_components=7, seed=1)
    batch = score_extended(forest, rows, SCALE, path=path)
    assert batch.tolist() == [score_extended(forest, rows[i : i + 1], SCALE, path=path)[0] for i in range(len(rows))]
    assert np.array_equal(batch, score_extended(forest, rows, SCALE))


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("path", [None, "numpy"])
def test_a_cell_that_is_no_finite_number_is_refused(bad: float, path: None) -> None:
    rows = table(300, 3)
    forest = grow_extended(rows, n_trees=3, max_samples=64, n_components=2, seed=1)
    rows[299, 2] = bad
    with pytest.raises(NonFiniteScores, match="not finite"):
        score_extended(forest, rows, SCALE, path=path)


def test_rows_of_another_width_are_refused() -> None:
    forest = grow_extended(table(50, 3), n_trees=3, max_samples=16, n_components=2, seed=1)
    with pytest.raises(ColumnMismatch, match="3 features"):
        score_extended(forest, table(5, 4), SCALE)


def test_normal_numbers_are_normal() -> None:
    forest = grow_extended(table(600, 4), n_trees=100, max_samples=256, n_components=4, seed=5)
    weights = forest.weight[forest.offset != 0].ravel().astype(float)
    assert weights.size > 10_000
    assert abs(weights.mean()) < 0.03
    assert abs(weights.std() - 1) < 0.02
    assert abs(np.mean(np.abs(weights) < 1.96) - 0.95) < 0.01


@pytest.mark.skipif(not kernels_in_use().is_compiled, reason="no compiled kernels here")
def test_the_compiled_kernels_refuse_forests_of_the_wrong_shape() -> None:
    from pynomaly.infrastructure.algorithms import _kernels

    rows, scores = table(4, 3), np.empty(4)
    forest = grow_extended(table(50, 3), n_trees=3, max_samples=16, n_components=2, seed=1)
    trees = forest.feature, forest.weight, forest.offset, forest.leaf
    for n_features, n_components, depth in ((3, 3, 4), (3, 2, 5), (2, 2, 4), (3, 0, 4)):
        with pytest.raises(ValueError, match="wrong shape"):
            _kernels.score_extended(rows, n_features, n_components, depth, *trees, SCALE, scores)
