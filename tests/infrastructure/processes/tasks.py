"""Tasks that behave and tasks that do not, for children of the tests."""

import ctypes
import hashlib
import os
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any, NoReturn

from pynomaly.domain.algorithm import JsonValue
from pynomaly.domain.errors import ColumnMismatch
from pynomaly.infrastructure.processes.task_names import Tell


def echo(arguments: dict[str, JsonValue], _tell: Tell) -> JsonValue:
    return arguments


def count(arguments: dict[str, Any], tell: Tell) -> JsonValue:
    for number in range(arguments["to"]):
        tell({"number": number})
    return arguments["to"]


def refuse(arguments: dict[str, Any], _tell: Tell) -> NoReturn:
    raise ColumnMismatch(arguments["sentence"])


def stumble(_arguments: dict[str, JsonValue], _tell: Tell) -> NoReturn:
    raise KeyError("row value 4711")


def panic(_arguments: dict[str, JsonValue], _tell: Tell) -> NoReturn:
    raise BaseException("as Rust does")


def sleep(_arguments: dict[str, JsonValue], tell: Tell) -> JsonValue:
    tell({"process_id": os.getpid()})
    time.sleep(1000)
    return None


def be_stuck_in_c(_arguments: dict[str, JsonValue], tell: Tell) -> JsonValue:
    """Hold the interpreter's lock: no thread of Python runs, no handler of a signal."""
    tell({"process_id": os.getpid()})
    ctypes.PyDLL(None).sleep(1000)
    return None


def burn(_arguments: dict[str, JsonValue], _tell: Tell) -> JsonValue:
    hashlib.pbkdf2_hmac("sha256", b"", b"", 10**9)
    return None


def eat(arguments: dict[str, Any], _tell: Tell) -> JsonValue:
    return len(bytearray(arguments["n_bytes"]))


def eat_arrow(arguments: dict[str, Any], _tell: Tell) -> JsonValue:
    import pyarrow as pa

    return int(pa.allocate_buffer(arguments["n_bytes"]).size)


def die(arguments: dict[str, Any], _tell: Tell) -> NoReturn:
    os.kill(os.getpid(), arguments["signal"])
    raise AssertionError("alive")


def leave(arguments: dict[str, Any], _tell: Tell) -> NoReturn:
    os._exit(arguments["code"])


def write(arguments: dict[str, Any], _tell: Tell) -> JsonValue:
    with open(arguments["path"], "wb") as stream:  # noqa: PTH123
        return stream.write(bytes(arguments["n_bytes"]))


def chatter(_arguments: dict[str, JsonValue], tell: Tell) -> JsonValue:
    while True:
        tell({"word": "x" * 1000})


def say_raw(arguments: dict[str, Any], _tell: Tell) -> JsonValue:
    """Write bytes into the channel, which is the only socket here, and wait."""
    for descriptor in range(3, 100):
        try:
            if str(Path(f"/proc/self/fd/{descriptor}").readlink()).startswith("socket:"):
                data = arguments["text"].encode() * arguments["times"]
                while data:
                    data = data[os.write(descriptor, data) :]
        except OSError:
            continue
    time.sleep(1000)
    return None


def shut_up(_arguments: dict[str, JsonValue], _tell: Tell) -> JsonValue:
    os.closerange(3, 100)
    time.sleep(1000)
    return None


def have_a_child(_arguments: dict[str, JsonValue], tell: Tell) -> NoReturn:
    """Leave a grandchild that holds everything open, and die."""
    grandchild = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(3)"], close_fds=False)
    tell({"process_id": grandchild.pid})
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("alive")


def look_around(_arguments: dict[str, JsonValue], _tell: Tell) -> JsonValue:
    """Return what a task sees of the world."""
    with open("/proc/self/environ", "rb") as stream:  # noqa: PTH123
        as_the_kernel_shows_it = stream.read().decode()
    return {
        "stdin": sys.stdin.read() + os.read(0, 10).decode(),
        "variables": sorted(os.environ),
        "kernel_environment": as_the_kernel_shows_it,
        "soft_limits": {
            name: resource.getrlimit(getattr(resource, name))[0]
            for name in ("RLIMIT_CPU", "RLIMIT_FSIZE", "RLIMIT_NOFILE", "RLIMIT_CORE")
        },
        "answers_to_ctrl_c": signal.getsignal(signal.SIGINT) is not signal.SIG_IGN,
        "answers_to_sigterm": signal.getsignal(signal.SIGTERM) is not signal.SIG_IGN,
        "modules": sorted(sys.modules),
    }


def odd_text(_arguments: dict[str, JsonValue], _tell: Tell) -> NoReturn:
    raise ColumnMismatch("half a character: \ud800")


def too_long(_arguments: dict[str, JsonValue], _tell: Tell) -> JsonValue:
    return "x" * 2 * 1024**2


def not_json(_arguments: dict[str, JsonValue], _tell: Tell) -> JsonValue:
    return float("nan")


def _private(_arguments: dict[str, JsonValue], _tell: Tell) -> JsonValue:
    return None
