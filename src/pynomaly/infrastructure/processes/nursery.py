"""Where disposable processes come from: forked by a server that has nothing but imported modules in it."""

import json
import multiprocessing
import socket
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from multiprocessing.context import ForkServerContext, SpawnContext

from pynomaly.application.ports.child_process import Crashed, Outcome, Refused, Succeeded
from pynomaly.domain import errors
from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.errors import PynomalyError, UnreadableFile
from pynomaly.infrastructure.processes.child import PROCESS_TABLE, Child
from pynomaly.infrastructure.processes.inside import Order, carry_out
from pynomaly.infrastructure.processes.limits import ChildLimits
from pynomaly.infrastructure.processes.task_names import require_listed

POLL_SECONDS = 0.2


@dataclass(frozen=True, slots=True)
class Nursery:
    """Starts tasks in processes of their own.

    preloaded: modules that the children find imported.  allowed: modules whose functions may be run.
    secret_names: environment variables that no child sees.
    """

    preloaded: Sequence[str]
    allowed: tuple[str, ...]
    secret_names: tuple[str, ...] = ()

    def start(self, task: str, arguments: Mapping[str, JsonValue], limits: ChildLimits) -> Child:
        """Start a task, named as "module:function", with plain JSON. Raises TaskNotAllowed."""
        require_listed(task, self.allowed)
        order = Order(task, json.dumps(dict(arguments)), self.allowed, self.secret_names, limits)
        ours, theirs = socket.socketpair()
        with PROCESS_TABLE:
            process = self._context().Process(target=carry_out, args=(theirs, order), daemon=True)
            process.start()
        theirs.close()
        return Child(process, ours, wall_seconds=limits.wall_seconds)

    def run(
        self,
        task: str,
        arguments: Mapping[str, JsonValue],
        limits: ChildLimits,
        *,
        on_progress: Callable[[Mapping[str, JsonValue]], None] = lambda _report: None,
    ) -> JsonValue:
        """Run a task to its end and return what it came to. Raises what it raised, UnreadableFile if it crashed."""
        with self.start(task, arguments, limits) as child:
            while child.outcome is None:
                for report in child.poll(POLL_SECONDS):
                    on_progress(report)
            return raise_outcome(child.outcome)

    def _context(self) -> ForkServerContext | SpawnContext:
        if sys.platform == "win32":
            return multiprocessing.get_context("spawn")
        context = multiprocessing.get_context("forkserver")
        context.set_forkserver_preload(["pynomaly.infrastructure.processes.in_forkserver", *self.preloaded])
        return context


def raise_outcome(outcome: Outcome) -> JsonValue:
    """Return what a task came to, or raise what it raised, as the same class of error."""
    match outcome:
        case Succeeded(result):
            return result
        case Refused(kind, detail):
            found = getattr(errors, kind, None)
            if isinstance(found, type) and issubclass(found, PynomalyError):
                raise found(detail)
            raise RuntimeError(f"a child ended with {kind}: {detail}")
        case Crashed(reason):
            raise UnreadableFile(f"reading this took more than it may ({reason}); split it, or export it as plain CSV")
