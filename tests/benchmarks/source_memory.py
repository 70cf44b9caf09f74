"""How much memory reading a large source takes, above that of a bare interpreter, beside a hundredth of the rows.

Usage: python tests/benchmarks/source_memory.py [--rows N]
"""

import argparse
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.databases import fresh_postgres
from tests.infrastructure.sources.object_store import object_store
from tests.infrastructure.sources.peak_memory import peak_bytes
from tests.infrastructure.sources.readings import postgres_readings, sqlite_readings, store_readings

ALLOWED_MIB = 300
MEBIBYTE = 1024**2


def main() -> None:
    """Print the peak of each reading; end with 1 if one takes more than is allowed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rows", type=int, default=5_000_000)
    n_rows = options.parse_args().rows
    sizes = [n_rows // 100, n_rows]
    bare = peak_bytes(["-c", "import time; time.sleep(0.2)"])
    peaks: dict[str, list[int]] = {}
    with ExitStack() as lent:
        folder = Path(lent.enter_context(tempfile.TemporaryDirectory()))
        url, store = lent.enter_context(fresh_postgres()), lent.enter_context(object_store())
        for readings in (postgres_readings(url, sizes), store_readings(store, sizes), sqlite_readings(folder, sizes)):
            for reading in readings:
                peaks.setdefault(reading.title, []).append(reading.peak(folder) - bare)
    for title, (small, large) in peaks.items():
        grown = f"{large / small:4.2f} x a hundredth of the rows"
        print(f"{title:12} {n_rows:,} rows: {large / MEBIBYTE:5.0f} MiB above a bare interpreter, {grown}")
    if any(large > ALLOWED_MIB * MEBIBYTE for _, large in peaks.values()):
        raise SystemExit(f"more than {ALLOWED_MIB} MiB")


if __name__ == "__main__":
    main()
