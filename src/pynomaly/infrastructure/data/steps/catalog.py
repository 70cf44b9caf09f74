"""Which step a kind of column takes, and which one a stored step is: the two tables of this room."""

from collections.abc import Callable

import pyarrow as pa

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.columns import Column, ColumnKind
from pynomaly.domain.errors import CorruptModel
from pynomaly.infrastructure.data.columns.text_cells import is_text
from pynomaly.infrastructure.data.steps.lookup_step import learn_boolean_step, learn_category_step, restore_lookup_step
from pynomaly.infrastructure.data.steps.number_step import learn_number_step, restore_number_step
from pynomaly.infrastructure.data.steps.preparation_step import PreparationStep
from pynomaly.infrastructure.data.steps.robust_scale import NEAR_KNEE, WIDE_KNEE
from pynomaly.infrastructure.data.steps.stored_fields import Fields
from pynomaly.infrastructure.data.steps.text_step import learn_text_step, restore_text_step
from pynomaly.infrastructure.data.steps.time_step import learn_time_step, restore_time_step

_RESTORE: dict[str, Callable[[Fields], PreparationStep]] = {
    "number": restore_number_step,
    "lookup": restore_lookup_step,
    "time": restore_time_step,
    "text": restore_text_step,
}


def learn_step(column: Column, cells: pa.ChunkedArray, *, scale: bool) -> PreparationStep | None:
    """Learn the step of one column; None where there is nothing to learn. Raises ColumnMismatch."""
    knee = NEAR_KNEE if scale else None
    match _learnable(column.kind, cells):
        case ColumnKind.NUMBER | ColumnKind.NUMBER_TEXT:
            return learn_number_step(column.name, cells, knee=knee or WIDE_KNEE)
        case ColumnKind.CATEGORY:
            return learn_category_step(column.name, cells, knee=knee)
        case ColumnKind.BOOLEAN:
            return learn_boolean_step(column.name, cells, knee=knee)
        case ColumnKind.TIME:
            return learn_time_step(column.name, cells)
        case ColumnKind.TEXT:
            return learn_text_step(column.name, cells, knee=knee or WIDE_KNEE)
        case _:
            return None


def restore_step(stored: JsonValue) -> PreparationStep:
    """Rebuild one step. Raises CorruptModel."""
    if not isinstance(stored, dict):
        raise CorruptModel("preparation: a step should be an object")
    restore = _RESTORE.get(str(stored.get("step")))
    if restore is None:
        raise CorruptModel(f"preparation: unknown step {stored.get('step')!r}")
    return restore(stored)


def _learnable(kind: ColumnKind, cells: pa.ChunkedArray) -> ColumnKind:
    """Return what to learn a column as; an identifier that was made a feature counts as what it is made of."""
    if kind is not ColumnKind.IDENTIFIER:
        return kind
    return ColumnKind.CATEGORY if is_text(cells.type) else ColumnKind.NUMBER
