"""A terminal in which the `console` blocks of a page are typed: a real shell, real servers, on a port of their own.

Every line runs as it stands, but for

- `pynomaly serve` and `pynomaly worker`: they stay, as in another window, until the page ends or the next ones start;
- `pynomaly admin create-user`: its question for a password is answered;
- `pip install`: that it names an extra which exists is checked, nothing is installed;
- `docker` and `kubectl`: what they would talk to is not here; the files they are given have tests of their own;
- texts that stand for something of the reader's, as the address of a database: each has a stand-in.

A command that fails, curl with an answer of 400 or above too, is an error of the page.
"""

import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event
from types import TracebackType
from typing import Self

SOURCES = Path(__file__).resolve().parent.parent / "src"
ADDRESS = "127.0.0.1:8000"
PASSWORD = "correct horse battery"  # noqa: S105 - of a user who lives as long as a page is followed
LONGEST_SECONDS = 300
_LOGICAL_LINE = re.compile(r"(?:[^\n]*\\\n)*[^\n]*\n")
"""A line with those that it is continued on."""
CURL_RULES = "fail-with-body\nsilent\nshow-error\n"


class TerminalError(Exception):
    """Something that was typed did not work."""


@dataclass
class Terminal:
    """One reader's windows. install: looks at a `pip install`.  stand_ins: texts of pages by what is put in place."""

    folder: Path
    install: Callable[[str], None]
    stand_ins: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.port = _free_port()
        self._kept = self.folder / "shell-state"
        self._windows = ExitStack()
        self._is_serving = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: type[BaseException] | BaseException | TracebackType | None) -> None:
        self._windows.close()

    def type(self, block: str) -> str:
        """Run a block and return what it prints. Raises TerminalError."""
        printed, waiting = "", ""
        for line in _LOGICAL_LINE.findall(self._in_place(block)):
            act = self._act_for(line)
            if act is None:
                waiting += line
            else:
                printed += self._run(waiting)
                waiting = ""
                act(line.partition(" #")[0].strip())
        return printed + self._run(waiting)

    def _in_place(self, block: str) -> str:
        for text, stand_in in {ADDRESS: f"127.0.0.1:{self.port}", **self.stand_ins}.items():
            block = block.replace(text, stand_in)
        asks = r"^(pynomaly admin create-user(?!.*--password-stdin)[^#\n]*?)(\s*#.*)?$"
        return re.sub(asks, rf"\1 --password-stdin <<< '{PASSWORD}'", block, flags=re.MULTILINE)

    def _act_for(self, line: str) -> Callable[[str], None] | None:
        match line.split()[:2]:
            case ["pip", "install"]:
                return self._install
            case ["pynomaly", "serve"]:
                return self._serve
            case ["pynomaly", "worker"]:
                return self._work
            case ["docker" | "kubectl", *_]:
                return _leave
        return None

    def _run(self, lines: str) -> str:
        if not lines.strip():
            return ""
        script = f"{self._state()}set -euo pipefail\n{lines}\n{{ export -p; declare -f; }} > {self._kept}\n"
        try:
            ended = subprocess.run(
                ["bash", "-c", script],
                env=self._environment(),
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=LONGEST_SECONDS,
            )
        except subprocess.TimeoutExpired as late:
            raise TerminalError(f"this did not end:\n{lines}\n{late.stdout!r}") from late
        if ended.returncode:
            raise TerminalError(f"this failed:\n{lines}\n{ended.stdout}\n{ended.stderr}")
        return ended.stdout

    def _install(self, line: str) -> None:
        self.install(shlex.split(line)[2])

    def _serve(self, line: str) -> None:
        if self._is_serving:
            self._windows.close()
        self._is_serving = True
        window = self._open(f"{line} --port {self.port}")
        self._wait_for(window, f"http://127.0.0.1:{self.port}/api/v1/health/ready")

    def _work(self, line: str) -> None:
        self._open(line)

    def _open(self, line: str) -> subprocess.Popen[bytes]:
        """Start what stays, in a window whose output nobody reads unless it ends too early."""
        log = self._windows.enter_context((self.folder / "window.log").open("ab"))
        window = subprocess.Popen(
            ["bash", "-c", f"{self._state()}exec {line}"],
            env=self._environment(),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        self._windows.callback(_close, window)
        return window

    def _wait_for(self, window: subprocess.Popen[bytes], address: str) -> None:
        pause = Event()
        while not _answers(address):
            if window.poll() is not None:
                raise TerminalError(f"the server ended:\n{(self.folder / 'window.log').read_text(encoding='utf-8')}")
            pause.wait(0.1)

    def _state(self) -> str:
        return "set -o allexport\n" + f"source {self._kept}\n" * self._kept.exists()

    def _environment(self) -> Mapping[str, str]:
        (self.folder / ".curlrc").write_text(CURL_RULES, encoding="utf-8")
        path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
        return os.environ | {"CURL_HOME": str(self.folder), "PATH": path, "PYTHONPATH": str(SOURCES)}


def agrees(printed: str, shown: str) -> bool:
    """Whether what came out is what a page shows, in which … stands for anything, and blanks for any blanks.

    >>> agrees('{"id":"1f","n":3}', '{"id": "…", "n": 3}')
    True
    """
    pieces = ("".join(piece.split()) for piece in shown.split("…"))
    return re.fullmatch(".*".join(map(re.escape, pieces)), "".join(printed.split())) is not None


def _answers(address: str) -> bool:
    try:
        with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - our own server
            return True
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def _close(window: subprocess.Popen[bytes]) -> None:
    window.send_signal(signal.SIGTERM)
    try:
        window.wait(60)
    except subprocess.TimeoutExpired:
        window.kill()
        window.wait()


def _leave(_line: str) -> None:
    """Do nothing: what the line needs is not here."""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
