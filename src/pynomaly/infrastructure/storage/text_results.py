"""Results as CSV and JSON lines, a block of rows at a time, without a Python object per cell."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from pynomaly.application.written_cells import FORMULA_STARTS, json_value

if TYPE_CHECKING:
    import pyarrow as pa

BLOCK_ROWS = 65_536
_NEEDS_ESCAPE = r'["\\\x00-\x1f]'
_LOOKS_LIKE_A_FORMULA = "^[" + "".join(rf"\x{ord(start):02x}" for start in FORMULA_STARTS) + "]"


def write_csv(data: "pa.Table", path: Path) -> None:
    """Write RFC 4180 text in UTF-8; null is an empty cell.

    Text that a spreadsheet would run as a formula gets a leading apostrophe; numbers stay numbers.
    """
    import pyarrow as pa
    import pyarrow.csv as csv

    guarded = [_guard_name(name) for name in data.column_names]
    plain = pa.table([_csv_column(column) for column in data.columns], names=guarded)
    with path.open("wb") as stream:
        csv.write_csv(plain, stream, csv.WriteOptions(batch_size=BLOCK_ROWS))


def write_json_lines(data: "pa.Table", path: Path) -> None:
    """Write one JSON object per line in UTF-8; numbers JSON cannot say (infinity) become null."""
    with path.open("wb") as stream:
        for block in data.to_batches(max_chunksize=BLOCK_ROWS):
            stream.write(_json_lines(block))


def _csv_column(column: "pa.ChunkedArray") -> "pa.ChunkedArray":
    import pyarrow as pa
    import pyarrow.compute as pc

    if _is_number_or_truth(column.type) or pa.types.is_null(column.type):
        return column
    if not pa.types.is_string(column.type):
        return pa.chunked_array([[_as_text(value) for value in column.to_pylist()]], pa.string())
    is_formula = pc.match_substring_regex(column, _LOOKS_LIKE_A_FORMULA)
    return pc.if_else(is_formula, pc.binary_join_element_wise("'", column, ""), column)


def _guard_name(name: str) -> str:
    return f"'{name}" if name.startswith(FORMULA_STARTS) else name


def _json_lines(block: "pa.RecordBatch") -> memoryview:
    import pyarrow as pa
    import pyarrow.compute as pc

    parts: list[object] = []
    for position, (name, column) in enumerate(zip(block.schema.names, block.columns, strict=True)):
        opening = "{" if position == 0 else ", "
        parts += [f"{opening}{json.dumps(name, ensure_ascii=False)}: ", _json_cells(column)]
    lines = pc.binary_join_element_wise(*parts, "}\n", "").cast(pa.large_string())
    offsets, payload = lines.buffers()[1:]
    end = memoryview(offsets).cast("q")[len(lines)]
    return memoryview(payload)[:end]


def _json_cells(column: "pa.Array") -> "pa.Array":
    """Return each cell as JSON text."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if pa.types.is_floating(column.type):
        return _json_floats(column)
    if _is_number_or_truth(column.type):
        return pc.fill_null(column.cast(pa.string()), "null")
    if pa.types.is_string(column.type) and not pc.any(pc.match_substring_regex(column, _NEEDS_ESCAPE)).as_py():
        return pc.fill_null(pc.binary_join_element_wise('"', column, '"', ""), "null")
    return pa.array(list(_dumped(column)), pa.string())


def _json_floats(column: "pa.Array") -> "pa.Array":
    """Return numbers that keep their point (1.0, not 1), so that no reader takes the column for integers."""
    import pyarrow as pa
    import pyarrow.compute as pc

    text = pc.if_else(pc.is_finite(column), column, None).cast(pa.string())
    if pc.any(pc.equal(column, pc.floor(column))).as_py():
        text = pc.replace_substring_regex(text, r"^(-?\d+)$", r"\1.0")
    return pc.fill_null(text, "null")


def _dumped(column: "pa.Array") -> Iterator[str]:
    for value in column.to_pylist():
        yield json.dumps(json_value(value), ensure_ascii=False, allow_nan=False)


def _is_number_or_truth(kind: "pa.DataType") -> bool:
    import pyarrow as pa

    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_boolean(kind))


def _as_text(value: object) -> str | None:
    """Return what a CSV cell says for a value that is neither number nor text; containers are written as JSON."""
    form = json_value(value)
    if form is None or isinstance(form, str):
        return form
    return json.dumps(form, ensure_ascii=False, allow_nan=False)
