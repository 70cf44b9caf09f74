from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pynomaly.application.ports.algorithm import ModelState
from pynomaly.domain.errors import ColumnMismatch, CorruptModel, InvalidData, InvalidParameter, TooFewRows
from pynomaly.domain.feature_matrix import FeatureMatrix
from pynomaly.infrastructure.algorithms.isolation_forest import FittedIsolationForest, IsolationForest


def matrix_of(rows: np.ndarray) -> FeatureMatrix:
    return FeatureMatrix(rows, tuple(f"c{i}" for i in range(rows.shape[1])))


def fitted(rows: np.ndarray, *, n_trees: int = 50, max_samples: int = 256, seed: int = 0) -> FittedIsolationForest:
    return IsolationForest(n_trees=n_trees, max_samples=max_samples).fit(matrix_of(rows), seed=seed)


def gaussian(n_rows: int = 500, n_features: int = 4, seed: int = 0) -> np.ndarray:
    return np.random.default_rng(seed).normal(size=(n_rows, n_features)).astype(np.float32)


def changed(state: ModelState, **values: object) -> ModelState:
    """Return the state with some arrays or scalars replaced."""
    arrays = {name: values.get(name, array) for name, array in state.arrays.items()}
    return replace(
        state, arrays=arrays, scalars={name: values.get(name, value) for name, value in state.scalars.items()}
    )


def test_planted_outliers_score_highest() -> None:
    rows = gaussian(1000)
    rows[:5] = 8.0
    scores = fitted(rows).score(rows)
    assert set(np.argsort(scores)[-5:]) == set(range(5))


def test_scores_lie_between_zero_and_one_around_a_half() -> None:
    scores = fitted(gaussian(2000)).score(gaussian(2000))
    assert 0 < scores.min() < 0.5 < scores.max() < 1
    assert 0.4 < scores.mean() < 0.55  # Liu, Ting and Zhou (2008), section 2: about 0.5 for the average row


def test_two_rows_score_as_counted_by_hand() -> None:
    # every tree separates two rows with one cut: E[h] = 1 = c(2), so the score is exactly 2^-1
    rows = np.array([[0.0], [1.0]], np.float32)
    assert fitted(rows).score(np.array([[-5.0], [0.0], [1.0], [7.0]], np.float32)).tolist() == [0.5] * 4


def test_rows_that_are_all_alike_score_like_the_average() -> None:
    rows = np.full((300, 3), 7.0, np.float32)
    # no cut is possible: h = 0 + c(psi)
    assert fitted(rows).score(rows) == pytest.approx(np.full(300, 0.5), abs=1e-8)
    model = fitted(rows)
    assert np.array_equal(IsolationForest.restore(model.state()).score(rows), model.score(rows))


def test_a_constant_column_is_ignored() -> None:
    rows = gaussian(400, 3)
    with_constant = np.column_stack([rows, np.full(400, 3.0, np.float32)])
    model = fitted(with_constant)
    elsewhere = with_constant.copy()
    elsewhere[:, 3] = 1000.0
    assert 3 not in model.trees.feature
    assert np.array_equal(model.score(with_constant), model.score(elsewhere))


@pytest.mark.parametrize("shape", [(2, 1), (3, 1), (7, 50), (1000, 1)])
def test_small_and_narrow_tables_give_finite_scores(shape: tuple[int, int]) -> None:
    rows = gaussian(*shape)
    scores = fitted(rows).score(rows)
    assert scores.shape == (shape[0],)
    assert np.isfinite(scores).all()


def test_the_same_seed_gives_the_same_forest_and_another_seed_another() -> None:
    rows = gaussian()
    assert np.array_equal(fitted(rows, seed=5).score(rows), fitted(rows, seed=5).score(rows))
    assert not np.array_equal(fitted(rows, seed=5).score(rows), fitted(rows, seed=6).score(rows))


def test_more_trees_keep_the_first_ones() -> None:
    few, many = fitted(gaussian(), n_trees=3), fitted(gaussian(), n_trees=10)
    assert np.array_equal(few.trees.tree_nodes, many.trees.tree_nodes[:3])


def test_no_tree_is_deeper_than_its_limit_and_none_sees_more_rows_than_asked() -> None:
    model = fitted(gaussian(5000), max_samples=100)
    assert model.trees.depth == 7
    n_leaves = model.trees.tree_nodes // 2 + 1
    assert np.add.reduceat(model.trees.leaf_size, np.cumsum(n_leaves) - n_leaves).tolist() == [100] * 50


def test_values_beyond_float32_count_as_its_largest() -> None:
    rows = gaussian().astype(np.float64)
    rows[0] = 1e300
    model = fitted(rows)
    scores = model.score(rows)
    assert scores.argmax() == 0
    assert np.isfinite(scores).all()


def test_the_input_is_left_as_it_was() -> None:
    rows = gaussian()
    before = rows.copy()
    fitted(rows).score(rows)
    assert np.array_equal(rows, before)


