"""Which detections are small enough to be done while somebody waits; the rest become jobs."""

from pynomaly.domain.dataset import Dataset

AT_ONCE_ROWS = 10_000
AT_ONCE_CELLS = 1_000_000


def fits_at_once(dataset: Dataset) -> bool:
    """Whether a dataset is small enough to be scored while the caller waits."""
    return dataset.n_rows <= AT_ONCE_ROWS and dataset.n_rows * len(dataset.columns) <= AT_ONCE_CELLS
