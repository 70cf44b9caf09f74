"""smtplib over a connection that somebody else opened, and with an end to what it reads."""

import smtplib
import socket
from typing import BinaryIO

MOST_REPLY_BYTES = 64 * 1024


class SmtpSession(smtplib.SMTP):
    """Greets the server it is connected to. Raises SMTPException or another OSError, as all its methods do."""

    def __init__(self, connection: socket.socket, host: str, port: int, own_name: str) -> None:
        self._connection = connection
        super().__init__(host, port, local_hostname=own_name)  # any name but ours would be looked up

    def _get_socket(self, _host: str, _port: int, _timeout: float) -> socket.socket:
        return self._connection  # where smtplib itself would connect; smtplib.SMTP_SSL uses the same place

    def getreply(self) -> tuple[int, bytes]:
        """Return a code and the text of a reply that ends."""
        if self.file is None and self.sock is not None:
            self.file = _BoundedFile(self.sock.makefile("rb"))
        return super().getreply()


class _BoundedFile:
    """Gives out lines until the server has talked too much."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._n_left = MOST_REPLY_BYTES

    def readline(self, limit: int) -> bytes:
        line = self._file.readline(min(limit - 1, self._n_left))
        self._n_left -= len(line)
        if line and not line.endswith(b"\n"):
            raise OSError("its answer has no end")
        return line

    def close(self) -> None:
        self._file.close()
