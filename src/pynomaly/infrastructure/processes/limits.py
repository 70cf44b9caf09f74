"""What a child may use, enforced by the kernel: no code in the child, however stuck or hostile, gets round it."""

import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

try:
    import resource
except ImportError:  # Windows: the parent's deadline is the only limit there
    HAS_KERNEL_LIMITS = False
else:
    HAS_KERNEL_LIMITS = True


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """The limits of one child.

    memory_bytes: address space beyond what the child begins with (a few hundred MB of libraries, most of it shared).
    cpu_seconds: of all its threads together.  file_bytes: the size of any file it writes.
    open_files: file descriptors.  wall_seconds: from its start to its last word.
    """

    memory_bytes: int
    cpu_seconds: int
    file_bytes: int
    open_files: int
    wall_seconds: float


def apply_limits(limits: ChildLimits) -> None:
    """Put this process under limits, for good."""
    _offer_to_the_memory_killer()
    if not HAS_KERNEL_LIMITS:
        return
    _limit(resource.RLIMIT_AS, _address_space_bytes() + limits.memory_bytes)
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds, spare=1)  # first a signal that tells why, then the certain one
    _limit(resource.RLIMIT_FSIZE, limits.file_bytes)
    _limit(resource.RLIMIT_NOFILE, limits.open_files)
    _limit(resource.RLIMIT_CORE, 0)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds)  # holds also while nobody polls


def _limit(kind: int, value: int, *, spare: int = 0) -> None:
    _, most = resource.getrlimit(kind)
    hard = value + spare if most == resource.RLIM_INFINITY else min(value + spare, most)
    resource.setrlimit(kind, (min(value, hard), hard))


def _address_space_bytes() -> int:
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _offer_to_the_memory_killer() -> None:
    """Let the kernel end this process before any other where the machine's memory runs out."""
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")
