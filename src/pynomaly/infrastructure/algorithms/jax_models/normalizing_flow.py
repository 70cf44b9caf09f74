"""A normalising flow: how unlikely a row is under a density that was bent to fit the training rows."""

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.jax_models.learning_rows import rows_to_learn_from, steps_for
from pynomaly.infrastructure.algorithms.jax_models.state import Weights, restored_weights
from pynomaly.infrastructure.algorithms.scoring_rows import score_in_blocks
from pynomaly.infrastructure.algorithms.standardiser import Standardiser
from pynomaly.infrastructure.algorithms.state_checks import (
    require_names,
    require_within,
    required_array,
    required_int,
)

MAX_LAYERS = 32
MAX_HIDDEN = 512

LARGEST_LOG_SCALE = 1.5
"""As in training: what one layer widens or narrows a column by at most, as a logarithm."""

LARGEST_VALUE = 1e100
"""Values between layers are kept below, so that a strange file's weights cannot overflow a square."""

NAMES = ("inner", "inner_bias", "outer", "outer_bias")


@dataclass(frozen=True, slots=True)
class NormalizingFlow:
    """Minus the log density of a row under a chain of coupling layers (RealNVP).

    What: every layer leaves one half of the columns and scales and shifts the other half by what a small network reads
    in the first; the chain turns the training rows into Gaussian ones, and its slopes give the exact density. The
    scales are clamped softly, and values beyond five standard deviations count by their logarithm, with the slope of
    that taken into account.

    When: smooth dependent columns, some thousand rows. Fails for few rows and many columns, for anomalies that are
    common enough to be learned, and says little of columns of few distinct values; those are spread by noise at fit.

    Cost, with k layers and h units: fit steps * 64 * 18 k d h, after some seconds of compilation once per process and
    padded width; score k * 6 d h per row.

    n_layers: k, 1..32, default 4.
    n_hidden: h, 1..512, default 16.
    n_epochs: times the rows are seen, 1..1000; None means 20, but 300 to 2000 batches of 64 rows.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), in nats, for values in standard deviations of
    their columns. Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity
    in rows. Random: weights, halves of columns, batches and the noise on training rows, all from `seed`.

    Source: Dinh, Sohl-Dickstein and Bengio (2017), "Density estimation using Real NVP", ICLR, sections 3.2-3.5; noise
    on discrete columns: Theis, van den Oord and Bethge (2016), "A note on the evaluation of generative models", ICLR.
    Differences: random halves; no batch normalisation; noise of 0.3 on all columns while training, which smooths the
    density; the unlikeliest two fifths of a batch are left out.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> rows = np.random.default_rng(0).normal(size=(200, 2))
    >>> model = NormalizingFlow(n_layers=2).fit(FeatureMatrix(rows, ("a", "b")), seed=0)
    >>> centre, out = model.score(np.array([[0.0, 0.0], [4.0, 4.0]]))
    >>> bool(1 < centre < 3 < 10 < out)
    True
    """

    n_layers: int = 4
    n_hidden: int = 16
    n_epochs: int | None = None

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedFlow":
        """Train the layers. Raises TooFewRows, InvalidData."""
        from pynomaly.infrastructure.algorithms.jax_models.flow_training import BATCH_ROWS, dequantised, trained_layers

        rows = rows_to_learn_from(matrix, seed)
        standardiser = Standardiser.learn(rows, tail_share=0.0)
        weights, is_given = trained_layers(
            standardiser.apply(dequantised(rows, seed)),
            n_layers=self.n_layers,
            n_hidden=self.n_hidden,
            n_steps=steps_for(len(rows), BATCH_ROWS, self.n_epochs, fewest=300, most=2000),
            seed=seed,
        )
        return FittedFlow(standardiser, *weights, is_given)

    @staticmethod
    def restore(state: ModelState) -> "FittedFlow":
        """Rebuild a fitted model. Raises CorruptModel."""
        arrays = ("centre", "scale", *NAMES, "is_given")
        require_names(state, arrays=arrays, scalars=("n_layers", "n_hidden", "n_features"))
        k = required_int(state, "n_layers", minimum=1, maximum=MAX_LAYERS)
        h = required_int(state, "n_hidden", minimum=1, maximum=MAX_HIDDEN)
        d = required_int(state, "n_features", minimum=1)
        shapes = ((k, d, h), (k, h), (k, h, 2 * d), (k, 2 * d))
        inner, inner_bias, outer, outer_bias = restored_weights(state, dict(zip(NAMES, shapes, strict=True)))
        is_given = required_array(state, "is_given", dtype=np.uint8, shape=(k, d))
        require_within(is_given, "is_given", minimum=0, maximum=1)
        return FittedFlow(Standardiser.restore(state, d), inner, inner_bias, outer, outer_bias, is_given)


@dataclass(frozen=True, slots=True, eq=False)
class FittedFlow:
    """Frozen weights of k layers, float32, and which columns each layer leaves, uint8 (k, d)."""

    standardiser: Standardiser
    inner: Weights
    inner_bias: Weights
    outer: Weights
    outer_bias: Weights
    is_given: NDArray[np.uint8]
    _exact: tuple[FloatMatrix, FloatMatrix] = field(init=False, repr=False)  # the matrices as float64

    def __post_init__(self) -> None:
        object.__setattr__(self, "_exact", (self.inner.astype(np.float64), self.outer.astype(np.float64)))

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        _, n_features, n_hidden = self.inner.shape
        return score_in_blocks(rows, n_features, self._score_block, cells_per_row=8 * n_features + n_hidden)

    def state(self) -> ModelState:
        """Return weights, halves, standardisation and sizes."""
        n_layers, n_features, n_hidden = self.inner.shape
        arrays = {name: getattr(self, name) for name in NAMES} | {"is_given": self.is_given}
        sizes = {"n_layers": n_layers, "n_hidden": n_hidden, "n_features": n_features}
        return ModelState(arrays | self.standardiser.arrays(), sizes)

    def negative_log_density(self, standard: FloatMatrix) -> FloatVector:
        """Return minus the log density of standardised rows (n, d): float64 (n,)."""
        values, log_slopes = standard, np.zeros(len(standard))
        for given, inner, inner_bias, outer, outer_bias in zip(
            self.is_given, self._exact[0], self.inner_bias, self._exact[1], self.outer_bias, strict=True
        ):
            hidden = np.tanh((values * given) @ inner + inner_bias)
            raw, shift = np.split(hidden @ outer + outer_bias, 2, axis=1)
            log_scale = (1 - given) * LARGEST_LOG_SCALE * np.tanh(raw / LARGEST_LOG_SCALE)
            values = np.clip(values * np.exp(log_scale) + (1 - given) * shift, -LARGEST_VALUE, LARGEST_VALUE)
            log_slopes = log_slopes + log_scale.sum(axis=1)
        return np.asarray(0.5 * (np.square(values) + np.log(2 * np.pi)).sum(axis=1) - log_slopes)

    def _score_block(self, block: FloatMatrix) -> FloatVector:
        unlikely = self.negative_log_density(self.standardiser.apply(block))
        return np.asarray(unlikely - self.standardiser.log_slope(block).sum(axis=1))
