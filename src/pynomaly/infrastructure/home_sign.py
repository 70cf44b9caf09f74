"""A sign at a home folder that a server runs on it: held by a lock, so that it falls when the process ends."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from pynomaly.domain.errors import Conflict

try:
    import fcntl
except ImportError:  # Windows has no such locks; there nobody is told of another server
    fcntl = None  # type: ignore[assignment]

SIGN = "server.lock"
"""The file in the home. It stays when servers end; only its lock means anything."""


@contextmanager
def signed(home: Path, address: str, *, alone: bool) -> Iterator[None]:
    """Hold the sign that a server runs here; where the file system knows no locks there is none.

    alone: raise Conflict where another one does, naming the address of the one that began last.
    """
    if fcntl is None:
        yield
        return
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    handle = os.open(home / SIGN, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        if alone and _is_held(handle):
            other = os.pread(handle, 500, 0).decode("utf-8", "replace")
            raise Conflict(
                f"a server of the workspace {home} runs already, at {other}; stop it first, or choose another "
                "PYNOMALY_HOME"
            )
        with suppress(OSError):
            fcntl.flock(handle, fcntl.LOCK_SH)  # beside others that serve; whoever wants to be alone sees it
        os.truncate(handle, 0)
        os.pwrite(handle, address.encode(), 0)
        yield
    finally:
        os.close(handle)


def _is_held(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return True
    except OSError:
        return False
    return False
