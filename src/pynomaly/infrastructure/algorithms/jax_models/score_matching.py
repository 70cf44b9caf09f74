"""Denoising score matching: how steeply the density of the training rows rises from where a row lies."""

from dataclasses import dataclass, field

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.jax_models.learning_rows import rows_to_learn_from, steps_for
from pynomaly.infrastructure.algorithms.jax_models.state import Weights, restored_weights
from pynomaly.infrastructure.algorithms.scoring_rows import score_in_blocks
from pynomaly.infrastructure.algorithms.standardiser import Standardiser
from pynomaly.infrastructure.algorithms.state_checks import require_names, required_int

MAX_HIDDEN = 512
MAX_LEVELS = 16

NAMES = ("straight", "inner", "inner_bias", "outer", "outer_bias")


@dataclass(frozen=True, slots=True)
class ScoreMatching:
    """The length of the estimated score field, the gradient of the log density, at a row.

    What: learns to tell the noise in training rows that Gaussian noise was added to; the best guess of the noise,
    divided by the noise's size, is minus the gradient of the log density of the noisy rows. Where training rows are
    dense it is short, beyond them it is long and points back. There is one network for each noise level, a straight
    part and one hidden layer of tanh units; the score is the root of the mean square of the expected noises, in units
    of the noise, over columns and levels. Nothing is drawn at scoring.

    When: many columns, several clusters, curved relations. Fails for anomalies between modes where the density is
    flat, and for columns of few distinct values.

    Cost, with l levels and h units: fit l * steps * 64 * 6 d (d + 2 h), all levels in one compiled program, after some
    seconds of compilation once per process and padded width; score l * 2 d (d + 2 h) per row.

    noise: the largest noise level in standard deviations of a column, 0.05..5, default 1.
    n_levels: l, 1..16, default 3; each level is half the one before.
    n_hidden: h, 1..512, default 16.
    n_epochs: times the rows are seen, 1..1000; None means 20, but 100 to 2000 batches of 64 rows.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), from 0. Columns are standardised here. Raises
    TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows. Random:
    weights, batches and noise, all from `seed`.

    Source: Vincent (2011), "A connection between score matching and denoising autoencoders", Neural Computation 23,
    section 4.3; several levels: Song and Ermon (2019), "Generative modeling by estimating gradients of the data
    distribution", NeurIPS, section 4.2. Differences: one network for each level; a straight part that is kept beyond
    the training rows; the worst two fifths of a batch are left out.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> rows = np.random.default_rng(0).normal(size=(200, 2))
    >>> model = ScoreMatching(n_levels=1).fit(FeatureMatrix(rows, ("a", "b")), seed=0)
    >>> centre, out = model.score(np.array([[0.0, 0.0], [4.0, 4.0]]))
    >>> bool(centre < 0.5 < 1.0 < out)
    True
    """

    noise: float = 1.0
    n_levels: int = 3
    n_hidden: int = 16
    n_epochs: int | None = None

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedScoreField":
        """Train the networks of all levels at once. Raises TooFewRows, InvalidData."""
        from pynomaly.infrastructure.algorithms.jax_models.score_matching_training import BATCH_ROWS, trained_fields

        rows = rows_to_learn_from(matrix, seed)
        standardiser = Standardiser.learn(rows, tail_share=0.0)
        weights = trained_fields(
            standardiser.apply(rows),
            noise_levels=np.asarray(self.noise * 0.5 ** np.arange(self.n_levels), dtype=np.float64),
            n_hidden=self.n_hidden,
            n_steps=steps_for(len(rows), BATCH_ROWS, self.n_epochs, fewest=100, most=2000),
            seed=seed,
        )
        return FittedScoreField(standardiser, *weights)

    @staticmethod
    def restore(state: ModelState) -> "FittedScoreField":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(state, arrays=("centre", "scale", *NAMES), scalars=("n_levels", "n_hidden", "n_features"))
        n = required_int(state, "n_levels", minimum=1, maximum=MAX_LEVELS)
        h = required_int(state, "n_hidden", minimum=1, maximum=MAX_HIDDEN)
        d = required_int(state, "n_features", minimum=1)
        shapes = ((n, d, d), (n, d, h), (n, h), (n, h, d), (n, d))
        weights = restored_weights(state, dict(zip(NAMES, shapes, strict=True)))
        return FittedScoreField(Standardiser.restore(state, d), *weights)


@dataclass(frozen=True, slots=True, eq=False)
class FittedScoreField:
    """Frozen weights of one network for each noise level, float32, with an axis of levels first."""

    standardiser: Standardiser
    straight: Weights
    inner: Weights
    inner_bias: Weights
    outer: Weights
    outer_bias: Weights
    _exact: tuple[FloatMatrix, FloatMatrix, FloatMatrix] = field(init=False, repr=False)  # matrices as float64

    def __post_init__(self) -> None:
        exact = tuple(weights.astype(np.float64) for weights in (self.straight, self.inner, self.outer))
        object.__setattr__(self, "_exact", exact)

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        n_levels, n_features, n_hidden = self.inner.shape
        cells = n_levels * (3 * n_features + n_hidden)
        return score_in_blocks(rows, n_features, self._score_block, cells_per_row=cells)

    def state(self) -> ModelState:
        """Return weights, standardisation and sizes."""
        n_levels, n_features, n_hidden = self.inner.shape
        arrays = {name: getattr(self, name) for name in NAMES}
        sizes = {"n_levels": n_levels, "n_hidden": n_hidden, "n_features": n_features}
        return ModelState(arrays | self.standardiser.arrays(), sizes)

    def expected_noise(self, rows: FloatMatrix) -> FloatMatrix:
        """Return minus the score field times the noise level at rows (n, d), float64 (l, n, d)."""
        straight, inner, outer = self._exact
        standard = self.standardiser.apply(rows)
        hidden = np.tanh(standard @ inner + self.inner_bias[:, None, :])
        return np.asarray(standard @ straight + hidden @ outer + self.outer_bias[:, None, :])

    def _score_block(self, block: FloatMatrix) -> FloatVector:
        return np.asarray(np.sqrt(np.mean(np.square(self.expected_noise(block)), axis=(0, 2))))
