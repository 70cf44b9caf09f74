"""Sub-sequence principal components: how far a window of a series lies from the shapes that windows usually have."""

from dataclasses import dataclass, field

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector, read_only
from pynomaly.domain.errors import InvalidData
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.ellipsoid import LARGEST_ROOT, LARGEST_VALUE, Ellipsoid
from pynomaly.infrastructure.algorithms.scoring_rows import check_width, finite_block, training_rows
from pynomaly.infrastructure.algorithms.state_checks import (
    require,
    require_names,
    require_within,
    required_array,
    required_int,
)

MAX_TRAINING_ROWS = 100_000
"""Windows learned from; a longer series is sampled."""

SMALLEST_REST = 1e-6
"""Least variance outside the leading shapes, as a share of the mean variance: a series without noise has none."""

SMALLEST_VARIANCE = 1e-280
"""Below this windows are taken as all alike, as in `pca`."""

FLAT = 1e-12
"""A window whose standard deviation is below this share of its largest value is flat; normalised, it is all 0."""


@dataclass(frozen=True, slots=True)
class SubsequenceComponents:
    """Weighted leading components of a window, and what they leave over.

    What: finds the few shapes that windows of a series are mostly mixtures of (leading principal components); a
    window's score adds the squares of its shares of them, each over its variance, and the square of the rest over the
    mean variance of the rest. Rows are windows, oldest value first, as `pynomaly.windows_of` makes them.

    When: series with a rhythm, oddities that last; several channels. Look-back: the window; look-ahead: none. A window
    about as long as the rhythm is a good choice. Fails for series that change their rhythm or level for good, and for
    a single odd point in a noisy series (see `ar_residual`).

    Cost, with d values per window: fit n d^2 + d^3; score d^2 / 2 per row in compiled code up to 64 values, d^2
    above. Random only where more than 100 000 windows are sampled (`seed`).

    explained_share: share of the variance that the leading components explain, 0.1..0.999, default 0.9.
    z_normalised: whether each window's channels are brought to mean 0 and variance 1 first, default False: then level
    and size of a window do not matter, only its shape, and noise in flat windows looks large.
    n_channels: series side by side in a window, 1..1000, default 1.

    Shapes: rows (n, d) float32 or float64, finite, d a multiple of n_channels; scores float64 (n,), from 0, about d
    for a usual window. Raises TooFewRows below 2 rows, InvalidData where d is no such multiple, ColumnMismatch on
    another width, NonFiniteScores for NaN or infinity in rows.

    Source: Sub-PCA of Liu and Paparrizos (2024), "The elephant in the room: towards a reliable time-series anomaly
    detection benchmark", NeurIPS; after Shyu et al. (2003), see `pca`. Difference: leading components and rest are
    weighted as in Tipping and Bishop (1999), "Probabilistic principal component analysis", JRSS-B 61(3), so that the
    score is one squared distance. Parts per column as in `pca`, of the normalised window.

    >>> from pynomaly.domain.series import windows_of
    >>> series = np.sin(np.arange(200) * 0.5) + 0.01 * np.random.default_rng(0).normal(size=200)
    >>> model = SubsequenceComponents().fit(FeatureMatrix(*windows_of(series, 6)), seed=0)
    >>> model.score(np.array([np.sin(np.arange(6) * 0.5), [0.0, 0.5, 0.8, 0.0, 0.9, 0.6]])).round() < 100
    array([ True, False])
    """

    explained_share: float = 0.9
    z_normalised: bool = False
    n_channels: int = 1

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedShapes":
        """Learn the usual shapes. Raises TooFewRows, InvalidData."""
        rows = training_rows(matrix)
        if rows.shape[1] % self.n_channels:
            raise InvalidData(f"windows of {rows.shape[1]} values are not made of {self.n_channels} channels each")
        if len(rows) > MAX_TRAINING_ROWS:
            rows = rows[np.sort(np.random.default_rng(seed).choice(len(rows), MAX_TRAINING_ROWS, replace=False))]
        n_normalised = self.n_channels if self.z_normalised else 0
        rows = _normalised(rows, n_normalised) if n_normalised else np.clip(rows, -LARGEST_VALUE, LARGEST_VALUE)
        centre = np.clip(rows.mean(axis=0), -LARGEST_VALUE, LARGEST_VALUE)  # rounding may lead beyond
        root = _root(rows - centre, self.explained_share)
        return FittedShapes(read_only(centre), read_only(root), n_normalised)

    @staticmethod
    def restore(state: ModelState) -> "FittedShapes":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(state, arrays=("centre", "root"), scalars=("n_normalised",))
        centre = required_array(state, "centre", dtype=np.float64, shape=(None,))
        root = required_array(state, "root", dtype=np.float64, shape=(centre.size, centre.size))
        require_within(centre, "centre", minimum=-LARGEST_VALUE, maximum=LARGEST_VALUE)
        require_within(root, "root", minimum=-LARGEST_ROOT, maximum=LARGEST_ROOT)
        n_normalised = required_int(state, "n_normalised", minimum=0, maximum=centre.size)
        require(n_normalised == 0 or centre.size % n_normalised == 0, "has windows that are not made of its channels")
        return FittedShapes(centre, root, n_normalised)


