import numpy as np
import pytest

from pynomaly.domain.errors import ColumnMismatch, InvalidData, NonFiniteScores, TooFewRows
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.scoring_rows import (
    BLOCK_CELLS,
    score_in_blocks,
    sum_over_features,
    training_rows,
)


def test_rows_are_scored_in_bounded_blocks_and_in_order():
    rows = np.arange(6000.0).reshape(3000, 2)
    sizes = []

    def first_column(block):
        sizes.append(block.shape[0])
        return block[:, 0]

    scores = score_in_blocks(rows, 2, first_column, cells_per_row=BLOCK_CELLS // 1000)
    assert scores.tolist() == rows[:, 0].tolist()
    assert sizes == [1000, 1000, 1000]


def test_a_row_wider_than_a_block_is_still_scored():
    assert score_in_blocks(np.ones((3, 1)), 1, lambda block: block[:, 0], cells_per_row=2 * BLOCK_CELLS).tolist() == [
        1,
        1,
        1,
    ]


@pytest.mark.parametrize("rows", [np.ones((2, 3)), np.ones(2), np.ones((1, 2, 2))])
def test_rows_of_another_shape_are_refused(rows):
    with pytest.raises(ColumnMismatch, match="learned 2 features"):
        score_in_blocks(rows, 2, lambda block: block[:, 0])


def test_a_cell_that_is_no_number_has_no_score():
    with pytest.raises(NonFiniteScores, match="not finite"):
        score_in_blocks(np.array([[1.0], [np.nan]]), 1, lambda block: block[:, 0])


def test_training_needs_rows_columns_and_numbers():
    with pytest.raises(TooFewRows, match="at least 2"):
        training_rows(FeatureMatrix(np.ones((1, 1)), ("a",)))
    with pytest.raises(InvalidData, match="no columns"):
        training_rows(FeatureMatrix(np.ones((5, 0)), ()))
    with pytest.raises(InvalidData, match="not finite"):
        training_rows(FeatureMatrix(np.array([[1.0], [np.inf]]), ("a",)))


def test_training_rows_come_as_float64():
    assert training_rows(FeatureMatrix(np.ones((3, 2), dtype=np.float32), ("a", "b"))).dtype == np.float64


def test_a_sum_over_features_has_the_same_digits_in_any_batch():
    terms = np.random.default_rng(0).lognormal(sigma=9, size=(500, 40))
    together = sum_over_features(terms)
    alone = [sum_over_features(np.ascontiguousarray(terms[:, [column]]))[0] for column in range(40)]
    assert together.tolist() == alone
