"""Times: where on the clock and in the week a row lies, never how long ago, so that tomorrow is not strange."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.arrays import FloatMatrix
from pynomaly.domain.explanation import Typical
from pynomaly.domain.gower import Aspect
from pynomaly.infrastructure.data.columns.coercion import as_times
from pynomaly.infrastructure.data.columns.text_cells import is_text
from pynomaly.infrastructure.data.columns.times_in_text import TimeFormat, time_format_of
from pynomaly.infrastructure.data.steps.preparation_step import indicator_pays
from pynomaly.infrastructure.data.steps.row_sample import sample_of
from pynomaly.infrastructure.data.steps.stored_fields import (
    Fields,
    feature_field,
    flag_field,
    stored_typical,
    text_field,
    typical_field,
)

MINUTES_PER_DAY = 1440
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_EPOCH_WEEKDAY = 3  # 1 January 1970 was a Thursday
# Looked up instead of computed, so that a time maps to the same bits whatever stands beside it.
_DAY_CIRCLE = np.exp(2j * np.pi * np.arange(MINUTES_PER_DAY) / MINUTES_PER_DAY)
_WEEK_CIRCLE = np.exp(2j * np.pi * np.arange(7) / 7)


@dataclass(frozen=True, slots=True)
class TimeStep:
    """`column: hour sin/cos` and `column: weekday sin/cos`, each only if the column has that resolution.

    missing: what a missing cell becomes in all of them. Zero, the middle of the circles, if cells were
    missing at training too; otherwise 2, off the circles.
    """

    column: str
    time_format: TimeFormat
    has_hours: bool
    has_weekdays: bool
    has_indicator: bool
    missing: float
    typical: Typical

    @property
    def features(self) -> tuple[str, ...]:
        """Sine and cosine of each circle, and the indicator if it pays."""
        circles = ("hour",) * self.has_hours + ("weekday",) * self.has_weekdays
        pairs = tuple(f"{self.column}: {circle} {part}" for circle in circles for part in ("sin", "cos"))
        return pairs + (f"{self.column} missing",) * self.has_indicator

    def read(self, cells: pa.ChunkedArray) -> pa.ChunkedArray:
        """Return timestamp[s] on the wall clock. Raises ColumnMismatch."""
        return as_times(cells, self.time_format, self.column)

    def fill(self, read: pa.Array, out: FloatMatrix) -> None:
        """Write the circles and the indicator."""
        lost = pc.is_null(read).to_numpy(zero_copy_only=False)
        minutes, weekdays = _on_the_circles(read)
        points = [_DAY_CIRCLE[minutes]] * self.has_hours + [_WEEK_CIRCLE[weekdays]] * self.has_weekdays
        for place, point in enumerate(points):
            out[:, 2 * place] = np.where(lost, self.missing, point.imag)
            out[:, 2 * place + 1] = np.where(lost, self.missing, point.real)
        if self.has_indicator:
            out[:, -1] = lost

    def aspects(self, cells: pa.ChunkedArray) -> Sequence[Aspect]:
        """Compare places on the clock and in the week; half of either way round is far. Raises ColumnMismatch."""
        read = self.read(cells)
        minutes, weekdays = _on_the_circles(read)
        lost = read.is_null().to_numpy()
        circles = [(minutes, MINUTES_PER_DAY)] * self.has_hours + [(weekdays, 7)] * self.has_weekdays
        return [
            Aspect(self.column, np.where(lost, np.nan, places), span=around / 2, is_cyclic=True)
            for places, around in circles
        ]

    def surprises(self, read: pa.ChunkedArray) -> Sequence[str]:
        """Report holes where training had none."""
        if not read.null_count or self.missing == 0.0:
            return ()
        return (f"column '{self.column}': {read.null_count:,} cells hold no time; at training none was missing",)

    def state(self) -> dict[str, JsonValue]:
        """Return everything learned."""
        return {
            "step": "time",
            "column": self.column,
            "day_first": self.time_format.day_first,
            "has_hours": self.has_hours,
            "has_weekdays": self.has_weekdays,
            "has_indicator": self.has_indicator,
            "missing": self.missing,
            "typical": stored_typical(self.typical),
        }


def learn_time_step(column: str, cells: pa.ChunkedArray) -> TimeStep | None:
    """Learn from a column of times or of text that holds times; None if no cell holds one."""
    time_format = time_format_of(sample_of(cells)) if is_text(cells.type) else TimeFormat()
    read = as_times(cells, time_format, column)
    there = pc.drop_null(read)
    if not len(there):
        return None
    minutes, weekdays = _on_the_circles(there.combine_chunks())
    has_hours = np.unique(minutes).size > 1
    return TimeStep(
        column=column,
        time_format=TimeFormat(day_first=time_format.day_first),
        has_hours=has_hours,
        has_weekdays=np.unique(weekdays).size > 1,
        has_indicator=indicator_pays(read.null_count, len(read)),
        missing=0.0 if read.null_count else 2.0,
        typical=_typical(minutes, weekdays, has_hours=has_hours),
    )


def restore_time_step(fields: Fields) -> TimeStep:
    """Rebuild a step. Raises CorruptModel."""
    return TimeStep(
        column=text_field(fields, "column"),
        time_format=TimeFormat(day_first=flag_field(fields, "day_first")),
        has_hours=flag_field(fields, "has_hours"),
        has_weekdays=flag_field(fields, "has_weekdays"),
        has_indicator=flag_field(fields, "has_indicator"),
        missing=feature_field(fields, "missing"),
        typical=typical_field(fields),
    )


def _on_the_circles(times: pa.Array | pa.ChunkedArray) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return minute of the day and day of the week (Monday is 0); missing times count as 1970."""
    seconds = pc.fill_null(times.cast(pa.int64()), 0).to_numpy()
    return seconds % 86_400 // 60, (seconds // 86_400 + _EPOCH_WEEKDAY) % 7


def _typical(minutes: NDArray[np.int64], weekdays: NDArray[np.int64], *, has_hours: bool) -> Typical:
    counts = np.bincount(minutes // 60, minlength=24) if has_hours else np.bincount(weekdays, minlength=7)
    top = int(counts.argmax())
    words = f"{top:02d}:00–{(top + 1) % 24:02d}:00" if has_hours else _WEEKDAYS[top]
    return Typical(most_frequent=words, share=float(counts[top] / minutes.size))
