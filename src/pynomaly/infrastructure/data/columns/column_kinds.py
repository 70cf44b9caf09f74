"""Deciding what each column holds and what it is for, from its type, its cells and its name."""

import re
from contextlib import suppress
from dataclasses import dataclass, replace

import pyarrow as pa
import pyarrow.compute as pc

from pynomaly.domain.columns import Column, ColumnKind, ColumnRole
from pynomaly.domain.errors import InvalidLabels
from pynomaly.infrastructure.data.columns.arrow_types import ticks
from pynomaly.infrastructure.data.columns.binary_labels import is_label_name, labels_of
from pynomaly.infrastructure.data.columns.cell_values import ends_of
from pynomaly.infrastructure.data.columns.counting import all_whole, n_distinct_numbers, tally_of
from pynomaly.infrastructure.data.columns.text_cells import is_text, tidy
from pynomaly.infrastructure.data.columns.text_kinds import kind_of_text

STRONG_ID_WORDS = frozenset(("id", "uuid", "guid", "rowid"))
WEAK_ID_WORDS = frozenset(("key", "index", "idx", "row", "rownum", "pk", "serial"))
_ENOUGH_ROWS_FOR_A_PATTERN = 10
_LABEL_KINDS = (ColumnKind.NUMBER, ColumnKind.NUMBER_TEXT, ColumnKind.BOOLEAN, ColumnKind.CATEGORY)
_ROLES = {
    ColumnKind.IDENTIFIER: ColumnRole.IDENTIFIER,
    ColumnKind.CONSTANT: ColumnRole.IGNORED,
    ColumnKind.NESTED: ColumnRole.IGNORED,
}


def describe_columns(data: pa.Table) -> tuple[Column, ...]:
    """Return one Column per Arrow column; the first column of times gets the role TIME."""
    described = [_described(name, data.column(index)) for index, name in enumerate(data.column_names)]
    first_time = next((column.name for column in described if column.kind is ColumnKind.TIME), None)
    return tuple(column.with_role(ColumnRole.TIME) if column.name == first_time else column for column in described)


def columns_by_type(data: pa.Table) -> tuple[Column, ...]:
    """Return one feature per Arrow column, of the kind that its type alone says.

    Enough, and a hundred times faster, for rows that are scored: what a column means was settled at training.
    """
    return tuple(Column(field.name, _kind_of_type(field.type)) for field in data.schema)


def _kind_of_type(kind: pa.DataType) -> ColumnKind:
    if is_text(kind):
        return ColumnKind.TEXT
    if pa.types.is_boolean(kind):
        return ColumnKind.BOOLEAN
    if pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        return ColumnKind.TIME
    return ColumnKind.NESTED if pa.types.is_nested(kind) or pa.types.is_binary(kind) else ColumnKind.NUMBER


def with_kind(column: Column, kind: ColumnKind) -> Column:
    """Return the column as another kind, in that kind's usual role; a label stays one, whatever it holds."""
    if column.role is ColumnRole.LABEL:
        return replace(column, kind=kind)
    return replace(column, kind=kind, role=_ROLES.get(kind, ColumnRole.FEATURE), note="kind set by hand")


def with_role(column: Column, role: ColumnRole, cells: pa.ChunkedArray) -> Column:
    """Return the column in another role; the note says how a label column is read."""
    note = column.note if role is column.role else ""
    if role is ColumnRole.LABEL:
        with suppress(InvalidLabels):  # said by whoever asks for the labels
            note = labels_of(cells, column.name).note
    return replace(column, role=role, note=note)


def name_words(name: str) -> frozenset[str]:
    """Return the words of a column name in lower case: 'customerID' gives customer and id."""
    spaced = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", name)
    return frozenset(re.findall(r"[^\W_]+", spaced.casefold()))


@dataclass(frozen=True, slots=True)
class _Facts:
    """What a look over the whole column says."""

    kind: ColumnKind
    note: str = ""


