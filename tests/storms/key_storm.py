"""Send every request many times at once under one key, kill servers meanwhile, and count the effects.

Usage: python -m tests.storms.key_storm [--seed N] [--size small|full|KEYS] [--database sqlite|postgresql|both]

Then one detector is trained many times at once by several workers. Prints counts and a verdict; exits 1 unless every
key had one effect and one answer, and the versions are counted up without a gap.
"""

import sys
import time
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from tests.storms.arena import Arena
from tests.storms.command_line import run
from tests.storms.evidence import read_evidence
from tests.storms.honest_client import HonestClient
from tests.storms.installation import installed, wait_for_start
from tests.storms.keyed_requests import KeyedRequests
from tests.storms.ledger import Ledger
from tests.storms.racing_trainings import race
from tests.storms.storm_report import say, verdict, versions
from tests.storms.storm_verdict import faults_of_stored


@dataclass(frozen=True, slots=True)
class KeyStormSize:
    """How many keys, duplicates of each and killed servers; how many trainings at once by how many workers."""

    n_keys: int
    n_duplicates: int
    n_kills: int
    n_trainings: int
    n_workers: int

    @staticmethod
    def of(text: str) -> "KeyStormSize":
        """Read `small`, `full` or a number of keys. Raises ValueError."""
        if text == "small":
            return KeyStormSize(40, 8, 1, 8, 2)
        n_keys = 1000 if text == "full" else int(text)
        return KeyStormSize(n_keys, 20, max(1, n_keys // 100), 50, 4)


def storm(place: Arena, seed: int, size: KeyStormSize) -> bool:
    """Storm an installation in an arena; whether everything was as promised."""
    say(f"key storm  seed {seed}  {size}  in {place.folder}")
    say(versions(place.url))
    began = time.monotonic()
    ledger = Ledger(place.folder / "ledger.jsonl")
    with installed(place.folder, place.url, n_apis=2) as installation:
        with closing(KeyedRequests(installation, ledger, np.random.default_rng(seed))) as requests:
            requests.prepare(size.n_duplicates)
            requests.send(size.n_keys, size.n_kills)
        say(f"keys are over after {time.monotonic() - began:.0f} s")
        wait_for_start([installation.start_worker() for _ in range(size.n_workers)])
        with closing(HonestClient(installation.ports, requests.token)) as client:
            race(client, ledger, requests.dataset, size.n_trainings)
        badly_ended = installation.stop()
        say(f"all settled after {time.monotonic() - began:.0f} s")
        say(f"keys: {size.n_keys} x {size.n_duplicates}, {size.n_kills} servers killed meanwhile")
        say(f"answers: {dict(requests.answers)}")
        evidence = read_evidence(installation.home, place.url)
        return verdict([*badly_ended, *requests.faults, *faults_of_stored(installation, ledger, evidence)])


if __name__ == "__main__":
    sys.exit(run(storm, __doc__, KeyStormSize.of))