def test_bit_equal_scores_after_a_round_through_the_state() -> None:
    rows = gaussian(3000, 7)
    model = fitted(rows, n_trees=100)
    state = model.state()
    assert sum(array.nbytes for array in state.arrays.values()) < 250_000
    assert np.array_equal(IsolationForest.restore(state).score(rows), model.score(rows))


def test_too_few_rows_are_refused() -> None:
    with pytest.raises(TooFewRows, match="at least 2"):
        fitted(gaussian(1))


def test_no_columns_are_refused() -> None:
    with pytest.raises(InvalidData, match="at least one feature"):
        fitted(np.empty((5, 0), np.float32))


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_training_cells_that_are_no_finite_numbers_are_refused(bad: float) -> None:
    rows = gaussian()
    rows[3, 1] = bad
    with pytest.raises(InvalidData, match="not finite"):
        fitted(rows)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_another_width_is_refused_when_scoring(dtype: type) -> None:
    with pytest.raises(ColumnMismatch, match="4 features"):
        fitted(gaussian()).score(gaussian(10, 5).astype(dtype))


@pytest.mark.parametrize("parameters", [{"n_trees": 0}, {"max_samples": 1}])
def test_impossible_parameters_are_refused(parameters: dict[str, int]) -> None:
    with pytest.raises(InvalidParameter, match="at least"):
        IsolationForest(**parameters)


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("n_features", 3, "'feature' holds values outside -1..2"),
        ("n_features", 0, "must be at least 1"),
        ("n_features", 2**40, "at most"),
        ("max_samples", 1, "must be at least 2"),
        ("max_samples", 255, "more rows in their leaves than max_samples"),
        ("max_samples", 2**30, "at most"),
        ("depth", 6, "malformed"),
        ("depth", -1, "must be at least 0"),
        ("depth", 21, "at most 20"),
        ("depth", "8", "must be a whole number"),
    ],
)
def test_scalars_that_do_not_fit_the_trees_are_refused(name: str, value: object, sentence: str) -> None:
    state = fitted(gaussian()).state()
    with pytest.raises(CorruptModel, match=sentence):
        IsolationForest.restore(changed(state, **{name: value}))


def test_trees_that_do_not_join_are_refused() -> None:
    state = fitted(gaussian(), n_trees=2).state()
    feature, tree_nodes = state.arrays["feature"], state.arrays["tree_nodes"]
    leaf_first = np.concatenate([[-1], np.delete(feature, np.flatnonzero(feature < 0)[0])]).astype(np.int32)
    moved_border = (tree_nodes + np.array([2, -2])).astype(np.int32)
    for broken in ({"feature": leaf_first}, {"tree_nodes": moved_border}, {"tree_nodes": tree_nodes[:1]}):
        with pytest.raises(CorruptModel):
            IsolationForest.restore(changed(state, **broken))


def test_a_threshold_that_is_no_number_is_refused() -> None:
    state = fitted(gaussian()).state()
    threshold = state.arrays["threshold"].copy()
    threshold[5] = np.nan
    with pytest.raises(CorruptModel, match="'threshold' holds values that are not finite"):
        IsolationForest.restore(changed(state, threshold=threshold))


def test_a_small_file_cannot_demand_huge_memory() -> None:
    # 200 000 stumps that claim depth 20 would need 2.5 TB laid out
    n = 200_000
    state = ModelState(
        {
            "feature": np.tile(np.array([0, -1, -1], np.int32), n),
            "threshold": np.zeros(n, np.float32),
            "leaf_size": np.ones(2 * n, np.int32),
            "tree_nodes": np.full(n, 3, np.int32),
        },
        {"n_features": 1, "max_samples": 2**20, "depth": 20},
    )
    with pytest.raises(CorruptModel, match="too large"):
        IsolationForest.restore(state)


@settings(max_examples=300)
@given(data=st.data())
def test_a_damaged_state_is_refused_or_scores_finite_numbers(data: st.DataObject) -> None:
    state = fitted(gaussian(60, 3), n_trees=3, max_samples=32).state()
    name = data.draw(st.sampled_from(sorted(state.arrays)))
    array = state.arrays[name].copy()
    position = data.draw(st.integers(0, array.size - 1))
    damage = data.draw(st.sampled_from(["value", "cut", "repeat", "swap"]))
    if damage == "value":
        array.view(np.int32)[position] = data.draw(st.integers(-(2**31), 2**31 - 1) | st.integers(-3, 40))
    elif damage == "cut":
        array = array[:position]
    elif damage == "repeat":
        array = np.insert(array, position, array[position])
    else:
        array[[0, position]] = array[[position, 0]]
    try:
        model = IsolationForest.restore(changed(state, **{name: array}))
    except CorruptModel:
        return
    assert np.isfinite(model.score(gaussian(20, 3))).all()
