"""Reading sources outside: within which bounds, in which process, and with what in hand."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from pynomaly.application.ports.child_process import Crashed
from pynomaly.application.ports.opened_source import OpenedSource, opened_to_json
from pynomaly.application.ports.sources import SourceBounds, SourceCatalog
from pynomaly.application.ports.stores import TableStore
from pynomaly.application.ports.tables import Table
from pynomaly.domain.errors import PynomalyError, RemoteUnavailable, TooManyRequests
from pynomaly.infrastructure.intake.from_source import FromSource
from pynomaly.infrastructure.processes.discreet_child import discreet_outcome
from pynomaly.infrastructure.processes.limits import ChildLimits
from pynomaly.infrastructure.processes.nursery import Nursery
from pynomaly.infrastructure.processes.outcomes import raise_outcome
from pynomaly.infrastructure.settings import Settings
from pynomaly.infrastructure.storage.atomic_files import ensure_private_folder, sweep_abandoned, unfinished_folder
from pynomaly.infrastructure.storage.file_errors import writing

CHECK_SECONDS = 10.0
CHECKING = ChildLimits(2 * 1024**3, cpu_seconds=10, file_bytes=1024**2, open_files=256, wall_seconds=CHECK_SECONDS + 5)
"""What a look at a source may take: it reads no rows."""
AT_ONCE = 4
PATIENCE_SECONDS = 5.0
_TURNS = threading.BoundedSemaphore(AT_ONCE)


def bounds_of(settings: Settings) -> SourceBounds:
    """Return what reading a source may take."""
    return SourceBounds(float(settings.source_seconds), settings.source_rows, settings.source_mb * 1024**2)


def source_intake(sources: SourceCatalog, settings: Settings, tables: TableStore, folder: Path) -> FromSource:
    """Return what takes rows in from sources. folder: where tables lie, which is where their files are made."""
    return FromSource(sources, bounds_of(settings), partial(_scratch, folder), _read, tables)


def reach(sources: SourceCatalog, settings: Settings, source: OpenedSource) -> str:
    """Reach a source from here and return one sentence of what was found. Raises what `Source.test` raises."""
    bounds = replace(bounds_of(settings), seconds=CHECK_SECONDS)
    return sources.open(source.kind, source.values, bounds).test()


def reach_in_child(nursery: Nursery, task: str, source: OpenedSource) -> str:
    """Have a process of its own reach a source. Raises what that raises, RemoteUnavailable if it takes too much."""
    if not _TURNS.acquire(timeout=PATIENCE_SECONDS):
        raise TooManyRequests("too many sources are being tested; try again in a moment", retry_after_seconds=10.0)
    try:
        outcome = nursery.outcome_of(task, {"source": opened_to_json(source)}, CHECKING)
    finally:
        _TURNS.release()
    return str(raise_outcome(discreet_outcome(outcome, source.secret_texts), crashed=_took_too_much))


def _took_too_much(crashed: Crashed) -> PynomalyError:
    return RemoteUnavailable(f"the source did not answer as it should ({crashed.reason})")


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    with writing(folder):
        ensure_private_folder(folder)
        sweep_abandoned(folder)
    with unfinished_folder(folder) as draft:
        yield draft.path


def _read(path: Path, name: str) -> Table:
    from pynomaly.infrastructure.data.mapped_file import read_mapped

    with writing(path):
        return read_mapped(path, name)
