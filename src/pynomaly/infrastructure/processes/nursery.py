"""Where disposable processes come from: forked by a server that has nothing but imported modules in it.

This program has threads and open connections, and a copy of it would inherit locks that nobody releases. The forkserver
has the libraries loaded and does nothing else: 7 ms after a child was asked for it has answered and is gone, where a
fresh interpreter needs 600 ms for the same imports (numpy, pyarrow, SQLAlchemy, readers; two quiet cores). Whatever a
child allocates goes with it.

Children import the main module of this program again, as `multiprocessing` has it, so a script that starts some keeps
what it does under `if __name__ == "__main__":`.
"""

import json
import multiprocessing
import multiprocessing.forkserver
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext, SpawnContext

from pynomaly.application.ports.child_process import Outcome
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.errors import Unavailable
from pynomaly.infrastructure.processes.child import PROCESS_TABLE, Child, Process
from pynomaly.infrastructure.processes.inside import Order, carry_out
from pynomaly.infrastructure.processes.limits import ChildLimits
from pynomaly.infrastructure.processes.outcomes import raise_outcome
from pynomaly.infrastructure.processes.task_names import require_listed

POLL_SECONDS = 0.2  # how long a request to stop may go unnoticed
_FIRST = ("pynomaly.infrastructure.processes.in_forkserver", "pynomaly.infrastructure.processes.inside")


@dataclass(frozen=True, slots=True)
class Nursery:
    """Starts tasks in processes of their own.

    preloaded: modules that the children find imported; those that are not installed are left out.
    allowed: modules whose public functions may be run.  secret_names: environment variables that no child sees.

    There is one forkserver to a program: the nursery that starts it decides what it has loaded.
    """

    preloaded: Sequence[str]
    allowed: tuple[str, ...]
    secret_names: tuple[str, ...] = ()

    def start(self, task: str, arguments: Mapping[str, JsonValue], limits: ChildLimits) -> Child:
        """Start a task (see task_names.Task), named as "module:function", with plain JSON; use it in a `with` block.

        Raises TaskNotAllowed, Unavailable if the machine has no room for another process.
        """
        require_listed(task, self.allowed)
        text = json.dumps(dict(arguments), allow_nan=False)
        order = Order(task, text, self.allowed, self.secret_names, limits)
        ours, theirs = socket.socketpair()
        with closing(theirs), ExitStack() as undo:
            undo.callback(ours.close)
            process = self._born(theirs, order)
            undo.pop_all()
        return Child(process, ours, wall_seconds=limits.wall_seconds)

    def run(
        self,
        task: str,
        arguments: Mapping[str, JsonValue],
        limits: ChildLimits,
        *,
        on_progress: Callable[[Mapping[str, JsonValue]], None] = lambda _report: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> JsonValue:
        """Run a task to its end and return what it came to. Raises what it raised, UnreadableFile if it crashed."""
        return raise_outcome(self.outcome_of(task, arguments, limits, on_progress=on_progress, should_stop=should_stop))

    def outcome_of(
        self,
        task: str,
        arguments: Mapping[str, JsonValue],
        limits: ChildLimits,
        *,
        on_progress: Callable[[Mapping[str, JsonValue]], None] = lambda _report: None,
        should_stop: Callable[[], bool] = lambda: False,
    ) -> Outcome:
        """Run a task and say how it ended; one that should stop ends as Crashed(STOPPED). Raises Unavailable."""
        with self.start(task, arguments, limits) as child:
            while child.outcome is None:
                for report in child.poll(POLL_SECONDS):
                    on_progress(report)
                if should_stop():
                    child.terminate()
            return child.outcome

    def warm_up(self) -> None:
        """Start the forkserver, if it is not running, so that the first child need not wait for its imports."""
        if isinstance(_context(), ForkServerContext):
            with PROCESS_TABLE:
                multiprocessing.forkserver.set_forkserver_preload([*_FIRST, *self.preloaded])
                multiprocessing.forkserver.ensure_running()

    def _born(self, channel: socket.socket, order: Order) -> Process:
        """Start a process; where the forkserver has died meanwhile, a second try starts the next one."""
        try:
            return self._forked(channel, order)
        except (EOFError, ConnectionError):
            pass
        except OSError as error:
            raise _no_room() from error
        try:
            return self._forked(channel, order)
        except (EOFError, OSError) as error:
            raise _no_room() from error

    def _forked(self, channel: socket.socket, order: Order) -> Process:
        self.warm_up()
        process = _context().Process(target=carry_out, args=(channel, order), name=order.task, daemon=True)
        with PROCESS_TABLE:
            process.start()
        return process


def _context() -> ForkServerContext | SpawnContext:
    if "forkserver" in multiprocessing.get_all_start_methods():
        return multiprocessing.get_context("forkserver")
    return multiprocessing.get_context("spawn")


def _no_room() -> Unavailable:
    return Unavailable("no further process can be started on this machine; try again in a moment")
