"""Where a storm takes place: an empty folder, and an empty database that may be killed."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.storms.private_postgres import PrivatePostgres, private_postgres


@dataclass(frozen=True, slots=True)
class Arena:
    """A folder and a database: an address, or None for a file. server: the storm's own, if it has one."""

    folder: Path
    url: str | None = None
    server: PrivatePostgres | None = None


@contextmanager
def arena(kind: str, *, keep: bool = False) -> Iterator[Arena]:
    """Lend an arena of a kind, and leave nothing of it unless it is to be kept. Raises NoServerPrograms."""
    with ExitStack() as leaving:
        folder = Path(tempfile.mkdtemp(prefix="storm-"))
        if not keep:
            leaving.callback(shutil.rmtree, folder, ignore_errors=True)
        server = leaving.enter_context(private_postgres()) if kind == "postgresql" else None
        yield Arena(folder, None if server is None else server.url, server)
