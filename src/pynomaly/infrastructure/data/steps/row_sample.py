"""The same few of many rows, for everything that need not look at them all."""

from functools import lru_cache

import numpy as np
import pyarrow as pa

SAMPLE_ROWS = 50_000  # quantiles of so many rows are right to about 0.2 % of the rows


def sample_of(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """Return at most SAMPLE_ROWS cells, the same ones for the same number of rows."""
    if len(cells) <= SAMPLE_ROWS:
        return cells
    return cells.take(_sampled_rows(len(cells)))


@lru_cache(maxsize=2)
def _sampled_rows(n_rows: int) -> pa.Array:
    """Draw from a generator of fixed seed: even steps would fall in with any period of the data."""
    return pa.array(np.sort(np.random.default_rng(n_rows).integers(0, n_rows, SAMPLE_ROWS)))
