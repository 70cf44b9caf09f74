"""How long it takes from a file dropped on the page to ten explained anomalies on the screen, stage by stage.

A server with its workers and a browser, as people have them; 100 000 rows of 20 columns as CSV. Prints seconds since
the drop. Wants Chromium and a machine that has nothing else to do: python -m tests.benchmarks.drop_to_anomalies
"""

import tempfile
import time
from pathlib import Path

import numpy as np
import pyarrow as pa
from tests.e2e.chromium import launched
from tests.e2e.house import running
from tests.e2e.visits import visiting
from tests.service.furnished import as_csv

from pynomaly.domain.access import Role

N_ROWS, N_NUMBERS, N_WORDS = 100_000, 14, 4
PLANTED = range(500, 100_000, 9_973)
TARGET_SECONDS = 30.0
PATIENCE_MS = 300_000


def table(seed: int = 11) -> pa.Table:
    """Return rows with a key, a time, numbers and words, of which the planted ones are far out in several columns."""
    rng = np.random.default_rng(seed)
    is_odd = np.isin(np.arange(N_ROWS), PLANTED)
    at = np.datetime64("2026-01-01T00:00:00") + np.arange(N_ROWS).astype("timedelta64[m]")
    columns = {"order": [f"O-{number:06d}" for number in range(N_ROWS)], "at": at}
    for number in range(N_NUMBERS):
        values = rng.lognormal(3.0, 0.5, N_ROWS) if number % 2 else rng.normal(100.0, 10.0, N_ROWS)
        columns[f"n{number}"] = np.round(np.where(is_odd & (number < 6), values * 30, values), 3)
    for number in range(N_WORDS):
        words = rng.choice(["red", "green", "blue", "grey", "black"], N_ROWS)
        columns[f"w{number}"] = np.where(is_odd & (number < 2), "ultraviolet", words)
    return pa.table(columns)


def main() -> None:
    """Drop the file and print when what was on the screen."""
    with tempfile.TemporaryDirectory() as work, running(Path(work), n_workers=2) as house, launched() as browser:
        file = Path(work) / "orders.csv"
        file.write_bytes(as_csv(table()))
        place = house.workplace("bench")
        with visiting(browser, house.url, house.session(place, Role.ANALYST)) as visit:
            page = visit.go("/drop")
            began = time.perf_counter()
            stages = {}
            page.set_input_files("[type=file]", file)
            page.wait_for_selector("#preview:not([hidden])", timeout=PATIENCE_MS)
            stages["first rows previewed"] = time.perf_counter() - began
            page.wait_for_url("**/drop/*?look=*", timeout=PATIENCE_MS)
            stages["uploaded, read, roles guessed"] = time.perf_counter() - began
            page.wait_for_url("**/detections/*", timeout=PATIENCE_MS)
            page.wait_for_selector("table tbody tr:nth-child(10)", timeout=PATIENCE_MS)
            stages["ten explained anomalies on the screen"] = time.perf_counter() - began
    print(f"{N_ROWS:,} rows × {len(table().column_names)} columns, {file_size(table()):.1f} MB")
    for stage, seconds in stages.items():
        print(f"{seconds:8.2f} s  {stage}")
    print(f"{TARGET_SECONDS:8.2f} s  is the target on two cores")


def file_size(rows: pa.Table) -> float:
    """Return the megabytes of rows as CSV."""
    return len(as_csv(rows)) / 1024**2


if __name__ == "__main__":
    main()
