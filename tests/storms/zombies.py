"""Workers that are frozen past their lease and thawed: they wake up in the belief that their job is still theirs."""

import os
import re
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field

import numpy as np

from tests.storms.installation import Running
from tests.storms.killer import Killer
from tests.storms.process_table import send
from tests.storms.reclaims import Attempt, attempts_in, text_of

OVERTAKEN_SECONDS = 24.0  # a lease of 12 and the time of whoever overtakes; frozen with a lock in hand it never comes
THAW_SECONDS = 20.0
_TOKENS = r"(job_lost|stale_write_refused) job_id={} attempt={}"


@dataclass(frozen=True, slots=True)
class Frozen:
    """A worker that stands still, and the attempt it was at."""

    worker: Running
    attempt: Attempt

    def refusal(self) -> str | None:
        """Return what its log says of the refused attempt, None if it says nothing."""
        found = re.search(_TOKENS.format(*self.attempt), text_of(self.worker))
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
        while len(self.refusals) + len(self.unheard) < n_zombies and time.monotonic() < until:
            at_once = min(len(self.killer.workers) - 1, n_zombies - len(self.refusals) - len(self.unheard))
            self._round(at_once)

    def _round(self, n_at_once: int) -> None:
        frozen: list[Frozen] = []
        while len(frozen) < n_at_once and (one := self._freeze({zombie.worker.name for zombie in frozen})):
            frozen.append(one)
        substitutes = [self.killer.installation.start_worker() for _ in frozen]
        overtaken = self._wait_until_overtaken(frozen)
        self.n_not_overtaken += len(frozen) - len(overtaken)
        for one in frozen:
            self._thaw(one.worker)
        for one in overtaken:
            self._hear(one)
        send(signal.SIGTERM, [one.process_id for one in substitutes])

    def _freeze(self, already: set[str]) -> Frozen | None:
        """Stop a worker, its fork server and the process of its job within moments after it took one."""
        give_up_at = time.monotonic() + 10.0
        while time.monotonic() < give_up_at:
            for worker in self.killer.workers:
                if worker.name not in already and worker.job_at_work():
                    time.sleep(float(self.rng.uniform(0.0, 0.2)))
                    self._signal_group(worker, signal.SIGSTOP)
                    if held := attempts_in(text_of(worker))[1]:
                        return Frozen(worker, held)
                    self._signal_group(worker, signal.SIGCONT)
            time.sleep(0.01)
        return None

    def _wait_until_overtaken(self, frozen: list[Frozen]) -> list[Frozen]:
        give_up_at = time.monotonic() + OVERTAKEN_SECONDS
        overtaken: list[Frozen] = []
        while len(overtaken) < len(frozen) and time.monotonic() < give_up_at:
            time.sleep(0.2)
            logs = [text_of(worker) for worker in self.killer.installation.workers_ever()]
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
        give_up_at = time.monotonic() + THAW_SECONDS
        while one.refusal() is None and time.monotonic() < give_up_at:
            time.sleep(0.05)
        refusal = one.refusal()
        if refusal is None:
            self.unheard.append(f"{one.worker.name} woke up with {one.attempt} and was told nothing")
        else:
            self.refusals.append(refusal)

    def _signal_group(self, worker: Running, number: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(worker.process_id, number)
