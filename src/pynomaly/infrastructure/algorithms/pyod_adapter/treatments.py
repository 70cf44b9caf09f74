"""Small frozen treatments that keep PyOD's known failures on ordinary data from reaching a reader.

Each is named in the table row it serves, and each depends on the training rows only, so that a row's score never
depends on the rows scored beside it.
"""

import numpy as np

from pynomaly.domain.arrays import BoolVector, FloatMatrix, FloatVector
from pynomaly.domain.errors import InvalidData, TooFewRows
from pynomaly.infrastructure.algorithms.pyod_adapter.row import Detector, Settings

_SMALLEST_VARIANCE_SHARE = 1e-10
"""Of the largest variance; below it a principal direction is rounding noise, and PyOD divides by its variance."""

_EPSILON = float(np.finfo(float).eps)
"""What PyOD adds to both radii of a ratio, so that two copies of a row do not divide by 0."""


def columns_that_vary(rows: FloatMatrix) -> BoolVector:
    """Return which columns hold more than one value. Raises InvalidData if none does."""
    varies = np.asarray(rows.max(axis=0) > rows.min(axis=0))
    if not varies.any():
        raise InvalidData("every column holds one value throughout, so no row differs from another")
    return varies


def distinct_rows(rows: FloatMatrix) -> FloatMatrix:
    """Return each row once: among copies of itself a row has no angle to measure, and PyOD's ABOD says NaN."""
    return np.unique(rows, axis=0)


def require_spread_around_median(rows: FloatMatrix) -> FloatMatrix:
    """Return the rows unchanged. Raises InvalidData if the median absolute deviation is 0, which PyOD divides by."""
    if not np.median(np.abs(rows - np.median(rows))) > 0:
        raise InvalidData("more than half of the values are equal, so deviations from the median have no scale")
    return rows


def require_twice_as_many_rows_as_columns(rows: FloatMatrix) -> FloatMatrix:
    """Return the rows unchanged. Raises TooFewRows where half of them cannot carry a covariance matrix."""
    n_rows, n_features = rows.shape
    if n_rows <= 2 * n_features:
        raise TooFewRows(f"{n_rows} rows for {n_features} columns are too few; more than {2 * n_features} are needed")
    return rows


def require_two_columns(rows: FloatMatrix) -> FloatMatrix:
    """Return the rows unchanged. Raises InvalidData for a single column: there is nothing to predict it from."""
    if rows.shape[1] < 2:
        raise InvalidData("this detector predicts each column from the others and needs at least two columns")
    return rows


def rows_of_unit_length(rows: FloatMatrix) -> FloatMatrix:
    """Return rows scaled to length 1, as the R-graph paper demands; a row of zeros stays.

    PyOD leaves lengths as they are: long rows then express the short ones, are reached most and score lowest.
    """
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    return rows / np.where(lengths > 0, lengths, 1.0)


def at_most_the_rank(rows: FloatMatrix, settings: Settings) -> Settings:
    """Return `n_components` for PCA, bounded by the number of directions that carry any variance."""
    standardised = (rows - rows.mean(axis=0)) / rows.std(axis=0)
    variances = np.linalg.eigvalsh(standardised.T @ standardised)
    rank = int(np.count_nonzero(variances > _SMALLEST_VARIANCE_SHARE * variances[-1]))
    wanted = settings["n_components"]
    return {"n_components": min(rank, int(wanted)) if wanted is not None else rank}


def search_neighbours_in_a_ball_tree(detector: Detector) -> None:
    """Rebuild the neighbour search of a fitted HDBSCAN.

    In many columns scikit-learn finds distances by a matrix product, whose rounding depends on the batch; HDBSCAN
    weighs neighbours by 1 / distance, which turns that into different scores for a row it has seen.
    """
    detector.tree_.set_params(algorithm="ball_tree").fit(detector.X_train_)


def score_projections(detector: Detector, rows: FloatMatrix) -> FloatVector:
    """Score rows by a fitted LODA: the mean, over projections, of -log of the share of training rows in the row's bin.

    Differs from PyOD twice. Each projection is added up column by column: a matrix product rounds by the batch, which
    at the edge of a bin moves a row into another. And a row is looked up in its own bin, as in the paper (section
    3.1); PyOD 3.6 takes the bin after it, whereby rows far out on the left pass for common ones. PyOD's factor of
    1 / number of projections, which it applies twice, is kept.
    """
    total = np.zeros(rows.shape[0])
    for direction, shares, edges, weight in zip(
        detector.projections_, detector.histograms_, detector.limits_, detector.weights, strict=True
    ):
        projected = np.zeros(rows.shape[0])
        for column in np.flatnonzero(direction):
            projected += direction[column] * rows[:, column]
        total -= weight * np.log(shares[np.searchsorted(edges[1:-1], projected, side="right")])
    return np.asarray(total / detector.n_random_cuts)


def measure_balls_directly(detector: Detector) -> None:
    """Recompute the balls of a fitted INNE by plain differences, so that rows exactly on a ball's edge are inside it.

    PyOD finds distances by a matrix product whose rounding depends on the batch; on whole numbers, where rows often
    lie on an edge, a row alone and in its batch then fall into different balls. PyOD 3.6 keeps balls in private fields.
    """
    for sample, centres in enumerate(detector._centroids):
        distances = _squared_distances(centres, centres)
        np.fill_diagonal(distances, np.inf)
        radii = distances.min(axis=1)
        nearest = radii[distances.argmin(axis=1)]
        detector._centroids_radius[sample] = radii
        detector._ratio[sample] = 1 - (nearest + _EPSILON) / (radii + _EPSILON)


def score_balls(detector: Detector, rows: FloatMatrix) -> FloatVector:
    """Score rows by a fitted INNE: the mean, over samples, of the ratio of the smallest ball around the row, else 1."""
    total = np.zeros(rows.shape[0])
    for centres, radii, ratios in zip(detector._centroids, detector._centroids_radius, detector._ratio, strict=True):
        is_inside = _squared_distances(rows, centres) <= radii
        smallest = np.where(is_inside, radii, np.inf).argmin(axis=1)
        total += np.where(is_inside.any(axis=1), ratios[smallest], 1.0)
    return np.asarray(total / detector.n_estimators)


def _squared_distances(rows: FloatMatrix, centres: FloatMatrix) -> FloatMatrix:
    total = np.zeros((rows.shape[0], centres.shape[0]))
    for column in range(rows.shape[1]):
        total += (rows[:, column, None] - centres[:, column]) ** 2
    return total
