"""Who is killed, how and when: drawn from a seed, though what the victims are doing then is up to the machine."""

import signal
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from tests.storms.installation import Installation, Running, wait_for_start
from tests.storms.private_postgres import PrivatePostgres
from tests.storms.process_table import send, wait_until
from tests.storms.storm_size import StormSize

MEAN_PAUSE_SECONDS = 0.4
PATIENCE_SECONDS = 5.0
CRASHES_PER_JOB = 2  # a job whose process dies three times is set aside, and rightly so


class Way(StrEnum):
    """How a worker is killed."""

    ALONE = "the worker alone"
    ONE_BY_ONE = "the worker, then its family one by one"
    GROUP = "the whole process group"


@dataclass(frozen=True, slots=True)
class Kill:
    """A worker that was killed: which one, when (seconds since 1970), and how."""

    worker: Running
    at: float
    way: Way


@dataclass(slots=True)
class Killer:
    """Keeps workers and API processes running, and kills them."""

    installation: Installation
    database: PrivatePostgres | None
    rng: np.random.Generator
    workers: list[Running] = field(default_factory=list)
    apis: list[Running] = field(default_factory=list)
    kills: list[Kill] = field(default_factory=list, init=False)
    n_api_kills: int = field(default=0, init=False)
    n_database_kills: int = field(default=0, init=False)
    crashes: Counter[str] = field(default_factory=Counter, init=False)

    def start(self, n_workers: int) -> None:
        """Start everything, and wait until the workers look for jobs."""
        self.apis = [self.installation.start_api(port) for port in self.installation.ports]
        self.workers = [self.installation.start_worker() for _ in range(n_workers)]
        wait_for_start(self.workers)

    def rage(self, size: StormSize, *, until: float) -> None:
        """Kill so many of each, in an order of its own, or until a moment of `time.monotonic`."""
        plan = [self.kill_worker] * size.n_worker_kills + [self.kill_api] * size.n_api_kills
        plan += [self.kill_database] * (size.n_database_kills if self.database is not None else 0)
        order: list[Callable[[], None]] = [plan[place] for place in self.rng.permutation(len(plan))]
        for strike in order:
            if time.monotonic() > until:
                return
            time.sleep(float(self.rng.exponential(MEAN_PAUSE_SECONDS)))
            if self.rng.random() < 0.1:
                self.kill_process_of_job()
            strike()

    def kill_worker(self) -> None:
        """Kill a worker, rather one with a job, and start another in its place at once."""
        self._let_them_work()
        victim = self._victim()
        way = list(Way)[int(self.rng.choice(3, p=(0.5, 0.25, 0.25)))]
        family, at = victim.family, time.time()
        if way is Way.GROUP:
            victim.kill_group()
        else:
            victim.kill()
        self.kills.append(Kill(victim, at, way))
        if way is Way.ONE_BY_ONE:
            send(signal.SIGKILL, [family[place] for place in self.rng.permutation(len(family))])
        self.workers[self.workers.index(victim)] = self.installation.start_worker()

    def kill_process_of_job(self) -> None:
        """Kill what a worker has started, but not the worker: its job crashes, and is tried again."""
        busy = [
            (one, job) for one in self.workers if (job := one.job_at_work()) and self.crashes[job] < CRASHES_PER_JOB
        ]
        if busy:
            worker, job = busy[int(self.rng.integers(len(busy)))]
            self.crashes[job] += 1
            send(signal.SIGKILL, worker.family)

    def kill_api(self) -> None:
        """Kill a process of the API in the middle of whatever it answers, and start it again."""
        place = int(self.rng.integers(len(self.apis)))
        self.apis[place].kill_group()
        self.n_api_kills += 1
        self.apis[place] = self.installation.start_api(self.installation.ports[place])

    def kill_database(self) -> None:
        """Kill the database server with all its connections, leave it dead for a moment, and start it again."""
        if self.database is not None:
            self.database.kill()
            self.n_database_kills += 1
            time.sleep(float(self.rng.uniform(0.0, 1.0)))
            self.database.start()

    def _let_them_work(self) -> None:
        """Wait until most of the workers are up and one more job is done.

        A storm in which nobody works shows nothing, and on a busy machine orphans would wait for whoever is left.
        """
        n_done = {one.name: one.n_done for one in self.workers}
        with suppress(TimeoutError):
            wait_until(
                lambda: any(one.n_done > n_done[one.name] for one in self.workers), PATIENCE_SECONDS, "a job is done"
            )
        n_enough = len(self.workers) // 2 + 1
        wait_until(lambda: self._n_started() >= n_enough, 30.0, "enough workers have started")

    def _n_started(self) -> int:
        return sum(one.has_logged("worker_started") for one in self.workers)

    def _victim(self) -> Running:
        """Return a worker: three times in four one with a job, if one takes a job within moments."""
        choice = self.workers
        if self.rng.random() < 0.75:
            with suppress(TimeoutError):
                wait_until(self._busy, 2.0, "somebody has a job")
            choice = self._busy() or self.workers
        return choice[int(self.rng.integers(len(choice)))]

    def _busy(self) -> list[Running]:
        return [one for one in self.workers if one.job_at_work()]
