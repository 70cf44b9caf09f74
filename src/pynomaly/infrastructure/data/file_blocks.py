"""Opening a file of any format as a stream of blocks: the same table that reading it whole would give."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pynomaly.domain.errors import UnreadableFile
from pynomaly.infrastructure.data.blocks.row_blocks import RowBlocks
from pynomaly.infrastructure.data.catalog import format_of, surprise
from pynomaly.infrastructure.data.content.byte_source import file_source
from pynomaly.infrastructure.data.content.compression import unpacked
from pynomaly.infrastructure.data.limits import MAX_COLUMNS


@contextmanager
def file_blocks(path: Path, *, name: str, folder: Path) -> Iterator[RowBlocks]:
    """Lend the rows of a file. name: for messages.  folder: for what has to be unpacked or written anew.

    Raises UnreadableFile, EmptyDataset, ExtraNotInstalled.
    """
    content = unpacked(file_source(path, name=name), folder / "unpacked")
    found = format_of(content)
    note = surprise(content, found)
    with found.stream(content, folder) as blocks:
        n_columns = len(blocks.schema)
        if n_columns > MAX_COLUMNS:
            raise UnreadableFile(f"{name} has {n_columns} columns; at most {MAX_COLUMNS} can be read.")
        yield replace(blocks, notes=(note, *blocks.notes)) if note else blocks
