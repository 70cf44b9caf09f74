import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynomaly.domain.errors import ColumnMismatch, InvalidParameter, NonFiniteScores
from pynomaly.infrastructure.algorithms.isolation_trees import LaidOutForest, StoredTrees
from pynomaly.infrastructure.algorithms.kernels.compiled import ScoringPath, kernels_in_use
from pynomaly.infrastructure.algorithms.kernels.forest import grow_trees, lay_out, score_forest

COMPILED_PATHS = kernels_in_use().instruction_sets
SCALE = 2.0**-24 / 500


def table(n_rows: int, n_features: int, seed: int, levels: int = 0) -> np.ndarray:
    """Return float32 rows: Gaussian, or of few different values."""
    rng = np.random.default_rng(seed)
    values = rng.integers(0, levels, (n_rows, n_features)) if levels else rng.normal(size=(n_rows, n_features))
    return values.astype(np.float32)


def forest_for(rows: np.ndarray, n_trees: int = 20, max_samples: int = 256) -> LaidOutForest:
    max_samples = min(max_samples, len(rows))
    trees = grow_trees(rows, n_trees=n_trees, max_samples=max_samples, seed=1)
    return lay_out(trees, max_samples=max_samples, n_features=rows.shape[1])


def arrays_of(value: StoredTrees | LaidOutForest) -> dict[str, bytes]:
    return {
        name: array.tobytes()
        for name in (field.name for field in fields(value))
        if isinstance(array := getattr(value, name), np.ndarray)
    }


@settings(max_examples=40)
@given(
    n_rows=st.integers(2, 300),
    n_features=st.integers(1, 20),
    max_samples=st.integers(2, 300),
    levels=st.sampled_from([0, 1, 2, 5]),
    seed=st.integers(-(2**70), 2**70),
)
def test_compiled_and_numpy_kernels_grow_and_lay_out_the_same_trees(
    n_rows: int, n_features: int, max_samples: int, levels: int, seed: int
) -> None:
    rows = table(n_rows, n_features, abs(seed) % 1000, levels)
    max_samples = min(max_samples, n_rows)
    compiled = grow_trees(rows, n_trees=3, max_samples=max_samples, seed=seed)
    twin = grow_trees(rows, n_trees=3, max_samples=max_samples, seed=seed, path="numpy")
    assert arrays_of(compiled) == arrays_of(twin)
    laid_out = lay_out(compiled, max_samples=max_samples, n_features=n_features)
    assert arrays_of(laid_out) == arrays_of(lay_out(twin, max_samples=max_samples, n_features=n_features, path="numpy"))


@pytest.mark.parametrize("n_features", [1, 3, 4, 5, 8, 9, 16, 17, 40, 300])
@pytest.mark.parametrize("max_samples", [2, 30, 256, 1000])
def test_every_path_gives_the_same_bits(n_features: int, max_samples: int) -> None:
    rows = table(1000, n_features, seed=n_features)
    forest = forest_for(rows, max_samples=max_samples)
    expected = score_forest(forest, rows, SCALE, path="numpy").tobytes()
    for path in (None, *COMPILED_PATHS):
        assert score_forest(forest, rows, SCALE, path=path).tobytes() == expected, path


@pytest.mark.parametrize("path", ["numpy", *COMPILED_PATHS])
def test_a_row_scores_the_same_alone_in_a_batch_and_in_another_order(path: ScoringPath) -> None:
    rows = table(700, 11, seed=0)
    forest = forest_for(rows)
    batch = score_forest(forest, rows, SCALE, path=path)
    alone = np.concatenate([score_forest(forest, rows[i : i + 1], SCALE, path=path) for i in range(len(rows))])
    order = np.random.default_rng(1).permutation(len(rows))
    assert np.array_equal(batch, alone)
    assert np.array_equal(batch[order], score_forest(forest, rows[order], SCALE, path=path))


@pytest.mark.parametrize("n_rows", [0, 1, 5, 6, 15, 16, 17, 255, 256, 257])
def test_batches_of_any_length_are_scored_whole(n_rows: int) -> None:
    rows = table(300, 6, seed=0)
    forest = forest_for(rows)
    assert np.array_equal(score_forest(forest, rows[:n_rows], SCALE), score_forest(forest, rows, SCALE)[:n_rows])


