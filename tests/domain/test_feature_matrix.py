import numpy as np
import pytest

from pynomaly.domain.errors import InvalidData
from pynomaly.domain.feature_matrix import FeatureMatrix


def test_a_matrix_needs_a_name_per_feature():
    with pytest.raises(InvalidData, match="1 feature names"):
        FeatureMatrix(np.zeros((2, 2)), ("a",))


def test_only_floating_point_numbers_are_features():
    with pytest.raises(InvalidData, match="int64"):
        FeatureMatrix(np.zeros((2, 1), dtype=np.int64), ("a",))


def test_a_matrix_cannot_be_changed_while_its_source_can():
    source = np.zeros((2, 1))
    matrix = FeatureMatrix(source, ("a",))
    with pytest.raises(ValueError, match="read-only"):
        matrix.values[0, 0] = 1.0
    source[0, 0] = 2.0
    assert matrix.rows(np.array([0])).values[0, 0] == 2.0
