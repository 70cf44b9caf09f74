"""Arrow files larger than memory: made plain block by block, and mapped into memory instead of read into it."""

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.arrow_table import ArrowTable
from pynomaly.infrastructure.data.columns.arrow_types import plain_column
from pynomaly.infrastructure.data.formats.typed_columns import plain_table
from pynomaly.infrastructure.data.limits import MAX_COLUMNS
from pynomaly.infrastructure.data.raw_table import RawTable

BLOCK_ROWS = 65_536
BLOCK_BYTES = 16 * 1024**2


def read_mapped(path: Path, name: str, *, block_rows: int = BLOCK_ROWS) -> ArrowTable:
    """Return the rows of an uncompressed Arrow file, described, as they would be had they been read whole.

    A second file is written beside the first; both have to stay as long as the table is used.
    Raises UnreadableFile, EmptyDataset, OSError.
    """
    try:
        raw = _mapped(path)
        if raw.num_columns > MAX_COLUMNS:
            raise UnreadableFile(f"{name} has {raw.num_columns} columns; at most {MAX_COLUMNS} can be read.")
        plain = path.with_suffix(".plain.arrow")
        notes = _write_plain(raw, plain, name, block_rows)
        return ArrowTable.from_raw(RawTable(_mapped(plain), notes), name=name)
    except pa.ArrowInvalid as error:
        reason = str(error).splitlines()[0][:120]
        raise UnreadableFile(f"what came from {name} is damaged Arrow data ({reason})") from error


def _mapped(path: Path) -> pa.Table:
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()


def _write_plain(raw: pa.Table, path: Path, name: str, block_rows: int) -> tuple[str, ...]:
    empty = plain_table(raw.slice(0, 0), name=name)
    schema = _settled(raw, empty.data.schema, block_rows)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, schema) as writer:
        for block in _blocks(raw, block_rows):
            writer.write_table(plain_table(block, name=name).data.cast(schema))
    return empty.notes


def _settled(raw: pa.Table, schema: pa.Schema, block_rows: int) -> pa.Schema:
    """Return the types that hold for all rows: a column of large whole decimals is numbers here and text there."""
    doubtful = [index for index, field in enumerate(schema) if _is_decimal(raw.schema.field(index).type)]
    if not doubtful or len(schema) != raw.num_columns:
        return schema
    for block in _blocks(raw.select(doubtful), block_rows):
        for index, column in zip(doubtful, block.columns, strict=True):
            found = plain_column(column).type
            if pa.types.is_string(found):
                schema = schema.set(index, schema.field(index).with_type(found))
    return schema


def _is_decimal(kind: pa.DataType) -> bool:
    if pa.types.is_dictionary(kind) or pa.types.is_run_end_encoded(kind):
        return _is_decimal(kind.value_type)
    return bool(pa.types.is_decimal(kind))


def _blocks(table: pa.Table, block_rows: int) -> Iterator[pa.Table]:
    """Yield the rows in pieces that are small in rows and, where rows are much alike, in bytes."""
    row_bytes = max(1, table.nbytes // max(1, table.num_rows))
    for batch in table.to_batches(max_chunksize=max(1, min(block_rows, BLOCK_BYTES // row_bytes))):
        yield pa.Table.from_batches([batch])
