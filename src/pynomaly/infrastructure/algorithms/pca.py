"""Principal components: how far a row lies from the centre, measured along the directions columns vary in together."""

from dataclasses import dataclass, field

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import BoolVector, FloatMatrix, FloatVector
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.ellipsoid import LARGEST_VALUE, Ellipsoid
from pynomaly.infrastructure.algorithms.scoring_rows import training_rows
from pynomaly.infrastructure.algorithms.state_checks import (
    require,
    require_names,
    require_within,
    required_array,
)

MAX_TRAINING_ROWS = 100_000
"""Rows the axes are learned from; a larger table is sampled, which leaves its variances known to half a per cent."""

TRIMMING_STEPS = 3
"""Times the core is chosen anew; the scores of public tables hardly moved after two."""

SHRINKAGE = 0.05
"""How far every variance is pulled towards the mean of all, as in Ledoit and Wolf (2004): no direction is weightless,
and the ratio of the largest to the smallest variance stays below 20 * d, which keeps scores accurate to 1e-12."""

SMALLEST_VARIANCE = 1e-280
"""Below this rows are taken as all alike, so that 1 / standard deviation times the largest value is a finite number."""


@dataclass(frozen=True, slots=True)
class PrincipalComponents:
    """Sum of squared standardised principal component scores, around the least strange part of the training rows.

    What: finds the centre, the principal axes and the variance along each; a row's score is the sum over all axes of
    (distance along the axis)^2 / variance. Major axes show rows extreme in what columns share, minor axes show rows
    that break the relation between columns. Centre and axes are learned from the core: the share of training rows
    that scored lowest under the axes before, chosen three times over, so that anomalies do not turn the axes.

    When: correlated numeric columns; fast at any size. Fails for clusters and curved relations, and when columns are
    on different scales.

    Cost: fit n d^2 + d^3 (n^2 d where n <= d), four times; score d^2 / 2 per row in compiled code up to 64 columns,
    d^2 above. Random only where more than 100 000 rows are sampled (`seed`).

    core_share: share of the training rows taken as core, 0.5..1, default 0.75; 1 learns from all rows alike.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), from 0, about d for a usual row of the core.
    Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows.

    Source: Shyu, Chen, Sarinnapakorn and Chang (2003), "A novel anomaly detection scheme based on principal component
    classifier", ICDM workshops, sections 2-3. Differences: all axes in one sum instead of two thresholds on major and
    minor ones; the core is chosen by the concentration steps of Rousseeuw and Van Driessen (1999); shrinkage. Parts
    per column: Garthwaite and Koch (2016), "Evaluating the contributions of individual variables to a quadratic form".

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> rows = np.array([[0.0, 0.0], [1.0, 1.1], [2.0, 1.9], [3.0, 3.0]])
    >>> model = PrincipalComponents(core_share=1.0).fit(FeatureMatrix(rows, ("width", "height")), seed=0)
    >>> model.score(np.array([[1.0, 1.0], [1.0, 3.0]])).round(1)
    array([ 0.2, 32. ])
    """

    core_share: float = 0.75

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedComponents":
        """Learn centre, axes and variances. Raises TooFewRows, InvalidData."""
        rows = training_rows(matrix)
        if len(rows) > MAX_TRAINING_ROWS:
            rows = rows[np.sort(np.random.default_rng(seed).choice(len(rows), MAX_TRAINING_ROWS, replace=False))]
        rows = np.clip(rows, -LARGEST_VALUE, LARGEST_VALUE)
        model = _components(rows)
        for _ in range(TRIMMING_STEPS if self.core_share < 1 else 0):
            core = _components(rows[_is_core(model.score(rows), self.core_share)])
            model = core if core.has_spread else model
        return model

    @staticmethod
    def restore(state: ModelState) -> "FittedComponents":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(state, arrays=("centre", "axes", "variances"), scalars=())
        centre = required_array(state, "centre", dtype=np.float64, shape=(None,))
        variances = required_array(state, "variances", dtype=np.float64, shape=(None,))
        axes = required_array(state, "axes", dtype=np.float64, shape=(centre.size, variances.size))
        require_within(centre, "centre", minimum=-LARGEST_VALUE, maximum=LARGEST_VALUE)
        require_within(variances, "variances", minimum=0.0, maximum=centre.size * (2 * LARGEST_VALUE) ** 2)
        require_within(axes, "axes", minimum=-1.01, maximum=1.01)
        is_orthonormal = np.allclose(axes.T @ axes, np.eye(variances.size), atol=1e-6)
        require(is_orthonormal, "has axes that are not at right angles")
        return FittedComponents(centre, axes, variances)


@dataclass(frozen=True, slots=True, eq=False)
class FittedComponents:
    """Frozen centre float64 (d,), orthonormal axes (d, r) and the variance along each (r,).

    Every direction at right angles to the axes has variance 0, to which shrinkage adds as to the others. Rows that are
    all alike have none anywhere: then the score is the plain squared distance to them.
    """

    centre: FloatVector
    axes: FloatMatrix
    variances: FloatVector
    _ellipsoid: Ellipsoid = field(init=False, repr=False)

    def __post_init__(self) -> None:
        rest = self._rest_variance() if self.has_spread else 1.0
        scales = 1 / np.sqrt((1 - SHRINKAGE) * self.variances + rest) - rest**-0.5
        root = (self.axes * scales) @ self.axes.T + rest**-0.5 * np.eye(self.centre.size)
        object.__setattr__(self, "_ellipsoid", Ellipsoid(self.centre, root))

    @property
    def has_spread(self) -> bool:
        """Whether the rows learned from differ at all."""
        return self._rest_variance() > SMALLEST_VARIANCE

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        return self._ellipsoid.squared_distances(rows)

    def contributions(self, rows: FloatMatrix) -> FloatMatrix:
        """Return each column's part, (n, d), none negative; a row adds up to its score.

        A part is the square of the row's value in a column after all columns were made uncorrelated by the rotation
        that moves them least.
        """
        return self._ellipsoid.parts(rows)

    def state(self) -> ModelState:
        """Return centre, axes and variances."""
        return ModelState({"centre": self.centre, "axes": self.axes, "variances": self.variances})

    def _rest_variance(self) -> float:
        return SHRINKAGE * float(self.variances.sum()) / self.centre.size


def _components(rows: FloatMatrix) -> FittedComponents:
    """Return centre, axes and variances of rows: from the covariance, or directly where it would not have full rank."""
    n_rows, n_features = rows.shape
    centre = np.clip(rows.mean(axis=0), -LARGEST_VALUE, LARGEST_VALUE)  # rounding may lead beyond
    away = rows - centre
    if n_rows > n_features:
        variances, axes = np.linalg.eigh(away.T @ away / n_rows)
    else:
        _, singular, right = np.linalg.svd(away, full_matrices=False)
        variances, axes = singular**2 / n_rows, right.T
    return FittedComponents(centre, np.ascontiguousarray(axes), np.maximum(variances, 0.0))


def _is_core(scores: FloatVector, share: float) -> BoolVector:
    """Mark the rows that score lowest; ties at the edge all belong."""
    return np.asarray(scores <= np.quantile(scores, share))
