"""What training costs: seconds of one core for each algorithm of our own, on two sizes of table.

python -m tests.benchmarks.training_cost [--rows 10000 100000] [--columns 20]

Measured is the whole of `train_detector`: preparing, fitting, cross-fitting, storing. Seconds of processor time with
one thread, so that whatever else the machine does counts little.
"""

import argparse
import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa

from pynomaly.assembly.workspace import open_workspace
from pynomaly.bootstrap import adapters
from pynomaly.infrastructure.settings import load_settings

ALGORITHMS = {"isolation_forest": {"n_trees": 300}, "ecod": {}, "hbos": {}, "knn": {}, "pca": {}}
"""As the pages propose them."""


def main() -> None:
    """Print a line for each algorithm and size."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--rows", type=int, nargs="+", default=[10_000, 100_000])
    reader.add_argument("--columns", type=int, default=20)
    asked = reader.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        environment = {"PYNOMALY_HOME": folder, "PYNOMALY_THREADS": "1"}
        workspace = open_workspace(adapters(load_settings(environment, Path(folder))))
        for n_rows in asked.rows:
            workspace.register_dataset(source=table(n_rows, asked.columns), name=str(n_rows), source_name="")
            for algorithm, parameters in ALGORITHMS.items():
                detector = workspace.create_detector(
                    name=f"{algorithm} {n_rows}", algorithm=algorithm, parameters=parameters
                )
                began = time.process_time()
                workspace.train_detector(detector=detector.id, dataset=str(n_rows))
                seconds = time.process_time() - began
                cells = n_rows * asked.columns
                print(
                    f"{algorithm:20} {n_rows:>9,} x {asked.columns}  {seconds:8.2f} s  {seconds / cells * 1e6:.2f} s/M"
                )


def table(n_rows: int, n_columns: int) -> pa.Table:
    """Return numbers of which one in a hundred rows lies far out."""
    rng = np.random.default_rng(1)
    numbers = rng.normal(size=(n_rows, n_columns))
    numbers[::100] *= 6
    return pa.table({f"c{index}": numbers[:, index] for index in range(n_columns)})


if __name__ == "__main__":
    main()
