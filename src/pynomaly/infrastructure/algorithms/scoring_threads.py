"""How many threads score one table: one setting bounds them, and few rows never leave the thread they came on."""

import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")

FEWEST_ROWS_PER_THREAD = 8192
"""Below, starting a thread costs more than it saves, and a busy machine would make a single row wait for it."""

_bound: list[int] = []


def bound_scoring_threads(n_threads: int | None) -> None:
    """Score on at most n_threads threads from now on, in this whole process; None means one for each usable core."""
    _bound[:] = [] if n_threads is None else [n_threads]


def scoring_threads() -> int:
    """Return how many threads may score one table."""
    return _bound[0] if _bound else len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1


def in_row_blocks(work: Callable[[slice], Result], n_rows: int, *, step: int | None = None) -> list[Result]:
    """Do work on slices that cover n_rows, in threads where there are many rows; return the results in order.

    step: rows per slice; one slice for each thread unless given. The work of a row must not depend on its slice, and
    gains from threads as far as it frees the interpreter lock.
    """
    if 0 < n_rows <= (step or n_rows) and n_rows < 2 * FEWEST_ROWS_PER_THREAD:
        return [work(slice(0, n_rows))]  # one row is scored in microseconds: nothing is asked of the system for it
    n_threads = max(1, min(scoring_threads(), n_rows // FEWEST_ROWS_PER_THREAD))
    step = step or max(1, -(-n_rows // n_threads))
    blocks = [slice(start, min(start + step, n_rows)) for start in range(0, n_rows, step)]
    if n_threads == 1:
        return [work(block) for block in blocks]
    with ThreadPoolExecutor(n_threads) as threads:
        return list(threads.map(work, blocks))
