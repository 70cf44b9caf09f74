"""What a Parquet file's footer says of it, looked at before any row is: how much would come, and how it is kept.

A footer may lie; then the reading ends where the memory given to it does. Row groups and column chunks are left alone:
of damaged ones pyarrow (26) makes a C++ exception that nobody catches.
"""

import pyarrow.parquet as pq

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.limits import MAX_CELLS, MAX_COLUMNS, MAX_UNPACKED_BYTES

_FEW_BYTES = 4
"""A file with fewer per cell must say the same again and again; different words take more, however well packed."""


def refuse_huge(name: str, footer: pq.FileMetaData) -> None:
    """Check what a file announces. Raises UnreadableFile if it is more than may be read."""
    n_columns, n_rows = footer.num_columns, footer.num_rows
    if n_columns > MAX_COLUMNS:
        raise UnreadableFile(f"'{name}' has {n_columns} columns; at most {MAX_COLUMNS} can be read.")
    if n_rows * n_columns > MAX_CELLS:
        raise UnreadableFile(
            f"'{name}' announces {n_rows} rows of {n_columns} columns, more than {MAX_CELLS} cells; split it."
        )
    n_bytes = n_rows * sum(max(0, footer.schema.column(place).length) for place in range(n_columns))
    if n_bytes > MAX_UNPACKED_BYTES:
        raise UnreadableFile(f"'{name}' announces {n_bytes} bytes of fixed width; split it.")


def columns_of_few_words(footer: pq.FileMetaData, n_bytes: int) -> list[str]:
    """Return the columns of text or bytes, if a file of this size must repeat itself.

    Read as words and pointers to them, they show what they would unfold to, and are read faster too.
    """
    if n_bytes >= _FEW_BYTES * footer.num_rows * footer.num_columns:
        return []
    columns = (footer.schema.column(place) for place in range(footer.num_columns))
    return [column.path for column in columns if column.physical_type == "BYTE_ARRAY"]
