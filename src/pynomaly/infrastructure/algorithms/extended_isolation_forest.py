"""Extended isolation forest: strange rows are separated from the others by few random slanted cuts."""

from dataclasses import dataclass, field

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.isolation_trees import (
    MAX_DEPTH,
    MAX_FEATURES,
    PATH_LENGTH_ONE,
    average_path_length,
    depth_limit,
)
from pynomaly.infrastructure.algorithms.kernels.compiled import ScoringPath
from pynomaly.infrastructure.algorithms.kernels.extended_forest import ExtendedForest, grow_extended, score_extended
from pynomaly.infrastructure.algorithms.scoring_rows import as_float32, check_training
from pynomaly.infrastructure.algorithms.state_checks import (
    require_names,
    require_within,
    required_array,
    required_int,
)

MOST_COMPONENTS = 3
"""Columns a cut combines unless told otherwise: on public labelled tables as good as all of them, and cheaper."""


@dataclass(frozen=True, slots=True)
class ExtendedIsolationForest:
    """Extended isolation forest.

    What: as the isolation forest, but each cut is a hyperplane with a random slope through a random point of the box
    around the node's rows, so scores do not depend on the direction of the axes: no bands of low scores beside a
    cluster. The score is 2^(-E[h] / c(psi)), E[h] being the mean number of cuts on a row's way through the trees.

    When: several clusters, rings, correlated columns; the best of many detectors for global anomalies (Bouman et al.
    2024). Fails where columns are on different scales or most of them say nothing: a slope mixes all it is given.

    Cost, with k columns in a cut: fit n_trees * psi * log2(psi) * k, whatever n is, plus one look at every cell; score
    n_trees * log2(psi) * k steps per row; memory 8 n_trees * psi * (k + 1) bytes.

    n_trees: 1..2000, default 100.
    max_samples: psi, rows per tree, 2..65536, default 256; fewer rows are used where there are fewer.
    extension_level: columns in a cut less one, 0..1000; None means 2, cuts in three columns. 0 cuts along one axis as
    the isolation forest does. Never more than d - 1.

    Shapes: rows (n, d) float32, finite; scores float64 (n,) in (0, 1). Values beyond float32 count as its largest.
    Raises TooFewRows below 2 rows, InvalidData without columns or for NaN and infinity at fit, NonFiniteScores for
    them at scoring, ColumnMismatch on another width, InvalidParameter where the forest would not fit in memory.

    Random: samples, columns, slopes and points, all from `seed` (see kernels/extended_forest.py).

    Source: Hariri, Carrasco Kind and Brunner (2021), "Extended isolation forest", TKDE 33(4), algorithms 1 to 3.
    Differences: weights are sums of twelve uniform numbers, very nearly normal, so that all machines draw the same;
    a cut has three columns unless told otherwise (the paper: all); slopes and offsets are rounded to float32, path
    lengths to 2^-24.

    >>> rows = np.array([[0.0, 0.0], [0.1, 0.2], [0.2, 0.1], [0.3, 0.3], [5.0, -5.0]], dtype=np.float32)
    >>> model = ExtendedIsolationForest(n_trees=200).fit(FeatureMatrix(rows, ("width", "height")), seed=0)
    >>> model.score(rows).argmax()
    np.int64(4)
    """

    n_trees: int = 100
    max_samples: int = 256
    extension_level: int | None = None

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedExtendedForest":
        """Grow the trees. Raises TooFewRows, InvalidData, InvalidParameter."""
        check_training(matrix)
        max_samples = min(self.max_samples, matrix.n_samples)
        wanted = MOST_COMPONENTS if self.extension_level is None else self.extension_level + 1
        forest = grow_extended(
            as_float32(matrix.values),
            n_trees=self.n_trees,
            max_samples=max_samples,
            n_components=min(wanted, matrix.n_features),
            seed=seed,
        )
        return FittedExtendedForest(forest, max_samples)

    @staticmethod
    def restore(state: ModelState) -> "FittedExtendedForest":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(state, arrays=("feature", "weight", "offset", "leaf"), scalars=("n_features", "max_samples"))
        n_features = required_int(state, "n_features", minimum=1, maximum=MAX_FEATURES)
        max_samples = required_int(state, "max_samples", minimum=2, maximum=1 << MAX_DEPTH)
        n_slots = 1 << depth_limit(max_samples)
        offset = required_array(state, "offset", dtype=np.float32, shape=(None, n_slots))
        leaf = required_array(state, "leaf", dtype=np.uint32, shape=offset.shape)
        feature = required_array(state, "feature", dtype=np.int32, shape=(*offset.shape, None))
        weight = required_array(state, "weight", dtype=np.float32, shape=feature.shape)
        require_within(feature, "feature", minimum=0, maximum=n_features - 1)
        require_within(leaf, "leaf", minimum=0, maximum=64 * PATH_LENGTH_ONE)
        return FittedExtendedForest(ExtendedForest(feature, weight, offset, leaf, n_features), max_samples)


@dataclass(frozen=True, slots=True, eq=False)
class FittedExtendedForest:
    """Frozen trees, grown on max_samples rows each."""

    forest: ExtendedForest
    max_samples: int
    scale: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        whole_path = len(self.forest.leaf) * PATH_LENGTH_ONE * float(average_path_length(self.max_samples))
        object.__setattr__(self, "scale", 1.0 / whole_path)

    def score(self, rows: FloatMatrix, *, path: ScoringPath | None = None) -> FloatVector:
        """Score rows (n, d): float64 (n,) in (0, 1), higher is stranger."""
        return score_extended(self.forest, as_float32(rows), self.scale, path=path)

    def state(self) -> ModelState:
        """Return the trees."""
        forest = self.forest
        return ModelState(
            {"feature": forest.feature, "weight": forest.weight, "offset": forest.offset, "leaf": forest.leaf},
            {"n_features": forest.n_features, "max_samples": self.max_samples},
        )
