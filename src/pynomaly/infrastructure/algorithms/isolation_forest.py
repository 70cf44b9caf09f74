"""Isolation forest: strange rows are separated from the others by few random cuts."""

from dataclasses import dataclass, field

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.errors import CorruptModel, InvalidParameter
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.isolation_trees import (
    MAX_DEPTH,
    MAX_FEATURES,
    PATH_LENGTH_ONE,
    LaidOutForest,
    StoredTrees,
    average_path_length,
)
from pynomaly.infrastructure.algorithms.kernels.compiled import ScoringPath
from pynomaly.infrastructure.algorithms.kernels.forest import grow_trees, lay_out, score_forest
from pynomaly.infrastructure.algorithms.scoring_rows import as_float32, check_training
from pynomaly.infrastructure.algorithms.state_checks import (
    require,
    require_names,
    require_within,
    required_array,
    required_int,
)


@dataclass(frozen=True, slots=True)
class IsolationForest:
    """Isolation forest.

    What: each tree cuts a small random sample at random values of random columns until every row is alone. The score
    is 2^(-E[h] / c(psi)): E[h] is the mean number of cuts on a row's way through the trees, c(psi) what it would be in
    a random search tree. Near 1: isolated at once; 0.5: like the average; well below: deep inside.

    When: the first choice for tables, also contaminated, large or with columns of unlike scales. Fails for rows that
    are strange only within their neighbourhood, and where few of very many columns matter.

    Cost: fit n_trees * psi * log2(psi), whatever n is, plus one look at every cell; score n_trees * log2(psi) steps per
    row. Two or three kilobytes of memory per tree.

    n_trees: at least 1, default 100; more trees make scores steadier, not different.
    max_samples: psi, rows per tree, at least 2, default 256; fewer rows are used where there are fewer.

    Shapes: rows (n, d) float32, finite; scores float64 (n,) in (0, 1). Values beyond float32 count as its largest.
    Raises TooFewRows below 2 rows, InvalidData without columns or for NaN and infinity at fit, NonFiniteScores for
    them at scoring, ColumnMismatch on another width, InvalidParameter outside the ranges.

    Random: the samples, columns and cuts, all from `seed` (see kernels/forest.py); scoring draws nothing.

    Source: Liu, Ting and Zhou (2008), "Isolation Forest", ICDM, algorithms 1 to 3, equations 1 and 2. Differences: a
    column that is constant in a node is never chosen there (the paper leaves it open), and the cut is rounded to
    float32, path lengths to 2^-24.

    >>> rows = np.array([[0.0], [0.1], [0.2], [0.3], [5.0]], dtype=np.float32)
    >>> model = IsolationForest(n_trees=200).fit(FeatureMatrix(rows, ("size",)), seed=0)
    >>> model.score(rows).argmax()
    np.int64(4)
    """

    n_trees: int = 100
    max_samples: int = 256

    def __post_init__(self) -> None:
        if self.n_trees < 1:
            raise InvalidParameter(f"n_trees must be at least 1, not {self.n_trees}")
        if self.max_samples < 2:
            raise InvalidParameter(f"max_samples must be at least 2, not {self.max_samples}")

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedIsolationForest":
        """Grow the trees. Raises TooFewRows, InvalidData, InvalidParameter."""
        check_training(matrix)
        max_samples = min(self.max_samples, matrix.n_samples)
        trees = grow_trees(as_float32(matrix.values), n_trees=self.n_trees, max_samples=max_samples, seed=seed)
        return FittedIsolationForest(trees, max_samples, matrix.n_features)

    @staticmethod
    def restore(state: ModelState) -> "FittedIsolationForest":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(
            state,
            arrays=("feature", "threshold", "leaf_size", "tree_nodes"),
            scalars=("n_features", "max_samples", "depth"),
        )
        n_features = required_int(state, "n_features", minimum=1, maximum=MAX_FEATURES)
        max_samples = required_int(state, "max_samples", minimum=2, maximum=1 << MAX_DEPTH)
        trees = _restored_trees(state, n_features, max_samples)
        try:
            return FittedIsolationForest(trees, max_samples, n_features)
        except ValueError:
            raise CorruptModel("the model's trees are malformed: their nodes do not join into trees") from None
        except InvalidParameter as error:
            raise CorruptModel(f"the model's trees cannot be laid out: {error}") from None


@dataclass(frozen=True, slots=True, eq=False)
class FittedIsolationForest:
    """Frozen trees, grown on max_samples rows of n_features columns each.

    Raises ValueError if the trees are malformed (see kernels/forest.py).
    """

    trees: StoredTrees
    max_samples: int
    n_features: int
    forest: LaidOutForest = field(init=False, repr=False)
    scale: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        forest = lay_out(self.trees, max_samples=self.max_samples, n_features=self.n_features)
        whole_path = self.trees.tree_nodes.size * PATH_LENGTH_ONE * float(average_path_length(self.max_samples))
        object.__setattr__(self, "forest", forest)
        object.__setattr__(self, "scale", 1.0 / whole_path)

    def score(self, rows: FloatMatrix, *, path: ScoringPath | None = None) -> FloatVector:
        """Score rows (n, d): float64 (n,) in (0, 1), higher is stranger.

        path: forces one of the equivalent ways through the trees; None takes the fastest.
        """
        return score_forest(self.forest, as_float32(rows), self.scale, path=path)

    def state(self) -> ModelState:
        """Return the trees in preorder."""
        trees = self.trees
        return ModelState(
            {
                "feature": trees.feature,
                "threshold": trees.threshold,
                "leaf_size": trees.leaf_size,
                "tree_nodes": trees.tree_nodes,
            },
            {"n_features": self.n_features, "max_samples": self.max_samples, "depth": trees.depth},
        )


def _restored_trees(state: ModelState, n_features: int, max_samples: int) -> StoredTrees:
    """Return the stored trees, their values checked; how the nodes join is checked when they are laid out."""
    feature = required_array(state, "feature", dtype=np.int32, shape=(None,))
    n_inner = int(np.count_nonzero(feature >= 0))
    trees = StoredTrees(
        feature=feature,
        threshold=required_array(state, "threshold", dtype=np.float32, shape=(n_inner,)),
        leaf_size=required_array(state, "leaf_size", dtype=np.int32, shape=(feature.size - n_inner,)),
        tree_nodes=required_array(state, "tree_nodes", dtype=np.int32, shape=(None,)),
        depth=required_int(state, "depth", minimum=0, maximum=MAX_DEPTH),
    )
    require_within(trees.feature, "feature", minimum=-1, maximum=n_features - 1)
    require_within(trees.leaf_size, "leaf_size", minimum=1, maximum=max_samples)
    require_within(trees.tree_nodes, "tree_nodes", minimum=1, maximum=trees.feature.size)
    n_leaves = trees.tree_nodes.astype(np.int64) // 2 + 1
    require(int(n_leaves.sum()) == trees.leaf_size.size, "has a number of leaves that does not fit its nodes")
    rows_in_tree = np.add.reduceat(trees.leaf_size.astype(np.int64), np.cumsum(n_leaves) - n_leaves)
    require(bool((rows_in_tree <= max_samples).all()), "has trees with more rows in their leaves than max_samples")
    return trees