def _described(name: str, cells: pa.ChunkedArray) -> Column:
    facts = _facts(name, cells)
    if is_label_name(name) and facts.kind in _LABEL_KINDS and _holds_two_values(cells):
        assumed = labels_of(cells, name).note
        note = "looks like an answer, not learned from" + (f"; {assumed}" if assumed else "")
        return Column(name, facts.kind, ColumnRole.LABEL, note)
    return Column(name, facts.kind, _ROLES.get(facts.kind, ColumnRole.FEATURE), facts.note)


def _facts(name: str, cells: pa.ChunkedArray) -> _Facts:
    kind = cells.type
    if cells.null_count == len(cells):
        return _Facts(ColumnKind.CONSTANT, "nothing in it")
    if is_text(kind):
        return _Facts(*kind_of_text(cells, name_words(name) & STRONG_ID_WORDS != frozenset()))
    if pa.types.is_boolean(kind) or pa.types.is_timestamp(kind) or pa.types.is_date(kind):
        plain = ColumnKind.BOOLEAN if pa.types.is_boolean(kind) else ColumnKind.TIME
        return _constant(cells) or _Facts(plain)
    if pa.types.is_integer(kind):
        return _constant(cells) or _integers(name, cells)
    if pa.types.is_floating(kind):
        return _constant(cells) or _fractions(name, cells)
    if pa.types.is_time(kind) or pa.types.is_duration(kind):
        return _constant(ticks(cells)) or _Facts(ColumnKind.NUMBER, "read as seconds")
    return _Facts(ColumnKind.NESTED, f"holds {kind}, which is not learned from")


def _constant(cells: pa.ChunkedArray) -> _Facts | None:
    """Return the facts of a column of one value; one value beside missing cells still tells rows apart."""
    low, high = ends_of(cells)
    if pa.types.is_floating(cells.type) and pc.is_nan(low).as_py():
        return _Facts(ColumnKind.CONSTANT, "nothing in it")
    if low != high or cells.null_count:
        return None
    if pa.types.is_floating(cells.type) and pc.any(pc.is_nan(cells)).as_py():
        return None
    return _Facts(ColumnKind.CONSTANT, f"always {str(low.as_py())[:40]}")


def _integers(name: str, cells: pa.ChunkedArray) -> _Facts:
    words = name_words(name)
    n = len(cells) - cells.null_count
    low, high = ends_of(cells)
    is_run = n >= _ENOUGH_ROWS_FOR_A_PATTERN and high.as_py() - low.as_py() == n - 1
    is_named = bool(words & STRONG_ID_WORDS or (words & WEAK_ID_WORDS and n >= _ENOUGH_ROWS_FOR_A_PATTERN))
    if is_run or is_named:
        n_distinct = n_distinct_numbers(cells)
        if n_distinct == n or (words & STRONG_ID_WORDS and n_distinct >= 0.95 * n):
            return _Facts(ColumnKind.IDENTIFIER, "a running number" if is_run else "a different number in every row")
        if words & STRONG_ID_WORDS:
            return _Facts(ColumnKind.CATEGORY, "numbers that name things")
    return _Facts(ColumnKind.NUMBER)


def _fractions(name: str, cells: pa.ChunkedArray) -> _Facts:
    """Measurements, unless an id-like name stands over whole numbers that never repeat."""
    is_named = name_words(name) & STRONG_ID_WORDS
    if is_named and all_whole(cells) and n_distinct_numbers(cells) == len(cells) - cells.null_count:
        return _Facts(ColumnKind.IDENTIFIER, "a different number in every row")
    return _Facts(ColumnKind.NUMBER)


def _tidy_spellings(cells: pa.ChunkedArray) -> pa.Array:
    return pc.unique(tidy(pa.chunked_array([tally_of(cells).values])))


def _holds_two_values(cells: pa.ChunkedArray) -> bool:
    distinct = pc.drop_null(_tidy_spellings(cells) if is_text(cells.type) else pc.unique(cells))
    if pa.types.is_floating(distinct.type):
        distinct = distinct.filter(pc.invert(pc.is_nan(distinct)))
    return len(distinct) == 2
