from collections import Counter

import numpy as np
import pytest

from pynomaly.infrastructure.algorithms.isolation_trees import StoredTrees
from pynomaly.infrastructure.algorithms.kernels.forest import grow_trees, lay_out, score_forest
from pynomaly.infrastructure.algorithms.kernels.random_words import SplitMix64


def test_the_generator_gives_the_published_words() -> None:
    # the reference implementation's first outputs for seed 1234567
    random = SplitMix64(1234567)
    assert [random.word() for _ in range(3)] == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_a_sample_holds_different_rows_and_every_row_has_its_chance() -> None:
    random = SplitMix64(0)
    counts: Counter[int] = Counter()
    for _ in range(2000):
        sample = random.sample(10, 4)
        assert len(set(sample)) == 4
        counts.update(sample)
    assert set(counts) == set(range(10))
    assert max(abs(count - 800) for count in counts.values()) < 5 * np.sqrt(2000 * 0.4 * 0.6)


def test_a_hand_made_tree_gives_the_path_lengths_counted_by_hand() -> None:
    # x <= 1 is a leaf of one row at depth 1; above it, y <= 2 splits two rows from one at depth 2
    trees = StoredTrees(
        feature=np.array([0, -1, 1, -1, -1], np.int32),
        threshold=np.array([1.0, 2.0], np.float32),
        leaf_size=np.array([1, 2, 1], np.int32),
        tree_nodes=np.array([5], np.int32),
        depth=2,
    )
    forest = lay_out(trees, max_samples=4, n_features=2, path="numpy")
    rows = np.array([[1.0, 9.0], [1.5, 2.0], [1.5, 2.5]], np.float32)
    scores = score_forest(forest, rows, 2.0**-24, path="numpy")
    assert scores.tolist() == pytest.approx([2.0**-1, 2.0**-3, 2.0**-2], rel=1e-15)  # 1, 2 + c(2) and 2 steps


def test_scores_are_powers_of_a_half_to_the_last_digits() -> None:
    trees = grow_trees(
        np.random.default_rng(0).normal(size=(500, 3)).astype(np.float32),
        n_trees=7,
        max_samples=64,
        seed=3,
        path="numpy",
    )
    forest = lay_out(trees, max_samples=64, n_features=3, path="numpy")
    rows = np.random.default_rng(1).normal(size=(200, 3)).astype(np.float32)
    tiny = score_forest(forest, rows, 1e-9 * 2.0**-24, path="numpy")
    paths = -np.log2(tiny) / 1e-9 * 2.0**24
    scale = 2.0**-24 / 5.3
    assert score_forest(forest, rows, scale, path="numpy") == pytest.approx(np.exp2(-np.rint(paths) * scale), rel=1e-7)
