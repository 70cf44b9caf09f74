"""Take an Arrow file of so many rows into a table store, and print what that took: python -m … N_ROWS FOLDER."""

import sys
import threading
import tracemalloc
from pathlib import Path

import numpy as np
import pyarrow as pa

from pynomaly.assembly.workspace import table_store
from pynomaly.infrastructure.data.mapped_file import read_mapped

CHUNK_ROWS = 50_000
MEBIBYTE = 1024**2


def write_rows(path: Path, n_rows: int) -> None:
    """Write rows of six columns, two of them with hardly any cell twice."""
    rng = np.random.default_rng(0)
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, _chunk(rng, 0, 1).schema) as writer:
        for start in range(0, n_rows, CHUNK_ROWS):
            writer.write_table(_chunk(rng, start, min(CHUNK_ROWS, n_rows - start)))


def _chunk(rng: np.random.Generator, start: int, n_rows: int) -> pa.Table:
    return pa.table(
        {
            "id": np.arange(start, start + n_rows),
            "customer_id": rng.integers(0, 2**40, n_rows),
            "amount": rng.normal(70, 9, n_rows),
            "country": rng.choice(["de", "fr", "us", "it"], n_rows),
            "email": [f"person{number}@example.org" for number in rng.integers(0, 10**9, n_rows)],
            "at": pa.array(rng.integers(1_600_000_000, 1_700_000_000, n_rows), pa.timestamp("s")),
        }
    )


def anonymous_bytes() -> int:
    """Return what this process holds in memory but for pages of files (Linux)."""
    status = Path("/proc/self/status").read_text()
    return int(status.partition("RssAnon:")[2].split()[0]) * 1024


class Peak:
    """The most that was held while the block lasted, looked at every few milliseconds."""

    def __enter__(self) -> "Peak":
        self.n_bytes, self._is_done = anonymous_bytes(), threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._is_done.wait(0.002):
            self.n_bytes = max(self.n_bytes, anonymous_bytes())


def adopt(folder: Path) -> str:
    """Keep the rows that lie in a folder, and return their fingerprint."""
    return table_store(folder / "tables").keep(read_mapped(folder / "rows.arrow", "rows"))


if __name__ == "__main__":
    n_rows, folder = int(sys.argv[1]), Path(sys.argv[2])
    if not (folder / "rows.arrow").exists():
        write_rows(folder / "rows.arrow", n_rows)
    else:
        tracemalloc.start()
        adopt(folder)
        print(pa.default_memory_pool().max_memory() + tracemalloc.get_traced_memory()[1])  # noqa: T201
