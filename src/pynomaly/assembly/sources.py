"""What reads from places that users named: each kind of source, behind the guard of outgoing connections."""

import ssl
from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from pynomaly.application.ports.sources import SourceCatalog
from pynomaly.assembly.outbound import guard_of
from pynomaly.infrastructure.data.formats.column_names import unique_names
from pynomaly.infrastructure.outbound.guard import OutboundGuard
from pynomaly.infrastructure.outbound.timed_guard import TimedGuard
from pynomaly.infrastructure.settings import Settings
from pynomaly.infrastructure.sources.catalog import Sources
from pynomaly.infrastructure.sources.surroundings import Blocks, Surroundings

if TYPE_CHECKING:
    import pyarrow as pa

DATABASE_PORTS = frozenset({5432, 5433, 6432, 6543, 25060, 25061})
"""Where PostgreSQL and its poolers listen in the outside world, at home and at the large hosts."""
STORE_PORTS = frozenset({443, 8443, 9000})
OWN_TABLES = frozenset({"alembic_version", "datasets", "detectors", "training_runs", "detections"})
"""A database that holds all of these is a Pynomaly's own."""

Guarded = Callable[[frozenset[int]], OutboundGuard]
"""Returns the guard that lets out to some ports."""


def source_catalog(settings: Settings, guarded: Guarded | None = None) -> SourceCatalog:
    """Return the kinds of sources. guarded: by default what the settings allow."""
    reach = guarded or partial(guard_of, settings)
    return Sources(
        Surroundings(
            reach_database=lambda seconds: TimedGuard.within(reach(DATABASE_PORTS), seconds),
            reach_store=lambda seconds: TimedGuard.within(reach(STORE_PORTS), seconds),
            own_tables=OWN_TABLES,
            sqlite_folder=settings.sqlite_folder,
            private_folder=settings.home,
            unique_names=unique_names,
            without_missing_words=_without_missing,
            tls=ssl.create_default_context,
            blocks_of=_blocks_of,
        )
    )


def _without_missing(table: "pa.Table") -> "pa.Table":
    from pynomaly.infrastructure.data.formats.typed_columns import without_missing

    return without_missing(table)


def _blocks_of(path: Path, name: str, folder: Path) -> AbstractContextManager[Blocks]:
    from pynomaly.infrastructure.data.file_blocks import file_blocks

    return file_blocks(path, name=name, folder=folder)
