"""The rows of a detection in the order of their strangeness, a page at a time, without an object per row."""

import numpy as np

from pynomaly.application.ports.paging import Page, Piece
from pynomaly.application.ports.stores import ScoredRows
from pynomaly.domain.arrays import BoolVector
from pynomaly.domain.detection import Anomaly, Detection


def ranked_page(
    detection: Detection,
    rows: ScoredRows,
    piece: Piece,
    *,
    only_flagged: bool,
    least_severity: float | None = None,
) -> Page[Anomaly]:
    """Return a piece of the rows, highest score first, equal scores in row order; positions are ranks.

    least_severity: only rows at least as severe; rows whose severity nobody knows are none of them.
    Rows that the detection has reasons for come with them.
    """
    told = {anomaly.row: anomaly for anomaly in detection.strangest}
    first = 0 if piece.after is None else piece.after + 1
    places = np.flatnonzero(_are_wanted(rows, only_flagged, least_severity))
    chosen = _ranks(rows.scores[places], first, first + piece.limit)
    items = [told.get(row) or _plain(rows, row) for row in places[chosen].tolist()]
    has_more = first + piece.limit < places.size
    return Page(items, first + piece.limit - 1 if has_more else None)


def n_ranked(rows: ScoredRows, *, only_flagged: bool, least_severity: float | None = None) -> int:
    """Return how many rows there are to page through."""
    return int(np.count_nonzero(_are_wanted(rows, only_flagged, least_severity)))


def _are_wanted(rows: ScoredRows, only_flagged: bool, least_severity: float | None) -> BoolVector:
    are_wanted = rows.is_anomaly if only_flagged else np.ones(rows.scores.size, dtype=bool)
    if least_severity is None:
        return are_wanted
    if rows.severities is None:
        return np.zeros(rows.scores.size, dtype=bool)
    return are_wanted & (rows.severities >= least_severity)


def _ranks(scores: np.ndarray, first: int, end: int) -> np.ndarray:
    """Return which scores have the ranks first..end-1; a million need not be sorted to see fifty."""
    end = min(end, scores.size)
    if first >= end:
        return np.empty(0, dtype=np.intp)
    if end < scores.size:
        edge = -np.partition(-scores, end - 1)[end - 1]
        candidates = np.flatnonzero(scores >= edge)
    else:
        candidates = np.arange(scores.size)
    order = np.lexsort((candidates, -scores[candidates]))
    return np.asarray(candidates[order][first:end])


def _plain(rows: ScoredRows, row: int) -> Anomaly:
    return Anomaly(
        row=row,
        identifier=None if rows.identifiers is None else rows.identifiers[row],
        score=float(rows.scores[row]),
        p_value=float(rows.p_values[row]),
        probability=None if rows.probabilities is None else float(rows.probabilities[row]),
        confidence=None,
        is_anomaly=bool(rows.is_anomaly[row]),
        severity=None if rows.severities is None else float(rows.severities[row]),
    )
