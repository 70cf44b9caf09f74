"""Numbers: holes filled, infinities and absurd sizes brought near, one common scale."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.arrays import FloatMatrix, FloatVector
from pynomaly.domain.explanation import Typical
from pynomaly.domain.far_cells import FarCell, are_exceptions, far_bounds
from pynomaly.domain.gower import Aspect
from pynomaly.infrastructure.data.columns.cell_values import ends_of, n_missing
from pynomaly.infrastructure.data.columns.coercion import as_numbers
from pynomaly.infrastructure.data.columns.numbers_in_text import NumberFormat, number_format_of
from pynomaly.infrastructure.data.columns.text_cells import is_text
from pynomaly.infrastructure.data.steps.preparation_step import indicator_pays
from pynomaly.infrastructure.data.steps.robust_scale import RobustScale, learn_scale
from pynomaly.infrastructure.data.steps.row_sample import sample_of
from pynomaly.infrastructure.data.steps.stored_fields import (
    Fields,
    feature_field,
    flag_field,
    scale_field,
    stored_scale,
    stored_typical,
    text_field,
    typical_field,
)

EXACT_IN_FLOAT64 = 2**53


@dataclass(frozen=True, slots=True)
class NumberStep:
    """`column` mapped by `scale`, and `column missing` where that says something.

    missing: what a missing cell becomes. Zero, the median, if cells were missing at training too; otherwise
    the place of plus infinity, because a hole where there never was one is as strange as a value never seen.
    """

    column: str
    number_format: NumberFormat
    scale: RobustScale
    missing: float
    has_value: bool
    has_indicator: bool
    typical: Typical

    @property
    def features(self) -> tuple[str, ...]:
        """The value unless it never changed, the indicator if it pays."""
        return (self.column,) * self.has_value + (f"{self.column} missing",) * self.has_indicator

    def read(self, cells: pa.ChunkedArray) -> pa.ChunkedArray:
        """Return integers or floats. Raises ColumnMismatch."""
        return as_numbers(cells, self.number_format, self.column)

    def fill(self, read: pa.Array, out: FloatMatrix) -> None:
        """Write the scaled values and the indicator."""
        values, center = _with_center(read, self.scale.center)
        if self.has_indicator:
            out[:, -1] = np.isnan(values)
        if self.has_value:
            self.scale.write(values, out[:, 0], center=center, missing=self.missing)

    def aspects(self, cells: pa.ChunkedArray) -> Sequence[Aspect]:
        """Compare numbers by the range that held the middle 90 % at training. Raises ColumnMismatch."""
        low, high = self.typical.low, self.typical.high
        span = 0.0 if low is None or high is None else high - low
        return (Aspect(self.column, _reduced(self.read(cells), self.scale.center), span),)

    def surprises(self, read: pa.ChunkedArray) -> Sequence[str]:
        """Report holes where training had none."""
        return self.holes(n_missing(read))

    def holes(self, n_lost: int) -> Sequence[str]:
        """Report so many missing cells, if training had none."""
        if not n_lost or self.missing == 0.0:
            return ()
        return (f"column '{self.column}': {n_lost:,} cells hold no number; at training none was missing",)

    def far_cells(self, read: pa.ChunkedArray) -> Sequence[FarCell]:
        """Return the cells far from what was usual, the farthest first; none where they are more than exceptions."""
        bounds = far_bounds(self.typical)
        least, greatest = (end.as_py() for end in ends_of(read))
        if bounds is None or least is None or (bounds.below <= least and greatest <= bounds.above):
            return ()  # so it is nearly always, and nothing of the column is copied
        values = _reduced(read, 0)
        rows = np.flatnonzero(((values < bounds.below) | (values > bounds.above)) & np.isfinite(values))
        if not are_exceptions(len(rows), len(read)):
            return ()
        away = np.abs(values[rows] - bounds.median) / bounds.range
        order = np.argsort(-away, kind="stable")
        found = zip(rows[order].tolist(), values[rows[order]].tolist(), away[order].tolist(), strict=True)
        return [FarCell(self.column, row, value, distance, self.typical) for row, value, distance in found]

    def state(self) -> dict[str, JsonValue]:
        """Return everything learned."""
        return {
            "step": "number",
            "column": self.column,
            "decimal_comma": self.number_format.decimal_comma,
            **stored_scale(self.scale),
            "missing": self.missing,
            "has_value": self.has_value,
            "has_indicator": self.has_indicator,
            "typical": stored_typical(self.typical),
        }


def learn_number_step(column: str, cells: pa.ChunkedArray, *, knee: float) -> NumberStep | None:
    """Learn from a column of numbers or of text that holds numbers; None if no cell holds a finite one."""
    number_format = number_format_of(sample_of(cells)) if is_text(cells.type) else NumberFormat()
    read = as_numbers(cells, number_format, column)
    some, ends = _finite_part(read)
    if not len(some):
        return None
    values = _reduced(some, 0)
    median = float(np.quantile(values, 0.5, method="nearest"))
    center = int(median) if pa.types.is_integer(read.type) else median
    low, high = _reduced(pa.chunked_array([ends]), center)
    scale = learn_scale(_reduced(some, center), center=center, knee=knee, ends=(low, high))
    lost = n_missing(read)
    varies = scale.low < scale.high
    return NumberStep(
        column=column,
        number_format=number_format,
        scale=scale,
        missing=0.0 if lost else scale.beyond,
        has_value=varies,
        has_indicator=indicator_pays(lost, len(read)) or (lost > 0 and not varies),
        typical=_typical(values),
    )


def restore_number_step(fields: Fields) -> NumberStep:
    """Rebuild a step. Raises CorruptModel."""
    return NumberStep(
        column=text_field(fields, "column"),
        number_format=NumberFormat(decimal_comma=flag_field(fields, "decimal_comma")),
        scale=scale_field(fields),
        missing=feature_field(fields, "missing"),
        has_value=flag_field(fields, "has_value"),
        has_indicator=flag_field(fields, "has_indicator"),
        typical=typical_field(fields),
    )


def differences(cells: pa.Array, center: float | int) -> FloatVector:
    """Return cells minus `center` as a new float64 array, NaN where missing.

    Around centers that float64 cannot hold, integers are subtracted exactly, in halves of 32 bits.
    """
    with np.errstate(over="ignore", invalid="ignore"):  # sums beyond the largest float, NaN of the signalling sort
        return np.subtract(*_with_center(cells, center))


def _with_center(cells: pa.Array, center: float | int) -> tuple[FloatVector, float]:
    """Return cells as float64, NaN where missing, and what is still to be subtracted from them."""
    if not pa.types.is_integer(cells.type):
        return np.asarray(cells.to_numpy(zero_copy_only=False), np.float64), float(center)
    whole = pc.fill_null(cells, 0).to_numpy(zero_copy_only=False)
    is_wide = isinstance(center, int) and abs(center) > EXACT_IN_FLOAT64
    values = _in_halves(whole, int(center)) if is_wide else whole.astype(np.float64)
    if cells.null_count:
        values[pc.is_null(cells).to_numpy(zero_copy_only=False)] = np.nan
    return values, 0.0 if is_wide else float(center)


def _in_halves(whole: NDArray[np.integer], center: int) -> FloatVector:
    high = (whole >> 32).astype(np.float64) - (center >> 32)
    return np.asarray(high * 2.0**32 + ((whole & 0xFFFFFFFF).astype(np.float64) - (center & 0xFFFFFFFF)))


def _finite_part(cells: pa.ChunkedArray) -> tuple[pa.ChunkedArray, pa.Array]:
    """Return a sample of the finite cells, and the least and the greatest of them all."""
    ends = ends_of(cells)
    if any(end.is_valid and not math.isfinite(end.as_py()) for end in ends):
        cells = _only_finite(cells)
        ends = ends_of(cells)
    some = _only_finite(sample_of(cells))
    if not len(some):  # every sampled cell was missing
        some = sample_of(_only_finite(cells))
    return some, pa.array([end.as_py() for end in ends], type=cells.type)


def _only_finite(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    return cells.filter(pc.is_finite(cells)) if pa.types.is_floating(cells.type) else pc.drop_null(cells)


def _reduced(cells: pa.ChunkedArray, center: float | int) -> FloatVector:
    return np.concatenate([np.empty(0), *(differences(chunk, center) for chunk in cells.chunks)])


def _typical(values: FloatVector) -> Typical:
    low, median, high = (float(value) for value in np.quantile(values, (0.05, 0.5, 0.95), method="nearest"))
    return Typical(median=median, low=low, high=high)
