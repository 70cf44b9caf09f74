"""A line for every request: written for the hot road, so that a tenth of a second's lines leave together."""

import json
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Literal

from pynomaly.application.current_work import current_work
from pynomaly.application.ports.telemetry import Unwatched
from pynomaly.infrastructure.telemetry.log_lines import at_in_words
from pynomaly.infrastructure.telemetry.log_record import UNSAID

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

    It is telemetry, and cares for nothing else it hears. The names of the work at hand are ids of our own, or checked
    to be letters, digits and hyphens, so they are written as they are.
    """

    def __init__(self, form: Literal["text", "json"], write: Write = to_standard_error):
        self._line_of = _json_line if form == "json" else _text_line
        self._write = write
        self._lines: deque[str] = deque()
        self._writing = threading.Lock()
        self._has_lines, self._is_over = threading.Event(), threading.Event()
        self._writer = threading.Thread(target=self._keep_writing, name="access log", daemon=True)
        self._writer.start()

    def request_ended(self, route: str, method: str, status: int, seconds: float) -> None:
        """Note a request."""
        self._lines.append(self._line_of(_now(), route, method, status, 1000.0 * seconds, current_work()))
        if not self._has_lines.is_set():
            self._has_lines.set()
        if len(self._lines) >= MOST_TOGETHER:
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
            self._is_over.wait(TOGETHER_SECONDS)
            self._has_lines.clear()
            self._write_all()

    def _write_all(self) -> None:
        with self._writing:
            lines = [self._lines.popleft() for _ in range(len(self._lines))]
            try:
                if lines:
                    self._write("".join(lines))
            except (OSError, ValueError):
                pass  # nobody reads them, and that is no reason to answer nobody


def _json_line(at: str, route: str, method: str, status: int, ms: float, names: Mapping[str, str]) -> str:
    around = "".join(f',"{name}":"{text}"' for name, text in names.items() if name != UNSAID)
    return f'{{"at":"{at}",{_json_head(route, method, status)},"ms":{ms:.2f}{around}}}\n'


@lru_cache(maxsize=4096)
def _json_head(route: str, method: str, status: int) -> str:
    head = {"level": "info", "logger": LOGGER, "event": "request", "method": method, "route": route, "status": status}
    return json.dumps(head, separators=(",", ":"))[1:-1]


def _text_line(at: str, route: str, method: str, status: int, ms: float, names: Mapping[str, str]) -> str:
    told = " ".join(f"{name}={text}" for name, text in names.items() if name != UNSAID)
    return f"{at} INFO {LOGGER} request method={method} route={route} status={status} ms={ms:.2f} {told}\n"


def _now() -> str:
    now = time.time()
    return f"{_second(int(now))}.{int(now % 1 * 1000):03d}Z"


@lru_cache(maxsize=4)
def _second(seconds: int) -> str:
    """Return a second in UTC without its end; there are many lines to each."""
    return at_in_words(seconds)[:19]
