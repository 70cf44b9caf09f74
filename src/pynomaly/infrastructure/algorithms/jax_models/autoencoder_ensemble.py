"""An ensemble of small autoencoders: how badly networks that learned the usual rows repeat a row."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.jax_models.learning_rows import rows_to_learn_from, steps_for
from pynomaly.infrastructure.algorithms.jax_models.state import Weights, restored_weights
from pynomaly.infrastructure.algorithms.scoring_rows import BLOCK_CELLS, score_in_blocks
from pynomaly.infrastructure.algorithms.standardiser import Standardiser
from pynomaly.infrastructure.algorithms.state_checks import require_names, require_within, required_array, required_int

SMALLEST_ERROR = 1e-6
"""Added to every mean squared error before its logarithm: a row repeated to a thousandth is as usual as can be."""

SMALLEST_SPREAD = 1e-3
"""Least standard deviation of a member's log errors, for training rows that are all alike."""

MAX_LEVEL_ROWS = 8192
"""Training rows, evenly spread, that tell a member's usual errors: more do not move a median."""

MAX_MEMBERS = 512
MAX_HIDDEN = 256


@dataclass(frozen=True, slots=True)
class AutoencoderEnsemble:
    """The mean over many small autoencoders of how unusually badly each repeats a row.

    What: every member squeezes the columns through a few tanh units and out again. A random 30 % of its weights are
    cut and it sees a random 60 % of the rows, so members differ; in each batch the worst repeated fifth is left out,
    so that anomalies in the training rows are not learned. A member's error is the mean squared difference; its
    logarithm is standardised by the member's own training errors, and the score is the mean of the middle half of
    the members.

    When: correlated numeric columns, curved relations, training data with some anomalies. Fails for few columns with
    little relation, and for columns of few distinct values.

    Cost, with m members and h units: fit m * steps * 16 * 6 d h, all members in one compiled program, after two to
    ten seconds of compilation once per process and padded shape; score m * 4 d h per row.

    n_members: m, 1..512, default 32.
    n_hidden: h, 1..256; None means half the columns, 4 to 16.
    n_epochs: times the rows are seen, 1..1000; None means 20, but 200 to 2500 batches of 16 rows.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), about 0 for a usual row. Columns are
    standardised here. Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or
    infinity in rows. Random: weights, cuts, each member's rows and batches, all from `seed`; scoring is not.

    Source: Chen, Sathe, Aggarwal and Turaga (2017), "Outlier detection with autoencoder ensembles", SDM. Differences:
    one hidden layer; AdamW on uniform batches instead of growing samples; the worst fifth of a batch is left out;
    logarithms of errors; the mean of the middle half instead of the median.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> rows = np.outer(np.linspace(-1, 1, 64), [1.0, 2.0, -1.0])
    >>> model = AutoencoderEnsemble(n_members=4).fit(FeatureMatrix(rows, ("a", "b", "c")), seed=0)
    >>> usual, odd = model.score(np.array([[0.5, 1.0, -0.5], [0.5, -1.0, 0.5]]))
    >>> bool(odd > usual + 2)
    True
    """

    n_members: int = 32
    n_hidden: int | None = None
    n_epochs: int | None = None

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedAutoencoders":
        """Train all members at once. Raises TooFewRows, InvalidData."""
        from pynomaly.infrastructure.algorithms.jax_models.autoencoder_training import BATCH_ROWS, trained_autoencoders

        rows = rows_to_learn_from(matrix, seed)
        standardiser = Standardiser.learn(rows)
        weights = trained_autoencoders(
            standardiser.apply(rows),
            n_members=self.n_members,
            n_hidden=self.n_hidden or int(np.clip(round(rows.shape[1] / 2), 4, 16)),
            n_steps=steps_for(len(rows), BATCH_ROWS, self.n_epochs, fewest=200, most=2500),
            seed=seed,
        )
        untold = FittedAutoencoders(standardiser, *weights, np.zeros(self.n_members), np.ones(self.n_members))
        return untold.told_by(rows[:: -(-len(rows) // MAX_LEVEL_ROWS)])

    @staticmethod
    def restore(state: ModelState) -> "FittedAutoencoders":
        """Rebuild a fitted model. Raises CorruptModel."""
        arrays = ("centre", "scale", "inner", "inner_bias", "outer", "outer_bias", "level", "spread")
        require_names(state, arrays=arrays, scalars=("n_members", "n_hidden", "n_features"))
        m = required_int(state, "n_members", minimum=1, maximum=MAX_MEMBERS)
        h = required_int(state, "n_hidden", minimum=1, maximum=MAX_HIDDEN)
        d = required_int(state, "n_features", minimum=1)
        shapes = {"inner": (m, d, h), "inner_bias": (m, h), "outer": (m, h, d), "outer_bias": (m, d)}
        inner, inner_bias, outer, outer_bias = restored_weights(state, shapes)
        level = required_array(state, "level", dtype=np.float64, shape=(m,))
        spread = required_array(state, "spread", dtype=np.float64, shape=(m,))
        require_within(level, "level", minimum=-100.0, maximum=100.0)
        require_within(spread, "spread", minimum=SMALLEST_SPREAD, maximum=100.0)
        return FittedAutoencoders(Standardiser.restore(state, d), inner, inner_bias, outer, outer_bias, level, spread)


@dataclass(frozen=True, slots=True, eq=False)
class FittedAutoencoders:
    """Frozen weights of m members, float32, and the median and spread of each member's log errors, float64 (m,)."""

    standardiser: Standardiser
    inner: Weights
    inner_bias: Weights
    outer: Weights
    outer_bias: Weights
    level: FloatVector
    spread: FloatVector
    _inner: FloatMatrix = field(init=False, repr=False)  # the weights as float64, in which rows are scored
    _outer: FloatMatrix = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_inner", self.inner.astype(np.float64))
        object.__setattr__(self, "_outer", self.outer.astype(np.float64))

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        return self._in_blocks(rows, _mean_of_middle_half)

    def disagreement(self, rows: FloatMatrix) -> FloatVector:
        """Return how far the members are apart about each row: their standard deviation, float64 (n,)."""
        return self._in_blocks(rows, lambda deviations: np.asarray(deviations.std(axis=0)))

    def told_by(self, rows: FloatMatrix) -> "FittedAutoencoders":
        """Return the same members with their log errors standardised by those of rows (n, d)."""
        step = max(1, BLOCK_CELLS // self._cells_per_row())
        blocks = [self._log_errors(rows[start : start + step]) for start in range(0, len(rows), step)]
        log_errors = np.concatenate(blocks, axis=1)
        spread = np.maximum(log_errors.std(axis=1), SMALLEST_SPREAD)
        return replace(self, level=np.median(log_errors, axis=1), spread=spread)

    def state(self) -> ModelState:
        """Return weights, standardisations and sizes."""
        n_members, n_features, n_hidden = self.inner.shape
        arrays: dict[str, NDArray[Any]] = {
            "inner": self.inner,
            "inner_bias": self.inner_bias,
            "outer": self.outer,
            "outer_bias": self.outer_bias,
            "level": self.level,
            "spread": self.spread,
        }
        sizes = {"n_members": n_members, "n_hidden": n_hidden, "n_features": n_features}
        return ModelState(arrays | self.standardiser.arrays(), sizes)

    def _in_blocks(self, rows: FloatMatrix, summary: Callable[[FloatMatrix], FloatVector]) -> FloatVector:
        def of_block(block: FloatMatrix) -> FloatVector:
            return summary((self._log_errors(block) - self.level[:, None]) / self.spread[:, None])

        return score_in_blocks(rows, self.inner.shape[1], of_block, cells_per_row=self._cells_per_row())

    def _cells_per_row(self) -> int:
        n_members, n_features, n_hidden = self.inner.shape
        return int(n_members * (2 * n_features + n_hidden))

    def _log_errors(self, block: FloatMatrix) -> FloatMatrix:
        """Return the logarithm of each member's mean squared error: (m, n)."""
        rows = self.standardiser.apply(block)
        hidden = np.tanh(rows @ self._inner + self.inner_bias[:, None, :])
        missed = hidden @ self._outer + self.outer_bias[:, None, :] - rows
        return np.asarray(np.log(SMALLEST_ERROR + np.mean(np.square(missed), axis=2)))


def _mean_of_middle_half(deviations: FloatMatrix) -> FloatVector:
    """Reduce (m, n) to (n,) by the members in the middle, so that a quarter of them may err either way."""
    n_members = len(deviations)
    cut = n_members // 4
    return np.asarray(np.sort(deviations, axis=0)[cut : n_members - cut].mean(axis=0))
