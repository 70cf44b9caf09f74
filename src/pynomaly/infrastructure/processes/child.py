"""A child as its parent sees it: what it says, how it ends, and a way to end it."""

import signal
import socket
import threading
import time
import weakref
from collections.abc import Iterator, Mapping, Sequence
from multiprocessing.connection import wait
from multiprocessing.context import ForkServerProcess, SpawnProcess
from types import TracebackType
from typing import Self, TypeAlias

from pynomaly.application.ports.child_process import Crashed, Outcome, Refused, Succeeded
from pynomaly.domain.algorithm import JsonValue
from pynomaly.infrastructure.processes.messages import MAX_MESSAGE_BYTES, GarbledMessage, Inbox, Message

Process: TypeAlias = ForkServerProcess | SpawnProcess

PROCESS_TABLE = threading.RLock()
"""Held around everything that starts, asks or reaps processes: multiprocessing's table of them knows no threads, and of
two that reap the same child one would be told that it ended with 255. Reentrant, as garbage is collected anywhere."""

DEADLINE = "deadline"
STOPPED = "stopped"
_REASONS = {
    "SIGALRM": DEADLINE,
    "SIGXCPU": "processor time",
    "SIGKILL": "killed",  # from outside: by somebody, or by the kernel where the machine's memory runs out
    "SIGABRT": "out of memory",  # what native code does where an allocation is refused; rarely for other faults
}

_CHUNK_BYTES = 64 * 1024
_REAP_SECONDS = 0.2  # a killed process does nothing any more, but on a busy machine its memory goes slowly
_LAST_BREATH_SECONDS = 1.0  # between the closing of a dying child's channel and the news of its exit code


class Child:
    """A running task, from `Nursery.start`. Leaving the `with` block ends the process, whatever it is doing.

    A child that nobody holds any more, and one that is left when the program ends, is killed too. One thread at a time.
    """

    def __init__(self, process: Process, channel: socket.socket, *, wall_seconds: float) -> None:
        self.process_id = process.pid
        self._process = process
        self._channel = channel
        self._deadline = time.monotonic() + wall_seconds
        self._inbox = Inbox()
        self._outcome: Outcome | None = None
        self._end = weakref.finalize(self, _end, process, channel)
        channel.setblocking(False)

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
        """Take in what was said, until there are reports; a child that never stops talking is heard piece by piece."""
        reports: list[Mapping[str, JsonValue]] = []
        n_bytes = 0
        try:
            while not reports and self._outcome is None and n_bytes <= MAX_MESSAGE_BYTES:
                chunk = self._channel.recv(_CHUNK_BYTES)
                if not chunk:
                    self._conclude_by_exit()
                n_bytes += len(chunk)
                reports.extend(self._understood(chunk))
        except GarbledMessage as error:
            self._conclude(Crashed(f"it said {error}"))
        except BlockingIOError:
            if has_ended:
                self._conclude_by_exit()
        except ConnectionError:
            self._conclude_by_exit()
        return reports

    def _understood(self, chunk: bytes) -> Iterator[Mapping[str, JsonValue]]:
        """Yield progress reports; the first result or error ends the child."""
        for message in self._inbox.take(chunk):
            if message.kind != "progress":
                self._conclude(_last_word(message))
                return
            yield _object(message)

    def _conclude_by_exit(self) -> None:
        wait([self._process.sentinel], _LAST_BREATH_SECONDS)
        with PROCESS_TABLE:
            code = self._process.exitcode
        self._conclude(Crashed(reason_of(code)))

    def _conclude(self, outcome: Outcome) -> None:
        self._outcome = outcome
        self._end()


def reason_of(exit_code: int | None) -> str:
    """Return why a process ended that did not say so itself; None is one that stopped talking but lives.

    >>> reason_of(-14), reason_of(-11), reason_of(3)
    ('deadline', 'signal 11', 'exit code 3')
    """
    if exit_code is None:
        return "stopped talking"
    if exit_code >= 0:
        return f"exit code {exit_code}"
    names = {int(known): known.name for known in signal.Signals}
    return _REASONS.get(names.get(-exit_code, ""), f"signal {-exit_code}")


def _last_word(message: Message) -> Outcome:
    if message.kind == "result":
        return Succeeded(message.content)
    error = _object(message)
    return Refused(str(error.get("kind", "")), str(error.get("detail", "")))


def _object(message: Message) -> Mapping[str, JsonValue]:
    if not isinstance(message.content, Mapping):
        raise GarbledMessage("no object")
    return message.content


def _end(process: Process, channel: socket.socket) -> None:
    """Kill a process; one that is not gone soon is reaped by multiprocessing when the next one is started."""
    channel.close()
    with PROCESS_TABLE:
        if process.exitcode is None:
            process.kill()
    wait([process.sentinel], _REAP_SECONDS)
    with PROCESS_TABLE:
        if process.exitcode is not None:
            process.close()
