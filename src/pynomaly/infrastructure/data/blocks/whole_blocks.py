"""Files of formats that can only be read whole: small ones are, and then cut."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.blocks.row_blocks import RowBlocks, cut
from pynomaly.infrastructure.data.content.byte_source import ByteSource
from pynomaly.infrastructure.data.raw_table import RawTable

MAX_WHOLE_BYTES = 64 * 1024**2
"""As Python's objects or a workbook's cells, a file may take ten times its size."""


@contextmanager
def whole_blocks(source: ByteSource, read: Callable[[ByteSource], RawTable], title: str) -> Iterator[RowBlocks]:
    """Read a small file whole. Raises UnreadableFile if it is not small."""
    if source.n_bytes > MAX_WHOLE_BYTES:
        most, n = MAX_WHOLE_BYTES // 1024**2, source.n_bytes // 1024**2
        raise UnreadableFile(
            f"'{source.name}' holds {n} MiB of {title}, which has to be read whole; at most {most} MiB are; "
            "write it as Parquet or CSV."
        )
    raw = read(source)
    yield RowBlocks(raw.data.schema, cut(raw.data), raw.notes)
