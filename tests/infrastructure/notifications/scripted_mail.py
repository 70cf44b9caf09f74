"""A mail server that says what it is told to, at the step it is told to, however senseless."""

import socket
from collections.abc import Callable, Mapping
from typing import TypeAlias

Step: TypeAlias = bytes | Callable[[socket.socket], None]

USUAL: Mapping[str, bytes] = {
    "greeting": b"220 own.example\r\n",
    "EHLO": b"250-own.example\r\n250 AUTH PLAIN LOGIN CRAM-MD5\r\n",
    "AUTH": b"235 welcome\r\n",
    "MAIL": b"250 ok\r\n",
    "RCPT": b"250 ok\r\n",
    "DATA": b"354 go on\r\n",
    "content": b"250 taken\r\n",
    "QUIT": b"221 bye\r\n",
}
STEPS = [step for step in USUAL if step not in ("AUTH", "QUIT")]


def scripted(steps: Mapping[str, Step], heard: list[bytes] | None = None) -> Callable[[socket.socket], None]:
    """Return how a receiver behaves: as usual, but for the steps given."""

    def do(connection: socket.socket, step: str) -> None:
        what = steps.get(step, USUAL.get(step, b"500 what?\r\n"))
        if isinstance(what, bytes):
            connection.sendall(what)
        else:
            what(connection)

    def behave(connection: socket.socket) -> None:
        do(connection, "greeting")
        with connection.makefile("rb") as lines:
            is_content = False
            for line in lines:
                if heard is not None:
                    heard.append(line)
                if is_content and line != b".\r\n":
                    continue
                step = "content" if is_content else line[:4].decode("ascii", "replace").upper().strip()
                do(connection, step)
                is_content = step == "DATA"

    return behave
