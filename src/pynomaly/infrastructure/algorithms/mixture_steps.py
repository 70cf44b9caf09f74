"""Learning a mixture of normal distributions from the densest part of scaled rows, by expectation and maximisation."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import ceil, log, pi
from typing import Literal

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector, IntVector
from pynomaly.infrastructure.algorithms.clusters import centres_far_apart, nearest_centres
from pynomaly.infrastructure.algorithms.ellipsoid import Ellipsoid

CovarianceType = Literal["full", "tied", "diag", "spherical"]

MAX_STEPS = 100
"""Steps at most, as in scikit-learn."""

SMALLEST_GAIN = 1e-3
"""Steps end when the mean log density of the core grows by less, as in scikit-learn."""

N_STARTS = 3
"""Starts from different centres; only the likeliest after a few steps goes on: short runs, then a long one, as in
Biernacki, Celeux and Govaert (2003). One component needs no choice."""

SHORT_STEPS = 10
"""Steps of each start."""

SHRINKAGE = 0.05
"""How far the variances of a component are pulled towards their mean; see `pca`."""


@dataclass(frozen=True, slots=True, eq=False)
class Mixture:
    """Centres (k, d), roots of the precisions (k, d, d), or (1, d, d) where all share one, and offsets (k,).

    The log density of component i at x, times its weight, is offsets[i] - |(x - centres[i]) roots[i]|^2 / 2.
    """

    centres: FloatMatrix
    roots: FloatMatrix
    offsets: FloatVector

    def ellipsoids(self) -> Iterator[Ellipsoid]:
        """Yield each component's ellipsoid."""
        for i, centre in enumerate(self.centres):
            yield Ellipsoid(centre, self.roots[i % len(self.roots)])


@dataclass(frozen=True, slots=True, eq=False)
class _Stand:
    """Where steps have led to: a mixture, the mean log density of its core, the core and its memberships (k, core)."""

    mixture: Mixture
    likelihood: float
    core: IntVector
    memberships: FloatMatrix


@dataclass(frozen=True, slots=True)
class MixtureSteps:
    """What is learned: how many components of which shape, from which share of the rows, how thin at least."""

    n_components: int
    covariance_type: CovarianceType
    core_share: float
    reg_covar: float

    def learn(self, rows: FloatMatrix, random: np.random.Generator) -> Mixture:
        """Return the most likely of several mixtures, of at most as many components as there are rows (n, d)."""
        single = self._climb(rows, np.arange(len(rows)), np.ones((1, len(rows))), MAX_STEPS)
        n_components = min(self.n_components, len(single.core))
        if n_components == 1:
            return single.mixture
        starts = (_memberships(rows[single.core], n_components, random) for _ in range(N_STARTS))
        found = [self._climb(rows, single.core, memberships, SHORT_STEPS) for memberships in starts]
        best = max(found, key=lambda one: one.likelihood)
        return self._climb(rows, best.core, best.memberships, MAX_STEPS).mixture

    def _climb(self, rows: FloatMatrix, core: IntVector, memberships: FloatMatrix, n_steps: int) -> "_Stand":
        """Return where at most n_steps steps lead to from memberships (k, core)."""
        likelihood = -np.inf
        for _ in range(n_steps):
            mixture = self._maximised(rows[core], memberships)
            parts = log_parts(mixture.ellipsoids(), mixture.offsets, rows)
            densities = log_sums(parts)
            core = _densest(densities, ceil(self.core_share * len(rows)))
            memberships = np.exp(parts[:, core] - densities[core])
            before, likelihood = likelihood, float(densities[core].mean())
            if likelihood - before < SMALLEST_GAIN:
                break
        return _Stand(mixture, likelihood, core, memberships)

    def _maximised(self, rows: FloatMatrix, memberships: FloatMatrix) -> Mixture:
        sizes = memberships.sum(axis=1) + 10 * np.finfo(np.float64).eps  # a component may have lost all its rows
        centres = memberships @ rows / sizes[:, np.newaxis]
        spreads = [
            ((rows - centre) * shares[:, np.newaxis]).T @ (rows - centre)
            for centre, shares in zip(centres, memberships, strict=True)
        ]
        if self.covariance_type == "tied":
            covariances = [self._regular(np.sum(spreads, axis=0) / sizes.sum())]
        else:
            covariances = [self._regular(spread / size) for spread, size in zip(spreads, sizes, strict=True)]
        roots = np.array([np.linalg.inv(np.linalg.cholesky(covariance)).T for covariance in covariances])
        log_determinants = np.log(np.diagonal(roots, axis1=1, axis2=2)).sum(axis=1)
        offsets = np.log(sizes / sizes.sum()) + log_determinants - rows.shape[1] / 2 * log(2 * pi)
        return Mixture(centres, roots, offsets)

    def _regular(self, covariance: FloatMatrix) -> FloatMatrix:
        """Return the covariance in its shape, shrunk, and no thinner than reg_covar in any direction."""
        mean_variance = float(np.trace(covariance)) / len(covariance)
        if self.covariance_type == "spherical":
            return (mean_variance + self.reg_covar) * np.eye(len(covariance))
        if self.covariance_type == "diag":
            covariance = np.diag(np.diag(covariance))
        return (1 - SHRINKAGE) * covariance + (SHRINKAGE * mean_variance + self.reg_covar) * np.eye(len(covariance))


def log_parts(ellipsoids: Iterable[Ellipsoid], offsets: FloatVector, rows: FloatMatrix) -> FloatMatrix:
    """Return the log density of each component at rows (n, d), times its weight: (k, n)."""
    parts = np.empty((len(offsets), len(rows)))
    for part, ellipsoid, offset in zip(parts, ellipsoids, offsets, strict=True):
        np.multiply(ellipsoid.squared_distances(rows), -0.5, out=part)
        part += offset
    return parts


def log_sums(parts: FloatMatrix) -> FloatVector:
    """Return the logarithm of the sum of exp(parts) over the components: parts (k, n) -> (n,)."""
    largest = parts.max(axis=0)
    return np.asarray(largest + np.log(np.exp(parts - largest).sum(axis=0)))


def _densest(densities: FloatVector, n_rows: int) -> IntVector:
    if n_rows == len(densities):
        return np.arange(n_rows)
    return np.sort(np.argpartition(-densities, n_rows - 1)[:n_rows])


def _memberships(rows: FloatMatrix, n_components: int, random: np.random.Generator) -> FloatMatrix:
    """Return (k, n): 1 where a row is nearest to one of k rows that lie apart, else 0."""
    nearest, _ = nearest_centres(rows, centres_far_apart(rows, n_components, random))
    return np.asarray(np.arange(n_components)[:, np.newaxis] == nearest, dtype=np.float64)
