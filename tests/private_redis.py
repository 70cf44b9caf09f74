"""Redis servers of the tests' own, to be stopped, frozen, killed and flushed; nobody else's server is touched."""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

import pytest
import redis

from tests.storms.private_postgres import free_port

_START_SECONDS = 30.0


class NoRedisProgram(Exception):
    """This machine has no `redis-server`."""


@dataclass(slots=True)
class PrivateRedis:
    """One server on a loopback port of its own, which keeps nothing on disk."""

    program: str
    port: int
    password: str = field(default_factory=lambda: secrets.token_hex(16), repr=False)
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def url(self) -> str:
        """The address of its first database."""
        return f"redis://:{self.password}@127.0.0.1:{self.port}/0"

    def client(self) -> redis.Redis:
        """Return a client for whoever wants to see or spoil what is there."""
        return redis.Redis.from_url(self.url)

    def start(self) -> None:
        """Start it and wait until it answers. Raises TimeoutError."""
        options = ["--port", str(self.port), "--bind", "127.0.0.1", "--save", "", "--requirepass", self.password]
        self._process = subprocess.Popen([self.program, *options], stdout=subprocess.DEVNULL, cwd="/")
        give_up_at = time.monotonic() + _START_SECONDS
        while not self._answers():
            if time.monotonic() > give_up_at:
                raise TimeoutError("the private Redis server does not start")
            time.sleep(0.02)

    def kill(self) -> None:
        """Kill it without a warning; connections to it are reset."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    def freeze(self) -> None:
        """Let it accept connections and answer nobody."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on; it does everything that it was told meanwhile."""
        self._signal(signal.SIGCONT)

    def _signal(self, number: int) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    def _answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.ConnectionError:
            return False


@contextmanager
def running_redis() -> Iterator[PrivateRedis]:
    """Lend a running server, and leave nothing of it. Raises NoRedisProgram."""
    program = shutil.which("redis-server")
    if program is None:
        raise NoRedisProgram("there is no redis-server on the PATH")
    server = PrivateRedis(program, free_port())
    try:
        server.start()
        yield server
    finally:
        server.kill()


@contextmanager
def private_redis() -> Iterator[PrivateRedis]:
    """Lend a running server to a test. Skip loudly where there is no program; fail in CI."""
    with ExitStack() as leaving:
        try:
            server = leaving.enter_context(running_redis())
        except NoRedisProgram as reason:
            if os.environ.get("CI"):
                pytest.fail(f"CI needs a Redis server: {reason}")
            pytest.skip(f"NOT TESTED WITH REDIS: {reason}")
        yield server
