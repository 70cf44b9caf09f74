"""Reading Arrow IPC files, IPC streams and Feather files of version 2."""

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.formats.typed_columns import plain_table
from pynomaly.infrastructure.data.limits import MAX_CELLS, MAX_COLUMNS, MAX_UNPACKED_BYTES
from pynomaly.infrastructure.data.raw_table import RawTable

_FILE_MAGIC = b"ARROW1"


def read(source: ByteSource) -> RawTable:
    """Read a whole Arrow file or stream; every offset in it is checked before use.

    Raises UnreadableFile if it is damaged or larger than the bounds in `limits`.
    """
    with refused_as_damaged_arrow(source.name):
        table = _from_file(source) if is_arrow_file(source) else _from_stream(source)
        table.validate(full=True)
        return plain_table(table, name=source.name)


def is_arrow_file(source: ByteSource) -> bool:
    """Whether it is a file, with a footer, and not a stream."""
    return source.head(len(_FILE_MAGIC)) == _FILE_MAGIC


@contextmanager
def refused_as_damaged_arrow(name: str) -> Iterator[None]:
    """Turn what pyarrow says of a file that is none into UnreadableFile."""
    try:
        yield
    except MemoryError:  # which Arrow's own is too, and nothing is damaged then
        raise
    except (pa.ArrowException, OSError, EOFError, UnicodeDecodeError) as error:
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise UnreadableFile(f"'{name}' is damaged Arrow data ({reason}); copy or write it again.") from error


def _from_file(source: ByteSource) -> pa.Table:
    with source.open() as stream, pa.ipc.open_file(stream) as reader:
        batches = (reader.get_batch(position) for position in range(reader.num_record_batches))
        return pa.Table.from_batches(_bounded(batches, source.name), schema=reader.schema)


def _from_stream(source: ByteSource) -> pa.Table:
    with source.open() as stream, pa.ipc.open_stream(stream) as reader:
        return pa.Table.from_batches(_bounded(iter(reader), source.name), schema=reader.schema)


def _bounded(batches: Iterator[pa.RecordBatch], name: str) -> Iterator[pa.RecordBatch]:
    n_cells = n_bytes = 0
    for batch in batches:
        n_cells += batch.num_rows * batch.num_columns
        n_bytes += batch.nbytes
        if batch.num_columns > MAX_COLUMNS or n_cells > MAX_CELLS or n_bytes > MAX_UNPACKED_BYTES:
            raise UnreadableFile(f"'{name}' holds more than {MAX_CELLS} cells or {MAX_COLUMNS} columns; split it.")
        yield batch
