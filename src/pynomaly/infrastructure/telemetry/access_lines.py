"""A line for every request: written for the hot road, so that a tenth of a second's lines leave together."""

import json
import sys
import threading
import time
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Literal

from pynomaly.application.current_work import current_work
from pynomaly.application.ports.telemetry import Unwatched
from pynomaly.infrastructure.telemetry.log_lines import at_in_words

TOGETHER_SECONDS = 0.1
MOST_TOGETHER = 5000
"""More than that are not kept in memory, but written at once."""
LOGGER = "pynomaly.access"

Write = Callable[[str], object]


def to_standard_error(text: str) -> None:
    """Write text. Raises OSError, ValueError where there is nobody to read it."""
    sys.stderr.write(text)
    sys.stderr.flush()


class AccessLines(Unwatched):
    """Hears of requests and writes: method, route, status, milliseconds, request, who asked, and in which workspace.

    It is telemetry, and cares for nothing else it hears.
    """

    def __init__(self, form: Literal["text", "json"], write: Write = to_standard_error):
        self._line_of = _json_line if form == "json" else _text_line
        self._write = write
        self._lines: list[str] = []
        self._has_lines, self._is_over = threading.Event(), threading.Event()
        self._writer = threading.Thread(target=self._keep_writing, name="access log", daemon=True)
        self._writer.start()

    def request_ended(self, route: str, method: str, status: int, seconds: float) -> None:
        """Note a request."""
        line = self._line_of(_second(int(time.time())), route, method, status, 1000.0 * seconds, current_work())
        lines = self._lines
        lines.append(line)
        if len(lines) == 1:
            self._has_lines.set()
        elif len(lines) >= MOST_TOGETHER:
            self._write_all()

    def close(self) -> None:
        """Write what is left."""
        self._is_over.set()
        self._has_lines.set()
        self._writer.join()
        self._write_all()

    def _keep_writing(self) -> None:
        while not self._is_over.is_set():
            self._has_lines.wait()
            self._has_lines.clear()
            self._is_over.wait(TOGETHER_SECONDS)
            self._write_all()

    def _write_all(self) -> None:
        lines, self._lines = self._lines, []
        try:
            if lines:
                self._write("".join(lines))
        except (OSError, ValueError):
            pass  # nobody reads them, and that is no reason to answer nobody


def _json_line(at: str, route: str, method: str, status: int, ms: float, names: Mapping[str, str]) -> str:
    head = _json_head(route, method, status)
    return f'{{"at":"{at}",{head}"ms":{ms:.2f}{"".join(_json_pair(*pair) for pair in names.items())}}}\n'


@lru_cache(maxsize=4096)
def _json_head(route: str, method: str, status: int) -> str:
    head = {"level": "info", "logger": LOGGER, "event": "request", "method": method, "route": route, "status": status}
    return json.dumps(head, separators=(",", ":"))[1:-1] + ","


def _json_pair(name: str, text: str) -> str:
    return f',"{name}":"{text}"'  # ids: our own, or checked to be of letters, digits and the like


def _text_line(at: str, route: str, method: str, status: int, ms: float, names: Mapping[str, str]) -> str:
    told = " ".join(f"{name}={text}" for name, text in names.items())
    return f"{at} INFO {LOGGER} request method={method} route={route} status={status} ms={ms:.2f} {told}\n"


@lru_cache(maxsize=4)
def _second(seconds: int) -> str:
    return at_in_words(seconds)
