"""Kill workers, the API and the database under load, freeze workers past their lease, and see that nothing is lost.

Usage: python -m tests.storms.kill_storm [--seed N] [--size small|full|KILLS] [--database sqlite|postgresql|both]

The seed decides who is killed, how and after which pause; what the victims are doing then is up to the machine. Prints
counts and a verdict; exits 1 unless every promise was kept, and every orphan was reclaimed in time.
"""

import sys
import time
from collections.abc import Sequence
from contextlib import ExitStack, closing

import numpy as np

from tests.storms.arena import Arena
from tests.storms.command_line import run
from tests.storms.customers import Customer, customers_at_work
from tests.storms.evidence import read_evidence
from tests.storms.honest_client import HonestClient, turned
from tests.storms.installation import installed
from tests.storms.killer import Killer
from tests.storms.ledger import Ledger
from tests.storms.storm_report import say, verdict, versions
from tests.storms.storm_size import StormSize
from tests.storms.storm_verdict import faults_of_kills, faults_of_reclaims, faults_of_stored, faults_of_zombies
from tests.storms.zombies import Zombies


def storm(place: Arena, seed: int, size: StormSize) -> bool:
    """Storm an installation in an arena; whether everything was as promised."""
    say(f"kill storm  seed {seed}  {size}  in {place.folder}")
    say(versions(place.url))
    ledger = Ledger(place.folder / "ledger.jsonl")
    rngs = [np.random.default_rng(one) for one in np.random.SeedSequence(seed).spawn(size.n_customers + 2)]
    with installed(place.folder, place.url, n_apis=2) as installation:
        killer = Killer(installation, place.server, rngs[0])
        zombies = Zombies(killer, rngs[1])
        killer.start(size.n_workers)
        _storm_under_load(killer, zombies, ledger, rngs[2:], size)
        faults = [*installation.stop(), *faults_of_kills(killer, size), *faults_of_zombies(zombies, size.n_zombies)]
        evidence = read_evidence(installation.home, place.url)
        faults += faults_of_stored(installation, ledger, evidence)
        faults += faults_of_reclaims(killer, evidence, size.reclaim_seconds)
        return verdict(faults)


def _storm_under_load(
    killer: Killer, zombies: Zombies, ledger: Ledger, rngs: Sequence[np.random.Generator], size: StormSize
) -> None:
    """Kill, then freeze, while customers are at work; return when they have seen the end of every job."""
    began = time.monotonic()
    with ExitStack() as leaving:
        customers = [_customer(killer, ledger, number, rng, leaving) for number, rng in enumerate(rngs)]
        stock = customers[0].stock_up()
        with customers_at_work(customers, lambda customer: customer.act(stock)):
            killer.rage(size, until=time.monotonic() + size.part_seconds)
        say(f"killing is over after {time.monotonic() - began:.0f} s")
        with customers_at_work(customers, lambda customer: customer.act_slowly(stock)):
            zombies.rise(size.n_zombies, until=time.monotonic() + size.part_seconds)
        say(f"freezing is over after {time.monotonic() - began:.0f} s")
        for customer in customers:
            customer.wait_for_all()
        n_repeats = sum(customer.client.n_repeats for customer in customers)
        say(f"all settled after {time.monotonic() - began:.0f} s; clients asked again {n_repeats} times")


def _customer(killer: Killer, ledger: Ledger, number: int, rng: np.random.Generator, leaving: ExitStack) -> Customer:
    client = HonestClient(turned(killer.installation.ports, number))
    return Customer(leaving.enter_context(closing(client)), ledger, rng)


if __name__ == "__main__":
    sys.exit(run(storm, __doc__, StormSize.of))
