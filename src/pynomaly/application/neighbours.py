"""The rows around one: the unflagged rows nearest to it, and the flagged rows that are strange as it is."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from pynomaly.application.ports.stores import ScoredRows
from pynomaly.application.ports.tables import Preparation, Table
from pynomaly.domain.arrays import FloatVector, IntVector
from pynomaly.domain.detection import Anomaly, Detection
from pynomaly.domain.explanation import Reason
from pynomaly.domain.gower import column_differences, gower_distances
from pynomaly.domain.inspection import ComparedCell, NearRow, Neighbourhood, SimilarRow

N_NEAREST = 5
MAX_SIMILAR = 20
MAX_NORMAL_ROWS = 20_000  # the nearest of so many, evenly spread, is about as near as the nearest of all
MAX_FLAGGED_ROWS = 5_000
MAX_CELLS = 2_000_000  # compared at all: wide tables are looked at in fewer rows, and never held as a whole
STRONG = 0.5  # of the strongest reason: what a row is strange for, not what comes with it


def neighbourhood(
    preparation: Preparation, table: Table, rows: ScoredRows, detection: Detection, anomaly: Anomaly
) -> Neighbourhood:
    """Return the rows around one, by Gower's distance over the columns learned from.

    Flagged rows are like a flagged one where they share its strongest reasons, numbers on the same side of what is
    usual, as far as the detection has kept theirs; and like any row where no normal one is nearer.
    """
    sample = _sample(preparation, rows, detection, anomaly.row)
    near = gower_distances(
        preparation.aspects(table.take([anomaly.row, *sample.normal.tolist(), *sample.flagged.tolist()])), 0
    )[1:]
    normal, flagged = near[: sample.normal.size], near[sample.normal.size :]
    nearest = _nearest(preparation, table, rows, anomaly.row, sample.normal[_order(normal)[:N_NEAREST]])
    return Neighbourhood(
        nearest=nearest,
        similar=_similar(rows, detection, anomaly, sample.flagged, flagged, closest=_closest(normal)),
        n_compared=int(sample.normal.size),
        n_normal=sample.n_normal,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Sample:
    normal: IntVector
    flagged: IntVector
    n_normal: int


def _sample(preparation: Preparation, rows: ScoredRows, detection: Detection, row: int) -> _Sample:
    """Choose rows to compare with, evenly spread, and all flagged ones whose reasons are known."""
    n_columns = len(set(preparation.sources))
    most = max(1, MAX_CELLS // max(1, n_columns))
    is_other = np.arange(rows.scores.size) != row
    normal = np.flatnonzero(~rows.is_anomaly & is_other)
    flagged = np.flatnonzero(rows.is_anomaly & is_other)
    told = [one.row for one in detection.strangest if one.is_anomaly and one.row != row]
    some = _spread(flagged, min(MAX_FLAGGED_ROWS, most))
    return _Sample(
        _spread(normal, min(MAX_NORMAL_ROWS, most)),
        np.union1d(some, np.array(told, dtype=np.intp)),
        int(normal.size),
    )


def _spread(rows: IntVector, most: int) -> IntVector:
    if rows.size <= most:
        return rows
    return np.asarray(rows[np.arange(most) * rows.size // most])


def _order(distances: FloatVector) -> IntVector:
    return np.argsort(distances, kind="stable")


def _closest(distances: FloatVector) -> float:
    return float(distances.min()) if distances.size else 0.0


def _nearest(
    preparation: Preparation, table: Table, rows: ScoredRows, row: int, chosen: IntVector
) -> tuple[NearRow, ...]:
    few = table.take([row, *chosen.tolist()])
    apart = {
        column: differences[1:]
        for aspects in preparation.aspects(few)
        for column, differences in column_differences(aspects, 0).items()
    }
    cells = {column: few.cells(column, range(1, few.n_rows)) for column in apart}
    return tuple(
        NearRow(
            row=place,
            identifier=_identifier(rows, place),
            score=float(rows.scores[place]),
            distance=float(np.mean([apart[column][number] for column in apart])),
            cells=tuple(ComparedCell(column, cells[column][number], float(apart[column][number])) for column in apart),
        )
        for number, place in enumerate(chosen.tolist())
    )


def _similar(
    rows: ScoredRows,
    detection: Detection,
    anomaly: Anomaly,
    flagged: IntVector,
    distances: FloatVector,
    *,
    closest: float,
) -> tuple[SimilarRow, ...]:
    """Return flagged rows with the same strongest reasons, then those nearer than any normal row."""
    own = _strong(anomaly.reasons) if anomaly.is_anomaly else ()
    strong = {one.row: _strong(one.reasons) for one in detection.strangest}
    found = []
    for place, distance in zip(flagged.tolist(), distances.tolist(), strict=True):
        shared = _shared(own, strong.get(place, ()))
        if shared or distance <= closest:
            found.append(_similar_row(rows, place, distance, shared))
    return tuple(sorted(found, key=lambda one: (not one.shared, one.distance, one.row))[:MAX_SIMILAR])


def _strong(reasons: Sequence[Reason]) -> tuple[tuple[str, int], ...]:
    """Return the columns a row is strange for, the strongest first, and on which side of the usual a number lies."""
    told = (reason for reason in reasons if reason.contribution >= STRONG * reasons[0].contribution)
    return tuple((reason.feature, _side(reason)) for reason in told)


def _shared(own: Sequence[tuple[str, int]], others: Sequence[tuple[str, int]]) -> tuple[str, ...]:
    """Return what two rows are strange for alike, if that is at least half of what either is strange for."""
    both = [one for one in own if one in others]
    return tuple(column for column, _ in both) if 2 * len(both) >= len({*own, *others}) else ()


def _side(reason: Reason) -> int:
    median = reason.typical.median
    if median is None or not isinstance(reason.value, int | float):
        return 0
    return (reason.value > median) - (reason.value < median)


def _similar_row(rows: ScoredRows, place: int, distance: float, shared: tuple[str, ...]) -> SimilarRow:
    return SimilarRow(
        row=place,
        identifier=_identifier(rows, place),
        score=float(rows.scores[place]),
        severity=None if rows.severities is None else float(rows.severities[place]),
        distance=distance,
        shared=shared,
    )


def _identifier(rows: ScoredRows, place: int) -> object:
    return None if rows.identifiers is None else rows.identifiers[place]
