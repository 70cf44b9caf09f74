"""Reading what strangers send: always in a process of its own, with little of everything."""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pynomaly.assembly.adapters import CHILD
from pynomaly.assembly.workers import PRELOADED, SECRETS
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.errors import TooManyRequests, UnreadableFile
from pynomaly.infrastructure.processes.limits import ChildLimits
from pynomaly.infrastructure.processes.nursery import Nursery

GIBIBYTE = 1024**3
READING = ChildLimits(2 * GIBIBYTE, cpu_seconds=9, file_bytes=4 * GIBIBYTE, open_files=256, wall_seconds=9.0)
"""What reading an upload may take: a verdict within ten seconds includes the start and the end of the process."""
MAX_UNFOLDED_BYTES = 64 * 1024**2
AT_ONCE = 4  # each may take the reading's share of memory
PATIENCE_SECONDS = 20.0  # how long an upload waits for its turn before it is told to come again
_TURNS = threading.BoundedSemaphore(AT_ONCE)
NO_SECRETS = (*SECRETS, "PYNOMALY_DATABASE_URL")  # whoever reads strangers' files has no business with either


def reading_nursery() -> Nursery:
    """Return where files of strangers are read."""
    return Nursery(PRELOADED, (CHILD,), NO_SECRETS)


def take_in(nursery: Nursery, arguments: Mapping[str, JsonValue]) -> JsonValue:
    """Have a file read and its rows kept. Raises what reading raises, UnreadableFile if it takes too much."""
    with _turn():
        return nursery.run(f"{CHILD}:take_in", arguments, READING)


def unfold(nursery: Nursery, path: Path) -> bytes:
    """Return the rows of a file of any format as an Arrow stream without compression. Raises UnreadableFile."""
    written = path.with_suffix(".arrow")
    try:
        with _turn():
            nursery.run(f"{CHILD}:unfold", {"path": str(path), "to": str(written)}, READING)
        if written.stat().st_size > MAX_UNFOLDED_BYTES:
            raise UnreadableFile("the body is too large to be scored at once; upload it as a dataset")
        return written.read_bytes()
    finally:
        written.unlink(missing_ok=True)


@contextmanager
def _turn() -> Iterator[None]:
    """Let a few read at once. Raises TooManyRequests for whoever would wait too long."""
    if not _TURNS.acquire(timeout=PATIENCE_SECONDS):
        raise TooManyRequests("too many files are being read; try again in a moment", retry_after_seconds=10.0)
    try:
        yield
    finally:
        _TURNS.release()
