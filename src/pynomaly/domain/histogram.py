"""The shape of a column in a few dozen numbers: bins of numbers and times, the most frequent values of others."""

from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

MAX_BINS = 30
MAX_VALUES = 8


@dataclass(frozen=True, slots=True)
class NumberBins:
    """How numbers are spread over the range that holds nearly all of them.

    edges: one more than there are counts; a bin holds its lower edge and not its upper one, the last one holds both.
    n_below, n_above: numbers beyond the edges, infinities among them.  least, greatest: of the finite ones.
    """

    edges: tuple[float, ...]
    counts: tuple[int, ...]
    n_below: int
    n_above: int
    least: float
    greatest: float


@dataclass(frozen=True, slots=True)
class TimeBins:
    """How times are spread between the first and the last, on the clock they show.

    edges: as of numbers, whole seconds.  is_ascending: whether no row is earlier than one before it.
    """

    edges: tuple[datetime, ...]
    counts: tuple[int, ...]
    is_ascending: bool


@dataclass(frozen=True, slots=True)
class TopValues:
    """The most frequent values, each with its rows, the most frequent first.

    n_others: rows with another value.  n_counted: rows with a value that were counted; fewer than there are where a
    column holds more different values than can be counted.
    """

    values: tuple[tuple[object, int], ...]
    n_others: int
    n_counted: int


Histogram: TypeAlias = NumberBins | TimeBins | TopValues
