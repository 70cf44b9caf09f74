"""Diffusion time estimated from neighbours: how much noise would have had to move a row here from the training rows."""

from dataclasses import dataclass

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.jax_models.reference_rows import ReferenceRows
from pynomaly.infrastructure.algorithms.state_checks import require_names


@dataclass(frozen=True, slots=True)
class JaxDiffusionTime:
    """The variance of the diffusion noise that explains where a row lies, from its k nearest reference rows.

    What: takes a row as a reference row moved by Gaussian noise of unknown variance, the further along in a diffusion
    the larger. Moved by r in d columns, the variance has an inverse gamma likelihood with its mode at r^2 / d; with the
    mean squared distance to the k nearest reference rows as r^2, that mode is the score.

    When: as `jax.knn`, to which it is a close relation: squares weigh the farther neighbours more, and scores are
    about a variance for tables of any width. Fails when columns are on different scales, and where more than k
    anomalies of a kind are among the training rows.

    Cost, with m reference rows: as `jax.knn`: fit copies them; score m * d + m per row, and about a second of
    compilation for each shape in a process.

    n_neighbors: k, 1..10000; None means 5 % of the reference rows, at least 5 (the paper takes 5 from clean training
    rows). Never more than there are reference rows.
    max_reference_rows: m, 10..50000, default 2000; longer training data is sampled without replacement with `seed`.

    Shapes: rows (n, d) taken as float32, finite; scores float64 (n,), from 0. A training row finds itself. Raises
    TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows.

    Source: Livernoche, Jain, Hezaveh and Ravanbakhsh (2024), "On diffusion modeling for anomaly detection", ICLR,
    section 4, the non-parametric estimate. Difference: the mode itself, where the authors look it up among the times
    of a diffusion, which end, so that all far rows would score alike.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> rows = np.array([[0.0], [1.0], [2.0], [3.0]])
    >>> model = JaxDiffusionTime(n_neighbors=2).fit(FeatureMatrix(rows, ("size",)), seed=0)
    >>> model.score(np.array([[1.0], [9.0]]))
    array([ 0.5, 42.5])
    """

    n_neighbors: int | None = None
    max_reference_rows: int = 2000

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedJaxDiffusionTime":
        """Keep the reference rows. Raises TooFewRows, InvalidData."""
        rows = ReferenceRows.of(matrix, most=self.max_reference_rows, seed=seed, n_neighbors=self.n_neighbors)
        return FittedJaxDiffusionTime(rows)

    @staticmethod
    def restore(state: ModelState) -> "FittedJaxDiffusionTime":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(state, arrays=("reference",), scalars=("n_rows", "n_features", "n_neighbors"))
        return FittedJaxDiffusionTime(ReferenceRows.restored(state))


@dataclass(frozen=True, slots=True, eq=False)
class FittedJaxDiffusionTime:
    """Frozen reference rows."""

    reference: ReferenceRows

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        return self.reference.scores(rows, self._variance)

    def state(self) -> ModelState:
        """Return the reference rows, their shape and the number of neighbours."""
        return ModelState({"reference": self.reference.values}, dict(self.reference.scalars))

    def _variance(self, nearest: FloatMatrix) -> FloatVector:
        return np.asarray(np.square(nearest).mean(axis=1) / self.reference.values.shape[1])
