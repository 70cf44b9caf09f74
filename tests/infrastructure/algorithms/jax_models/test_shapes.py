import numpy as np
import pytest

from pynomaly.infrastructure.algorithms.jax_models.shapes import bucket, padded


@pytest.mark.parametrize(("size", "expected"), [(1, 4), (4, 4), (5, 8), (8, 8), (1000, 1024)])
def test_a_bucket_is_the_power_of_two_that_holds_the_size(size, expected):
    assert bucket(size, smallest=4) == expected


def test_padding_is_zeros_beyond_the_rows():
    table = padded(np.array([[1.0, 2.0]]), 2, 3)
    assert table.dtype == np.float32
    assert table.tolist() == [[1.0, 2.0, 0.0], [0.0, 0.0, 0.0]]
