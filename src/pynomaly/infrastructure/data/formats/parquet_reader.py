"""Reading Parquet files, their footer first: it says how much would come."""

from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa
import pyarrow.parquet as pq

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.formats.parquet_footer import columns_of_few_words, refuse_huge
from pynomaly.infrastructure.data.formats.typed_columns import plain_table
from pynomaly.infrastructure.data.raw_table import RawTable


def read(source: ByteSource) -> RawTable:
    """Read a whole Parquet file.

    Raises UnreadableFile if it is damaged, encrypted or larger than the bounds in `limits`.
    """
    with refused_as_damaged_parquet(source.name):
        table = _table(source)
        table.validate(full=True)
        return plain_table(table, name=source.name)


@contextmanager
def refused_as_damaged_parquet(name: str) -> Iterator[None]:
    """Turn what pyarrow says of a file that is none into UnreadableFile."""
    try:
        yield
    except MemoryError:  # which Arrow's own is too, and nothing is damaged then
        raise
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        if "encrypted" in str(error).lower():
            raise UnreadableFile(f"'{name}' is an encrypted Parquet file; decrypt it first.") from error
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise UnreadableFile(f"'{name}' is damaged Parquet ({reason}); copy or write it again.") from error


def _table(source: ByteSource) -> pa.Table:
    with source.open() as stream:
        footer = pq.read_metadata(stream)
        refuse_huge(source.name, footer)
        # pre-buffering, meant for slow networks, would hold the whole packed file in memory first
        with pq.ParquetFile(
            stream, metadata=footer, pre_buffer=False, read_dictionary=columns_of_few_words(footer, source.n_bytes)
        ) as file:
            return file.read()
