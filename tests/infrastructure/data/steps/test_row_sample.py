import numpy as np
import pyarrow as pa

from pynomaly.infrastructure.data.steps.row_sample import SAMPLE_ROWS, sample_of


def test_few_rows_are_all_taken() -> None:
    cells = pa.chunked_array([np.arange(SAMPLE_ROWS)])
    assert sample_of(cells) is cells


def test_of_many_rows_the_same_ones_are_taken_each_time() -> None:
    cells = pa.chunked_array([np.arange(3 * SAMPLE_ROWS)])
    taken = sample_of(cells).to_numpy()
    assert len(taken) == SAMPLE_ROWS
    assert (taken == sample_of(cells).to_numpy()).all()
    assert abs(np.median(taken) / len(cells) - 0.5) < 0.01