def test_equal_rows_and_thresholds_turn_left_on_every_path() -> None:
    rows = table(400, 4, seed=0, levels=3)
    forest = forest_for(rows)
    on_thresholds = np.repeat(forest.threshold[np.isfinite(forest.threshold)][:400, None], 4, axis=1)
    expected = score_forest(forest, on_thresholds, SCALE, path="numpy")
    for path in COMPILED_PATHS:
        assert np.array_equal(score_forest(forest, on_thresholds, SCALE, path=path), expected)


@pytest.mark.parametrize("bad", [np.nan, np.inf, -np.inf])
@pytest.mark.parametrize("path", ["numpy", *COMPILED_PATHS])
def test_a_cell_that_is_no_finite_number_is_refused(bad: float, path: ScoringPath) -> None:
    rows = table(600, 5, seed=0)
    forest = forest_for(rows)
    rows[599, 4] = bad
    with pytest.raises(NonFiniteScores, match="not finite"):
        score_forest(forest, rows, SCALE, path=path)


def test_rows_of_another_width_are_refused() -> None:
    forest = forest_for(table(50, 5, seed=0))
    with pytest.raises(ColumnMismatch, match="5 features"):
        score_forest(forest, table(50, 4, seed=0), SCALE)


def test_any_memory_layout_of_the_same_numbers_scores_the_same() -> None:
    rows = table(100, 5, seed=0)
    forest = forest_for(rows)
    expected = score_forest(forest, rows, SCALE)
    frozen = rows.copy()
    frozen.flags.writeable = False
    shifted = np.frombuffer(b"x" + rows.tobytes(), dtype=np.uint8)[1:].view(np.float32).reshape(rows.shape)
    spread = np.repeat(rows, 2, axis=0)[::2]
    for same in (frozen, np.asfortranarray(rows), shifted, spread, rows.astype(">f4"), rows.astype(np.float64)):
        assert np.array_equal(score_forest(forest, same, SCALE), expected)


def test_threads_share_a_forest() -> None:
    rows = table(4000, 10, seed=0)
    forest = forest_for(rows)
    with ThreadPoolExecutor(4) as pool:
        parts = list(
            pool.map(lambda start: score_forest(forest, rows[start : start + 500], SCALE), range(0, 4000, 500))
        )
    assert np.array_equal(np.concatenate(parts), score_forest(forest, rows, SCALE))


@pytest.mark.parametrize("extreme", [3.4e38, 1e-45])
def test_extreme_magnitudes_give_finite_thresholds_and_proper_splits(extreme: float) -> None:
    rows = (np.random.default_rng(0).choice([-1.0, 0.0, 1.0], (300, 3)) * extreme).astype(np.float32)
    trees = grow_trees(rows, n_trees=10, max_samples=256, seed=0)
    assert np.isfinite(trees.threshold).all()
    assert (trees.leaf_size >= 1).all()
    assert trees.leaf_size.sum() == 10 * 256


def test_a_forest_too_large_for_memory_is_refused() -> None:
    with pytest.raises(InvalidParameter, match="lower n_trees"):
        grow_trees(table(40_000, 1, seed=0), n_trees=10_000, max_samples=32_768, seed=0)


def test_an_unknown_path_is_refused_by_the_compiled_kernels() -> None:
    if not kernels_in_use().is_compiled:
        assert kernels_in_use().instruction_sets == ("numpy",)
        return
    forest = forest_for(table(50, 2, seed=0))
    with pytest.raises(ValueError, match="no 'sse' path"):
        score_forest(forest, table(50, 2, seed=0), SCALE, path="sse")  # type: ignore[arg-type]


def test_without_the_extension_everything_falls_back_to_numpy_and_scores_the_same() -> None:
    rows = table(100, 3, seed=0)
    program = f"""
import sys
sys.modules["pynomaly.infrastructure.algorithms._kernels"] = None
import numpy as np
from pynomaly.infrastructure.algorithms.kernels.compiled import kernels_in_use
from pynomaly.infrastructure.algorithms.kernels.forest import grow_trees, lay_out, score_forest
assert kernels_in_use().instruction_sets == ("numpy",) and not kernels_in_use().is_compiled
rows = np.frombuffer(bytes.fromhex("{rows.tobytes().hex()}"), np.float32).reshape(100, 3)
forest = lay_out(grow_trees(rows, n_trees=20, max_samples=100, seed=1), max_samples=100, n_features=3)
print(score_forest(forest, rows, {SCALE!r}).tobytes().hex())
"""
    printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert printed.strip() == score_forest(forest_for(rows), rows, SCALE).tobytes().hex()
