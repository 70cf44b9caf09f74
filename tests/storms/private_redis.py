"""A Redis server of a test's own, to be killed, frozen, flushed and started again; nobody else's is touched."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import redis

from tests.storms.private_postgres import free_port
from tests.storms.process_table import wait_until


class NoRedisProgram(Exception):
    """This machine has no `redis-server`."""


@dataclass(slots=True)
class PrivateRedis:
    """One server that keeps nothing on disk, on a loopback port of its own."""

    program: str
    folder: Path
    port: int
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def url(self) -> str:
        """Its address."""
        return f"redis://127.0.0.1:{self.port}/0"

    def start(self) -> None:
        """Start it and wait until it answers. Raises TimeoutError."""
        options = ["--bind", "127.0.0.1", "--port", str(self.port), "--save", "", "--appendonly", "no"]
        command = [self.program, *options, "--dir", str(self.folder)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        wait_until(self._answers, 20.0, "the Redis server answers")

    def kill(self) -> None:
        """Kill it without a warning."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def freeze(self) -> None:
        """Let it stand still: connections are taken by the kernel, and nobody answers."""
        if self._process is not None:
            self._process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        if self._process is not None:
            self._process.send_signal(signal.SIGCONT)

    def client(self) -> "redis.Redis":
        """Return a connection, to look or to spoil."""
        return redis.Redis(port=self.port, socket_timeout=2.0)

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False


@contextmanager
def private_redis() -> Iterator[PrivateRedis]:
    """Lend a running server, and leave nothing of it. Raises NoRedisProgram."""
    program = shutil.which("redis-server")
    if program is None:
        raise NoRedisProgram("there is no redis-server on the PATH")
    folder = Path(tempfile.mkdtemp(prefix="storm-redis-"))
    server = PrivateRedis(program, folder, free_port())
    try:
        server.start()
        yield server
    finally:
        server.thaw()
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)
