"""Kill workers, the API and the database under load, freeze workers past their lease, and see that nothing is lost.

Usage: python -m tests.storms.kill_storm [--seed N] [--size small|full|KILLS] [--database sqlite|postgresql|both]

The seed decides who is killed, how and after which pause; what the victims are doing then is up to the machine. Prints
counts and a verdict; exits 1 unless every promise was kept, and every orphan was reclaimed in time.
"""

import argparse
import sys
import time
from contextlib import ExitStack, closing

import numpy as np

from tests.storms.arena import KINDS, Arena, arena
from tests.storms.customers import Customer, customers_at_work
from tests.storms.evidence import read_evidence
from tests.storms.honest_client import HonestClient
from tests.storms.installation import installed
from tests.storms.killer import Killer
from tests.storms.ledger import Ledger
from tests.storms.private_postgres import NoServerPrograms
from tests.storms.storm_report import say, verdict, versions
from tests.storms.storm_size import StormSize
from tests.storms.storm_verdict import faults_of_kills, faults_of_reclaims, faults_of_stored, faults_of_zombies
from tests.storms.zombies import Zombies


def main() -> int:
    """Run what the command line asks for; return the exit code."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--size", type=StormSize.of, default="small", help="small, full (300 kills) or a number")
    options.add_argument("--database", choices=KINDS, default="both")
    options.add_argument("--keep", action="store_true", help="leave home, ledger and logs behind, to look at")
    asked = options.parse_args()
    are_well = [run(kind, asked.seed, asked.size, keep=asked.keep) for kind in KINDS[asked.database]]
    return 0 if all(are_well) else 1


def run(kind: str, seed: int, size: StormSize, *, keep: bool) -> bool:
    """Storm one kind of database; whether everything was as promised."""
    try:
        with arena(kind, keep=keep) as place:
            return storm(place, seed, size)
    except NoServerPrograms as reason:
        say(f"NOT STORMED ON {kind.upper()}: {reason}")
        return False


def storm(place: Arena, seed: int, size: StormSize) -> bool:
    """Storm an installation in an arena; whether everything was as promised."""
    say(f"kill storm  seed {seed}  {size}  in {place.folder}")
    say(versions(place.url))
    began = time.monotonic()
    ledger = Ledger(place.folder / "ledger.jsonl")
    rngs = [np.random.default_rng(one) for one in np.random.SeedSequence(seed).spawn(size.n_customers + 2)]
    with installed(place.folder, place.url, n_apis=2) as installation, ExitStack() as leaving:
        killer = Killer(installation, place.server, rngs[0])
        zombies = Zombies(killer, rngs[1])
        killer.start(size.n_workers)
        clients = [leaving.enter_context(closing(HonestClient(installation.ports))) for _ in rngs[2:]]
        customers = [Customer(client, ledger, rng) for client, rng in zip(clients, rngs[2:], strict=True)]
        stock = customers[0].stock_up()
        with customers_at_work(customers, lambda customer: customer.act(stock)):
            killer.rage(size, until=time.monotonic() + size.part_seconds)
            say(f"killing is over after {time.monotonic() - began:.0f} s")
        with customers_at_work(customers, lambda customer: customer.act_slowly(stock)):
            zombies.rise(size.n_zombies, until=time.monotonic() + size.part_seconds)
            say(f"freezing is over after {time.monotonic() - began:.0f} s")
        for customer in customers:
            customer.wait_for_all()
        badly_ended = installation.stop()
        n_repeats = sum(client.n_repeats for client in clients)
        say(f"all settled after {time.monotonic() - began:.0f} s; clients asked again {n_repeats} times")
        evidence = read_evidence(installation.home, place.url)
        faults = [*badly_ended, *faults_of_kills(killer, size), *faults_of_zombies(zombies, size.n_zombies)]
        faults += faults_of_stored(installation, ledger, evidence)
        faults += faults_of_reclaims(killer, evidence, size.reclaim_seconds)
        return verdict(faults)


if __name__ == "__main__":
    sys.exit(main())
