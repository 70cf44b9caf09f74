"""Minimum covariance determinant: how far a row lies from the tightest majority, in its own directions."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from math import ceil

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector, IntVector, read_only
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.column_scales import robust_scales
from pynomaly.infrastructure.algorithms.ellipsoid import LARGEST_ROOT, LARGEST_VALUE, Ellipsoid
from pynomaly.infrastructure.algorithms.scoring_rows import training_rows
from pynomaly.infrastructure.algorithms.state_checks import require_names, require_within, required_array

MAX_TRAINING_ROWS = 100_000
"""Rows learned from; a larger table is sampled, which leaves its variances known to half a per cent."""

START_ROWS = 10_000
"""Rows that scales come from and the starts compete on; only the winner goes on with all, as in section 3.3 of
Rousseeuw and Van Driessen."""

MAX_STEPS = 15
"""Concentration steps at most; the determinant hardly falls after five."""

SMALLEST_FALL = 1e-4
"""Steps end when the logarithm of the determinant falls by less."""

SHRINKAGE = 0.05
"""How far every variance is pulled towards the mean of all; see `pca`. It is what makes the covariance of discrete or
constant columns, and of fewer rows than columns, one that can be inverted."""

LARGEST_SCALED = 1e50
"""Values beyond so many scales from the median are taken as this, so that no square overflows."""

KEPT_SHARE = 0.975
"""Share of normal rows kept in the reweighting step, as in Rousseeuw and Van Driessen."""


@dataclass(frozen=True, slots=True)
class MinimumCovarianceDeterminant:
    """Squared robust Mahalanobis distance.

    What: finds the share of the training rows whose covariance has the smallest determinant, takes centre and
    covariance from it, then from all rows that are not far under these, and scores a row by its squared distance.

    When: one elliptical crowd of correlated columns, and up to a quarter of anomalies in training, also where they
    keep each other company. Fails for several clusters and curved relations, and says little below 5 rows per column.

    Cost: fit about 10 passes of n d^2, and d^3 per step; score d^2 / 2 per row in compiled code up to 64 columns, d^2
    above. Random only where more than 10 000 rows are sampled (`seed`).

    support_fraction: share of the training rows that has to be tight, 0.5..1, default 0.75. 0.5 stands the most
    anomalies; 1 gives the classical, shrunk covariance of all rows, without a second step.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), from 0, about d for a normal row.
    Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows.

    Source: Rousseeuw and Van Driessen (1999), "A fast algorithm for the minimum covariance determinant estimator",
    Technometrics 41(3): concentration, reweighting. Hubert, Rousseeuw and Verdonck (2012), "A deterministic algorithm
    for robust location and scatter", JCGS 21(3), section 3: three of its six starts (hyperbolic tangent, spatial sign,
    half with the smallest norms) and median absolute deviations for scales. Differences: the covariance is always
    shrunk, in the manner of Boudt et al. (2020), "The minimum regularized covariance determinant estimator". Parts
    per column: Garthwaite and Koch (2016), "Evaluating the contributions of individual variables to a quadratic form".

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> rows = np.array([[0.0, 0.1], [1.0, 1.1], [2.0, 1.9], [3.0, 3.0], [4.0, 4.1], [1.0, 9.0]])
    >>> model = MinimumCovarianceDeterminant().fit(FeatureMatrix(rows, ("width", "height")), seed=0)
    >>> model.score(np.array([[2.0, 2.0], [1.0, 9.0]])).round()
    array([  0., 241.])
    """

    support_fraction: float = 0.75

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedCovariance":
        """Learn centre and covariance. Raises TooFewRows, InvalidData."""
        rows = _sample(training_rows(matrix), MAX_TRAINING_ROWS, seed)
        rows = np.clip(rows, -LARGEST_VALUE, LARGEST_VALUE)
        middle, scale = robust_scales(_sample(rows, START_ROWS, seed))
        scaled = np.clip((rows - middle) / scale, -LARGEST_SCALED, LARGEST_SCALED)
        estimate = _estimate(scaled)
        if self.support_fraction < 1:
            estimate = _reweighted(scaled, _tightest(scaled, self.support_fraction, seed))
        root = estimate.symmetric_root() / scale[:, np.newaxis]
        centre = np.clip(estimate.centre * scale + middle, -LARGEST_VALUE, LARGEST_VALUE)
        return FittedCovariance(read_only(centre), read_only(root))

    @staticmethod
    def restore(state: ModelState) -> "FittedCovariance":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(state, arrays=("centre", "root"), scalars=())
        centre = required_array(state, "centre", dtype=np.float64, shape=(None,))
        root = required_array(state, "root", dtype=np.float64, shape=(centre.size, centre.size))
        require_within(centre, "centre", minimum=-LARGEST_VALUE, maximum=LARGEST_VALUE)
        require_within(root, "root", minimum=-LARGEST_ROOT, maximum=LARGEST_ROOT)
        return FittedCovariance(centre, root)


@dataclass(frozen=True, slots=True, eq=False)
class FittedCovariance:
    """Frozen centre float64 (d,) and root (d, d) of the precision matrix."""

    centre: FloatVector
    root: FloatMatrix
    _ellipsoid: Ellipsoid = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ellipsoid", Ellipsoid(self.centre, self.root))

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        return self._ellipsoid.squared_distances(rows)

    def contributions(self, rows: FloatMatrix) -> FloatMatrix:
        """Return each column's part, (n, d), none negative; a row adds up to its score.

        A part is the square of the row's value in a column after the columns, on a common scale, were made
        uncorrelated by the rotation that moves them least.
        """
        return self._ellipsoid.parts(rows)

    def state(self) -> ModelState:
        """Return centre and root."""
        return ModelState({"centre": self.centre, "root": self.root})


@dataclass(frozen=True, slots=True, eq=False)
class _Estimate:
    """A centre (d,) and a shrunk covariance (d, d) of scaled rows, and the logarithm of its determinant."""

    centre: FloatVector
    covariance: FloatMatrix
    _lower: FloatMatrix = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_lower", np.linalg.cholesky(self.covariance))

    @property
    def log_determinant(self) -> float:
        return 2 * float(np.log(np.diag(self._lower)).sum())

    def distances(self, rows: FloatMatrix) -> FloatVector:
        return Ellipsoid(self.centre, np.linalg.inv(self._lower).T).squared_distances(rows)

    def symmetric_root(self) -> FloatMatrix:
        variances, axes = np.linalg.eigh(self.covariance)
        return np.asarray((axes / np.sqrt(variances)) @ axes.T)


def _estimate(rows: FloatMatrix, *, spread: float = 1.0) -> _Estimate:
    """Return mean and shrunk covariance, times `spread`; rows that are all alike have the unit matrix."""
    centre = rows.mean(axis=0)
    away = rows - centre
    covariance = away.T @ away * (spread / len(rows))
    mean_variance = float(np.trace(covariance)) / len(centre)
    if mean_variance <= 0:
        return _Estimate(centre, np.eye(len(centre)))
    return _Estimate(centre, (1 - SHRINKAGE) * covariance + SHRINKAGE * mean_variance * np.eye(len(centre)))


def _tightest(rows: FloatMatrix, share: float, seed: int) -> _Estimate:
    """Return the estimate of the smallest determinant: of all starts on some rows, then of the best one on all."""
    some = _sample(rows, START_ROWS, seed)
    found = [_concentrated(some, _estimate(some[start]), share) for start in _starts(some)]
    best = min(found, key=lambda estimate: estimate.log_determinant)
    return best if len(some) == len(rows) else _concentrated(rows, best, share)


def _concentrated(rows: FloatMatrix, estimate: _Estimate, share: float) -> _Estimate:
    """Take the estimate from the rows nearest to it, again and again; the determinant falls with every step."""
    n_core = ceil(share * len(rows))
    for step in range(MAX_STEPS):
        nearest = np.argpartition(estimate.distances(rows), n_core - 1)[:n_core]
        before, estimate = estimate, _estimate(rows[np.sort(nearest)])
        if step > 0 and before.log_determinant - estimate.log_determinant < SMALLEST_FALL:
            break
    return estimate


def _reweighted(rows: FloatMatrix, estimate: _Estimate) -> _Estimate:
    """Return the estimate of all rows that are not far, made consistent for normal rows (Croux, Haesbroeck 1999)."""
    from scipy.special import gammainc, gammaincinv  # heavy to import, and only fits need it

    half_width = rows.shape[1] / 2
    distances, farthest = estimate.distances(rows), 2 * gammaincinv(half_width, KEPT_SHARE)
    usual = float(np.median(distances)) / (2 * gammaincinv(half_width, 0.5))
    is_kept = distances <= max(usual, np.finfo(np.float64).tiny) * farthest
    return _estimate(rows[is_kept], spread=KEPT_SHARE / gammainc(half_width + 1, farthest / 2))


def _starts(rows: FloatMatrix) -> Iterator[IntVector]:
    """Yield halves of the rows, centred and scaled, to start from; with few rows per column only the last one."""
    n_rows, n_features = rows.shape
    norms = np.linalg.norm(rows, axis=1)
    if n_rows >= 5 * n_features:
        squeezed = np.tanh(rows)
        yield _nearest_half_along(rows, squeezed - squeezed.mean(axis=0))
        yield _nearest_half_along(rows, rows / np.where(norms > 0, norms, 1)[:, np.newaxis])
    yield _nearest_half(norms)


def _nearest_half_along(rows: FloatMatrix, directions: FloatMatrix) -> IntVector:
    """Return the half of the rows nearest to the middle, along the principal axes of `directions`, scaled robustly."""
    along = rows @ np.linalg.eigh(directions.T @ directions)[1]
    middle, scale = robust_scales(along)
    return _nearest_half(np.linalg.norm((along - middle) / scale, axis=1))


def _nearest_half(distances: FloatVector) -> IntVector:
    return np.asarray(np.argsort(distances, kind="stable")[: (len(distances) + 1) // 2])


def _sample(rows: FloatMatrix, n_rows: int, seed: int) -> FloatMatrix:
    """Return at most n_rows of the rows, in their order."""
    if len(rows) <= n_rows:
        return rows
    return rows[np.sort(np.random.default_rng(seed).choice(len(rows), n_rows, replace=False))]
