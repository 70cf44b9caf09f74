"""What happens inside a child, from its first instruction to its last word."""

import ctypes
import faulthandler
import json
import os
import signal
import socket
import sys
import traceback
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import parent_process
from typing import NoReturn, TextIO

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.errors import InvalidData, PynomalyError
from pynomaly.infrastructure.processes.limits import ChildLimits, apply_limits
from pynomaly.infrastructure.processes.messages import encoded
from pynomaly.infrastructure.processes.parent_death import die_with_parent, end_now, parent_of
from pynomaly.infrastructure.processes.task_names import task_named

_LONGEST_DETAIL = 2000


@dataclass(frozen=True, slots=True)
class Order:
    """What a child is to do: a task by name, its arguments as JSON text, and the walls around it.

    Arguments may hold secrets: they go through the pipe to the child, and are shown nowhere.
    """

    task: str
    arguments: str = field(repr=False)
    allowed: tuple[str, ...]
    secret_names: tuple[str, ...]
    limits: ChildLimits


def carry_out(channel: socket.socket, order: Order) -> None:
    """Do the order, say on `channel` what came of it, and end the process without further ado."""
    _leave_no_orphan()
    with os.fdopen(os.dup(2), "w", encoding="utf-8", errors="replace") as log:
        faulthandler.enable(log, all_threads=False)
        _be_quiet()
        _carry_out(channel, order, log)


def _carry_out(channel: socket.socket, order: Order, log: TextIO) -> NoReturn:
    forget_variables(order.secret_names)
    apply_limits(order.limits)
    last_word = _last_word(channel, order, log)
    with suppress(OSError):  # nobody is listening any more
        channel.sendall(last_word)
    os._exit(0)  # destructors of native libraries are one more chance to hang


def _last_word(channel: socket.socket, order: Order, log: TextIO) -> bytes:
    def tell(report: Mapping[str, JsonValue]) -> None:
        channel.sendall(encoded("progress", dict(report)))

    try:
        result = task_named(order.task, order.allowed)(json.loads(order.arguments), tell)
        return _result(result)
    except MemoryError:
        pass  # answered below, where the frames that hold the memory are gone
    except PynomalyError as error:
        return _error(type(error).__name__, str(error))
    except BaseException as error:  # noqa: BLE001  the edge of the process; panics of Rust are no Exception
        _leave_trace(order.task, error, log)
        return _error(type(error).__name__, str(error))
    mebibytes = order.limits.memory_bytes // 1024**2
    return _error(InvalidData.__name__, f"this does not fit into the memory given to it ({mebibytes} MiB); split it.")


def _result(result: JsonValue) -> bytes:
    try:
        return encoded("result", result)
    except ValueError as error:
        return _error(InvalidData.__name__, f"what there is to say of this is too much: {error}.")


def _error(kind: str, detail: str) -> bytes:
    return encoded("error", {"kind": kind, "detail": detail[:_LONGEST_DETAIL]})


def _leave_trace(task: str, error: BaseException, log: TextIO) -> None:
    """Write where it happened, but not the message: it may quote somebody's data."""
    where = "".join(traceback.format_tb(error.__traceback__))
    with suppress(OSError):
        log.write(f"child_failed task={task} error={type(error).__name__}\n{where}")
        log.flush()


def _leave_no_orphan() -> None:
    """Tie this process to the forkserver, and that to the program that wanted the child.

    A child inherits the pipe by whose closing the forkserver learns that its parents are gone. Only after it lets go
    of that does the chain hold: the parent dies, the forkserver sees the pipe close and ends, the kernel kills this.
    """
    above = os.getppid()
    die_with_parent(above)
    ancestor = parent_process()
    server = sys.modules.get("multiprocessing.forkserver")
    alive = getattr(getattr(server, "_forkserver", None), "_forkserver_alive_fd", None)
    if alive is None or ancestor is None:  # spawned: the parent itself is above
        return
    os.close(alive)
    if sys.platform == "linux" and parent_of(above) != ancestor.pid:
        end_now()  # the forkserver was killed, or the parent was, before this process began to watch


def _be_quiet() -> None:
    """Read from nowhere, print to nowhere, and leave it to the parent to answer Ctrl-C and SIGTERM.

    Native libraries complain at any length, and of what stands in the file; the log is for what this program says.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for standard in (0, 1, 2):
        os.dup2(nowhere, standard)
    os.close(nowhere)


def forget_variables(names: tuple[str, ...]) -> None:
    """Remove variables from the environment, from the memory that /proc shows as it, and from Python's copies."""
    for name in names:
        if sys.platform == "linux" and name in os.environ:
            _overwrite(name)
        os.environ.pop(name, None)
        first_copy = getattr(sys.modules.get("posix"), "environ", {})
        first_copy.pop(os.fsencode(name), None)


def _overwrite(name: str) -> None:
    library = ctypes.CDLL(None)
    library.getenv.restype = ctypes.c_void_p
    address = library.getenv(os.fsencode(name))
    if address:
        ctypes.memset(address, ord("x"), len(ctypes.string_at(address)))
