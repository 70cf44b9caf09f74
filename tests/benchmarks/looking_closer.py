"""What an inspection and a profile cost: seconds and memory beside their bounds, the profile beside one without shapes.

Usage: python tests/benchmarks/looking_closer.py [--rows N]
"""

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np
import pyarrow as pa
from tests.infrastructure.data.adopted import Peak, anonymous_bytes
from tests.infrastructure.persistence.examples import ready_workspace

from pynomaly.application.profiling import profile
from pynomaly.bootstrap import build
from pynomaly.infrastructure.data.arrow_table import ArrowTable
from pynomaly.infrastructure.data.matrix_builder import ArrowPreparer
from pynomaly.infrastructure.settings import Settings

MOST_SECONDS = 1.0  # of an inspection of 100 000 x 20, warm
MOST_RATIO = 1.5  # of a profile to one without shapes
RUNS = 5


class Shapeless(ArrowTable):
    """The same rows, whose columns have no shape."""

    def shape(self, column: str) -> None:
        """Count nothing."""


def numbers(n_rows: int) -> pa.Table:
    """Return 20 columns of numbers, 1 % of the rows far out."""
    rng = np.random.default_rng(0)
    rows = rng.normal(size=(n_rows, 20))
    rows[rng.random(n_rows) < 0.01] *= 6
    return pa.table({f"f{place}": rows[:, place] for place in range(20)})


def mixed(n_rows: int) -> pa.Table:
    """Return 20 columns of every kind."""
    rng = np.random.default_rng(0)
    columns: dict[str, object] = {f"f{place}": rng.normal(size=n_rows) for place in range(8)}
    columns |= {f"i{place}": rng.integers(0, 1000, n_rows) for place in range(3)}
    words = np.array([f"word{place}" for place in range(50)])
    columns |= {f"c{place}": words[rng.integers(0, 50, n_rows)] for place in range(4)}
    at = np.datetime64("2024-01-01", "s") + rng.integers(0, 10**7, n_rows)
    columns |= {"yes": rng.random(n_rows) < 0.1, "at": at, "day": np.datetime_as_string(at).tolist()}
    columns["price"] = [f"${value:,.2f}" for value in rng.lognormal(5, 2, n_rows)]
    columns["remark"] = [f"this is order {place} of many things" for place in range(n_rows)]
    return pa.table(columns)


def seconds(work: Callable[[], object], clock: Callable[[], float] = time.perf_counter) -> float:
    """Return what one run takes."""
    start = clock()
    work()
    return clock() - start


def profiled(table: pa.Table) -> tuple[float, float]:
    """Return the processor's seconds of a profile, and how many times those of one without shapes they are.

    One after the other, several times, so that whatever else the machine does meets both.
    """
    described, preparer = build().reader.read(table), ArrowPreparer()
    plain = Shapeless(described.name, described.data, described.columns)
    pairs = [
        [seconds(partial(profile, one, preparer), time.process_time) for one in (described, plain)] for _ in range(RUNS)
    ]
    return statistics.median(ours for ours, _ in pairs), statistics.median(ours / without for ours, without in pairs)


def inspect(table: pa.Table, algorithm: str) -> float:
    """Return the seconds of an inspection of a strange row, and print its memory."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder) / "home"
        ready_workspace(home).close()
        workspace = build(Settings(home=home, threads=None, origins={})).open_workspace()
        workspace.register_dataset(source=table, name="rows", source_name="rows")
        workspace.create_detector(name="one", algorithm=algorithm)
        workspace.train_detector(detector="one", dataset="rows")
        detection = workspace.detect_anomalies(detector="one", dataset="rows", n_strangest=100).detection
        row = detection.strangest[3].row
        before = anonymous_bytes()
        with Peak() as peak:
            workspace.inspect_row(detection=detection.id, row=row)
        above = (peak.n_bytes - before) / 1024**2
        print(f"  {above:.0f} MiB above what was there before; the rows: {table.nbytes / 1024**2:.0f}")
        again = partial(workspace.inspect_row, detection=detection.id, row=row)
        return statistics.median(seconds(again) for _ in range(RUNS))


def main() -> None:
    """Print all; end with 1 beyond a bound."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=100_000)
    n_rows = options.parse_args().rows
    is_beyond = False
    for name, table in (("numbers", numbers(n_rows)), ("mixed", mixed(n_rows))):
        taken, ratio = profiled(table)
        print(f"{name}: profile {taken:.2f} s, {ratio:.2f} times one without shapes (at most {MOST_RATIO})")
        is_beyond |= ratio > MOST_RATIO
        for algorithm in ("isolation_forest", "ecod"):
            taken = inspect(table, algorithm)
            print(f"{name}: inspection with {algorithm} {taken:.2f} s")
            is_beyond |= n_rows <= 100_000 and taken > MOST_SECONDS
    sys.exit(is_beyond)


if __name__ == "__main__":
    main()
