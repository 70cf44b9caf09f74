"""Gaussian mixture: how thin the crowd is where a row lies, after a few ellipses were laid over the training rows."""

from dataclasses import dataclass, field

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import FloatMatrix, FloatVector, read_only
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.column_scales import robust_scales
from pynomaly.infrastructure.algorithms.ellipsoid import LARGEST_ROOT, LARGEST_VALUE, Ellipsoid
from pynomaly.infrastructure.algorithms.mixture_steps import CovarianceType, Mixture, MixtureSteps, log_parts, log_sums
from pynomaly.infrastructure.algorithms.scoring_rows import score_in_blocks, training_rows
from pynomaly.infrastructure.algorithms.state_checks import require, require_names, require_within, required_array

MAX_TRAINING_ROWS = 20_000
"""Rows learned from; a larger table is sampled, which leaves variances known to one per cent."""

LARGEST_SCALED = 1e50
"""Values beyond so many scales from the median are taken as this, so that no square overflows."""

LARGEST_OFFSET = 1e9
"""Bound of what a component's weight and volume add to a score."""


@dataclass(frozen=True, slots=True)
class GaussianMixture:
    """Negative logarithm of the density of a mixture of normal distributions.

    What: lays n_components ellipses over the densest part of the training rows; a row's score is minus the logarithm
    of the density they give it. The ellipses are learned from the core: in every step, the share of rows that has the
    highest density, so that anomalies do not get an ellipse.

    When: rows in a few elliptical crowds. Fails for curved crowds, for many columns with few rows, and where
    anomalies keep company in more than 1 - core_share of the rows. With one component it ranks as `pca` does nearly.

    Cost: fit up to 100 steps of k n d^2 on at most 20 000 rows, and 30 to choose a start if k > 1; score k d^2 / 2 per
    row in compiled code up to 64 columns, k d^2 above. Random where there are more rows (sampling) or components
    (starts): `seed`.

    n_components: k, 1..100, default 1: with more, anomalies in training find one of their own more easily.
    covariance_type: full (default), tied (one shape for all), diag (along the columns) or spherical.
    core_share: share of the training rows taken as core, 0.5..1, default 0.75; 1 is the plain mixture.
    reg_covar: added to the variances of columns on a common scale, 1e-9..1, default 1e-3; no component gets thinner.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), of any sign.
    Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows.

    Source: Dempster, Laird and Rubin (1977), "Maximum likelihood from incomplete data via the EM algorithm", JRSS-B 39;
    Neykov, Filzmoser, Dimova and Neytchev (2007), "Robust fitting of mixtures using the trimmed likelihood estimator",
    CSDA 52(1); start: Arthur and Vassilvitskii (2007), "k-means++", SODA. Differences: the core is chosen anew in
    every step; starts are drawn within the core of a single component; shrinkage.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> rows = np.random.default_rng(0).normal(size=(300, 2)) + [[0, 0], [9, 9], [9, 9]] * 100
    >>> model = GaussianMixture(n_components=2).fit(FeatureMatrix(rows, ("width", "height")), seed=0)
    >>> model.score(np.array([[0.0, 0.0], [9.0, 9.0], [4.5, 4.5]])).round(1)
    array([ 2.2,  1.7, 27.3])
    """

    n_components: int = 1
    covariance_type: CovarianceType = "full"
    core_share: float = 0.75
    reg_covar: float = 1e-3

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> "FittedMixture":
        """Learn weights, centres and shapes. Raises TooFewRows, InvalidData."""
        random = np.random.default_rng(seed)
        rows = training_rows(matrix)
        if len(rows) > MAX_TRAINING_ROWS:
            rows = rows[np.sort(random.choice(len(rows), MAX_TRAINING_ROWS, replace=False))]
        rows = np.clip(rows, -LARGEST_VALUE, LARGEST_VALUE)
        middle, scale = robust_scales(rows)
        scaled = np.clip((rows - middle) / scale, -LARGEST_SCALED, LARGEST_SCALED)
        steps = MixtureSteps(self.n_components, self.covariance_type, self.core_share, self.reg_covar)
        mixture = steps.learn(scaled, random)
        centres = np.clip(mixture.centres * scale + middle, -LARGEST_VALUE, LARGEST_VALUE)
        roots = mixture.roots / scale[:, np.newaxis]
        offsets = mixture.offsets - np.log(scale).sum()
        return FittedMixture(Mixture(read_only(centres), read_only(roots), read_only(offsets)))

    @staticmethod
    def restore(state: ModelState) -> "FittedMixture":
        """Rebuild a fitted model. Raises CorruptModel."""
        require_names(state, arrays=("centres", "roots", "offsets"), scalars=())
        centres = required_array(state, "centres", dtype=np.float64, shape=(None, None))
        n_components, n_features = centres.shape
        offsets = required_array(state, "offsets", dtype=np.float64, shape=(n_components,))
        roots = required_array(state, "roots", dtype=np.float64, shape=(None, n_features, n_features))
        require(len(roots) in (1, n_components), "has neither one shape nor one for each component")
        require_within(centres, "centres", minimum=-LARGEST_VALUE, maximum=LARGEST_VALUE)
        require_within(offsets, "offsets", minimum=-LARGEST_OFFSET, maximum=LARGEST_OFFSET)
        require_within(roots, "roots", minimum=-LARGEST_ROOT, maximum=LARGEST_ROOT)
        return FittedMixture(Mixture(centres, roots, offsets))


@dataclass(frozen=True, slots=True, eq=False)
class FittedMixture:
    """A frozen mixture: float64 centres (k, d), roots (k or 1, d, d) and offsets (k,)."""

    mixture: Mixture
    _ellipsoids: tuple[Ellipsoid, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_ellipsoids", tuple(self.mixture.ellipsoids()))

    def score(self, rows: FloatMatrix) -> FloatVector:
        """Score rows (n, d): float64 (n,), higher is stranger."""
        if len(self._ellipsoids) == 1:
            return np.asarray(self._ellipsoids[0].squared_distances(rows) / 2 - self.mixture.offsets[0])
        n_components, n_features = self.mixture.centres.shape
        return score_in_blocks(rows, n_features, self._score_block, cells_per_row=n_features + 4 * n_components)

    def state(self) -> ModelState:
        """Return centres, roots and offsets."""
        mixture = self.mixture
        return ModelState({"centres": mixture.centres, "roots": mixture.roots, "offsets": mixture.offsets})

    def _score_block(self, block: FloatMatrix) -> FloatVector:
        return -log_sums(log_parts(self._ellipsoids, self.mixture.offsets, block))
