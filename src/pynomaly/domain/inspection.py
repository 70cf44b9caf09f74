"""One row in depth: its cells, the normal rows nearest to it, anomalies like it, and what would make it normal."""

from dataclasses import dataclass
from enum import StrEnum

from pynomaly.domain.columns import Column
from pynomaly.domain.detection import Anomaly
from pynomaly.domain.explanation import Typical


@dataclass(frozen=True, slots=True)
class InspectedCell:
    """One cell of the row as it came.

    typical: nothing is known of a column that was not learned from.  contribution: its part in the row's score, None
    where the column has none or the detector explains nothing.  is_new: no training row held such a value.
    """

    column: Column
    value: object
    typical: Typical
    contribution: float | None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class ComparedCell:
    """One cell of a normal row, and how unlike the inspected row's it is: 0 alike, 1 as far as counts."""

    column: str
    value: object
    difference: float


@dataclass(frozen=True, slots=True)
class NearRow:
    """A row that was not flagged. distance: Gower's, the mean of its cells' differences; cells: those learned from."""

    row: int
    identifier: object
    score: float
    distance: float
    cells: tuple[ComparedCell, ...]


@dataclass(frozen=True, slots=True)
class SimilarRow:
    """A flagged row like this one. shared: the strongest reasons both have, none where it is alike by distance only."""

    row: int
    identifier: object
    score: float
    severity: float | None
    distance: float
    shared: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """The rows around one: the nearest normal ones and the flagged ones like it, each nearest first.

    n_compared: how many of the n_normal rows that were not flagged were looked at, evenly spread over the table.
    """

    nearest: tuple[NearRow, ...]
    similar: tuple[SimilarRow, ...]
    n_compared: int
    n_normal: int


class Bound(StrEnum):
    """How a changed cell is to be read."""

    EXACTLY = "exactly"
    AT_MOST = "at_most"
    AT_LEAST = "at_least"


@dataclass(frozen=True, slots=True)
class Change:
    """One cell that would have to be otherwise.

    bound: a number that may also lie nearer to `tried_from`; between the two, numbers were tried and are below the
    line. Further off nothing is claimed.
    """

    column: str
    value: object
    instead: object
    bound: Bound = Bound.EXACTLY
    tried_from: float | None = None


class NoCounterfactual(StrEnum):
    """Why no change is known that brings a row below the line."""

    IS_BELOW = "is_below"  # it is there already
    NO_LINE = "no_line"  # the decision flagged nothing and has no fixed line
    CANNOT_RESCORE = "cannot_rescore"  # the detector scores only the rows it learned from
    TOO_DEEP = "too_deep"  # five columns do not suffice


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """Changes that together bring a row's score below the detection's line, and the score it then has."""

    changes: tuple[Change, ...]
    score: float


@dataclass(frozen=True, slots=True)
class Inspection:
    """One row in depth.

    rank: its place among n_rows by score, from 1; equal scores in row order.  cells: every column in table order.
    typical_score: what unremarkable training rows score; with all contributions it sums to the row's score.
    counterfactual: what would make it normal, or why nothing is known to.
    """

    anomaly: Anomaly
    n_rows: int
    rank: int
    score_threshold: float | None
    cells: tuple[InspectedCell, ...]
    typical_score: float | None
    around: Neighbourhood
    counterfactual: Counterfactual | NoCounterfactual

    @property
    def contributions(self) -> tuple[InspectedCell, ...]:
        """The cells that have a part in the score, the greatest first."""
        told = [cell for cell in self.cells if cell.contribution is not None]
        return tuple(sorted(told, key=lambda cell: -(cell.contribution or 0.0)))
