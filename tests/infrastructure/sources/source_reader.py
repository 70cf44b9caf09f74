"""Reads one source into a file, as a process whose memory is watched; what to read stands on standard input as JSON."""

import json
import sys
from pathlib import Path

from pynomaly.application.ports.sources import SourceBounds
from pynomaly.assembly.sources import source_catalog
from pynomaly.infrastructure.settings import Settings

BOUNDS = SourceBounds(seconds=600.0, rows=10_000_000, n_bytes=8 * 1024**3)


def main() -> None:
    """Read, and see that the rows that should be there are."""
    order = json.loads(sys.stdin.read())
    folder = Path(order["folder"])
    settings = Settings(
        home=folder / "home", threads=None, origins={}, outbound_allow=("127.0.0.0/8",), sqlite_folder=folder
    )
    source = source_catalog(settings).open(order["kind"], order["values"], BOUNDS)
    path = folder / "rows.arrow"
    told = source.read_into(order["selection"], path, lambda _n_rows: None)
    path.unlink()
    if told.n_rows != order["n_rows"]:
        raise SystemExit(f"{told.n_rows} rows came, not {order['n_rows']}")


if __name__ == "__main__":
    main()
