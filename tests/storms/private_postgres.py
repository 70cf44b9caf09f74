"""A PostgreSQL server of the storm's own, to be killed and started again; nobody else's server is touched."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg

from tests.storms.process_table import children_of, running, send, wait_until

DATABASE = "storm"
_START_SECONDS = 60.0


class NoServerPrograms(Exception):
    """This machine has no `initdb` and `postgres` that could be used."""


@dataclass(slots=True)
class PrivatePostgres:
    """One server in a folder of its own, on a loopback port of its own, with fsync on."""

    programs: Path
    folder: Path
    port: int
    owner: dict[str, Any]
    _process: "subprocess.Popen[bytes] | None" = field(default=None, init=False)

    @property
    def url(self) -> str:
        """The address of its database."""
        return f"postgresql://storm@127.0.0.1:{self.port}/{DATABASE}"

    def create(self) -> None:
        """Make the data folder and start the server with one empty database."""
        initdb = [self.programs / "initdb", "-D", self.folder / "data", "-U", "storm", "-A", "trust", "-E", "UTF8"]
        subprocess.run([*map(str, initdb), "--no-locale"], check=True, capture_output=True, cwd="/", **self.owner)
        self.start()
        with psycopg.connect(self._maintenance_url(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {DATABASE}")

    def start(self) -> None:
        """Start it and wait until it lets somebody in. Raises TimeoutError with the end of its log."""
        give_up_at = time.monotonic() + _START_SECONDS
        while True:
            self._process = self._started()
            while self._process.poll() is None and time.monotonic() < give_up_at:
                if self._answers():
                    return
                time.sleep(0.05)
            if time.monotonic() > give_up_at:
                raise TimeoutError((self.folder / "log").read_text()[-2000:])
            time.sleep(0.2)  # what was left of the killed server is not gone yet

    def kill(self) -> None:
        """Kill the postmaster and everybody that works for it, without a warning."""
        if self._process is None:
            return
        backends = children_of(self._process.pid)
        self._process.kill()
        send(signal.SIGKILL, backends)
        self._process.wait()
        wait_until(lambda: not running(backends), 20.0, "its backends are gone")

    def _started(self) -> "subprocess.Popen[bytes]":
        options = {"port": self.port, "listen_addresses": "127.0.0.1", "unix_socket_directories": self.folder}
        settings = options | {"fsync": "on", "max_connections": 300, "shared_buffers": "32MB"}
        command = [str(self.programs / "postgres"), "-D", str(self.folder / "data")]
        command += [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        with (self.folder / "log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, cwd="/", start_new_session=True, **self.owner)

    def _answers(self) -> bool:
        try:
            psycopg.connect(self._maintenance_url(), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True

    def _maintenance_url(self) -> str:
        return self.url.removesuffix(DATABASE) + "postgres"


@contextmanager
def private_postgres() -> Iterator[PrivatePostgres]:
    """Lend a running server, and leave nothing of it. Raises NoServerPrograms."""
    programs, owner = _programs(), _owner()
    folder = Path(tempfile.mkdtemp(prefix="storm-postgres-"))  # not below folders that its user may not enter
    if owner:
        os.chown(folder, owner["user"], owner["group"])
    server = PrivatePostgres(programs, folder, free_port(), owner)
    try:
        server.create()
        yield server
    finally:
        server.kill()
        shutil.rmtree(folder, ignore_errors=True)


def free_port() -> int:
    """Return a loopback port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def _programs() -> Path:
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: folder.parent.name, reverse=True)
    for folder in (*installed, *map(Path, os.environ["PATH"].split(os.pathsep))):
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return folder
    raise NoServerPrograms("initdb and postgres are neither below /usr/lib/postgresql nor on the PATH")


def _owner() -> dict[str, Any]:
    """Return as whom the server runs: it refuses to be root."""
    if os.geteuid() != 0:
        return {}
    try:
        account = pwd.getpwnam("postgres")
    except KeyError:
        raise NoServerPrograms("PostgreSQL refuses to run as root, and there is no user 'postgres'") from None
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
