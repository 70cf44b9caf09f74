"""Series as tables: each row is a window of a series, so that what scores rows can watch a series."""

import numpy as np

from pynomaly.domain.arrays import FloatMatrix, FloatVector, read_only
from pynomaly.domain.errors import InvalidData, InvalidRequest, TooFewRows


def windows_of(series: FloatMatrix, width: int, *, step: int = 1) -> tuple[FloatMatrix, tuple[str, ...]]:
    """Return the windows of a series, oldest first, and the names of their columns.

    series: numbers (n,) or (n, n_channels), in order of time and evenly spaced.  width: points per window.
    step: points from one window's start to the next one's.
    The windows are read-only float64 (about (n - width) / step + 1, width * n_channels); in a row, time runs from left
    to right and the channels of a moment stand side by side. Columns are called t-2, t-1, t-0, or t-2:0, t-2:1, ...
    with several channels. A window ends at point `width - 1 + step * row`.
    Raises InvalidRequest for a width or step below 1, InvalidData for another shape, TooFewRows for a series shorter
    than one window.

    >>> windows, names = windows_of(np.array([1.0, 2.0, 4.0, 8.0]), 3)
    >>> windows.tolist(), names
    ([[1.0, 2.0, 4.0], [2.0, 4.0, 8.0]], ('t-2', 't-1', 't-0'))
    """
    if width < 1 or step < 1:
        raise InvalidRequest(f"a window has at least 1 point and moves by at least 1, not {width} and {step}")
    points = np.asarray(series, dtype=np.float64)
    points = points[:, np.newaxis] if points.ndim == 1 else points
    if points.ndim != 2 or points.shape[1] == 0:
        raise InvalidData(f"a series has one number, or one per channel, for each moment; not shape {np.shape(series)}")
    if len(points) < width:
        raise TooFewRows(f"a series of {len(points)} points has no window of {width}; choose a smaller width")
    views = np.lib.stride_tricks.sliding_window_view(points, width, axis=0)[::step]  # (windows, channels, width)
    windows = np.ascontiguousarray(views.transpose(0, 2, 1)).reshape(len(views), -1)
    return read_only(windows), _names(width, points.shape[1])


def point_scores(window_scores: FloatVector, n_points: int, width: int) -> FloatVector:
    """Return a score for each of n_points points: that of the window of `width` points that ends there.

    window_scores: of all windows in order, as `windows_of` makes them with step 1. The first width - 1 points, where
    no window ends, get the first window's. Nothing that comes after a window has a say in its points' scores.
    Raises InvalidData where the number of scores is not that of the windows.

    >>> point_scores(np.array([0.5, 3.0]), 4, 3).tolist()
    [0.5, 0.5, 0.5, 3.0]
    """
    if width < 1 or len(window_scores) != n_points - width + 1 or len(window_scores) == 0:
        raise InvalidData(f"{n_points} points have not {len(window_scores)} windows of {width} points")
    return np.concatenate([np.full(width - 1, window_scores[0]), window_scores])


def _names(width: int, n_channels: int) -> tuple[str, ...]:
    moments = (f"t-{width - 1 - i}" for i in range(width))
    if n_channels == 1:
        return tuple(moments)
    return tuple(f"{moment}:{channel}" for moment in moments for channel in range(n_channels))
