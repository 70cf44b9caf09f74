"""One-class support vector machine, solved exactly: which rows lie outside the smallest region that holds most."""

from dataclasses import dataclass

import numpy as np

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.arrays import read_only
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.kernel_expansion import KernelExpansion, KernelSpace
from pynomaly.infrastructure.algorithms.scoring_rows import training_rows


@dataclass(frozen=True, slots=True)
class OneClassSupportVectors:
    """Signed distance to the boundary around most training rows, in the space of a radial kernel.

    What: finds the plane that separates the training rows, seen through exp(-gamma |x - y|^2), from the origin with
    the largest margin, all but a share nu of them; a row's score is how far it lies on the wrong side.

    When: crowds of any shape, a few thousand rows, columns on one scale. Fails when gamma does not suit the data, with
    many useless columns, and where anomalies in training are many and close to each other. Rows far from everything
    all get the same score. For longer tables see `ocsvm_nystroem`.

    Cost, with m = min(n, max_training_rows): fit between m^2 d and m^3 d; score nu m d per row. Random only where
    rows are sampled (`seed`).

    nu: share of the training rows that may lie outside, 0.01..0.99, default 0.5; about nu m rows are kept.
    gamma: 1 / squared width of the kernel, 1e-9..1e9; None means 1 / (d * variance of all values).
    max_training_rows: 10..100000, default 10000; longer tables are sampled without replacement.

    Shapes: rows (n, d) float32 or float64, finite; scores float64 (n,), 0 at the boundary, at most the boundary's
    offset. Kept rows are rounded to float32, relative to the centre and the kernel's width.
    Raises TooFewRows below 2 rows, ColumnMismatch on another width, NonFiniteScores for NaN or infinity in rows.

    Source: Schölkopf, Platt, Shawe-Taylor, Smola and Williamson (2001), "Estimating the support of a high-dimensional
    distribution", Neural Computation 13(7), section 3. Solved by libsvm through scikit-learn, to its tolerance 1e-3;
    scores are its negative decision values / (nu m), so that the weights add up to 1.

    >>> from pynomaly.domain.feature_matrix import FeatureMatrix
    >>> rows = np.array([[0.0], [0.1], [0.2], [0.3], [0.4], [3.0]])
    >>> model = OneClassSupportVectors().fit(FeatureMatrix(rows, ("size",)), seed=0)
    >>> model.score(np.array([[0.2], [3.0], [9.0]])).round(2)
    array([-0.01,  0.3 ,  0.63])
    """

    nu: float = 0.5
    gamma: float | None = None
    max_training_rows: int = 10_000

    def fit(self, matrix: FeatureMatrix, *, seed: int) -> KernelExpansion:
        """Find the boundary. Raises TooFewRows, InvalidData."""
        from sklearn.svm import OneClassSVM  # heavy to import, and only fits need it

        rows = training_rows(matrix)
        if len(rows) > self.max_training_rows:
            rows = rows[np.sort(np.random.default_rng(seed).choice(len(rows), self.max_training_rows, replace=False))]
        space = KernelSpace.of(rows, self.gamma)
        placed = space.place(rows).astype(np.float32)
        solved = OneClassSVM(nu=self.nu, gamma=1.0).fit(placed.astype(np.float64))
        total = float(solved.dual_coef_.sum())
        weights = np.asarray(solved.dual_coef_[0] / total, dtype=np.float64)
        offset = np.asarray(solved.offset_ / total, dtype=np.float64).reshape(1)
        return KernelExpansion(space, read_only(placed[solved.support_]), read_only(weights), read_only(offset))

    @staticmethod
    def restore(state: ModelState) -> KernelExpansion:
        """Rebuild a fitted model. Raises CorruptModel."""
        return KernelExpansion.restore(state)
