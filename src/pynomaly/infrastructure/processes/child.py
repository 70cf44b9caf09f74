"""A child as its parent sees it: what it says, how it ends, and a way to end it."""

import signal
import socket
import threading
import time
import weakref
from collections.abc import Mapping, Sequence
from contextlib import suppress
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess, SpawnProcess
from types import TracebackType
from typing import Self, TypeAlias

from pynomaly.application.ports.child_process import Crashed, Outcome, Refused, Succeeded
from pynomaly.domain.algorithm import JsonValue
from pynomaly.infrastructure.processes.messages import GarbledMessage, Inbox, Message

Process: TypeAlias = ForkServerProcess | SpawnProcess

PROCESS_TABLE = threading.Lock()
"""Held around everything that reads or reaps processes: multiprocessing's table of them knows no threads, and of two
that reap the same child one would be told that it ended with 255."""

DEADLINE = "deadline"
STOPPED = "stopped"
_REASONS = (
    {
        signal.SIGALRM: DEADLINE,
        signal.SIGXCPU: "processor time",
        signal.SIGKILL: "killed",  # from outside: by somebody, or by the kernel where the machine's memory runs out
        signal.SIGABRT: "out of memory",  # what native code does where an allocation is refused
    }
    if hasattr(signal, "SIGKILL")
    else {}
)

_CHUNK_BYTES = 64 * 1024
_REAP_SECONDS = 5.0  # a killed process is gone in milliseconds unless the disk holds it


class Child:
    """A running task, from `Nursery.start`. Leaving the `with` block ends the process, whatever it is doing.

    A child that nobody holds any more, and one that is left when the program ends, is killed too.
    """

    def __init__(self, process: Process, channel: socket.socket, *, wall_seconds: float) -> None:
        self._process = process
        self._channel = channel
        self._deadline = time.monotonic() + wall_seconds
        self._inbox = Inbox()
        self._outcome: Outcome | None = None
        self._end = weakref.finalize(self, _end, process, channel)
        channel.setblocking(False)

    @property
    def process_id(self) -> int:
        """The id of the process."""
        return self._process.pid or 0

    @property
    def outcome(self) -> Outcome | None:
        """How the child ended, None while it runs; `poll` learns of it."""
        return self._outcome

    def poll(self, timeout_seconds: float) -> Sequence[Mapping[str, JsonValue]]:
        """Wait at most so long for something to happen and return the progress reports that came."""
        if self._outcome is not None:
            return ()
        left = self._deadline - time.monotonic()
        ready = wait([self._channel, self._process.sentinel], max(0.0, min(timeout_seconds, left)))
        reports = self._hear(has_ended=self._process.sentinel in ready)
        if self._outcome is None and time.monotonic() >= self._deadline:
            self._conclude(Crashed(DEADLINE))
        return reports

    def terminate(self) -> None:
        """End the process at once, also one that is stuck in native code; nothing happens if it has ended."""
        if self._outcome is None:
            self._conclude(Crashed(STOPPED))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.terminate()

    def _hear(self, *, has_ended: bool) -> list[Mapping[str, JsonValue]]:
        """Take in what was said; the end of the process is its last word, whatever that was."""
        reports: list[Mapping[str, JsonValue]] = []
        try:
            while self._outcome is None:
                chunk = self._channel.recv(_CHUNK_BYTES)
                if not chunk:
                    break
                for message in self._inbox.take(chunk):
                    self._take(message, reports)
        except BlockingIOError:
            pass
        except ConnectionError:
            has_ended = True
        except GarbledMessage as error:
            self._conclude(Crashed(f"it said {error}"))
        if has_ended and self._outcome is None:
            self._conclude(self._how_it_died())
        return reports

    def _take(self, message: Message, reports: list[Mapping[str, JsonValue]]) -> None:
        content = message.content
        if message.kind == "result":
            self._conclude(Succeeded(content))
        elif message.kind == "error" and isinstance(content, Mapping):
            self._conclude(Refused(str(content.get("kind")), str(content.get("detail"))))
        elif isinstance(content, Mapping):
            reports.append(content)

    def _conclude(self, outcome: Outcome) -> None:
        if self._outcome is None:
            self._outcome = outcome
            self._end()

    def _how_it_died(self) -> Crashed:
        with PROCESS_TABLE:
            self._process.join(_REAP_SECONDS)
            code = self._process.exitcode
        if code is not None and code < 0:
            return Crashed(_REASONS.get(signal.Signals(-code), f"signal {-code}"))
        return Crashed(f"exit code {code}")


def _end(process: Process, channel: socket.socket) -> None:
    channel.close()
    with PROCESS_TABLE, suppress(OSError, ValueError):
        process.kill()
        process.join(_REAP_SECONDS)
        process.close()