@dataclass(frozen=True, slots=True, eq=False)
class FittedShapes:
    """Frozen centre float64 (d,), root (d, d) of the precision, and how many channels are normalised, 0 for none."""

    centre: FloatVector
    root: FloatMatrix
    n_normalised: int
    _ellipsoid: Ellipsoid = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ellipsoid", Ellipsoid(self.centre, self.root))

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score windows (n, d): float64 (n,), higher is stranger."""
        return self._ellipsoid.squared_distances(self._prepared(rows))

    def contributions(self, rows: FloatMatrix) -> FloatMatrix:
        """Return each moment's part, (n, d), none negative; a window adds up to its score."""
        return self._ellipsoid.parts(self._prepared(rows))

    def state(self) -> ModelState:
        """Return centre, root and how many channels are normalised."""
        return ModelState({"centre": self.centre, "root": self.root}, {"n_normalised": self.n_normalised})

    def _prepared(self, rows: FloatMatrix) -> FloatMatrix:
        if not self.n_normalised:
            return rows
        check_width(rows, self.centre.size)
        return _normalised(finite_block(rows), self.n_normalised)


def _root(away: FloatMatrix, explained_share: float) -> FloatMatrix:
    """Return the symmetric root of the precision of centred windows; what leading components leave has one variance."""
    variances, axes = np.linalg.eigh(away.T @ away / len(away))
    variances, axes = np.maximum(variances[::-1], 0.0), axes[:, ::-1]
    total = float(variances.sum())
    if total <= SMALLEST_VARIANCE:
        return np.eye(len(variances))
    n_leading = 1 + int(np.searchsorted(np.cumsum(variances), explained_share * total))
    rest = float(variances[n_leading:].mean()) if n_leading < len(variances) else 0.0
    rest = max(rest, SMALLEST_REST * total / len(variances))
    variances = np.where(np.arange(len(variances)) < n_leading, np.maximum(variances, rest), rest)
    return np.asarray((axes / np.sqrt(variances)) @ axes.T)


def _normalised(rows: FloatMatrix, n_channels: int) -> FloatMatrix:
    """Return windows (n, d) whose channels each have mean 0 and variance 1 in every window; flat ones are 0."""
    channels = np.clip(rows, -LARGEST_VALUE, LARGEST_VALUE).reshape(len(rows), -1, n_channels)
    away = channels - channels.mean(axis=1, keepdims=True)
    spread = np.sqrt((away**2).mean(axis=1, keepdims=True))
    is_flat = spread <= FLAT * np.abs(channels).max(axis=1, keepdims=True)
    return np.asarray(np.where(is_flat, 0.0, away / np.where(is_flat, 1.0, spread)).reshape(rows.shape))
