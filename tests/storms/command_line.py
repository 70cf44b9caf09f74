"""What every storm is asked with, and how it answers: a verdict, and an exit code for programs."""

import argparse
import signal
import sys
from collections.abc import Callable
from typing import TypeVar

from tests.storms.arena import Arena, arena
from tests.storms.customers import BrokenPromise
from tests.storms.honest_client import GaveUp
from tests.storms.private_postgres import NoServerPrograms
from tests.storms.storm_report import say, verdict

EXIT_ON_SIGTERM = 128 + signal.SIGTERM
Size = TypeVar("Size")
Storm = Callable[[Arena, int, Size], bool]
"""Takes place in an arena, from a seed, in a size; returns whether all was well."""
KINDS = {"sqlite": ("sqlite",), "postgresql": ("postgresql",), "both": ("sqlite", "postgresql")}


def run(storm: Storm[Size], about: str | None, size_of: Callable[[str], Size]) -> int:
    """Run what the command line asks for; return the exit code."""
    options = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--size", type=size_of, default="small", help="small, full, or a number")
    options.add_argument("--database", choices=KINDS, default="both")
    options.add_argument("--keep", action="store_true", help="leave home, ledger and logs behind, to look at")
    asked = options.parse_args()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(EXIT_ON_SIGTERM))  # by way of everything that tidies up
    are_well = [_is_well(storm, kind, asked.seed, asked.size, keep=asked.keep) for kind in KINDS[asked.database]]
    return 0 if all(are_well) else 1


def _is_well(storm: Storm[Size], kind: str, seed: int, size: Size, *, keep: bool) -> bool:
    try:
        with arena(kind, keep=keep) as place:
            return storm(place, seed, size)
    except NoServerPrograms as reason:
        say(f"NOT STORMED ON {kind.upper()}: {reason}")
        return False
    except (BrokenPromise, GaveUp, TimeoutError) as fault:
        return verdict([f"{type(fault).__name__}: {fault}"])
