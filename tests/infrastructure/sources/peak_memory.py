"""How much memory a process of its own takes at most: its anonymous pages, without what files are mapped to."""

import re
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

_SECONDS_BETWEEN = 0.005
_ANONYMOUS = re.compile(r"RssAnon:\s+(\d+) kB")


def peak_bytes(arguments: Sequence[str], *, stdin: str = "") -> int:
    """Run Python with some arguments and return the most that it held. Raises CalledProcessError where it fails."""
    with subprocess.Popen([sys.executable, *arguments], stdin=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        process.stdin.write(stdin)
        process.stdin.close()
        most = 0
        while process.poll() is None:
            most = max(most, _anonymous_bytes(process.pid))
            time.sleep(_SECONDS_BETWEEN)
        if process.returncode:
            raise subprocess.CalledProcessError(process.returncode, list(arguments))
    return most


def _anonymous_bytes(pid: int) -> int:
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0
    match = _ANONYMOUS.search(status)
    return 1024 * int(match[1]) if match else 0
