"""Rows on their way from a source to an Arrow file: block by block, within bounds, all of them or none."""

import errno
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pyarrow as pa

from pynomaly.application.ports.sources import ReadIn, SourceBounds
from pynomaly.domain.errors import InvalidRequest, StorageFull
from pynomaly.infrastructure.sources.surroundings import Blocks

_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


def write_blocks(blocks: Blocks, path: Path, bounds: SourceBounds, progress: Callable[[int], None]) -> ReadIn:
    """Write an uncompressed Arrow IPC file; nothing of it stays where something goes wrong.

    Raises InvalidRequest beyond the bounds, StorageFull, and whatever the blocks raise.
    """
    with ExitStack() as undo:
        undo.callback(path.unlink, missing_ok=True)
        with room_to_write():
            n_rows = _write(blocks, path, bounds, progress)
        undo.pop_all()
    return ReadIn(n_rows, path.stat().st_size, blocks.notes)


@contextmanager
def room_to_write() -> Iterator[None]:
    """Raise StorageFull where there is none."""
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise StorageFull(f"there is no room for what is read: {error.strerror}") from error
        raise


def _write(blocks: Blocks, path: Path, bounds: SourceBounds, progress: Callable[[int], None]) -> int:
    n_rows = 0
    with path.open("wb") as stream, pa.ipc.new_file(stream, blocks.schema) as writer:
        for table in blocks.tables:
            n_rows += table.num_rows
            _require_within(bounds, n_rows, stream.tell() + table.nbytes)
            writer.write_table(table)
            progress(n_rows)
    return n_rows


def _require_within(bounds: SourceBounds, n_rows: int, n_bytes: int) -> None:
    if n_rows > bounds.rows:
        raise InvalidRequest(f"the selection holds more than {bounds.rows} rows, which is the most; select fewer")
    if n_bytes > bounds.n_bytes:
        most = max(1, bounds.n_bytes // 1024**2)
        raise InvalidRequest(
            f"the selection takes more than {most} MiB, which is the most; select fewer rows or columns"
        )
