"""Where a storm takes place: an empty folder, and an empty database that may be killed."""

import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.storms.private_postgres import PrivatePostgres, private_postgres

KINDS = {"sqlite": ("sqlite",), "postgresql": ("postgresql",), "both": ("sqlite", "postgresql")}
"""What `--database` may say."""

EXIT_ON_SIGTERM = 128 + signal.SIGTERM


@dataclass(frozen=True, slots=True)
class Arena:
    """A folder and a database: an address, or None for a file. server: the storm's own, if it has one."""

    folder: Path
    url: str | None = None
    server: PrivatePostgres | None = None


@contextmanager
def arena(kind: str, *, keep: bool = False) -> Iterator[Arena]:
    """Lend an arena of a kind, and leave nothing of it unless it is to be kept. Raises NoServerPrograms."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(EXIT_ON_SIGTERM))  # by way of everything that tidies up
    with ExitStack() as leaving:
        folder = Path(tempfile.mkdtemp(prefix="storm-"))
        if not keep:
            leaving.callback(shutil.rmtree, folder, ignore_errors=True)
        server = leaving.enter_context(private_postgres()) if kind == "postgresql" else None
        yield Arena(folder, None if server is None else server.url, server)
