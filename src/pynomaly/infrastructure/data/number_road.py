"""The short road: where every learned column holds numbers, rows of numbers become features by whole-array steps."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import cast

import numpy as np

from pynomaly.application.ports.number_rows import NumberRows
from pynomaly.domain.arrays import BoolVector, FloatMatrix, FloatVector, IntVector
from pynomaly.domain.columns import require_columns
from pynomaly.infrastructure.data.steps.number_step import EXACT_IN_FLOAT64, NumberStep
from pynomaly.infrastructure.data.steps.preparation_step import PreparationStep
from pynomaly.infrastructure.data.steps.robust_scale import brought_near

BLOCK_CELLS = 1 << 15  # 256 KB: a block and what becomes of it stay in a core's cache


@dataclass(frozen=True, slots=True, eq=False)
class NumberRoad:
    """What the steps of d columns of numbers learned, as arrays that apply to whole rows at once.

    Every feature gets the bits that `NumberStep.fill` gives it.
    center, spread, lowest, highest: (d,), between the last two a scaled value stays as it is.
    bounds: (4, d), what `brought_near` takes for the others.
    has_wide_center: (d,), where integers are reduced in more digits than float64 has.
    features: (n_features,), the column whose value a feature is, or d + the column it indicates; None for all values.
    """

    steps: tuple[NumberStep, ...]
    columns: tuple[str, ...]
    center: FloatVector
    spread: FloatVector
    lowest: FloatVector
    highest: FloatVector
    bounds: FloatMatrix
    has_wide_center: BoolVector
    features: IntVector | None

    def fill(self, rows: NumberRows, out: FloatMatrix) -> bool:
        """Write the features of rows into `out`; False, and nothing written, where only a table can give them.

        Raises ColumnMismatch naming a learned column that is missing.
        """
        values, is_whole = self._learned(rows)
        if (is_whole & self.has_wide_center).any():
            return False
        step = max(1, BLOCK_CELLS // len(self.columns))
        for start in range(0, len(out), step):
            self._fill(values[start : start + step], out[start : start + step])
        return True

    def surprises(self, rows: NumberRows) -> tuple[str, ...]:
        """Say what these rows hold that training had not. Raises ColumnMismatch."""
        lost = np.isnan(self._learned(rows)[0])
        if not lost.any():
            return ()
        n_lost = np.count_nonzero(lost, axis=0).tolist()
        return tuple(note for step, n in zip(self.steps, n_lost, strict=True) for note in step.holes(n))

    def _learned(self, rows: NumberRows) -> tuple[FloatMatrix, BoolVector]:
        """Return the learned columns in their order."""
        if rows.columns == self.columns:
            return rows.values, rows.is_whole
        require_columns(self.columns, rows.columns)
        place_of = {name: place for place, name in enumerate(rows.columns)}
        places = [place_of[name] for name in self.columns]
        return rows.values.take(places, axis=1), rows.is_whole.take(places)

    def _fill(self, values: FloatMatrix, out: FloatMatrix) -> None:
        with np.errstate(over="ignore", invalid="ignore"):
            scaled = values - self.center
            scaled /= self.spread
            is_plain = (scaled >= self.lowest) & (scaled <= self.highest)
            if not is_plain.all():
                cells = scaled.reshape(-1)
                far = np.flatnonzero(~is_plain)
                cells[far] = brought_near(cells[far], *self.bounds.take(far % len(self.columns), axis=1))
        if self.features is None:
            out[...] = scaled
        else:
            out[...] = np.hstack([scaled, np.isnan(values)]).take(self.features, axis=1)


def number_road(steps: Sequence[PreparationStep]) -> NumberRoad | None:
    """Return the short road along these steps, None if one of them takes more than numbers."""
    if not all(isinstance(step, NumberStep) for step in steps):
        return None
    numbers = cast("tuple[NumberStep, ...]", tuple(steps))
    scales = [step.scale for step in numbers]
    lowest, highest = np.array([scale.plain_range for scale in scales]).T
    features = _features(numbers)
    return NumberRoad(
        steps=numbers,
        columns=tuple(step.column for step in numbers),
        center=np.array([float(scale.center) for scale in scales]),
        spread=np.array([scale.spread for scale in scales]),
        lowest=lowest,
        highest=highest,
        bounds=np.array([(step.scale.low, step.scale.high, step.scale.knee, step.missing) for step in numbers]).T,
        has_wide_center=np.array([isinstance(s.center, int) and abs(s.center) > EXACT_IN_FLOAT64 for s in scales]),
        features=None if features == list(range(len(numbers))) else np.array(features, dtype=np.intp),
    )


def _features(steps: Sequence[NumberStep]) -> list[int]:
    values_and_indicators = (
        [column] * step.has_value + [len(steps) + column] * step.has_indicator for column, step in enumerate(steps)
    )
    return [feature for features in values_and_indicators for feature in features]
