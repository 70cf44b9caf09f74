"""Workers that are frozen past their lease and thawed: they wake up in the belief that their job is still theirs."""

import os
import re
import signal
import sqlite3
import time
from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import dataclass, field

import numpy as np

from pynomaly.infrastructure.persistence.unit_of_work import DATABASE_NAME
from tests.storms.installation import Running, wait_for_start
from tests.storms.killer import Killer
from tests.storms.process_table import send, wait_until
from tests.storms.reclaims import Attempt, attempts_in

OVERTAKEN_SECONDS = 24.0  # a lease of 12 and the time of whoever overtakes; frozen with a lock in hand it never comes
THAW_SECONDS = 20.0
AT_ONCE = 8
_TOKENS = r"(job_lost|stale_write_refused) job_id={} attempt={}"


@dataclass(frozen=True, slots=True)
class Frozen:
    """A worker that stands still, and the attempt it was at."""

    worker: Running
    attempt: Attempt

    def refusal(self) -> str | None:
        """Return what its log says of the refused attempt, None if it says nothing."""
        found = re.search(_TOKENS.format(*self.attempt), self.worker.text)
        return found[1] if found else None


@dataclass(slots=True)
class Zombies:
    """Freezes several workers at once, lets others take over, and thaws. refusals: what each zombie was told."""

    killer: Killer
    rng: np.random.Generator
    refusals: list[str] = field(default_factory=list, init=False)
    unheard: list[str] = field(default_factory=list, init=False)
    n_not_overtaken: int = field(default=0, init=False)

    def rise(self, n_zombies: int, *, until: float) -> None:
        """Go on until so many were overtaken and thawed, or until a moment of `time.monotonic`."""
        candidates = [self.killer.installation.start_worker() for _ in range(min(AT_ONCE, n_zombies))]
        wait_for_start(candidates)
        while (n_missing := n_zombies - len(self.refusals) - len(self.unheard)) > 0 and time.monotonic() < until:
            self._round(candidates[:n_missing])

    def _round(self, candidates: Sequence[Running]) -> None:
        frozen = [zombie for one in candidates if (zombie := self._freeze(one)) is not None]
        overtaken = self._wait_until_overtaken(frozen)
        self.n_not_overtaken += len(candidates) - len(overtaken)
        for one in frozen:
            self._thaw(one.worker)
        for one in overtaken:
            self._hear(one)

    def _freeze(self, worker: Running) -> Frozen | None:
        """Stop a worker, its fork server and the process of its job, within moments after it took one."""
        with suppress(TimeoutError):
            wait_until(worker.job_at_work, 10.0, "a job is at work")
        time.sleep(float(self.rng.uniform(0.0, 0.3)))
        self._signal_group(worker, signal.SIGSTOP)
        held = attempts_in(worker.text)[1]
        if held is not None and not self._holds_the_file():
            return Frozen(worker, held)
        self._signal_group(worker, signal.SIGCONT)
        return None

    def _holds_the_file(self) -> bool:
        """Whether an SQLite file cannot be written now: nobody can take over while its lock is in a frozen hand."""
        if self.killer.installation.database_url is not None:
            return False
        with closing(sqlite3.connect(self.killer.installation.home / DATABASE_NAME, timeout=2.0)) as connection:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except sqlite3.OperationalError:
                return True
        return False

    def _wait_until_overtaken(self, frozen: Sequence[Frozen]) -> list[Frozen]:
        give_up_at = time.monotonic() + OVERTAKEN_SECONDS
        overtaken: list[Frozen] = []
        while len(overtaken) < len(frozen) and time.monotonic() < give_up_at:
            time.sleep(0.2)
            logs = [worker.text for worker in self.killer.installation.workers_ever()]
            taken = {attempt for log in logs for attempt in attempts_in(log)[0]}
            overtaken = [one for one in frozen if (one.attempt[0], one.attempt[1] + 1) in taken]
        return overtaken

    def _thaw(self, worker: Running) -> None:
        """Wake everything at once, or first the process of the job, which then writes before its worker can stop it."""
        if self.rng.random() < 0.5:
            send(signal.SIGCONT, worker.family)
            time.sleep(1.0)
        self._signal_group(worker, signal.SIGCONT)

    def _hear(self, one: Frozen) -> None:
        with suppress(TimeoutError):
            wait_until(one.refusal, THAW_SECONDS, "it was refused")
        refusal = one.refusal()
        if refusal is None:
            self.unheard.append(f"{one.worker.name} woke up with {one.attempt} and was told nothing")
        else:
            self.refusals.append(refusal)

    def _signal_group(self, worker: Running, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(worker.process_id, number)
