"""A process that ends when its parent does, however the parent ends."""

import ctypes
import os
import signal
import sys
import threading
import time
from pathlib import Path

_PR_SET_PDEATHSIG = 1  # <linux/prctl.h>
_WATCH_SECONDS = 0.5


def die_with_parent(parent_id: int) -> None:
    """Have this process killed as soon as its parent, known by its id, is gone; at once if it is gone already.

    On Linux the kernel does it, also while native code is stuck; the parent is there the *thread* that forked, so
    fork from one that stays. Elsewhere a thread looks twice a second, which Windows never answers.
    """
    if not _ask_the_kernel():
        threading.Thread(target=_watch, args=(parent_id,), name="parent watch", daemon=True).start()
    if os.getppid() != parent_id:  # it went before the kernel knew
        end_now()


def end_now() -> None:
    """End this process without another instruction of Python."""
    if hasattr(signal, "SIGKILL"):
        os.kill(os.getpid(), signal.SIGKILL)
    os._exit(1)


def parent_of(process_id: int) -> int | None:
    """Return the id of a process's parent, None where it is gone or the system does not tell."""
    try:
        fields = Path(f"/proc/{process_id}/stat").read_bytes().rpartition(b")")[2]  # a name may hold anything
        return int(fields.split()[1])
    except (OSError, IndexError, ValueError):
        return None


def _ask_the_kernel() -> bool:
    if sys.platform != "linux":
        return False
    return bool(ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0) == 0)


def _watch(parent_id: int) -> None:
    while os.getppid() == parent_id:
        time.sleep(_WATCH_SECONDS)
    end_now()
