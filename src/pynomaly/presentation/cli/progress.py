"""How far the work is, on standard error: a number and a time, nothing for work under a second."""

import json
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TextIO

from pynomaly.application.ports.progress import Progress, nobody_listens
from pynomaly.presentation.cli.streams import is_live

SILENT_SECONDS = 1.0
REDRAW_SECONDS = 0.25
BAR_CHARACTERS = 24


class ProgressForm(StrEnum):
    """How progress is shown."""

    AUTO = "auto"
    BAR = "bar"
    PLAIN = "plain"
    JSON = "json"
    NONE = "none"


@contextmanager
def progress_shown(form: ProgressForm) -> Iterator[Progress]:
    """Lend a listener for the duration of some work and clear its traces afterwards."""
    match form:
        case ProgressForm.NONE:
            yield nobody_listens
        case ProgressForm.JSON:
            yield JsonLines(sys.stderr)
        case ProgressForm.PLAIN:
            yield PlainLines(sys.stderr, silent_seconds=0.0)
        case ProgressForm.AUTO if not is_live(sys.stderr):
            yield PlainLines(sys.stderr)
        case _:
            with Bar(sys.stderr) as bar:
                yield bar


@dataclass
class JsonLines:
    """One JSON object per report."""

    stream: TextIO

    def __call__(self, stage: str, share: float) -> None:
        """Write one report."""
        self.stream.write(json.dumps({"stage": stage, "progress": round(share, 4)}) + "\n")
        self.stream.flush()


@dataclass
class PlainLines:
    """One line per stage and per tenth of it, none before the work has taken a while since its first report."""

    stream: TextIO
    silent_seconds: float = SILENT_SECONDS
    clock: Callable[[], float] = time.monotonic
    started: float | None = None
    told: tuple[str, int] = ("", -1)

    def __call__(self, stage: str, share: float) -> None:
        """Write a line if it says something new."""
        now = self.clock()
        self.started = now if self.started is None else self.started
        step = (stage, int(10 * share + 1e-9))
        if step == self.told or now - self.started < self.silent_seconds:
            return
        self.told = step
        self.stream.write(f"{stage} {step[1] * 10} %\n" if step[1] else f"{stage} …\n")
        self.stream.flush()


class Bar:
    """One line that is redrawn until the work is done, also while nothing is reported."""

    def __init__(self, stream: TextIO, *, silent_seconds: float = SILENT_SECONDS) -> None:
        self._stream = stream
        self._silent_seconds = silent_seconds
        self._state = ("starting", 0.0)
        self._started = time.monotonic()
        self._is_done = threading.Event()
        self._painter = threading.Thread(target=self._paint, daemon=True)

    def __call__(self, stage: str, share: float) -> None:
        """Hear how far the work is; the next redrawing shows it."""
        self._state = (stage, share)

    def __enter__(self) -> "Bar":
        self._painter.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_done.set()
        self._painter.join()

    def _paint(self) -> None:
        if self._is_done.wait(self._silent_seconds):
            return
        while not self._is_done.wait(REDRAW_SECONDS):
            seconds = time.monotonic() - self._started
            self._stream.write("\r\x1b[K" + bar_line(*self._state, seconds))
            self._stream.flush()
        self._stream.write("\r\x1b[K")
        self._stream.flush()


def bar_line(stage: str, share: float, seconds: float) -> str:
    """Return the bar of one moment.

    >>> bar_line("scoring", 0.5, 12.3)
    'scoring ████████████░░░░░░░░░░░░  50 %  12 s'
    """
    full = int(BAR_CHARACTERS * min(max(share, 0.0), 1.0))
    if not full:
        return f"{stage} …  {seconds:.0f} s"
    return f"{stage} {'█' * full}{'░' * (BAR_CHARACTERS - full)} {100 * share:3.0f} %  {seconds:.0f} s"
