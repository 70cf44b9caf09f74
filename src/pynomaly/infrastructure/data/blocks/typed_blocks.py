"""Parquet and Arrow files, block by block; what comes out are the plain columns that reading them whole gives."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.blocks.row_blocks import BLOCK_ROWS, RowBlocks, cut
from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.formats.arrow_reader import is_arrow_file, refused_as_damaged_arrow
from pynomaly.infrastructure.data.formats.parquet_footer import columns_of_few_words, refuse_huge
from pynomaly.infrastructure.data.formats.parquet_reader import refused_as_damaged_parquet
from pynomaly.infrastructure.data.formats.typed_columns import plain_table
from pynomaly.infrastructure.data.limits import MAX_COLUMNS

_BUFFER_BYTES = 1024**2
_LARGEST_DIGITS = 18
"""Decimals of so many digits always fit into 64 bits."""

_Pieces = Callable[[], Iterator[pa.Table]]
"""Begins to go through a file."""


@contextmanager
def parquet_blocks(source: ByteSource, _folder: Path) -> Iterator[RowBlocks]:
    """Read a Parquet file as its pages come. Raises UnreadableFile as its reader does."""
    with source.open() as stream:
        with refused_as_damaged_parquet(source.name):
            file = _parquet_file(source, stream)
            schema = file.schema_arrow
        yield _plain_blocks(schema, lambda: _pages(file, source.name), source.name)


def _parquet_file(source: ByteSource, stream: pa.NativeFile) -> pq.ParquetFile:
    footer = pq.read_metadata(stream)
    refuse_huge(source.name, footer)
    few = columns_of_few_words(footer, source.n_bytes)
    return pq.ParquetFile(stream, metadata=footer, pre_buffer=False, buffer_size=_BUFFER_BYTES, read_dictionary=few)


def _pages(file: pq.ParquetFile, name: str) -> Iterator[pa.Table]:
    with refused_as_damaged_parquet(name):
        for batch in file.iter_batches(BLOCK_ROWS, use_threads=False):
            batch.validate(full=True)
            yield pa.Table.from_batches([batch])


@contextmanager
def arrow_blocks(source: ByteSource, _folder: Path) -> Iterator[RowBlocks]:
    """Read an Arrow file or stream batch by batch. Raises UnreadableFile as its reader does."""
    with refused_as_damaged_arrow(source.name):
        schema = _arrow_schema(source)
    if len(schema) > MAX_COLUMNS:
        raise UnreadableFile(f"'{source.name}' has {len(schema)} columns; at most {MAX_COLUMNS} can be read.")
    yield _plain_blocks(schema, lambda: _batches(source), source.name)


def _arrow_schema(source: ByteSource) -> pa.Schema:
    with source.mapped() as stream:
        open_as = pa.ipc.open_file if is_arrow_file(source) else pa.ipc.open_stream
        return open_as(stream).schema


def _batches(source: ByteSource) -> Iterator[pa.Table]:
    with refused_as_damaged_arrow(source.name), source.mapped() as stream:
        for batch in _arrow_batches(stream, is_file=is_arrow_file(source)):
            batch.validate(full=True)
            yield from cut(pa.Table.from_batches([batch]))


def _arrow_batches(stream: pa.NativeFile, *, is_file: bool) -> Iterator[pa.RecordBatch]:
    if not is_file:
        yield from pa.ipc.open_stream(stream)
        return
    reader = pa.ipc.open_file(stream)
    for place in range(reader.num_record_batches):
        yield reader.get_batch(place)


def _plain_blocks(schema: pa.Schema, pieces: _Pieces, name: str) -> RowBlocks:
    """Make plain blocks; the type of whole decimals depends on all of them, so those are looked through before."""
    as_text = _too_large(schema, pieces)
    fixed = pa.schema([pa.field(each.name, pa.string()) if each.name in as_text else each for each in schema])
    empty = plain_table(fixed.empty_table(), name=name)
    tables = (plain_table(piece.cast(fixed) if as_text else piece, name=name).data for piece in pieces())
    return RowBlocks(empty.data.schema, tables, empty.notes)


def _too_large(schema: pa.Schema, pieces: _Pieces) -> frozenset[str]:
    """Return which whole decimals do not fit into 64 bits."""
    suspects = {field.name for field in schema if _may_be_too_large(field.type)}
    found: set[str] = set()
    for piece in pieces() if suspects else ():
        found |= {name for name in suspects - found if not _fits(piece.column(name))}
    return frozenset(found)


def _may_be_too_large(kind: pa.DataType) -> bool:
    return bool(pa.types.is_decimal(kind) and kind.scale == 0 and kind.precision > _LARGEST_DIGITS)


def _fits(cells: pa.ChunkedArray) -> bool:
    try:
        pc.cast(cells, pa.int64())
    except pa.ArrowInvalid:
        return False
    return True
