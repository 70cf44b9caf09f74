"""Isolation by nearest neighbours: how large the smallest random ball is that a row falls into."""

from dataclasses import dataclass, field

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector, read_only
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.kernels.distances import mean_innermost_values
from pynomaly.infrastructure.algorithms.kernels.distances_twin import GROUP, packed_groups, squares_between
from pynomaly.infrastructure.algorithms.reference_rows import LARGEST_SQUARE
from pynomaly.infrastructure.algorithms.scoring_rows import score_in_blocks, training_rows
from pynomaly.infrastructure.algorithms.state_checks import require_names, required_array, required_int

SHAPE = ("n_estimators", "max_samples", "n_features")


@dataclass(frozen=True, slots=True)
class IsolatingBalls:
    """Mean isolation score over sets of random balls: 1 outside all balls, near 1 in a large one beside a small one.

    What: each set draws a few training rows as centres; a centre's ball reaches to its nearest other centre. A row
    takes the smallest ball that holds it; with r its radius and s that of the nearest centre's ball, the score is
    1 - s / r, or 1 where no ball holds the row. The mean over sets is between 0 and 1.

    When: local oddities, groups of different density; very fast. Fails in many columns, when columns are on different
    scales, and for far rows among each other: whatever lies outside all balls scores 1.

    Cost: fit n_estimators max_samples^2 d whatever the number of rows; score n_estimators max_samples d per row, about
    3 microseconds for d = 10.

    n_estimators: sets, 1..2000, default 200; more make scores steadier.
    max_samples: centres of a set, 2..1024, default 4; never more than there are training rows. The paper tries 2
    to 128 for each table. With few centres a group of anomalies is seldom drawn into a set, so on public tables that
    hold anomalies 4 ranks best, as well as 8 with squared radii, which others take; more centres see finer detail.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), in 0..1.
    Whether a ball holds a row is decided on distances added up in one order everywhere, as they are a jump.
    Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows.
    Random, by `seed`: the centres.

    Source: Bandaragoda, Ting, Albrecht, Liu, Zhu and Wells (2018), "Isolation-based anomaly detection using
    nearest-neighbor ensembles", Computational Intelligence 34(4), section 3. A ball of radius 0, around a copy of
    another centre, scores 0.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> rows = np.array([[0.0], [1.0], [4.0]])
    >>> model = IsolatingBalls(n_estimators=1).fit(FeatureMatrix(rows, ("size",)), seed=0)
    >>> model.score(np.array([[0.5], [3.0], [9.0]])).round(3)
    array([0.   , 0.667, 1.   ])
    """

    n_estimators: int = 200
    max_samples: int = 4

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedBalls":
        """Draw the centres. Raises TooFewRows, InvalidData."""
        rows = training_rows(matrix)
        random = np.random.default_rng(seed)
        n_centres = min(self.max_samples, len(rows))
        drawn = [np.sort(random.choice(len(rows), n_centres, replace=False)) for _ in range(self.n_estimators)]
        return FittedBalls(read_only(rows[np.array(drawn)]))

    @staticmethod
    def restore(state: ModelState) -> "FittedBalls":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(state, arrays=("centres",), scalars=SHAPE)
        shape = tuple(required_int(state, name, minimum=least) for name, least in zip(SHAPE, (1, 2, 1), strict=True))
        return FittedBalls(required_array(state, "centres", dtype=np.float64, shape=shape))


@dataclass(frozen=True, slots=True, eq=False)
class FittedBalls:
    """Frozen centres, float64 (sets, centres, d); the balls follow from them."""

    centres: FloatMatrix
    _cells: FloatMatrix = field(init=False, repr=False)
    _square_radii: FloatMatrix = field(init=False, repr=False)
    _values: FloatMatrix = field(init=False, repr=False)

    def __post_init__(self) -> None:
        balls = [_balls(centres) for centres in self.centres]
        for name, arrays in zip(("_cells", "_square_radii", "_values"), zip(*balls, strict=True), strict=True):
            object.__setattr__(self, name, read_only(np.array(arrays)))

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        return score_in_blocks(
            rows,
            self.centres.shape[2],
            lambda block: mean_innermost_values(self._cells, self._square_radii, self._values, block),
        )

    def state(self) -> ModelState:
        """Return the centres and their shape."""
        return ModelState({"centres": self.centres}, dict(zip(SHAPE, self.centres.shape, strict=True)))


def _balls(centres: FloatMatrix) -> tuple[FloatMatrix, FloatVector, FloatVector]:
    """Return a set's packed centres, squared radii and scores, the smallest ball first."""
    between = np.minimum(squares_between(centres, centres), LARGEST_SQUARE)
    np.fill_diagonal(between, np.inf)
    square_radii = between.min(axis=1)
    radii, of_nearest = np.sqrt(square_radii), np.sqrt(square_radii[between.argmin(axis=1)])
    values = np.where(radii > 0, 1 - of_nearest / np.where(radii > 0, radii, 1.0), 0.0)
    smallest_first = np.argsort(radii, kind="stable")
    n_empty = -len(centres) % GROUP
    return (
        packed_groups(centres[smallest_first]),
        np.append(square_radii[smallest_first], np.full(n_empty, -1.0)),
        np.append(values[smallest_first], np.zeros(n_empty)),
    )
