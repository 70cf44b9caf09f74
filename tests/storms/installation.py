"""An installation of the program in a folder of its own, whose processes are real ones and may be killed."""

import itertools
import os
import re
import secrets
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from pynomaly.infrastructure.encryption.master_keys import MasterKeys
from tests.storms.private_postgres import free_port
from tests.storms.process_table import group_members, send, wait_until

PROGRAM = (sys.executable, "-m", "pynomaly")
EMAIL, PASSWORD = "storm@example.org", "correct horse battery staple"
START_SECONDS = 60.0
CLEAN = (0, -signal.SIGTERM)  # uvicorn finishes, then lets the signal do what it does
_LAST_NEWS = re.compile(r"(job_taken|job_succeeded|job_ended|job_lost|job_released|stale_write_refused) job_id=(\w+)")


@dataclass(frozen=True, slots=True)
class Running:
    """A process of the program, leader of its own session, and where it writes its log."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path

    @property
    def process_id(self) -> int:
        """Its id; its group has the same."""
        return self.process.pid

    @property
    def is_running(self) -> bool:
        """Whether it has not ended."""
        return self.process.poll() is None

    @property
    def family(self) -> list[int]:
        """What it has started, in its group: the fork server, the process of a job."""
        return [one for one in group_members(self.process_id) if one != self.process_id]

    @property
    def n_done(self) -> int:
        """How many jobs this worker has done."""
        return self.text.count("job_succeeded")

    @property
    def text(self) -> str:
        """Its log so far."""
        return self.log.read_text(encoding="utf-8", errors="replace")

    def has_logged(self, words: str) -> bool:
        """Whether its log has these words."""
        return words in self.text

    def job_at_work(self) -> str | None:
        """Return the id of the job that this worker holds, as far as its log tells."""
        news = _LAST_NEWS.findall(self.text)
        return news[-1][1] if news and news[-1][0] == "job_taken" else None

    def kill(self) -> None:
        """Kill this process alone; what it started notices by itself."""
        self.process.kill()
        self.process.wait()

    def kill_group(self) -> None:
        """Kill it with everything that it started."""
        with suppress(ProcessLookupError):
            os.killpg(self.process_id, signal.SIGKILL)
        self.process.wait()


@dataclass(slots=True)
class Installation:
    """A home folder, a database, and the processes that were started over them.

    more: settings, as they stand in the environment.
    """

    folder: Path
    database_url: str | None
    ports: tuple[int, ...] = ()
    more: Mapping[str, str] = field(default_factory=dict)
    _started: list[Running] = field(default_factory=list, init=False)
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count, init=False)
    _key: str = field(default_factory=lambda: secrets.token_hex(32), init=False)
    _master_key: str = field(default_factory=MasterKeys.new, init=False)

    @property
    def home(self) -> Path:
        """Where the program keeps its files."""
        return self.folder / "home"

    @property
    def environment(self) -> dict[str, str]:
        """What the processes are told."""
        told = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.folder),
            "PYNOMALY_HOME": str(self.home),
            "PYNOMALY_SECRET_KEY": self._key,
            "PYNOMALY_MASTER_KEYS": self._master_key,
            "PYNOMALY_REQUESTS_PER_MINUTE": "100000000",
            "OMP_NUM_THREADS": "1",
        }
        where = {name: os.environ[name] for name in ("PYTHONPATH",) if os.environ.get(name)}
        database = {} if self.database_url is None else {"PYNOMALY_DATABASE_URL": self.database_url}
        return told | where | database | dict(self.more)

    def create_admin(self) -> None:
        """Make the tables and the only user."""
        command = [*PROGRAM, "admin", "create-user", EMAIL, "--role", "admin", "--password-stdin"]
        text = f"{PASSWORD}\n".encode()
        subprocess.run(command, input=text, check=True, capture_output=True, env=self.environment, cwd=self.folder)

    def start_api(self, port: int) -> Running:
        """Start a process that answers on a port; it is not waited for."""
        return self._start(f"api-{next(self._numbers)}", "serve", "--port", str(port), "--workers", "0")

    def start_worker(self) -> Running:
        """Start a worker; it is not waited for."""
        return self._start(f"worker-{next(self._numbers)}", "worker")

    def workers_ever(self) -> list[Running]:
        """Return every worker that was started, dead ones too."""
        return [one for one in self._started if one.name.startswith("worker")]

    def stop(self, seconds: float = 40.0) -> list[str]:
        """Ask everything to finish; return the names of what did not end well in time."""
        alive = [one for one in self._started if one.is_running]
        send(signal.SIGTERM, [one.process_id for one in alive])
        give_up_at = time.monotonic() + seconds
        for one in alive:
            with suppress(subprocess.TimeoutExpired):
                one.process.wait(max(0.1, give_up_at - time.monotonic()))
        codes = {one.name: one.process.poll() for one in alive}
        return [f"{name} was told to stop and ended with {code}" for name, code in codes.items() if code not in CLEAN]

    def kill_everything(self) -> None:
        """Leave no process behind."""
        for one in self._started:
            if one.is_running or group_members(one.process_id):
                one.kill_group()

    def _start(self, name: str, *arguments: str) -> Running:
        log = self.folder / "logs" / f"{name}.log"
        log.parent.mkdir(exist_ok=True)
        with log.open("wb") as stream:
            process = subprocess.Popen(
                [*PROGRAM, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=stream,
                env=self.environment,
                cwd=self.folder,
                start_new_session=True,
            )
        running = Running(name, process, log)
        self._started.append(running)
        return running


@contextmanager
def installed(
    folder: Path, database_url: str | None, *, n_apis: int, more: Mapping[str, str] | None = None
) -> Iterator[Installation]:
    """Lend a fresh installation with an admin and with ports for its API; whatever happens, no process stays."""
    (folder / "home").mkdir(mode=0o700, exist_ok=True)
    installation = Installation(folder, database_url, tuple(free_port() for _ in range(n_apis)), more or {})
    try:
        installation.create_admin()
        yield installation
    finally:
        installation.kill_everything()


def wait_for_start(workers: list[Running]) -> None:
    """Wait until workers look for jobs. Raises TimeoutError."""
    for one in workers:
        wait_until(lambda one=one: one.has_logged("worker_started"), START_SECONDS, f"{one.name} has started")
