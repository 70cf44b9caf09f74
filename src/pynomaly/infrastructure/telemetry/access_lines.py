"""A line for every request: method, route, status, milliseconds, its names: who asked, and in which workspace."""

import json
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Literal, TypeAlias

from pynomaly.infrastructure.telemetry.afterwards import Answered
from pynomaly.infrastructure.telemetry.log_lines import at_in_words
from pynomaly.infrastructure.telemetry.log_record import UNSAID

LOGGER = "pynomaly.access"
Write: TypeAlias = Callable[[str], object]


def to_standard_error(text: str) -> None:
    """Write text. Raises OSError, ValueError where there is nobody to read it."""
    sys.stderr.write(text)
    sys.stderr.flush()


class AccessLines:
    """Writes what the log lines of other events look like, but without the way through logging: there are many.

    The names of the work at hand are ids of our own, or checked to be letters, digits and hyphens, so they are written
    as they are; so are routes and methods, which are ours.
    """

    def __init__(self, form: Literal["text", "json"], write: Write = to_standard_error):
        self._line_of = _json_line if form == "json" else _text_line
        self._write = write

    def __call__(self, answered: Sequence[Answered]) -> None:
        """Write a line for each."""
        with suppress(OSError, ValueError):  # nobody reads them, and that is no reason to answer nobody
            self._write("".join([self._line_of(*one) for one in answered]))


def _json_line(at: float, route: str, method: str, status: int, seconds: float, names: Mapping[str, str]) -> str:
    around = "".join([f',"{name}":"{text}"' for name, text in names.items() if name != UNSAID])
    second = int(at)
    moment = f"{_second(second)}.{int(1000 * (at - second)):03d}Z"
    return f'{{"at":"{moment}",{_json_head(route, method, status)},"ms":{1000 * seconds:.2f}{around}}}\n'


@lru_cache(maxsize=4096)
def _json_head(route: str, method: str, status: int) -> str:
    head = {"level": "info", "logger": LOGGER, "event": "request", "method": method, "route": route, "status": status}
    return json.dumps(head, separators=(",", ":"))[1:-1]


def _text_line(at: float, route: str, method: str, status: int, seconds: float, names: Mapping[str, str]) -> str:
    about = f"method={method} route={route} status={status} ms={1000 * seconds:.2f}"
    around = "".join([f" {name}={text}" for name, text in names.items() if name != UNSAID])
    second = int(at)
    moment = f"{_second(second)}.{int(1000 * (at - second)):03d}Z"
    return f"{moment} INFO {LOGGER} request {about}{around}\n"


@lru_cache(maxsize=4)
def _second(seconds: int) -> str:
    """Return a second in UTC without its end; there are many lines to each."""
    return at_in_words(seconds)[:19]
