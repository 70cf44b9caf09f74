"""A file of numbers to a float32 matrix: ours beside pandas and polars, each in its own process, taking turns.

Usage: python tests/benchmarks/to_matrix.py [--rows N] [--columns N] [--runs N]

Ours reads the file and fills the matrix by a preparation that was learned before, as scoring does; `with learning` also
learns it, as training does. The peers read and convert.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.csv as csv
import pyarrow.parquet as pq

OURS = """
import sys, time
from pathlib import Path
from pynomaly.bootstrap import adapters
here = adapters()
learned = here.preparer.learn(here.reader.read(Path(sys.argv[2])), dtype="float32", scale=False)
began = time.perf_counter()
table = here.reader.read(Path(sys.argv[1]))
if {learns}:
    learned = here.preparer.learn(table, dtype="float32", scale=False)
learned.matrix(table)
print(time.perf_counter() - began)
"""

PANDAS = """
import sys, time
import pandas as pd
began = time.perf_counter()
pd.read_{kind}(sys.argv[1]).to_numpy("float32")
print(time.perf_counter() - began)
"""

POLARS = """
import sys, time
import numpy as np
import polars as pl
began = time.perf_counter()
np.ascontiguousarray(pl.read_{kind}(sys.argv[1]).cast(pl.Float32).to_numpy())
print(time.perf_counter() - began)
"""


def main() -> None:
    """Print seconds and ratios for a CSV and a Parquet file."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--columns", type=int, default=20)
    options.add_argument("--runs", type=int, default=3)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        rows = np.random.default_rng(0).normal(size=(chosen.rows, chosen.columns)).round(6)
        table = pa.table({f"c{i}": rows[:, i] for i in range(chosen.columns)})
        for kind, write in (("parquet", pq.write_table), ("csv", csv.write_csv)):
            long, short = (Path(folder) / f"{length}.{kind}" for length in ("long", "short"))
            write(table, long)
            write(table.slice(0, 1000), short)
            compare(kind, long, short, chosen.runs)


def compare(kind: str, long: Path, short: Path, n_runs: int) -> None:
    """Let all take turns and print their medians."""
    programs = {
        "pynomaly": OURS.format(learns=False),
        "pynomaly, with learning": OURS.format(learns=True),
        "pandas": PANDAS.format(kind=kind),
        "polars": POLARS.format(kind=kind),
    }
    seconds: dict[str, list[float]] = {name: [] for name in programs}
    for _ in range(n_runs):
        for name, program in programs.items():
            command = [sys.executable, "-W", "ignore", "-c", program, str(long), str(short)]
            done = subprocess.run(command, check=True, capture_output=True, text=True, env=dict(os.environ))
            seconds[name].append(float(done.stdout.split()[-1]))
    ours = statistics.median(seconds["pynomaly"])
    for name, times in seconds.items():
        median = statistics.median(times)
        print(f"{kind:8} {name:24} {median:7.3f} s   {median / ours:6.2f} x ours", flush=True)


if __name__ == "__main__":
    main()
