"""From a fitted scikit-learn isolation forest to ours: the same trees, the same scores, a model file without pickle.

No command needs it. It is the proof, in tests and benchmarks, that our walk through given trees scores as
scikit-learn's does, and the way out of a pickle for a program that holds such a forest.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from pynomaly.domain.errors import InvalidParameter
from pynomaly.infrastructure.algorithms.isolation_forest import FittedIsolationForest
from pynomaly.infrastructure.algorithms.isolation_trees import StoredTrees


def from_sklearn(forest: Any) -> FittedIsolationForest:
    """Convert a fitted `sklearn.ensemble.IsolationForest`; our scores equal its `-score_samples` to 1e-6.

    forest: trusted; it is a live object of this process, not a file. It must not have learned from missing values.
    Raises InvalidParameter if its trees saw one row each, or are deeper or larger than can be laid out.
    """
    if forest.max_samples_ < 2:
        raise InvalidParameter("the forest's trees saw one row each and give every row the same score; fit it on more")
    parts = [
        _in_preorder(estimator.tree_, np.asarray(columns))
        for estimator, columns in zip(forest.estimators_, forest.estimators_features_, strict=True)
    ]
    feature, threshold, leaf_size, depths = zip(*parts, strict=True)
    trees = StoredTrees(
        feature=np.concatenate(feature),
        threshold=np.concatenate(threshold),
        leaf_size=np.concatenate(leaf_size),
        tree_nodes=np.array([nodes.size for nodes in feature], np.int32),
        depth=max(depths),
    )
    return FittedIsolationForest(trees, int(forest.max_samples_), int(forest.n_features_in_))


def _in_preorder(
    tree: Any, columns: NDArray[np.intp]
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.int32], int]:
    """Return a tree's features (-1 at leaves), thresholds and leaf sizes in preorder, and its depth."""
    order: list[int] = []
    ahead, depth = [(0, 0)], 0
    while ahead:
        node, level = ahead.pop()
        order.append(node)
        depth = max(depth, level)
        if tree.children_left[node] >= 0:
            ahead += [(tree.children_right[node], level + 1), (tree.children_left[node], level + 1)]
    is_inner = tree.children_left[order] >= 0
    split_column = np.where(is_inner, tree.feature[order], 0)
    feature = np.where(is_inner, columns[split_column], -1).astype(np.int32)
    threshold = _round_down(tree.threshold[order][is_inner])
    return feature, threshold, tree.n_node_samples[order][~is_inner].astype(np.int32), depth


def _round_down(thresholds: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return the largest float32 at or below each number: x <= threshold stays the same for every float32 x."""
    nearest = thresholds.astype(np.float32)
    return np.where(nearest > thresholds, np.nextafter(nearest, np.float32(-np.inf)), nearest)
