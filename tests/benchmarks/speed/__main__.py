"""Ours beside the peers, as ratios; writes the page docs/benchmarks/speed.md.

Usage: python -m tests.benchmarks.speed [--only WORD] [--threads 1 2] [--scale 1.0] [--rounds 3] [--to FILE]
A scale below 1 shortens the tables; the page says so by the numbers of rows.
"""

import argparse
import sys
from pathlib import Path

from tests.benchmarks.speed.cases import CASES
from tests.benchmarks.speed.measure import measured_in_child
from tests.benchmarks.speed.report import Measured, page

PAGE = Path(__file__).parents[3] / "docs" / "benchmarks" / "speed.md"


def main() -> None:
    """Measure the asked cases, each in a process of its own, and write the page."""
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--only", default="")
    reader.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    reader.add_argument("--scale", type=float, default=1.0)
    reader.add_argument("--rounds", type=int, default=3)
    reader.add_argument("--to", type=Path, default=PAGE)
    asked = reader.parse_args()
    results = []
    asked.to.parent.mkdir(parents=True, exist_ok=True)
    for n_threads in asked.threads:
        for case in (one for one in CASES if asked.only.lower() in one.name.lower()):
            print(f"{case.name}, {n_threads} threads ...", file=sys.stderr, flush=True)
            figures = measured_in_child(case, n_threads, asked.rounds, asked.scale)
            results.append(Measured(case, n_threads, figures, asked.scale))
            asked.to.write_text(page(results, _command(asked.scale)), encoding="utf-8")  # each case is kept at once
    print(asked.to.read_text(encoding="utf-8"))


def _command(scale: float) -> str:
    return "make bench-speed" if scale == 1 else f"make bench-speed SCALE={scale:g}"


if __name__ == "__main__":
    main()
