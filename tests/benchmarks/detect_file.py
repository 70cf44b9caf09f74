"""A million rows from file to file: `pynomaly detect` beside pandas + PyOD doing the same, each in its own process.

Usage: python tests/benchmarks/detect_file.py [--rows N] [--columns N] [--runs N]
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

PEER = """
import sys
import pandas as pd
from pyod.models.iforest import IForest
rows = pd.read_parquet(sys.argv[1])
model = IForest(n_estimators=100, random_state=0).fit(rows.to_numpy())
rows = pd.DataFrame({"score": model.decision_scores_, "is_anomaly": model.labels_ == 1})
rows.to_parquet(sys.argv[2])
"""


def write_rows(path: Path, n_rows: int, n_columns: int) -> None:
    """Write Gaussian clusters with 1 % uniform outliers."""
    rng = np.random.default_rng(0)
    centres = rng.normal(scale=4, size=(5, n_columns))
    rows = centres[rng.integers(5, size=n_rows)] + rng.normal(size=(n_rows, n_columns))
    outliers = rng.random(n_rows) < 0.01
    rows[outliers] = rng.uniform(-15, 15, size=(int(outliers.sum()), n_columns))
    pq.write_table(pa.table({f"f{i}": rows[:, i] for i in range(n_columns)}), path)


def measure(command: list[str]) -> tuple[float, float]:
    """Run a command; return its wall seconds and peak memory in MB."""
    start = time.perf_counter()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    assert child.stderr is not None
    errors = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    if status:
        raise SystemExit(f"{command} ended with {status}: {errors.decode()}")
    return time.perf_counter() - start, usage.ru_maxrss / 1024


def main() -> None:
    """Print both, run in turn, and the ratio of the medians."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=1_000_000)
    options.add_argument("--columns", type=int, default=20)
    options.add_argument("--runs", type=int, default=3)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data, ours, theirs = Path(folder) / "rows.parquet", Path(folder) / "ours.parquet", Path(folder) / "pyod.parquet"
        write_rows(data, chosen.rows, chosen.columns)
        pynomaly = [sys.executable, "-m", "pynomaly", "detect", str(data), "--algorithm", "isolation_forest"]
        pynomaly += ["--no-explain", "--output", str(ours), "--progress", "none"]
        peer = [sys.executable, "-W", "ignore", "-c", PEER, str(data), str(theirs)]
        runs = [(measure(pynomaly), measure(peer)) for _ in range(chosen.runs)]
    for name, side in (("pynomaly detect", 0), ("pandas + PyOD", 1)):
        seconds = statistics.median(run[side][0] for run in runs)
        memory = max(run[side][1] for run in runs)
        print(f"{name:16} {seconds:7.2f} s   peak {memory:6.0f} MB   ({chosen.rows:,} x {chosen.columns})")
    ratio = statistics.median(theirs[0] / ours[0] for ours, theirs in runs)
    print(f"ours is {ratio:.1f} times as fast (median of {chosen.runs} pairs)")


if __name__ == "__main__":
    main()
