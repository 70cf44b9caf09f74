"""Reading Parquet files, their footer first: it says how much would come."""

import pyarrow as pa
import pyarrow.parquet as pq

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.formats.typed_columns import plain_table
from pynomaly.infrastructure.data.limits import MAX_CELLS, MAX_COLUMNS
from pynomaly.infrastructure.data.raw_table import RawTable


def read(source: ByteSource) -> RawTable:
    """Read a whole Parquet file.

    Raises UnreadableFile if it is damaged, encrypted or larger than the bounds in `limits`.
    """
    try:
        # pre-buffering, meant for slow networks, would hold the whole packed file in memory first
        with source.open() as stream, pq.ParquetFile(stream, pre_buffer=False) as file:
            _refuse_huge(source.name, file.metadata)
            table = file.read()
        table.validate(full=True)
        return plain_table(table)
    except (pa.ArrowException, OSError, UnicodeDecodeError) as error:
        if "encrypted" in str(error).lower():
            raise UnreadableFile(f"'{source.name}' is an encrypted Parquet file; decrypt it first.") from error
        reason = str(error).splitlines()[0][:120] if str(error) else type(error).__name__
        raise UnreadableFile(f"'{source.name}' is damaged Parquet ({reason}); copy or write it again.") from error


def _refuse_huge(name: str, footer: pq.FileMetaData) -> None:
    n_columns = footer.num_columns
    if n_columns > MAX_COLUMNS:
        raise UnreadableFile(f"'{name}' has {n_columns} columns; at most {MAX_COLUMNS} can be read.")
    if footer.num_rows * n_columns > MAX_CELLS:
        raise UnreadableFile(
            f"'{name}' announces {footer.num_rows} rows of {n_columns} columns, more than {MAX_CELLS} cells; split it."
        )
