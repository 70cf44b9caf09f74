"""A program that takes in every file of a folder as the API would, and says what became of it and of its own memory.

Prints one JSON line per file, and a last one with this process's memory before and at its highest.
"""

import json
import sys
import tempfile
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

from pynomaly.assembly.reading import reading_nursery, take_in
from pynomaly.domain.errors import PynomalyError
from pynomaly.infrastructure.intake.in_child import InChildIntake

N_THREADS = 2


def memory_kib(name: str) -> int:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith(name)).split()[1])


def verdict(intake: InChildIntake, path: Path) -> dict[str, object]:
    began = time.monotonic()
    try:
        taken = intake.take_in(str(path), name=path.name, roles={}, kinds={})
        found: dict[str, object] = {"kind": "TakenIn", "detail": f"{taken.n_rows} x {len(taken.columns)}"}
    except PynomalyError as error:
        found = {"kind": type(error).__name__, "detail": str(error)}
    except Exception as error:  # noqa: BLE001  what the test is about
        found = {"kind": "unexpected", "detail": f"{type(error).__name__}: {error}"}
    return {"name": path.name, "seconds": time.monotonic() - began, **found}


def main(folder: Path) -> None:
    paths = sorted(folder.iterdir())
    with tempfile.TemporaryDirectory() as tables, ThreadPoolExecutor(N_THREADS) as threads:
        judge = partial(verdict, InChildIntake(partial(take_in, reading_nursery()), Path(tables)))
        list(threads.map(judge, paths[:N_THREADS]))
        before = memory_kib("VmRSS")
        told: Iterable[dict[str, object]] = threads.map(judge, paths)
        for one in told:
            sys.stdout.write(json.dumps(one) + "\n")
    sys.stdout.write(json.dumps({"before_kib": before, "highest_kib": memory_kib("VmHWM")}) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
