"""The catalog of sources as the program has it, and what is read through it."""

from collections.abc import Callable, Mapping
from pathlib import Path

import pyarrow as pa

from pynomaly.application.ports.sources import ReadIn, Source, SourceBounds, SourceCatalog
from pynomaly.assembly.sources import source_catalog
from pynomaly.domain.connection import Value
from pynomaly.infrastructure.settings import Settings

BOUNDS = SourceBounds(seconds=60.0, rows=1_000_000, n_bytes=2 * 1024**3)


def catalog(folder: Path, **settings: object) -> SourceCatalog:
    """Return the catalog of a program that may connect to this machine."""
    given = {"outbound_allow": ("127.0.0.0/8", "::1"), **settings}
    return source_catalog(Settings(home=folder / "home", threads=None, origins={}, **given))  # type: ignore[arg-type]


def nobody_listens(_n_rows: int) -> None:
    """Hear of progress, and forget it."""


def read(
    source: Source,
    selection: Mapping[str, Value],
    folder: Path,
    progress: Callable[[int], None] = nobody_listens,
) -> tuple[ReadIn, pa.Table]:
    """Read a selection into a file, and return what was said and what is in it."""
    path = folder / "rows.arrow"
    told = source.read_into(selection, path, progress)
    with pa.OSFile(str(path)) as stream:
        table = pa.ipc.open_file(stream).read_all()
    assert (told.n_rows, told.n_bytes) == (table.num_rows, path.stat().st_size)
    return told, table
