"""The point of a convex hull that is nearest to the origin, where the hull is known only by its extreme points."""

from collections.abc import Callable

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector

MAX_POINTS = 500
"""Extreme points looked at, at most; a few dozen are usual."""

SMALLEST_SHARE = 1e-12
"""Shares of a point below this are rounding."""


def nearest_point(
    extreme: Callable[[FloatVector], FloatVector], start: FloatVector, *, tolerance: float
) -> FloatVector:
    """Return the point nearest to the origin of the hull of what `extreme` returns, float64 (m,).

    extreme: returns the point p of the hull with the smallest p @ w, for a direction w.
    start: any point of the hull.  tolerance: how much closer any point could be, as a share of the squared distance.

    Wolfe (1976), "Finding the nearest point in a polytope", Mathematical Programming 11.
    """
    points: FloatMatrix = start[np.newaxis]
    shares, nearest = np.ones(1), start
    for _ in range(MAX_POINTS):
        point = extreme(nearest)
        if nearest @ (nearest - point) <= tolerance * (nearest @ nearest):
            break
        points, shares = _nearest_shares(np.vstack([points, point]), np.append(shares, 0.0))
        nearest = np.asarray(shares @ points, dtype=np.float64)
    return nearest


def _nearest_shares(points: FloatMatrix, shares: FloatVector) -> tuple[FloatMatrix, FloatVector]:
    """Return the points that the nearest point of their hull is a mixture of, and their shares."""
    while True:
        wanted = _affine_shares(points)
        if wanted.min() > SMALLEST_SHARE:
            return points, wanted
        falls = wanted <= SMALLEST_SHARE
        step = min(1.0, float((shares[falls] / np.maximum(shares[falls] - wanted[falls], SMALLEST_SHARE)).min()))
        shares = shares + step * (wanted - shares)
        keeps = shares > SMALLEST_SHARE
        keeps &= ~((shares == shares[falls].min()) & falls)  # one leaves for certain
        points, shares = points[keeps], shares[keeps] / shares[keeps].sum()


def _affine_shares(points: FloatMatrix) -> FloatVector:
    """Return shares, of any sign, of the point nearest to the origin in the plane through the points."""
    products = points @ points.T
    n_points = len(points)
    system = np.zeros((n_points + 1, n_points + 1))
    system[0, 1:] = system[1:, 0] = 1
    system[1:, 1:] = products + 1e-12 * np.trace(products) / n_points * np.eye(n_points)
    right = np.zeros(n_points + 1)
    right[0] = 1
    return np.asarray(np.linalg.lstsq(system, right, rcond=None)[0][1:])
